"""The paper's network to the last parameter, and the course's against an independent one."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.networks.nets import BasicUNet
from torch import nn

from unet_teach.models import OriginalUNet, UNet
from unet_teach.models.original_unet import ValidBlock, centre_crop
from unet_teach.models.unet import Block


def parameters(network):
    return sum(tensor.numel() for tensor in network.parameters())


def test_the_paper_has_31_030_658_parameters_and_23_convolutions():
    network = OriginalUNet()
    assert parameters(network) == 31_030_658
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    assert len(convolutions) == 23


def test_the_sizes_of_figure_1():
    network, seen = OriginalUNet(width=1).eval(), []
    for stage in [*network.encoder, network.pool, network.bottleneck, *network.ups, *network.decoder]:
        stage.register_forward_hook(lambda layer, inputs, output: seen.append(output.shape[-1]))
    with torch.inference_mode():
        assert network(torch.zeros(1, 1, 572, 572)).shape == (1, 2, 388, 388)
    assert seen == [568, 284, 280, 140, 136, 68, 64, 32, 28, 56, 52, 104, 100, 200, 196, 392, 388]


@settings(max_examples=15, deadline=None)
@given(st.integers(11, 20), st.integers(11, 20))
def test_legal_sizes_lose_184_pixels(k, m):
    network = OriginalUNet(width=1).eval()
    with torch.inference_mode():
        shape = network(torch.zeros(1, 1, 16 * k + 12, 16 * m + 12)).shape
    assert shape == (1, 2, 16 * k + 12 - 184, 16 * m + 12 - 184)


@pytest.mark.parametrize(
    ("size", "nearest"),
    [(572 - 1, "556 and 572"), (573, "572 and 588"), (512, "508 and 524"), (100, "188"), (172, "188")],
)
def test_an_illegal_size_names_the_nearest_legal_ones(size, nearest):
    with pytest.raises(ValueError, match=f"{size} pixels does not fit.*Nearest legal: {nearest} "):
        OriginalUNet(width=1)(torch.zeros(1, 1, 572, size))


def test_the_crop_is_the_middle():
    skip = torch.arange(36.0).reshape(1, 1, 6, 6)
    assert torch.equal(centre_crop(skip, torch.zeros(1, 1, 2, 4)), skip[:, :, 2:4, 1:5])


@pytest.mark.parametrize("network", [OriginalUNet(width=16), UNet(width=32)])
def test_weights_follow_he(network):
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            incoming = layer.in_channels * math.prod(layer.kernel_size)
        elif isinstance(layer, nn.ConvTranspose2d):
            incoming = layer.in_channels
        else:
            continue
        if layer.weight.numel() > 5000:
            assert layer.weight.detach().std().item() == pytest.approx(math.sqrt(2 / incoming), rel=0.05)
        assert layer.bias is None or not layer.bias.any()


def growth_within_blocks(network, x):
    """By what factor the second convolution of a block changes the mean square of the first's output, on average."""
    squares = []

    def note(layer, inputs, output):
        squares.append(output.pow(2).mean().log())

    hooks = [
        block[i].register_forward_hook(note)
        for block in network.modules()
        if isinstance(block, ValidBlock)
        for i in (0, 2)
    ]
    with torch.inference_mode():
        network(x)
    for hook in hooks:
        hook.remove()
    firsts, seconds = torch.stack(squares[::2]), torch.stack(squares[1::2])
    return (seconds - firsts).mean().exp().item()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_convolution_after_a_relu_keeps_the_size_of_signals(seed):
    """Weights of variance 2 / N keep the mean square, and torch's own, of variance 1 / (3 N), leave a sixth of it."""
    torch.manual_seed(seed)
    network, x = OriginalUNet(width=16).eval(), torch.randn(1, 1, 220, 220)
    assert growth_within_blocks(network, x) == pytest.approx(1, rel=0.2)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.reset_parameters()
            nn.init.zeros_(layer.bias)  # which would hide the loss
    assert growth_within_blocks(network, x) == pytest.approx(1 / 6, rel=0.2)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_the_course_network_keeps_the_size(depth, classes, rows, columns):
    network = UNet(in_channels=2, classes=classes, width=2, depth=depth).eval()
    height, width = rows * 2**depth, columns * 2**depth
    with torch.inference_mode():
        assert network(torch.zeros(1, 2, height, width)).shape == (1, classes, height, width)


def test_volumes_too():
    with torch.inference_mode():
        assert UNet(width=2, depth=2, dims=3).eval()(torch.zeros(1, 1, 8, 12, 4)).shape == (1, 2, 8, 12, 4)


@pytest.mark.parametrize(("size", "nearest"), [(36, "32 and 40"), (7, "8"), (41, "40 and 48")])
def test_a_size_that_cannot_be_halved_is_refused(size, nearest):
    with pytest.raises(ValueError, match=f"multiple of 8.*Nearest legal: {nearest}\\."):
        UNet(width=2)(torch.zeros(1, 1, 32, size))


@pytest.mark.parametrize("wrong", [{"dims": 4}, {"depth": 0}, {"width": 0}, {"classes": 0}])
def test_impossible_networks_are_refused(wrong):
    with pytest.raises(ValueError, match="got"):
        UNet(**wrong)


def copy_block(ours: Block, theirs: nn.Module) -> None:
    """Copy one block into MONAI's TwoConv, whose convolutions have biases (0 here) and whose input may be wider."""
    for number, layer in enumerate((theirs.conv_0, theirs.conv_1)):
        conv, norm = ours[3 * number], ours[3 * number + 1]
        layer.conv.weight.zero_()[:, : conv.in_channels] = conv.weight
        layer.conv.bias.zero_()
        layer.adn.N.load_state_dict(norm.state_dict())


@pytest.mark.parametrize("dims", [2, 3])
def test_equal_to_monai_with_the_same_weights(dims):
    """MONAI's top level keeps twice as many channels on the way up: there the extra ones are set to 0."""
    torch.manual_seed(0)
    w = 2
    ours = UNet(width=w, depth=4, dims=dims).eval()
    with torch.no_grad():
        for layer in ours.modules():
            if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm3d):  # as after training
                layer.running_mean.normal_()
                layer.running_var.uniform_(0.5, 2)
                layer.weight.uniform_(0.5, 2)
                layer.bias.normal_()
    features = (w, 2 * w, 4 * w, 8 * w, 16 * w, w)
    theirs = BasicUNet(dims, 1, 2, features, act="relu", norm="batch").eval()
    with torch.no_grad():
        downs = [theirs.conv_0, *(getattr(theirs, f"down_{i}").convs for i in range(1, 5))]
        for block, down in zip([*ours.encoder, ours.bottleneck], downs, strict=True):
            copy_block(block, down)
        for up, block, level in zip(ours.ups, ours.decoder, (4, 3, 2, 1), strict=True):
            upcat = getattr(theirs, f"upcat_{level}")
            upcat.upsample.deconv.weight.zero_()[:, : up.out_channels] = up.weight
            upcat.upsample.deconv.bias.zero_()[: up.out_channels] = up.bias
            copy_block(block, upcat.convs)
        theirs.final_conv.load_state_dict(ours.head.state_dict())
    x = torch.randn(2, 1, *[32] * dims, dtype=torch.float64)  # in float32 the two add up in different orders
    with torch.inference_mode():
        torch.testing.assert_close(ours.double()(x), theirs.double()(x), rtol=1e-9, atol=1e-9)


def test_features_keep_the_channels_of_a_pixel_side_by_side():
    """Whatever the image's layout: on a CPU convolutions are quicker that way (`make bench`)."""
    network, seen = UNet(in_channels=2, width=4, depth=2).eval(), []
    for stage in [*network.encoder, network.bottleneck, *network.ups, *network.decoder]:
        stage.register_forward_hook(lambda stage, inputs, output: seen.append(output))
    network(torch.randn(1, 2, 8, 8))
    assert len(seen) == 7
    assert all(features.is_contiguous(memory_format=torch.channels_last) for features in seen)
