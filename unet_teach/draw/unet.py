"""The U, drawn from a live network: every box is a tensor of a real forward pass, every arrow an operation.

In the manner of Figure 1 of Ronneberger et al. 2015. The wider a box the more channels (their number stands above
it), the taller the more pixels (their number stands below); an empty box holds channels copied from the way down.
"""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from torch import Tensor, nn

from unet_teach.draw.numbers import Drawing
from unet_teach.draw.unet_layout import GUTTER, Place, arrange
from unet_teach.draw.unet_trace import Box, in_words, read_off

COLOURS = {"conv 3": "#0072B2", "copy": "currentColor", "pool": "#D55E00", "up": "#009E73", "conv 1": "#CC79A7"}
DASHES = {"copy": ' stroke-dasharray="7 4" stroke-opacity="0.6"', "conv 1": ' stroke-dasharray="2 2"'}
NORMS = nn.BatchNorm2d | nn.BatchNorm3d | nn.InstanceNorm2d | nn.InstanceNorm3d | nn.GroupNorm


def draw_unet(network: nn.Module, image: Tensor) -> Drawing:
    """Draw a network of the U-Net family as it processes an image.

    Parameters
    ----------
    network : a network whose convolutions, max poolings and transposed convolutions are torch's layers
    image : (1, C, H, W) or (1, C, D, H, W), of a size that the network takes

    Returns
    -------
    A drawing with a title and a description in words; where it is wider than the page, it scrolls in its own box.

    Raises
    ------
    ValueError
        If the network does not come up as often as it goes down.

    Introduced in chapter 8, section "Figure 1, from the live network".
    """
    boxes = read_off(network, image)
    places = arrange(boxes)
    parts = _bands(places)
    for before, place in zip([None, *places[:-1]], places, strict=True):
        parts += _box(place) + ([] if before is None else [_step(before, place)])
    first, last = places[0], places[-1]
    parts += _copies(places)
    parts += [
        f'<text x="{p.x + p.width / 2:.1f}" y="{p.top:.1f}">{word}</text>'
        for p, word in ((first, "image"), (last, "logits"))
    ]
    right = max(last.x + last.width + 16, 300)
    count = sum(weight.numel() for weight in network.parameters())
    legend, bottom = _legend(places, right, f"{type(network).__name__}, {count:,} parameters", _names(network, boxes))
    deepest, across = max(box.level for box in boxes), sum(box.copied > 0 for box in boxes)
    title = (
        f"{type(network).__name__}, drawn as a U: {first.box.channels} channel(s) of {first.box.size} pixels go down "
        f"{deepest} level(s) to {max(box.channels for box in boxes):,} channels, and up again to "
        f"{last.box.channels} channel(s) of {last.box.size}; {count:,} parameters. Copies across: {across}."
    )
    return Drawing(
        f'<div role="group" aria-label="A drawing that may scroll sideways: {type(network).__name__}" tabindex="0" '
        'style="overflow-x:auto">'
        f'<svg role="img" viewBox="0 0 {right:.0f} {bottom:.0f}" '
        f'style="display:block;width:100%;min-width:{0.9 * right:.0f}px;max-width:{right:.0f}px;height:auto" '
        'fill="currentColor" text-anchor="middle" font-family="sans-serif" font-size="11.5" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title><desc>{escape(in_words(boxes))}</desc>'
        f"{''.join(parts + legend)}</svg></div>"
    )


def _box(place: Place) -> list[str]:
    """Draw one tensor: what was copied empty, what was computed blue, channels above, pixels below."""
    left, top = place.x, place.y - place.height / 2
    middle = place.x + place.width / 2
    shapes = [(left + place.width - place.own, place.own, "#56B4E9")]
    if place.box.copied:
        shapes.append((left, place.width - place.own, "none"))
    return [
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{place.height:.1f}" fill="{fill}" '
        'stroke="#0072B2" stroke-width="1.2"/>'
        for x, width, fill in shapes
    ] + [
        f'<text x="{middle:.1f}" y="{top - 6:.1f}" font-weight="600">{place.box.channels + place.box.copied}</text>',
        f'<text x="{middle:.1f}" y="{top + place.height + 14:.1f}">{place.box.size}</text>',
    ]


def _step(before: Place, place: Place) -> str:
    """Draw the arrow from one tensor to the next."""
    kind = place.box.operation
    if before.box.level == place.box.level:
        return _arrow(before.x + before.width + 4, place.y, place.x - 4, place.y, kind)
    x = place.x + place.width - place.own / 2
    if before.box.level < place.box.level:
        return _arrow(x, before.bottom, x, place.top, kind)
    return _arrow(x, before.top, x, place.bottom, kind)


def _copies(places: Sequence[Place]) -> list[str]:
    """Draw what goes across: an arrow to the box that received it, and dashed lines where the source was cropped."""
    sources = {place.box.level: place for place, after in pairwise(places) if after.box.operation == "pool"}
    marks = []
    for place in (place for place in places if place.box.copied):
        source = sources[place.box.level]
        right = source.x + source.width
        marks.append(_arrow(right + 4, place.y, place.x - 4, place.y, "copy"))
        if source.box.sides != place.box.sides:
            marks += [
                f'<path d="M{source.x:.1f} {y:.1f}H{right:.1f}" stroke="#00293D" stroke-dasharray="3 2"/>'
                for y in (place.y - place.height / 2, place.y + place.height / 2)
            ]
    return marks


def _bands(places: Sequence[Place]) -> list[str]:
    """Draw a faint band behind every second level, and name each level at its left."""
    right, marks = max(place.x + place.width for place in places) + 16, []
    for level in range(max(place.box.level for place in places) + 1):
        row = [place for place in places if place.box.level == level]
        top, bottom = min(place.top for place in row) - (4 if level else 18), max(place.bottom for place in row) + 2
        marks.append(
            f'<rect x="0" y="{top:.1f}" width="{right:.1f}" height="{bottom - top:.1f}" rx="6" fill-opacity="0.05"/>'
            f'<text transform="translate(13 {row[0].y:.1f}) rotate(-90)" font-size="10.5">level {level}</text>'
        )
    return marks


def _names(network: nn.Module, boxes: Sequence[Box]) -> dict[str, str]:
    """Say what each kind of arrow stands for, in the network at hand."""
    crosses = len(boxes[0].sides) - 1
    after = ", norm" if any(isinstance(layer, NORMS) for layer in network.modules()) else ""
    after += ", ReLU" if any(isinstance(layer, nn.ReLU) for layer in network.modules()) else ""
    found: dict[str, str] = {}
    for box in boxes[1:]:
        word, _, width = box.operation.partition(" ")
        kernel = (width or "2") + f"×{width or 2}" * crosses
        found[box.operation] = {
            "conv": f"convolution {kernel}{after if width != '1' else ''}",
            "pool": f"max pooling {kernel}",
            "up": f"up-convolution {kernel}",
        }[word]
    if any(box.copied for box in boxes):
        found["copy"] = "copy (cropped to fit)" if _cropped(boxes) else "copy"
    return {kind: found[kind] for kind in [*COLOURS, *sorted(found.keys() - COLOURS.keys())] if kind in found}


def _cropped(boxes: Sequence[Box]) -> bool:
    sources = {box.level: box for box, after in pairwise(boxes) if after.operation == "pool"}
    return any(box.copied and sources[box.level].sides != box.sides for box in boxes)


def _legend(places: Sequence[Place], right: float, heading: str, names: dict[str, str]) -> tuple[list[str], float]:
    """Explain the arrows, at the lower right if there is room, as in the paper, else below; also return the end."""
    end, height = max(place.bottom for place in places) + 8, 22 + 19 * len(names)
    x, y = right - 214, end - height
    if any(place.x + place.width > x - 10 and place.bottom > y - 10 for place in places):
        x, y, end = float(GUTTER), end + 6, end + 6 + height
    marks = [f'<text x="{x:.1f}" y="{y + 12:.1f}" text-anchor="start" font-weight="600">{escape(heading)}</text>']
    for row, (kind, name) in enumerate(names.items()):
        line = y + 33 + 19 * row
        marks.append(_arrow(x, line - 4, x + 28, line - 4, kind))
        marks.append(f'<text x="{x + 36:.1f}" y="{line:.1f}" text-anchor="start">{name}</text>')
    return marks, end


def _arrow(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Draw a straight arrow with its head."""
    length = max(abs(x2 - x1), abs(y2 - y1))
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    colour = COLOURS.get(kind, "currentColor")
    head = " ".join(f"{x2 - 8 * dx + side * 4.5 * dy:.1f},{y2 - 8 * dy + side * 4.5 * dx:.1f}" for side in (-1, 1))
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2 - 7 * dx:.1f} {y2 - 7 * dy:.1f}" stroke="{colour}" stroke-width="2.4"'
        f'{DASHES.get(kind, "")}/><polygon points="{x2:.1f},{y2:.1f} {head}" fill="{colour}"/>'
    )
