"""The U is read off a real forward pass, well formed, told in words, and the same twice."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from unet_teach.draw import draw_unet
from unet_teach.draw.unet_layout import arrange
from unet_teach.draw.unet_trace import in_words, read_off
from unet_teach.models import OriginalUNet, UNet

FAMILY = [
    (OriginalUNet(width=1), (572, 572)),
    (OriginalUNet(width=2, in_channels=3, classes=4), (188, 204)),
    *[(UNet(width=2, depth=depth), (32, 64)) for depth in range(1, 6)],
    (UNet(width=1, depth=2, dims=3), (4, 8, 12)),
]
EVERY = pytest.mark.parametrize(("network", "sides"), FAMILY, ids=lambda value: str(value).partition("(")[0])
SVG = "{http://www.w3.org/2000/svg}"


def drawn(network, sides):
    channels = next(layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Conv3d)).in_channels
    return torch.zeros(1, channels, *sides)


def parsed(drawing):
    return ElementTree.fromstring(drawing.svg)


def texts(drawing):
    return [node.text for node in parsed(drawing).iter(f"{SVG}text")]


def test_every_size_of_figure_1_is_on_the_drawing():
    image = torch.zeros(1, 1, 572, 572)
    boxes = read_off(OriginalUNet(width=1), image)
    down = [572, 570, 568, 284, 282, 280, 140, 138, 136, 68, 66, 64, 32, 30, 28]
    up = [56, 54, 52, 104, 102, 100, 200, 198, 196, 392, 390, 388, 388]
    assert [box.sides for box in boxes] == [(size, size) for size in down + up]
    assert [box.channels for box in boxes][-4:] == [1, 1, 1, 2]
    shown = texts(draw_unet(OriginalUNet(width=1), image))
    assert [text for text in shown if re.fullmatch(r"\d+²", text)] == [f"{size}²" for size in down + up]
    assert [int(text) for text in shown if text.isdecimal()] == [box.channels + box.copied for box in boxes]


@EVERY
def test_a_hook_of_our_own_sees_the_same_tensors(network, sides):
    """An independent count: what every layer returned, noted by one plain hook on each layer."""
    image, seen = drawn(network, sides), []
    kinds = (nn.Conv2d, nn.Conv3d, nn.MaxPool2d, nn.MaxPool3d, nn.ConvTranspose2d, nn.ConvTranspose3d)
    hooks = [
        layer.register_forward_hook(lambda layer, inputs, output: seen.append(output.shape[1:]))
        for layer in network.modules()
        if isinstance(layer, kinds)
    ]
    with torch.inference_mode():
        network.eval()(image)
    for hook in hooks:
        hook.remove()
    boxes = read_off(network, image)
    assert [(box.channels, *box.sides) for box in boxes[1:]] == [tuple(shape) for shape in seen]


@EVERY
def test_the_drawing_is_well_formed_and_says_it_in_words(network, sides):
    image = drawn(network, sides)
    drawing = draw_unet(network, image)
    root = parsed(drawing)
    assert root.attrib["tabindex"] == "0", "what scrolls has to be reached by keyboard"
    assert root.attrib["role"] == "group"
    assert type(network).__name__ in root.attrib["aria-label"]
    svg = root.find(f"{SVG}svg")
    assert svg.attrib["role"] == "img"
    assert svg.attrib["fill"] == "currentColor", "the words have to turn light on a dark page"
    count, across = sum(weight.numel() for weight in network.parameters()), getattr(network, "depth", 4)
    assert svg.find(f"{SVG}title").text.endswith(f"; {count:,} parameters. Copies across: {across}.")
    assert svg.find(f"{SVG}desc").text == in_words(read_off(network, image))
    assert drawing == draw_unet(network, image)
    for text in svg.iter(f"{SVG}text"):
        assert float(text.attrib.get("font-size", svg.attrib["font-size"])) >= 10
    assert not re.search(r"#(000|fff)\b|black|white", drawing.svg), "neither black nor white is right on both pages"


@EVERY
def test_nothing_lies_on_top_of_anything_else(network, sides):
    drawing = draw_unet(network, drawn(network, sides))
    right, bottom = map(float, parsed(drawing).find(f"{SVG}svg").attrib["viewBox"].split()[2:])
    places = arrange(read_off(network, drawn(network, sides)))
    for place in places:
        assert 0 < place.x < place.x + place.width < right
        assert 0 < place.top < place.bottom < bottom
    for level in {place.box.level for place in places}:
        row = sorted((place for place in places if place.box.level == level), key=lambda place: place.x)
        for left, after in pairwise(row):
            assert after.x - (left.x + left.width) >= 17, "room for an arrow"
            labels = 5.8 * (len(left.box.size) + len(after.box.size)) / 2
            assert (after.x + after.width / 2) - (left.x + left.width / 2) >= labels, "room for the sizes"
        below = [place.top for place in places if place.box.level == level + 1]
        assert not below or min(below) - max(place.bottom for place in row) >= 18, "room for an upright arrow"


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_a_u_goes_right_and_its_arms_meet_at_every_level(depth, width, classes):
    boxes = read_off(UNet(width=width, depth=depth, classes=classes), torch.zeros(1, 1, 16, 16))
    assert len(boxes) == 1 + 3 * depth + 2 + 3 * depth + 1
    assert [box.level for box in boxes if box.operation == "up"] == list(range(depth))[::-1]
    assert all(box.copied == box.channels for box in boxes if box.operation == "up")
    assert not any(box.copied for box in boxes if box.operation != "up")
    places = arrange(boxes)
    for before, place in pairwise(places):
        if place.box.operation == "pool":
            assert place.x + place.width / 2 == pytest.approx(before.x + before.width / 2)
        elif place.box.operation == "up":  # the arrow ends below what the up-convolution made, not below the copy
            assert place.x + place.width - place.own / 2 == pytest.approx(before.x + before.width / 2)
        else:
            assert place.x > before.x + before.width


def test_the_words_go_down_and_up_again():
    words = in_words(read_off(UNet(width=4, depth=1), torch.zeros(1, 1, 8, 6)))
    assert words == (
        "Level 0, down: 1 channel of 8×6; 4 channels of 8×6; 4 channels of 8×6. "
        "Level 1, the bottom: 4 channels of 4×3; 8 channels of 4×3; 8 channels of 4×3. "
        "Level 0, up: 8 channels of 8×6, 4 of them copied from the way down; 4 channels of 8×6; 4 channels of 8×6; "
        "2 channels of 8×6."
    )


@pytest.mark.parametrize("network", [OriginalUNet(width=1), UNet(width=2, depth=1)])
def test_copies_have_room_for_their_arrow_even_across_a_short_bend(network):
    bend = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 2, 1), nn.ConvTranspose2d(2, 2, 2, stride=2)
    )
    for each, sides in ((network, (188, 188) if isinstance(network, OriginalUNet) else (8, 8)), (bend, (8, 8))):
        places = arrange(read_off(each, torch.zeros(1, 1, *sides)))
        for place in (place for place in places if place.box.operation == "up"):
            source = max((p for p in places if p.box.level == place.box.level and p.x < place.x), key=lambda p: p.x)
            assert place.x - (source.x + source.width) >= 25


def test_only_cropped_copies_are_called_cropped():
    paper, ours = (draw_unet(network, drawn(network, sides)) for network, sides in (FAMILY[0], FAMILY[4]))
    assert "copy (cropped to fit)" in texts(paper)
    assert paper.svg.count('stroke-dasharray="3 2"') == 8  # above and below, at four levels
    assert "copy" in texts(ours)
    assert 'stroke-dasharray="3 2"' not in ours.svg


def test_a_u_without_skips_shows_none():
    network = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.MaxPool2d(2), nn.ConvTranspose2d(2, 2, 2, stride=2), nn.Conv2d(2, 1, 1)
    )
    drawing = draw_unet(network, torch.zeros(1, 1, 8, 8))
    assert "Copies across: 0." in drawing.svg
    assert drawing.svg.count("<rect") == 2 + 5  # two levels, five tensors, no empty box


def test_the_legend_names_what_the_network_has():
    assert {"convolution 3×3, norm, ReLU", "max pooling 2×2"} <= set(
        texts(draw_unet(UNet(width=2, depth=1), torch.zeros(1, 1, 8, 8)))
    )
    assert "convolution 3×3, ReLU" in texts(draw_unet(OriginalUNet(width=1), torch.zeros(1, 1, 188, 188)))
    volume = draw_unet(UNet(width=2, depth=1, dims=3), torch.zeros(1, 1, 4, 4, 4))
    assert {"convolution 3×3×3, norm, ReLU", "up-convolution 2×2×2", "4³"} <= set(texts(volume))


def test_nothing_is_left_behind():
    network = UNet(width=2).train()
    draw_unet(network, torch.zeros(1, 1, 16, 16))
    assert network.training
    assert not any(layer._forward_hooks for layer in network.modules())


def test_what_is_no_u_is_refused_and_hooks_are_gone():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2))
    with pytest.raises(ValueError, match="ends 1 levels below"):
        draw_unet(network, torch.zeros(1, 1, 8, 8))
    with pytest.raises(ValueError, match="multiple of 8"):
        draw_unet(UNet(width=2), torch.zeros(1, 1, 9, 9))
    assert not any(layer._forward_hooks for layer in network.modules())
