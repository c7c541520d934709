"""The V-Net: its parts are those of MONAI's, piece by piece; its size is the paper's, counted by hand."""

import pytest
import torch
from monai.networks.nets.vnet import DownTransition, InputTransition, UpTransition
from monai.networks.nets.vnet import VNet as TheirVNet
from shaken import shaken
from torch import nn

from unet_teach.models import UNet, VNet
from unet_teach.models.vnet import ResidualStage

DIMS = pytest.mark.parametrize("dims", [2, 3])
PRELU = ("prelu", {"init": 0.25})


def parameters(network):
    return sum(weight.numel() for weight in network.parameters())


def hand_over(convolutions, theirs, order=None):
    """Give MONAI's convolutions ours, channels in their order; their last PReLU, which the paper has not, is undone."""
    pairs = [layer for layer in convolutions if not isinstance(layer, nn.PReLU)]
    blocks = list(theirs)
    for number, block in enumerate(blocks):
        conv, norm = pairs[2 * number], pairs[2 * number + 1]
        order = torch.arange(conv.out_channels) if order is None else order
        block.conv_block.conv.weight.data = conv.weight.data[order][:, order].clone()
        for name in ("weight", "bias", "running_mean", "running_var"):
            getattr(block.conv_block.adn.N, name).data = getattr(norm, name).data[order].clone()
        nn.init.constant_(block.act_function.weight, 1.0 if block is blocks[-1] else 0.25)


@DIMS
@pytest.mark.parametrize("convolutions", [1, 2, 3])
def test_a_stage_on_the_way_down_is_monais(dims, convolutions):
    torch.manual_seed(0)
    ours = VNet(width=4, depth=convolutions - 1 or 1, dims=dims, normalise=True)
    level = convolutions - 2
    down, stage = (
        (ours.downs[level], ours.bottom)
        if convolutions > 1
        else (ours.downs[0], ResidualStage(8, 8, 1, 5, dims, normalise=True))
    )
    shaken(down).double(), shaken(stage).double()
    theirs = DownTransition(dims, down[0].in_channels, convolutions, PRELU, None).double().eval()
    theirs.down_conv.weight.data = down[0].weight.data.clone()
    theirs.bn1.load_state_dict(down[1].state_dict())
    hand_over(stage.residual, theirs.ops)
    x = torch.randn(2, down[0].in_channels, *[8, 12, 8][:dims]).double()
    torch.testing.assert_close(stage(down(x)), theirs(x))


@DIMS
def test_a_stage_on_the_way_up_is_monais(dims):
    torch.manual_seed(1)
    ours = shaken(VNet(width=4, depth=2, dims=dims, normalise=True)).double()
    up, stage = ours.ups[0], ours.decoder[0]  # 16 -> 8 channels, and 8 from across
    theirs = UpTransition(dims, 16, 16, 2, PRELU, (None, 0.5)).double().eval()
    theirs.up_conv.load_state_dict(up[0].state_dict())
    theirs.bn1.load_state_dict(up[1].state_dict())
    theirs_first = torch.tensor([*range(8, 16), *range(8)])  # they put what comes from below first
    hand_over(stage.residual, theirs.ops, theirs_first)
    below, across = torch.randn(1, 16, *[4] * dims).double(), torch.randn(1, 8, *[8] * dims).double()
    found = stage(torch.cat([across, up(below)], dim=1))
    torch.testing.assert_close(found[:, theirs_first], theirs(below, across))


@DIMS
@pytest.mark.parametrize("channels", [1, 2])
def test_the_first_stage_is_monais_and_repeats_the_image(dims, channels):
    stage = shaken(ResidualStage(channels, 4, 1, 5, dims, normalise=True)).double()
    theirs = InputTransition(dims, channels, 4, PRELU).double().eval()
    theirs.conv_block.conv.weight.data = stage.residual[0].weight.data.clone()
    theirs.conv_block.adn.N.load_state_dict(stage.residual[1].state_dict())
    x = torch.randn(2, channels, *[8] * dims).double()
    torch.testing.assert_close(stage(x), theirs(x))


def test_the_papers_size_is_counted_by_hand():
    def conv(a, b, kernel):
        return a * b * kernel**3 + b

    count = 0
    for channels, convolutions in ((16, 1), (32, 2), (64, 3), (128, 3), (256, 3)):  # down
        first = 1 if channels == 16 else channels
        count += conv(first, channels, 5) + (convolutions - 1) * conv(channels, channels, 5) + convolutions * channels
        count += conv(channels // 2, channels, 2) + channels if channels > 16 else 0
    for channels, convolutions, below in ((256, 3, 256), (128, 3, 256), (64, 2, 128), (32, 1, 64)):  # and up
        count += conv(below, channels // 2, 2) + channels // 2
        count += convolutions * (conv(channels, channels, 5) + channels)
    count += conv(32, 2, 1)
    assert count == 65_175_314
    assert parameters(VNet()) == count


def test_monai_has_fewer_convolutions_as_the_published_code_has():
    def convolutions(network):
        return sum(isinstance(layer, nn.Conv3d) and layer.kernel_size == (5, 5, 5) for layer in network.modules())

    assert convolutions(VNet(width=2)) == 1 + 2 + 3 + 3 + 3 + 3 + 3 + 2 + 1
    theirs = TheirVNet(out_channels=2, act=PRELU)
    assert convolutions(theirs) == 1 + 1 + 2 + 3 + 2 + 2 + 2 + 1 + 1 + 1
    assert parameters(theirs) < parameters(VNet())
    x = torch.zeros(1, 1, 16, 32, 16)
    with torch.no_grad():
        assert theirs.eval()(x).shape == VNet(width=1)(x).shape


@DIMS
@pytest.mark.parametrize("normalise", [False, True])
def test_without_weights_a_stage_hands_on_what_it_was_given(dims, normalise):
    stage = ResidualStage(4, 4, 3, 3, dims, normalise).eval()
    for layer in stage.residual:
        if hasattr(layer, "kernel_size"):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias) if layer.bias is not None else None
    x = torch.randn(2, 4, *[8] * dims)
    torch.testing.assert_close(stage(x), torch.where(x > 0, x, 0.25 * x))


@DIMS
def test_sizes_classes_and_channels(dims):
    network = VNet(in_channels=2, classes=3, width=4, depth=2, dims=dims, kernel=3, normalise=True)
    assert network(torch.randn(2, 2, *[8, 12, 16][:dims])).shape == (2, 3, *[8, 12, 16][:dims])
    kinds = [type(layer) for layer in network.modules()]
    assert not {nn.ReLU, nn.MaxPool2d, nn.MaxPool3d} & set(kinds)
    assert nn.PReLU in kinds


def test_every_weight_learns():
    network = VNet(classes=3, width=2, depth=2, kernel=3, normalise=True)
    network(torch.randn(2, 1, 8, 8, 8)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dims": 1}, "3 .volumes. or 2"),
        ({"width": 0}, "start at 1"),
        ({"kernel": 4}, "no middle: take 3 or 5"),
        ({"in_channels": 3}, "multiple of the image's 3"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        VNet(**arguments)


@pytest.mark.parametrize(
    ("shape", "message"),
    [((1, 1, 8, 8), "D, H, W"), ((1, 2, 8, 8, 8), "2 channels"), ((1, 1, 8, 6, 8), "multiple of 4. .*4 and 8|4")],
)
def test_wrong_volumes_are_named(shape, message):
    with pytest.raises(ValueError, match=message):
        VNet(width=2, depth=2, kernel=3)(torch.zeros(shape))


def test_cicek_counted_by_hand():
    """The published count is that of the convolutions with a bias each, up-convolutions without, norms left out."""
    pairs = [(3, 32), (32, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 512)]
    pairs += [(512 + 256, 256), (256, 256), (256 + 128, 128), (128, 128), (128 + 64, 64), (64, 64)]
    count = sum(a * b * 27 + b for a, b in pairs) + sum(8 * c * c for c in (512, 256, 128)) + 64 * 3 + 3
    assert count == 19_069_955
    assert parameters(UNet(in_channels=3, classes=3, width=32, depth=3, dims=3)) < count  # narrower where it is shallow
