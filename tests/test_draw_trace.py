"""What a pass through a network leaves behind: every map on its level, every operation, every join."""

import networks_to_draw as toy
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from unet_teach.draw.network import trace
from unet_teach.models import OriginalUNet, PatchCNN, UNet
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips, with_interpolation


def told(network, *sides, channels=1):
    """Each map in a line: its level, its channels, the ways into it as kind and source."""
    maps = trace(network, torch.randn(1, channels, *sides))
    return [
        f"{each.level}: {each.channels} = " + " + ".join(f"{step.kind} {step.source}" for step in each.steps)
        for each in maps[1:]
    ]


def words(network, *sides):
    return {step.words for each in trace(network, torch.zeros(1, 1, *sides)) for step in each.steps}


def test_every_size_of_figure_1_is_seen():
    maps = trace(OriginalUNet(width=1), torch.zeros(1, 1, 572, 572))
    down = [572, 570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28]
    up = [56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388, 388]
    assert [each.sides for each in maps] == [(size, size) for size in down + up]
    assert [each.level for each in maps] == [max(0, min(n // 3, 8 - n // 3)) for n in range(28)]
    assert [each.copied for each in maps if each.joined] == [8, 4, 2, 1]
    assert [each.name for each in maps if each.name] == ["image", "logits"]


@pytest.mark.parametrize(
    ("network", "sides"),
    [
        (OriginalUNet(width=2, in_channels=3, classes=4), (188, 204)),
        (UNet(width=2, depth=3), (32, 64)),
        (UNet(width=1, depth=2, dims=3), (4, 8, 12)),
        (WithoutSkips(width=2, depth=2), (8, 8)),
        (PatchCNN(), (33, 37)),
    ],
    ids=lambda value: str(value).partition("(")[0],
)
def test_a_hook_of_our_own_sees_the_same_tensors(network, sides):
    """An independent count: what every layer returned, noted by one plain hook on each layer."""
    layers = [layer for layer in network.modules() if hasattr(layer, "kernel_size")]
    image, seen = torch.zeros(1, layers[0].in_channels, *sides), []
    hooks = [layer.register_forward_hook(lambda layer, _, output: seen.append(output.shape[1:])) for layer in layers]
    with torch.inference_mode():
        network.eval()(image)
    for hook in hooks:
        hook.remove()
    assert [(each.channels - each.copied, *each.sides) for each in trace(network, image)[1:]] == list(map(tuple, seen))


def test_a_v_net_has_strided_convolutions_and_residual_sums():
    network = toy.VNet()
    assert told(network, 8, 8, 4) == [
        "0: 2 = conv 0 + add 0",
        "1: 4 = stride 1",
        "1: 4 = conv 2",
        "1: 4 = conv 3 + add 2",
        "0: 4 = copy 1 + up 4",
        "0: 4 = conv 5 + add 5",
        "0: 2 = point 6",
    ]
    maps = trace(network, torch.zeros(1, 1, 8, 8, 4))
    assert [each.size for each in maps[:3]] == ["8×8×4", "8×8×4", "4×4×2"]
    assert [each.after for each in maps[1:4]] == [("ReLU",), ("ReLU",), ("PReLU",)]
    assert "convolution 2×2×2, stride 2" in words(network, 8, 8, 4)


def test_a_unet_plus_plus_is_nested_and_deeply_supervised():
    assert told(toy.PlusPlus(), 8, 8) == [
        *["0: 2 = conv 0", "0: 2 = conv 1"],  # X(0, 0)
        *["1: 2 = pool 2", "1: 4 = conv 3", "1: 4 = conv 4"],  # X(1, 0)
        *["2: 4 = pool 5", "2: 8 = conv 6", "2: 8 = conv 7"],  # X(2, 0)
        *["0: 4 = copy 2 + up 5", "0: 2 = conv 9", "0: 2 = conv 10"],  # X(0, 1)
        *["1: 8 = copy 5 + up 8", "1: 4 = conv 12", "1: 4 = conv 13"],  # X(1, 1)
        *["0: 6 = copy 2 + copy 11 + up 14", "0: 2 = conv 15", "0: 2 = conv 16"],  # X(0, 2)
        *["0: 2 = point 11", "0: 2 = point 17"],
    ]
    maps = trace(toy.PlusPlus(), torch.zeros(1, 1, 8, 8))
    assert [number for number, each in enumerate(maps) if each.name == "logits"] == [18, 19]
    # Without supervision X(0, 1) has one use only, and is still a map of its own.
    assert told(toy.PlusPlus(deep=False), 8, 8)[14] == "0: 6 = copy 2 + copy 11 + up 14"


def test_an_attention_gate_is_a_multiplication():
    network = toy.Attention()
    assert told(network, 8, 8)[5:] == [
        "1: 2 = stride 2 + point 5",  # the skip brought down, and the signal, added
        "1: 1 = point 6",
        "0: 1 = resize 7",
        "0: 2 = gate 2 + gate 8",
        "0: 4 = copy 9 + up 5",
        "0: 2 = conv 10",
        "0: 2 = conv 11",
        "0: 2 = point 12",
    ]
    maps = trace(network, torch.zeros(1, 1, 8, 8))
    assert maps[6].joined == "add"
    assert maps[7].after == ("sigmoid",)


def test_added_skips_silent_ones_interpolation_and_crops():
    assert told(AddedSkips(width=2, depth=1), 8, 8)[5:] == [
        *["0: 2 = add 2 + up 5", "0: 2 = conv 6", "0: 2 = conv 7", "0: 2 = point 8"]
    ]
    assert told(WithoutSkips(width=2, depth=1), 8, 8)[5] == "0: 2 = up 5"
    interpolated = with_interpolation(UNet(width=2, depth=1))
    assert told(interpolated, 8, 8)[5:7] == ["1: 2 = point 5", "0: 4 = copy 2 + resize 6"]
    assert "bilinear interpolation" in words(interpolated, 8, 8)
    assert "copy (cropped to fit)" in words(Unpadded(width=2, depth=1), 28, 28)
    assert "copy (cropped to fit)" not in words(UNet(width=2, depth=1), 8, 8)


def test_a_w_net_is_two_us_and_both_ends_are_named():
    maps = trace(toy.WNet(), torch.zeros(1, 1, 8, 8))
    u = [0, 0, 1, 1, 1, 0, 0, 0, 0]
    assert [each.level for each in maps] == [0, *u, *u]
    assert {n: each.name for n, each in enumerate(maps) if each.name} == {0: "image", 9: "probabilities", 18: "logits"}
    assert [step.source for step in maps[10].steps] == [9]


def test_answers_of_every_level_are_enlarged_and_named():
    maps = trace(toy.Supervised(), torch.zeros(1, 1, 16, 16))
    heads = [each for each in maps if each.name == "logits"]
    assert [each.sides for each in heads] == [(16, 16)] * 2
    assert [(maps[each.steps[0].source].level, each.steps[0].kind) for each in heads] == [(0, "point"), (1, "resize")]


def test_joins_of_every_level_with_every_other():
    rows = told(toy.Everywhere(), 16, 16)
    assert rows[11] == "2: 30 = pool 2 + pool 5 + copy 8 + resize 11"
    assert rows[14] == "1: 30 = pool 2 + copy 5 + resize 14 + resize 11"
    assert rows[17] == "0: 30 = copy 2 + resize 17 + resize 14 + resize 11"


def test_large_strides_squeezed_maps_and_unusual_layers():
    assert told(toy.Odd(), 16, 16) == [
        "2: 8 = stride 0",
        "2: 8 = conv 1",
        "2: 8 = pool 2",
        "2: 8 = point 3",
        "2: 8 = gate 2 + gate 4",
        "2: 8 = add 5 + add 1",
        "2: 9 = pool 0 + copy 6",
        "2: 64 = conv 7",
        "0: 5 = up 8 + copy 0",
        "0: 2 = conv 9",
    ]
    assert words(toy.Odd(), 16, 16) >= {
        "convolution 4×4, stride 4",
        "global average pooling",
        "average pooling 4×4",
        "convolution 3×3, dilation 2",
        "pixel shuffle 4",
        "multiplication (gate)",
    }
    assert told(toy.Projected(), 8, 8) == [
        "0: 2 = conv 0",
        "1: 4 = stride 1",
        "1: 4 = conv 2 + stride 1",
        "0: 6 = resize 3 + copy 1",
        "0: 2 = conv 4",
        "0: 2 = conv 5 + point 4",
        "0: 1 = point 6",
    ]
    assert told(toy.Larger(), 8, 8) == ["0: 4 = conv 0", "-1: 4 = resize 1", "-1: 1 = conv 2 + resize 0"]


def test_what_only_rearranges_is_no_operation():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = nn.Conv2d(1, 4, 3), nn.Conv2d(2, 1, 3, padding=1, padding_mode="reflect")

        def forward(self, x):
            x = F.dropout(self.first(F.pad(x - x.mean(), (1, 1, 1, 1))) * 2, training=True)
            half, _ = x.contiguous().clone().chunk(2, dim=1)
            return self.last(half + torch.zeros_like(half))

    assert told(Plain(), 8, 8) == ["0: 4 = conv 0", "0: 1 = conv 1"]


def test_levels_are_counted_along_the_longest_side():
    flat = nn.Sequential(nn.Conv3d(1, 2, (1, 3, 3), padding=(0, 1, 1)), nn.MaxPool3d((1, 2, 2)), nn.Conv3d(2, 2, 1))
    assert told(flat, 2, 8, 8) == ["0: 2 = conv 0", "1: 2 = pool 1", "1: 2 = point 2"]
    assert {"convolution 1×3×3", "max pooling 1×2×2"} <= words(flat, 2, 8, 8)


@pytest.mark.parametrize("side", [8, 9], ids=["drawn", "refused"])
def test_nothing_about_the_network_is_changed(side):
    network = UNet(width=2, depth=1).train()
    network.encoder[0].eval()  # as where a part is frozen
    modes = [layer.training for layer in network.modules()]
    before = {name: value.clone() for name, value in network.state_dict().items()}
    image = torch.randn(1, 1, side, side, requires_grad=True)
    if side == 8:
        trace(network, image)
    else:
        with pytest.raises(ValueError, match="multiple of 2"):
            trace(network, image)
    assert [layer.training for layer in network.modules()] == modes
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(layer._forward_hooks or layer._forward_pre_hooks for layer in network.modules())
    assert torch.is_grad_enabled()
    assert network(torch.randn(2, 1, 8, 8)).requires_grad


def test_chance_is_left_as_it_was_even_by_a_network_that_draws():
    class Noisy(nn.Conv2d):
        def forward(self, x):
            return super().forward(F.dropout(x, 0.5, training=True))

    network = Noisy(1, 1, 3)
    state = torch.get_rng_state()
    trace(network, torch.zeros(1, 1, 8, 8))
    assert torch.equal(torch.get_rng_state(), state)


class Flat(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 2, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3))


class Deaf(nn.Conv2d):
    def forward(self, x):
        return super().forward(torch.zeros_like(x))


class Mute(nn.Conv2d):
    def forward(self, x):
        return None


@pytest.mark.parametrize(
    ("network", "shape", "message"),
    [
        (Flat(), (1, 1, 8, 8), r"Flat gives \(1, 3\), and no map"),
        (Deaf(1, 1, 3), (1, 1, 8, 8), r"Deaf gives \(1, 1, 6, 6\), and no map that was made from the image"),
        (Mute(1, 1, 3), (1, 1, 8, 8), "Mute gives no tensor"),
        (UNet(width=2), (1, 8, 8), r"an image is \(1, C, H, W\)"),
    ],
    ids=["classes", "deaf", "mute", "no batch"],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(network, shape, message):
    with pytest.raises(ValueError, match=message):
        trace(network, torch.zeros(shape))
