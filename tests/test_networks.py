"""What networks are handed, and what is done to them: types, shapes, copies; nothing is changed that should not be."""

import copy
import io
import pickle
import re

import numpy as np
import pytest
import torch
from torch import nn

from unet_teach.models import (
    AttentionUNet,
    OriginalUNet,
    PatchCNN,
    ResidualUNet,
    SwinUNet,
    UNet,
    UNetPlusPlus,
    at_every_pixel,
    multiplications,
)
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips, with_interpolation, with_normalisation
from unet_teach.models.initialise import he_initialise
from unet_teach.models.original_unet import centre_crop, require_legal

SIZES = {
    UNet: (lambda: UNet(width=2, depth=2), 8),
    WithoutSkips: (lambda: WithoutSkips(width=2, depth=2), 8),
    AddedSkips: (lambda: AddedSkips(width=2, depth=2), 8),
    Unpadded: (lambda: Unpadded(width=2, depth=1), 20),
    AttentionUNet: (lambda: AttentionUNet(width=2, depth=2), 8),
    UNetPlusPlus: (lambda: UNetPlusPlus(width=2, depth=2), 8),
    ResidualUNet: (lambda: ResidualUNet(width=2, depth=2), 8),
    SwinUNet: (lambda: SwinUNet(width=2, depth=1, heads=1, window=2), 8),
    OriginalUNet: (lambda: OriginalUNet(width=1), 188),
    PatchCNN: (lambda: PatchCNN(width=2), 33),
}
NETWORKS = pytest.mark.parametrize(("make", "size"), SIZES.values(), ids=[kind.__name__ for kind in SIZES])


@NETWORKS
@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (lambda x: x[0], ValueError, r"must be \(N, C, H, W\).*x\[None\]"),
        (lambda x: x[None], ValueError, r"must be \(N, C, H, W\)"),
        (lambda x: x.repeat(1, 2, 1, 1), ValueError, "2 channels, the network takes 1"),
        (lambda x: x[:, :0], ValueError, "0 channels"),
        (lambda x: x.double(), TypeError, r"torch.float64.*call .to\(torch.float32\)"),
        (lambda x: x.half(), TypeError, "torch.float16"),
        (lambda x: x.byte(), TypeError, "torch.uint8"),
        (lambda x: x.numpy(), TypeError, "torch.as_tensor"),
        (lambda x: x.tolist(), TypeError, "got list"),
        (lambda x: x[..., :1], ValueError, "does not fit|hold no patch"),
    ],
)
def test_images_that_do_not_fit_are_told_what_to_do(make, size, images, error, message):
    with pytest.raises(error, match=message):
        make()(images(torch.zeros(1, 1, size, size)))


@NETWORKS
def test_a_double_network_takes_doubles_and_autocast_takes_halves(make, size):
    torch.manual_seed(0)  # by chance nearly all ReLUs of one channel are shut, and little is left to compare
    network = make().eval()
    x = torch.rand(1, 1, size, size)
    with torch.inference_mode():
        single = network(x)
        with torch.autocast("cpu", torch.bfloat16):
            halves = network(x.bfloat16()).float()
        # Of all pixels together: one alone may lie far off, where rounding moved a ReLU or a pooling's winner.
        assert (halves - single).norm() < 0.1 * single.norm()
        double = network.double()(x.double())
    torch.testing.assert_close(double.float(), single, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", [UNet, WithoutSkips, AddedSkips, AttentionUNet, UNetPlusPlus, ResidualUNet])
def test_one_value_a_channel_cannot_be_normalised_in_training(kind):
    network = kind(width=2, depth=3)
    with pytest.raises(ValueError, match="take larger crops, or with a batch normalisation more of them"):
        network(torch.zeros(1, 1, 8, 8))
    network(torch.zeros(2, 1, 8, 8))
    network(torch.zeros(1, 1, 16, 8))
    network.eval()(torch.zeros(1, 1, 8, 8))
    with_normalisation(network, lambda channels: nn.GroupNorm(1, channels)).train()(torch.zeros(1, 1, 8, 8))


def test_one_pixel_an_image_cannot_be_normalised_by_itself():
    network = with_normalisation(UNet(width=2, depth=2), nn.InstanceNorm2d)
    with pytest.raises(ValueError, match="InstanceNorm2d"):
        network(torch.zeros(3, 1, 4, 4))
    network(torch.zeros(1, 1, 4, 8))


@NETWORKS
def test_networks_are_copied_pickled_and_traced(make, size):
    network, x = make().eval(), torch.rand(2, 1, size, size)
    with torch.inference_mode():
        expected = network(x)
        for other in (copy.deepcopy(network), pickle.loads(pickle.dumps(network)), traced(network, x)):
            torch.testing.assert_close(other(x), expected)


@pytest.mark.filterwarnings("ignore")
def traced(network, x):
    file = io.BytesIO()
    torch.jit.save(torch.jit.trace(network, x, check_trace=False), file)
    file.seek(0)
    return torch.jit.load(file)


@pytest.mark.parametrize("dims", [2, 3])
def test_the_unet_is_exported_and_says_why_it_is_not_scripted(dims):
    network, x = UNet(width=2, depth=2, dims=dims).eval(), torch.rand(2, 1, *[8] * dims)
    with torch.no_grad():
        torch.testing.assert_close(torch.export.export(network, (x,)).module()(x), network(x))
    assert re.search(r"`torch.jit.script` does not", UNet.__doc__)
    with pytest.raises(Exception, match=r"(?s)."):
        torch.jit.script(network)


@pytest.mark.parametrize("kind", [torch.float32, torch.float64, torch.float16])
def test_what_is_put_into_a_network_takes_on_its_type_and_mode(kind):
    for change in (with_interpolation, lambda n: with_normalisation(n, lambda channels: nn.GroupNorm(1, channels))):
        network = change(UNet(width=2, depth=2).to(kind).eval())
        assert {weights.dtype for weights in network.parameters()} == {kind}
        assert not any(layer.training for layer in network.modules())


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: with_interpolation(UNet(width=1, depth=1, dims=3)), ValueError),
        (lambda: with_interpolation(nn.Identity()), ValueError),
        (lambda: with_normalisation(np.zeros(3), nn.BatchNorm2d), TypeError),
        (lambda: with_normalisation(UNet(width=1, depth=1), lambda channels: None), TypeError),
        (lambda: with_normalisation(nn.Identity(), nn.BatchNorm2d), ValueError),
        (lambda: he_initialise([nn.Conv2d(1, 1, 1)]), TypeError),
        (lambda: at_every_pixel(nn.ReLU()), TypeError),
        (lambda: at_every_pixel(nn.Sequential()), TypeError),
        (lambda: multiplications(UNet(width=1, depth=1), np.zeros((1, 1, 4, 4))), TypeError),
        (lambda: centre_crop(torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 6, 4)), ValueError),
        (lambda: centre_crop(torch.zeros(1, 4, 4), torch.zeros(1, 2, 2)), ValueError),
        (lambda: centre_crop(np.zeros((1, 1, 4, 4)), torch.zeros(1, 1, 2, 2)), TypeError),
        (lambda: require_legal(188.5), TypeError),
        (lambda: UNet(depth=2.0), TypeError),
        (lambda: UNet(dims="2"), TypeError),
        (lambda: OriginalUNet(width=0), ValueError),
        (lambda: OriginalUNet(classes=None), TypeError),
        (lambda: PatchCNN(width=0), ValueError),
        (lambda: PatchCNN(first=3.0), TypeError),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(call, error):
    with pytest.raises(error, match=r"(\S+ ){4,}\S+"):
        call()


def test_numpys_whole_numbers_build_the_same_network():
    torch.manual_seed(0)
    ours = UNet(np.uint8(1), np.int16(2), np.uint8(200), np.int8(1))
    assert ours.bottleneck[0].out_channels == 400
    assert type(ours.depth) is int


def test_counting_leaves_a_network_in_training_as_it_was():
    network = UNet(width=2, depth=1)
    network.bottleneck.eval()
    before = copy.deepcopy(network.state_dict())
    modes = [layer.training for layer in network.modules()]
    counted = multiplications(network, torch.rand(1, 1, 4, 4))
    assert counted == multiplications(network.eval(), torch.rand(1, 1, 4, 4))
    network.train()
    network.bottleneck.eval()
    assert [layer.training for layer in network.modules()] == modes
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


def test_volumes_are_counted_too():
    layer, up = nn.Conv3d(2, 3, 3), nn.ConvTranspose3d(3, 2, 2, stride=2)
    count = multiplications(nn.Sequential(layer, up), torch.zeros(1, 2, 5, 4, 3))
    assert count == 3 * 2 * 1 * (27 * 2 * 3) + 3 * 2 * 1 * (3 * 2 * 8)
