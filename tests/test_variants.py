"""The variants of chapter 13: equal to an independent one where there is one, and to a U-Net where it should be."""

import pytest
import torch
from monai.networks.nets.attentionunet import AttentionBlock
from monai.networks.nets.basic_unet import UpCat
from shaken import shaken
from torch import nn

from unet_teach.models import AttentionUNet, ResidualUNet, UNet, UNetPlusPlus
from unet_teach.models.attention_unet import AttentionGate
from unet_teach.models.residual_unet import ResidualBlock

DIMS = pytest.mark.parametrize("dims", [2, 3])


@DIMS
def test_the_gate_is_monais(dims):
    torch.manual_seed(0)
    ours, theirs = shaken(AttentionGate(6, 4, 3, dims)).double(), AttentionBlock(dims, f_int=3, f_g=4, f_l=6).eval()
    theirs.load_state_dict(dict(zip(theirs.state_dict(), _in_their_order(ours), strict=True)))
    theirs.double()
    across, below = torch.randn(2, 6, *[8] * dims).double(), torch.randn(2, 4, *[8] * dims).double()
    torch.testing.assert_close(ours(across, below), theirs(below, across), atol=1e-6, rtol=1e-6)


def _in_their_order(gate):
    parts = (gate.of_below, gate.of_across, gate.score)
    return [value for part in parts for value in part.state_dict().values()]


@DIMS
def test_coefficients_lie_between_0_and_1_one_for_all_channels(dims):
    gate = AttentionGate(6, 4, 3, dims)
    across, below = torch.randn(2, 6, *[8] * dims), torch.randn(2, 4, *[8] * dims)
    coefficients = gate.coefficients(across, below)
    assert coefficients.shape == (2, 1, *[8] * dims)
    assert 0 <= coefficients.min() < coefficients.max() <= 1
    torch.testing.assert_close(gate(across, below), across * coefficients)


@DIMS
def test_with_all_coefficients_1_the_attention_u_net_is_the_u_net(dims, monkeypatch):
    attention, plain = shaken(AttentionUNet(width=4, depth=2, dims=dims)), UNet(width=4, depth=2, dims=dims).eval()
    plain.load_state_dict({name: value for name, value in attention.state_dict().items() if "gates" not in name})
    x = torch.randn(1, 1, *[16] * dims)
    assert not torch.allclose(attention(x), plain(x), atol=1e-3)
    monkeypatch.setattr(AttentionGate, "coefficients", lambda gate, across, below: torch.ones(()))
    torch.testing.assert_close(attention(x), plain(x))


@DIMS
@pytest.mark.parametrize(("level", "steps"), [(0, 1), (0, 2), (1, 1)])
def test_a_node_is_monais(dims, level, steps):
    torch.manual_seed(1)
    network = shaken(UNetPlusPlus(width=4, depth=2, dims=dims)).double()
    up, node = network.ups[level][steps - 1], network.nodes[level][steps - 1]
    channels = 4 * 2**level
    theirs = UpCat(dims, 2 * channels, steps * channels, channels, "relu", "batch", bias=False).double().eval()
    values = [*up.state_dict().values(), *node.state_dict().values()]
    theirs.load_state_dict(dict(zip(theirs.state_dict(), values, strict=True)))
    across = torch.randn(1, steps * channels, *[8] * dims).double()
    below = torch.randn(1, 2 * channels, *[4] * dims).double()
    ours = node(torch.cat([across, up(below)], dim=1))
    torch.testing.assert_close(ours, theirs(below, across), atol=1e-6, rtol=1e-6)


@DIMS
def test_cut_to_depth_1_it_is_a_u_net_of_depth_1(dims):
    nested = shaken(UNetPlusPlus(classes=3, width=4, depth=3, dims=dims))
    plain = UNet(classes=3, width=4, depth=1, dims=dims).eval()
    cut = nested.cut_to(1)
    renamed = {"nodes.0.0": "decoder.0", "ups.0.0": "ups.0", "encoder.1": "bottleneck", "heads.0": "head"}
    weights = {}
    for name, value in cut.state_dict().items():
        old = next((old for old in renamed if name.startswith(f"{old}.")), "")
        weights[renamed[old] + name.removeprefix(old) if old else name] = value
    plain.load_state_dict(weights)
    x = torch.randn(2, 1, *[16] * dims)
    torch.testing.assert_close(cut(x), plain(x))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_what_is_cut_off_was_not_needed(depth):
    nested = shaken(UNetPlusPlus(width=4, depth=3)).double()
    x = torch.randn(2, 1, 16, 24, dtype=torch.double)
    cut = nested.cut_to(depth)
    assert sum(p.numel() for p in cut.parameters()) <= sum(p.numel() for p in nested.parameters())
    torch.testing.assert_close(cut(x), nested.at_every_depth(x)[depth - 1])
    assert not cut.training
    assert nested.train().cut_to(depth).training


def test_a_cut_is_a_copy_and_its_depth_is_looked_at():
    nested = UNetPlusPlus(width=2, depth=2)
    cut = nested.cut_to(1)
    with torch.no_grad():
        cut.heads[0].weight.zero_()
    assert nested.heads[0].weight.abs().sum() > 0
    for depth in (0, 3):
        with pytest.raises(ValueError, match="from 1 to 2"):
            nested.cut_to(depth)


def test_every_head_sends_slopes_to_its_own_depth_only():
    nested = UNetPlusPlus(width=2, depth=3)
    nested.at_every_depth(torch.randn(2, 1, 16, 16))[0].sum().backward()
    touched = {name.split(".")[1] for name, p in nested.named_parameters() if "encoder" in name and p.grad is not None}
    assert touched == {"0", "1"}


@DIMS
@pytest.mark.parametrize(("channels", "stride"), [((4, 4), 1), ((4, 6), 1), ((4, 4), 2)])
def test_a_residual_block_without_weights_hands_on_what_it_was_given(dims, channels, stride):
    block = ResidualBlock(*channels, dims, stride)
    for layer in block.residual:
        if hasattr(layer, "kernel_size"):
            nn.init.zeros_(layer.weight)
    x = torch.randn(2, 4, *[8] * dims, requires_grad=True)
    out = block(x)
    assert out.shape == (2, channels[1], *[8 // stride] * dims)
    torch.testing.assert_close(out, block.identity(x))
    out.sum().backward()
    assert x.grad.abs().sum() > 0
    assert isinstance(block.identity, nn.Identity) == (channels == (4, 4) and stride == 1)


def test_the_first_block_does_not_cut_off_the_image_at_0():
    block = ResidualBlock(1, 4, first=True)
    assert isinstance(block.residual[0], nn.Conv2d)
    assert isinstance(ResidualBlock(4, 4).residual[0], nn.BatchNorm2d)


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_narrow_ones_can_be_trained(width):
    network = ResidualUNet(width=width)
    for _ in range(3):  # a strided convolution of 1 killed Python here
        network(torch.randn(2, 1, 64, 64)).sum().backward()
    assert all(p.grad.isfinite().all() for p in network.parameters())


@DIMS
def test_a_residual_u_net_halves_by_steps_of_two(dims):
    network = ResidualUNet(width=2, depth=2, dims=dims)
    poolings = [layer for layer in network.modules() if isinstance(layer, nn.MaxPool2d | nn.MaxPool3d)]
    assert all(layer.kernel_size == 1 for layer in poolings)  # on the way past a block
    assert network(torch.randn(2, 1, *[8] * dims)).shape == (2, 2, *[8] * dims)
