import numpy as np
import pytest
import torch

from unet_teach.experiments.without_skips import narrow
from unet_teach.models import UNet
from unet_teach.models.ablations import WithoutSkips


@pytest.mark.parametrize(("dims", "depth"), [(2, 1), (2, 3), (3, 2)])
def test_sizes_are_kept_and_weights_start_as_the_u_nets(dims, depth):
    torch.manual_seed(0)
    made = WithoutSkips(in_channels=2, classes=3, width=4, depth=depth, dims=dims).eval()
    assert made(torch.randn(1, 2, *[8] * dims)).shape == (1, 3, *[8] * dims)
    spread = made.decoder[0][0].weight.detach().std()
    fan = 3**dims * 4 * 2 ** (depth - 1)
    assert spread == pytest.approx((2 / fan) ** 0.5, rel=0.15)  # He's rule
    with pytest.raises(ValueError, match="multiple of"):
        made(torch.randn(1, 2, *[9] * dims))
    with pytest.raises(ValueError, match="start at 1"):
        WithoutSkips(depth=0)


def test_only_the_decoders_first_convolutions_are_narrower():
    whole, without = (network(width=4, depth=2) for network in (UNet, WithoutSkips))
    counts = [sum(weight.numel() for weight in network.parameters()) for network in (whole, without)]
    assert counts[0] - counts[1] == 9 * (4 * 4 + 8 * 8)  # the kernels for what came across


@torch.inference_mode()
def test_nothing_crosses_but_through_the_bottleneck():
    torch.manual_seed(0)
    image = torch.randn(1, 1, 16, 16)
    for network, crosses in ((WithoutSkips, False), (UNet, True)):
        made = network(width=4, depth=2).eval()
        made.bottleneck.register_forward_hook(lambda *_: torch.zeros(1, 16, 4, 4))
        assert torch.equal(made(image), made(image.flip(2))) is not crosses


def test_narrow_is_where_a_disc_of_seven_pixels_does_not_fit():
    membrane = np.zeros((40, 60), bool)
    membrane[5:35, 5:15] = True  # 10 wide
    membrane[5:35, 30:36] = True  # 6 wide
    found = narrow(membrane)
    assert found[10:30, 30:36].all()
    assert not found[10:30, 5:15].any()
