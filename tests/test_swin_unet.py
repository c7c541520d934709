"""The Swin-Unet: its parts against MONAI's, what it reaches, what it refuses, and what it costs."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.networks.nets.swin_unetr import PatchMergingV2, SwinTransformerBlock, compute_mask
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from unet_teach.models import SwinUNet, UNet, multiplications
from unet_teach.models.swin_unet import PatchExpanding, PatchMerging, SwinBlock


def chance(seed):
    return torch.Generator().manual_seed(seed)


def tiny(**arguments):
    return SwinUNet(**{"width": 4, "depth": 1, "heads": 2, "window": 2} | arguments)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**30))
def test_merging_is_monais(n, rows, columns, channels, seed):
    ours, theirs = PatchMerging(channels).double(), PatchMergingV2(channels, spatial_dims=2).double()
    theirs.norm, theirs.reduction = ours.norm, ours.reduce
    x = torch.randn(n, 2 * rows, 2 * columns, channels, generator=chance(seed), dtype=torch.float64)
    x.requires_grad_()
    swapped = x.transpose(1, 2)  # theirs walks along columns first
    torch.testing.assert_close(ours(x), theirs(swapped).transpose(1, 2))
    slopes = [torch.autograd.grad(out.square().sum(), x)[0] for out in (ours(x), theirs(swapped))]
    torch.testing.assert_close(*slopes)


@pytest.mark.parametrize("shift", [0, 2])
def test_a_block_is_monais(shift):
    ours = SwinBlock(8, 2, 4, shift).double()
    theirs = SwinTransformerBlock(8, 2, (4, 4), (shift, shift)).double()
    theirs.norm1, theirs.norm2 = ours.norm1, ours.norm2
    theirs.attn.qkv, theirs.attn.proj = ours.attention.attention.ask, ours.attention.attention.out
    theirs.attn.relative_position_bias_table = ours.attention.table
    theirs.mlp.linear1, theirs.mlp.linear2 = ours.mlp[0], ours.mlp[2]
    x = torch.randn(2, 8, 12, 8, generator=chance(0), dtype=torch.float64)
    mask = compute_mask([8, 12], (4, 4), (2, 2), "cpu").double() if shift else None
    torch.testing.assert_close(ours(x), theirs(x, mask))


def test_expanding_lays_the_parts_of_a_token_side_by_side():
    layer = PatchExpanding(1, 1, 2)
    layer.norm = nn.Identity()
    with torch.no_grad():
        layer.expand.weight.copy_(torch.arange(4.0)[:, None])
    x = torch.tensor([[[[1.0], [10.0]]]])
    assert layer(x)[0, :, :, 0].tolist() == [[0, 1, 0, 10], [2, 3, 20, 30]]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(2, 3),
    st.integers(1, 3),
)
def test_what_comes_out_is_as_large_as_what_went_in(n, rows, columns, ins, depth, heads, window, patch):
    network = SwinUNet(ins, 3, 2 * heads, depth, heads, window, patch)
    height, width = rows * network.step, columns * network.step
    assert network(torch.rand(n, ins, height, width)).shape == (n, 3, height, width)


def test_its_default_is_the_chapters():
    network = SwinUNet()
    assert sum(p.numel() for p in network.parameters()) == 1_731_348
    image = torch.zeros(1, 1, 128, 128)
    assert multiplications(network, image) == 540_672_000
    assert multiplications(UNet(), image) == 575_406_080
    assert network.step == 128


@pytest.mark.parametrize("arguments", [{}, {"depth": 2, "window": 4, "patch": 1}, {"heads": 4, "width": 8}])
def test_multiplications_are_half_of_torchs_operations(arguments):
    network = tiny(**arguments).eval()
    image = torch.rand(2, 1, 2 * network.step, network.step)
    with FlopCounterMode(display=False) as flops, torch.no_grad():
        network(image)
    assert 2 * multiplications(network, image) == flops.get_total_flops()


@pytest.mark.parametrize("sides", [(20, 16), (16, 20), (0, 16), (4, 8), (17, 16)])
def test_sides_that_windows_do_not_tile_are_told_what_fits(sides):
    network = tiny()  # 2 pixels a token, 2 tokens a window, halved once
    with pytest.raises(ValueError, match=r"does not fit: every side must be a multiple of 8.*Nearest legal"):
        network(torch.zeros(1, 1, *sides))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"window": 1}, ValueError),
        ({"depth": 0}, ValueError),
        ({"patch": 0}, ValueError),
        ({"heads": 0}, ValueError),
        ({"heads": 3}, ValueError),
        ({"classes": 0}, ValueError),
        ({"width": 4.5}, TypeError),
        ({"window": "8"}, TypeError),
    ],
)
def test_arguments_that_make_no_network_are_refused(arguments, error):
    with pytest.raises(error):
        tiny(**arguments)


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_it_learns_in_mixed_precision(half):
    network = tiny(window=4)
    x = torch.rand(2, 1, 32, 32, generator=chance(0))
    with torch.autocast("cpu", half):
        loss = nn.functional.cross_entropy(network(x).float(), (x[:, 0] > 0.5).long())
    loss.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())


def test_the_order_in_memory_changes_nothing():
    network = tiny().eval()
    x = torch.rand(2, 1, 16, 24, generator=chance(0))
    expected = network(x)
    network.to(memory_format=torch.channels_last)
    torch.testing.assert_close(network(x.to(memory_format=torch.channels_last)), expected)


def test_without_looking_a_pixel_knows_its_square_only():
    network = tiny(depth=2).double().eval()
    for module in network.modules():
        if hasattr(module, "mix"):
            module.mix = nn.Module()
            module.mix.forward = lambda query, key, value, bias: value
    x = torch.rand(1, 1, 32, 32, generator=chance(0), dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(network(x)[0, :, 9, 18].sum(), x)
    reached = (slope[0, 0] != 0).nonzero()
    assert (reached.min(0).values.tolist(), reached.max(0).values.tolist()) == ([8, 16], [15, 23])
