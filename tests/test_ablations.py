import numpy as np
import pytest
import torch

from unet_teach.course.experiments.without_skips import narrow
from unet_teach.models import UNet
from unet_teach.models.ablations import (
    AddedSkips,
    Unpadded,
    WithoutSkips,
    with_interpolation,
)

NETWORKS = [WithoutSkips, AddedSkips]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("dims", "depth"), [(2, 1), (2, 3), (3, 2)])
def test_sizes_are_kept_and_weights_start_as_the_u_nets(network, dims, depth):
    torch.manual_seed(0)
    made = network(in_channels=2, classes=3, width=4, depth=depth, dims=dims).eval()
    assert made(torch.randn(1, 2, *[8] * dims)).shape == (1, 3, *[8] * dims)
    spread = made.decoder[0][0].weight.detach().std()
    fan = 3**dims * 4 * 2 ** (depth - 1)
    assert spread == pytest.approx((2 / fan) ** 0.5, rel=0.15)  # He's rule
    with pytest.raises(ValueError, match="multiple of"):
        made(torch.randn(1, 2, *[9] * dims))
    with pytest.raises(ValueError, match="start at 1"):
        network(depth=0)


def test_only_the_decoders_first_convolutions_are_narrower():
    whole, added, without = (network(width=4, depth=2) for network in (UNet, *NETWORKS))
    counts = [sum(weight.numel() for weight in network.parameters()) for network in (whole, added, without)]
    assert counts[1] == counts[2]
    assert counts[0] - counts[1] == 9 * (4 * 4 + 8 * 8)  # the columns of kernels for what came across


@torch.inference_mode()
def test_nothing_crosses_but_through_the_bottleneck():
    torch.manual_seed(0)
    image = torch.randn(1, 1, 16, 16)
    for network, crosses in ((WithoutSkips, False), (AddedSkips, True), (UNet, True)):
        made = network(width=4, depth=2).eval()
        made.bottleneck.register_forward_hook(lambda *_: torch.zeros(1, 16, 4, 4))
        assert torch.equal(made(image), made(image.flip(2))) is not crosses


@torch.inference_mode()
def test_added_skips_add():
    torch.manual_seed(0)
    made = AddedSkips(width=4, depth=1).eval()
    image = torch.randn(1, 1, 8, 8)
    across = made.encoder[0](image)
    below = made.ups[0](made.bottleneck(made.pool(across)))
    torch.testing.assert_close(made(image), made.head(made.decoder[0](across + below)))


def test_narrow_is_where_a_disc_of_seven_pixels_does_not_fit():
    membrane = np.zeros((40, 60), bool)
    membrane[5:35, 5:15] = True  # 10 wide
    membrane[5:35, 30:36] = True  # 6 wide
    found = narrow(membrane)
    assert found[10:30, 30:36].all()
    assert not found[10:30, 5:15].any()


@pytest.mark.parametrize("depth", [1, 2, 3])
@torch.inference_mode()
def test_unpadded_networks_lose_their_margin_and_name_legal_sizes(depth):
    torch.manual_seed(0)
    made = Unpadded(width=2, depth=depth).eval()
    smallest = 2 * made.margin + 4
    for size in (smallest, smallest + 2**depth):
        lost = size - 2 * made.margin
        assert made(torch.randn(1, 1, size, size)).shape == (1, 2, lost, lost)
    with pytest.raises(ValueError, match=f"{smallest} and {smallest + 2**depth}"):
        made(torch.randn(1, 1, smallest + 1, smallest + 1))
    with pytest.raises(ValueError, match=str(smallest)):
        made(torch.randn(1, 1, smallest - 2**depth, smallest))


def test_an_unpadded_answer_knows_nothing_of_a_border():
    torch.manual_seed(0)
    made = Unpadded(width=2, depth=2).eval()
    image = torch.randn(1, 1, 60, 60)
    with torch.inference_mode():
        whole, part = made(image), made(image[:, :, 8:, 8:])  # along the network's grid of 4 pixels
    torch.testing.assert_close(whole[:, :, 8:, 8:], part)


@torch.inference_mode()
def test_interpolation_goes_up_without_weights_and_the_rest_stays():
    torch.manual_seed(0)
    learned, fixed = UNet(width=4, depth=2), with_interpolation(UNet(width=4, depth=2))
    counts = [sum(weight.numel() for weight in network.parameters()) for network in (learned, fixed)]
    assert counts[0] - counts[1] == 3 * (16 * 8 + 8 * 4)  # three of the four kernel places of each way up
    flat = fixed.ups[0](torch.ones(1, 16, 4, 4))
    torch.testing.assert_close(flat, flat[:, :, :1, :1].expand_as(flat))  # no checkerboard can arise
    assert fixed(torch.randn(1, 1, 8, 8)).shape == learned(torch.randn(1, 1, 8, 8)).shape
    with pytest.raises(ValueError, match="two dimensions"):
        with_interpolation(UNet(dims=3, width=2, depth=1))
