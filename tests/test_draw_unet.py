"""The drawing of a network: every box and arrow, nothing on top of anything, told in words, and the same twice."""

import re
from functools import cache
from itertools import combinations, pairwise, product
from xml.etree import ElementTree

import networks_to_draw as toy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from table_of_functions import PLAN
from torch import nn

from unet_teach.draw import COLOURS, draw_unet
from unet_teach.draw.network import trace
from unet_teach.draw.network.columns import place, wide
from unet_teach.draw.network.routes import CLOSE, route
from unet_teach.draw.network.words import describe
from unet_teach.models import AttentionUNet, NNUNet, OriginalUNet, PatchCNN, ResidualUNet, UNet, UNetPlusPlus
from unet_teach.models.ablations import AddedSkips, Unpadded, WithoutSkips, with_interpolation

NETWORKS = {
    "paper": (OriginalUNet(width=1), (572, 572)),
    "paper, colours": (OriginalUNet(width=2, in_channels=3, classes=4), (188, 204)),
    **{f"depth {depth}": (UNet(width=2, depth=depth), (32, 64)) for depth in range(1, 6)},
    "volume": (UNet(width=1, depth=2, dims=3), (4, 8, 12)),
    "added": (AddedSkips(width=2, depth=2), (16, 16)),
    "without skips": (WithoutSkips(width=2, depth=2), (16, 16)),
    "interpolation": (with_interpolation(UNet(width=2, depth=2)), (16, 16)),
    "unpadded": (Unpadded(width=2, depth=2), (44, 52)),
    "v": (toy.VNet(), (32, 32, 16)),
    "++": (toy.PlusPlus(depth=3), (16, 16)),
    "attention": (toy.Attention(depth=3), (16, 16)),
    "w": (toy.WNet(depth=2), (16, 16)),
    "nn": (NNUNet(PLAN), (16, 16)),
    "gated": (AttentionUNet(width=2, depth=2), (16, 16)),
    "nested": (UNetPlusPlus(width=2, depth=3), (16, 16)),
    "residual": (ResidualUNet(width=2, depth=2), (16, 16)),
    "supervised": (toy.Supervised(depth=3), (16, 16)),
    "everywhere": (toy.Everywhere(), (16, 16)),
    "odd": (toy.Odd(), (16, 16)),
    "projected": (toy.Projected(), (16, 16)),
    "larger": (toy.Larger(), (16, 16)),
    "a plain CNN": (PatchCNN(), (33, 33)),
}
EVERY = pytest.mark.parametrize("name", NETWORKS)
SVG = "{http://www.w3.org/2000/svg}"


def pair(name):
    network, sides = NETWORKS[name]
    first = next(layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Conv3d))
    return network, torch.zeros(1, first.in_channels, *sides)


@cache
def drawn(name):
    return draw_unet(*pair(name)).svg


@cache
def traced(name):
    return trace(*pair(name))


def laid_out(name):
    boxes = place(traced(name))
    return boxes, route(boxes)


def parsed(name):
    return ElementTree.fromstring(drawn(name))


def texts(name):
    return [node.text for node in parsed(name).iter(f"{SVG}text")]


def overlap(one, other):
    """Say whether two rectangles (left, top, right, bottom) share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def rectangle(box):
    return box.x, box.y - box.height / 2, box.right, box.y + box.height / 2


@EVERY
def test_the_drawing_is_well_formed_and_says_it_in_words(name):
    network, svg = NETWORKS[name][0], drawn(name)
    root = parsed(name)
    assert root.attrib["tabindex"] == "0", "what scrolls has to be reached by keyboard"
    assert root.attrib["role"] == "group"
    assert type(network).__name__ in root.attrib["aria-label"]
    figure = root.find(f"{SVG}svg")
    assert figure.attrib["role"] == "img"
    assert figure.attrib["fill"] == "currentColor", "the words have to turn light on a dark page"
    assert (
        f"; {sum(weight.numel() for weight in network.parameters()):,} parameters." in figure.find(f"{SVG}title").text
    )
    assert figure.find(f"{SVG}desc").text == describe(traced(name))
    assert draw_unet(*pair(name)).svg == svg, "the same twice"
    for text in figure.iter(f"{SVG}text"):
        assert float(text.attrib.get("font-size", figure.attrib["font-size"])) >= 10
    assert not re.search(r"#(000|fff)\b|black|white", svg), "neither black nor white is right on both pages"
    assert set(re.findall(r"#\w{6}", svg)) <= set(COLOURS), "colours come from one place"


@EVERY
def test_every_map_and_every_way_is_drawn(name):
    maps, svg, shown = traced(name), drawn(name), texts(name)
    assert [text for text in shown if re.fullmatch(r"\d+[²³]|\d+(×\d+)+", text)] == [each.size for each in maps]
    assert [int(text) for text in shown if text.isdecimal()] == [each.channels for each in maps]
    levels = len({each.level for each in maps})
    parts = sum((each.copied > 0) + (each.copied < each.channels) for each in maps)
    assert svg.count("<rect") == levels + parts
    kinds = {(step.kind, step.words) for each in maps for step in each.steps}
    assert svg.count("<polygon") == sum(len(each.steps) for each in maps) + len(kinds)
    assert [text for text in shown if text in ("image", "logits", "probabilities")] == [
        each.name for each in maps if each.name
    ]


@EVERY
def test_arrows_start_and_end_at_boxes_and_never_run_through_one(name):
    boxes, arrows = laid_out(name)
    assert [(a.source, a.target) for a in arrows] == [
        (step.source, n) for n, box in enumerate(boxes) for step in box.map.steps
    ]
    for arrow in arrows:
        for number, (x, y) in ((arrow.source, arrow.corners[0]), (arrow.target, arrow.corners[-1])):
            box = boxes[number]
            beside = abs(y - box.y) < 1e-9 and min(abs(x - box.x), abs(x - box.right)) == pytest.approx(CLOSE)
            above = min(abs(y - box.top), abs(y - box.bottom)) < 1e-9 and abs(x - box.centre) <= box.width / 2 + 13
            assert beside or above, (arrow, box)
        for (x1, y1), (x2, y2) in pairwise(arrow.corners):
            assert x1 == x2 or y1 == y2, "arrows run straight"
            line = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            hit = [n for n, box in enumerate(boxes) if overlap(line, rectangle(box))]
            assert not hit, (arrow.source, arrow.target, hit)
        (x1, y1), (x2, y2) = arrow.corners[-2:]
        assert abs(x2 - x1) + abs(y2 - y1) >= 9, "room for the head"


def labels(box):
    """The rectangles that a box's number of channels, its size and its name take."""
    top, bottom = box.y - box.height / 2, box.y + box.height / 2
    lines = [(str(box.map.channels), top - 14, top - 3), (box.map.size, bottom + 3, bottom + 14)]
    lines += [(box.map.name, top - 26, top - 14)] * bool(box.map.name)
    return [(box.centre - wide(text) / 2, above, box.centre + wide(text) / 2, below) for text, above, below in lines]


def lines(arrow):
    """The rectangles that an arrow's pieces take, as thick as they are drawn."""
    for (x1, y1), (x2, y2) in pairwise(arrow.corners):
        yield min(x1, x2) - 1, min(y1, y2) - 1, max(x1, x2) + 1, max(y1, y2) + 1


@EVERY
def test_no_label_lies_on_another_on_a_box_or_on_an_arrow(name):
    boxes, arrows = laid_out(name)
    words = [label for box in boxes for label in labels(box)]
    everything = words + [rectangle(box) for box in boxes]
    assert not [(one, other) for one, other in combinations(everything, 2) if overlap(one, other)]
    assert not [(arrow, word) for arrow in arrows for line in lines(arrow) for word in words if overlap(line, word)]
    assert min(left for left, *_ in words) > 0


@EVERY
def test_no_two_kinds_of_arrows_run_along_one_line(name):
    _, arrows = laid_out(name)
    for one, other in combinations(arrows, 2):
        if one.step.words != other.step.words:
            for a, b in product(lines(one), lines(other)):
                shared = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                assert min(shared) <= 0 or max(shared) <= 2, (one, other)  # they may cross


@EVERY
def test_the_legend_lies_beside_the_bands_and_all_is_within_the_drawing(name):
    svg = parsed(name).find(f"{SVG}svg")
    right, bottom = map(float, svg.attrib["viewBox"].split()[2:])
    bands = [node for node in svg.iter(f"{SVG}rect") if "fill-opacity" in node.attrib]
    areas = [[float(band.attrib[key]) for key in ("x", "y", "width", "height")] for band in bands]
    areas = [(x, y, x + width, y + height) for x, y, width, height in areas]
    assert all(x >= 0 and y >= 0 and end <= right and below <= bottom for x, y, end, below in areas)
    assert not [pair for pair in combinations(areas, 2) if overlap(*pair)], "levels lie below each other"
    legend = [
        node for node in svg.iter(f"{SVG}text") if node.attrib.get("text-anchor") == "start" and not node.get("class")
    ]
    assert legend[0].text == type(NETWORKS[name][0]).__name__
    for node in legend:
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        line = (x, y - 10, x + wide(node.text), y + 3)
        assert line[2] <= right
        assert line[3] <= bottom
        assert not [area for area in areas if overlap(line, area)], node.text


@EVERY
def test_the_name_of_a_level_stands_in_its_band_and_left_of_its_boxes(name):
    boxes, _ = laid_out(name)
    names = [node for node in parsed(name).iter(f"{SVG}text") if node.get("class") == "level"]
    levels = [int(node.text.replace("\N{MINUS SIGN}", "-").split()[1]) for node in names if node.text != "bottleneck"]
    assert levels == sorted({box.map.level for box in boxes})
    for node in names:
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        line = (x, y - 9, x + 0.9 * wide(node.text), y + 3)  # letters are not as wide as digits
        assert not [box for box in boxes if overlap(line, rectangle(box))], node.text


@pytest.mark.slow
def test_the_networks_of_chapter_8_fit_a_page_and_a_slide():
    for network, side in ((OriginalUNet(), 572), (UNet(), 512)):
        svg = draw_unet(network, torch.zeros(1, 1, side, side)).svg
        width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
        assert 11.5 * min(1204 / width, 600 / height) >= 20, "pixels of a letter, seen from the last row"
        assert 11.5 * 669 / width >= 11, "pixels of a letter on a page"


@pytest.mark.parametrize(("name", "depth"), [("paper", 4), ("depth 3", 3)])
def test_each_piece_belongs_to_a_part_of_the_u(name, depth):
    parts = re.findall(r'<g data-part="(\w+)">(<\w+)', drawn(name))
    boxes = [part for part, first in parts if first == "<rect"]
    assert boxes == ["down"] * 3 * depth + ["bottom"] * 3 + ["up"] * (3 * depth + 1)
    arrows = [part for part, first in parts if first == "<path"]
    assert {part: arrows.count(part) for part in arrows} == {
        "down": 3 * depth,
        "bottom": 2,
        "up": 3 * depth + 1,
        "across": depth,
    }


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_a_u_goes_right_straight_down_and_straight_up(depth, width, classes):
    maps = trace(UNet(width=width, depth=depth, classes=classes), torch.zeros(1, 1, 16, 16))
    boxes = place(maps)
    assert len(boxes) == 1 + 3 * depth + 2 + 3 * depth + 1
    for arrow in route(boxes):
        source, target = boxes[arrow.source], boxes[arrow.target]
        assert len(arrow.corners) == 2
        if arrow.step.kind in ("pool", "up"):
            assert source.port == pytest.approx(target.port)
        else:
            assert target.x - source.right >= 13


def test_copies_have_room_for_their_arrow_even_across_a_short_bend():
    bend = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(2, 2, 1), nn.ConvTranspose2d(2, 2, 2, stride=2))

    class Short(nn.Conv2d):
        def forward(self, x):
            x = super().forward(x)
            return torch.cat([x, bend(x)], dim=1)

    for network, side in ((OriginalUNet(width=1), 188), (UNet(width=2, depth=1), 8), (Short(1, 2, 1), 8)):
        boxes = place(trace(network, torch.zeros(1, 1, side, side)))
        copies = [arrow.corners for arrow in route(boxes) if arrow.step.kind == "copy"]
        assert copies
        assert all(end[0] - start[0] >= 15 for start, end in copies)


def test_nodes_of_a_unet_plus_plus_stand_in_columns():
    """X(i, j) stands straight above X(i + 1, j - 1) and right of X(i, j - 1); copies pass over the nodes between."""
    boxes, arrows = laid_out("++")
    ups = [arrow.corners for arrow in arrows if arrow.step.kind == "up"]
    assert [len(corners) for corners in ups] == [2] * 6
    copies = [arrow for arrow in arrows if arrow.step.kind == "copy"]
    between = [
        [
            n
            for n, box in enumerate(boxes)
            if box.map.level == boxes[copy.source].map.level and boxes[copy.source].x < box.x < boxes[copy.target].x
        ]
        for copy in copies
    ]
    assert [len(copy.corners) for copy in copies] == [4 if nodes else 2 for nodes in between]
    assert sorted(map(len, between)) == [0] * 6 + [3] * 3 + [6]  # three maps a node


def test_the_words_go_down_and_up_again():
    words = describe(trace(UNet(width=4, depth=1), torch.zeros(1, 1, 8, 6)))
    assert words == (
        "Level 0, down: 1 channel of 8×6; 4 channels of 8×6; 4 channels of 8×6. "
        "Level 1, the bottleneck: 4 channels of 4×3; 8 channels of 4×3; 8 channels of 4×3. "
        "Level 0, up: 8 channels of 8×6, 4 of them copied from the way down; 4 channels of 8×6; 4 channels of 8×6; "
        "2 channels of 8×6."
    )
    gated = "2 channels of 16², weighted by a gate; 4 channels of 16², 2 of them copied from the way down"
    assert gated in describe(traced("attention"))
    assert describe(traced("a plain CNN")).endswith("Level 2, down: 16 channels of 6²; 2 channels of 1².")


@pytest.mark.parametrize(
    ("name", "course", "counts"),
    [
        ("paper", "as a U: 1 channel(s) of 572² pixels go down 4 level(s) to 16 channels, and up again to 2", "4."),
        ("v", "as a U: 1 channel(s) of 32×32×16 pixels go down 1 level(s) to 4 channels", "1. Additions: 3."),
        ("attention", "as a U: 1 channel(s) of 16² pixels go down 3 level(s) to 16 channels", "3. Gates: 3."),
        ("++", "as a U: 1 channel(s) of 16² pixels go down 3 level(s) to 16 channels", "10. Outputs: 3."),
        ("a plain CNN", "level by level: 1 channel(s) of 33² pixels at level 0 become 2 channel(s) of 1² at", "0."),
    ],
)
def test_titles(name, course, counts):
    title = parsed(name).find(f"{SVG}svg/{SVG}title").text
    assert title.startswith(f"{type(NETWORKS[name][0]).__name__}, drawn {course}")
    assert title.endswith(f" parameters. Copies across: {counts}")


def test_only_cropped_copies_are_called_cropped():
    assert "copy (cropped to fit)" in texts("paper")
    assert drawn("paper").count('stroke-dasharray="3 2"') == 8  # above and below, at four levels
    assert "copy" in texts("depth 3")
    assert 'stroke-dasharray="3 2"' not in drawn("depth 3")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("paper", {"convolution 3×3, ReLU", "convolution 1×1", "max pooling 2×2", "level 3", "level 4", "bottleneck"}),
        ("depth 1", {"convolution 3×3, norm, ReLU", "up-convolution 2×2"}),
        ("volume", {"convolution 3×3×3, norm, ReLU", "up-convolution 2×2×2", "4×8×12"}),
        ("v", {"convolution 2×2×2, stride 2, ReLU", "addition", "up-convolution 2×2×2, ReLU"}),
        ("attention", {"multiplication (gate)", "bilinear interpolation", "where two arrows meet, they are added"}),
        ("larger", {"nearest-neighbour interpolation", "level \N{MINUS SIGN}1"}),
        ("w", {"image", "probabilities", "logits"}),
    ],
)
def test_the_legend_names_what_the_network_has(name, said):
    assert said <= set(texts(name))


def test_a_plain_cnn_has_no_bottleneck_and_a_sum_that_says_so_needs_no_note():
    assert "bottleneck" not in texts("a plain CNN")
    assert "where two arrows meet, they are added" not in texts("v")
