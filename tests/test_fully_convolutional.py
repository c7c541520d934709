import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pretend_gpu import pretending
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from unet_teach.models import PatchCNN, UNet, at_every_pixel, multiplications


def patch_by_patch(network, image, side):
    patches = image[0].unfold(1, side, 1).unfold(2, side, 1)  # (C, rows, columns, side, side)
    rows, columns = patches.shape[1:3]
    answers = network(patches.permute(1, 2, 0, 3, 4).flatten(0, 1))  # (rows * columns, K, 1, 1)
    return answers.view(rows, columns, -1).permute(2, 0, 1)[None]


@torch.inference_mode()
@pytest.mark.parametrize("options", [{}, {"first": 11}, {"normalise": True}, {"pool": "skip"}, {"channels": 2}])
def test_the_map_is_what_the_network_says_patch_by_patch(options):
    torch.manual_seed(0)
    network = PatchCNN(**options).double().eval()
    image = torch.randn(1, options.get("channels", 1), 40, 43, dtype=torch.float64)
    whole = at_every_pixel(network)(image)
    side = image.shape[2] - whole.shape[2] + 1  # an odd first kernel leaves the last rows of a patch unseen
    assert side == (32 if "first" in options else 30 if "pool" in options else 33)
    torch.testing.assert_close(whole, patch_by_patch(network, image, side))
    every_fourth = network(image)
    torch.testing.assert_close(
        whole[:, :, ::4, ::4][:, :, : every_fourth.shape[2], : every_fourth.shape[3]], every_fourth
    )


@settings(max_examples=25, deadline=None)
@given(
    layers=st.lists(st.sampled_from(["conv2", "conv3", "stride2", "pool2", "pool3", "relu"]), min_size=1, max_size=5)
)
def test_any_stack_of_valid_layers_gives_the_same_map(layers):
    torch.manual_seed(1)
    made, side = [], 1
    sizes = {"conv2": (2, 1), "conv3": (3, 1), "stride2": (2, 2), "pool2": (2, 2), "pool3": (3, 1), "relu": (1, 1)}
    for kind in reversed(layers):  # the patch that gives one answer, from the last layer back
        size, step = sizes[kind]
        side = (side - 1) * step + size
    for kind in layers:
        made.append(
            {
                "conv2": lambda: nn.Conv2d(1, 1, 2),
                "conv3": lambda: nn.Conv2d(1, 1, 3, bias=False),
                "stride2": lambda: nn.Conv2d(1, 1, 2, stride=2),
                "pool2": lambda: nn.MaxPool2d(2),
                "pool3": lambda: nn.MaxPool2d(3, stride=1),
                "relu": nn.ReLU,
            }[kind]()
        )
    network = nn.Sequential(*made).double()
    if not list(network.parameters()):
        network.append(nn.Conv2d(1, 1, 1).double())
    image = torch.randn(1, 1, side + 4, side + 2, dtype=torch.float64)
    with torch.inference_mode():
        torch.testing.assert_close(at_every_pixel(network)(image), patch_by_patch(network, image, side))


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (nn.Conv2d(1, 1, 3, padding=1), "padding"),
        (nn.Conv2d(1, 1, 3, dilation=2), "dilation"),
        (nn.MaxPool2d(3, padding=1), "padding"),
        (nn.MaxPool2d(2, stride=(2, 1)), "both directions"),
        (nn.Flatten(), "Flatten"),
    ],
)
def test_what_would_not_be_the_same_is_refused(layer, said):
    with pytest.raises(ValueError, match=said):
        at_every_pixel(nn.Sequential(layer, nn.Conv2d(1, 1, 1)))


def test_the_original_keeps_its_own_weights():
    network = PatchCNN()
    copy = at_every_pixel(network)
    with torch.no_grad():
        copy[0].weight.zero_()
    assert network.conv1.weight.any()


def test_the_copy_is_where_the_network_is_with_its_type_and_layout():
    network = PatchCNN(normalise=True)
    with pretending():
        copy = at_every_pixel(network.to("cuda"))
        assert {weight.device.type for weight in copy.state_dict().values()} == {"cuda"}
        assert copy(torch.randn(1, 1, 40, 40, device="cuda")).device.type == "cuda"
        network.cpu()
    assert {weight.device.type for weight in at_every_pixel(PatchCNN().to("meta")).parameters()} == {"meta"}
    mixed = PatchCNN()
    mixed.head.double()
    assert [layer.weight.dtype for layer in at_every_pixel(mixed) if hasattr(layer, "weight")] == [
        torch.float32,
        torch.float32,
        torch.float64,
    ]
    last = at_every_pixel(PatchCNN().to(memory_format=torch.channels_last)).conv2
    assert last.weight.is_contiguous(memory_format=torch.channels_last)


def test_the_copys_running_means_are_its_own():
    network = PatchCNN(normalise=True).train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    at_every_pixel(network)(torch.randn(1, 1, 40, 40))
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize(("network", "side"), [(PatchCNN(), 33), (PatchCNN(), 48), (UNet(width=4, depth=2), 16)])
def test_multiplications_are_half_of_torchs_flops(network, side):
    image = torch.randn(2, 1, side, side)
    with FlopCounterMode(display=False) as flops:
        network.eval()(image)
    assert multiplications(network, image) * 2 == flops.get_total_flops()
    assert not any(layer._forward_hooks for layer in network.modules())


def test_the_cost_of_a_patch_by_hand():
    by_hand = 8 * 16 * 30**2 + 16 * 8 * 16 * 12**2 + 2 * 16 * 36
    assert multiplications(PatchCNN(), torch.zeros(1, 1, 33, 33)) == by_hand == 411_264
