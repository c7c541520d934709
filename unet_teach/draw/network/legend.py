"""The legend of a drawing: what its arrows stand for, beside the lower levels where there is room, else below."""

from collections.abc import Mapping, Sequence

from unet_teach.draw.network import svg
from unet_teach.draw.network.columns import GUTTER, Box, wide
from unet_teach.draw.network.routes import Arrow
from unet_teach.draw.network.words import Entry, Key

LINE, SAMPLE, AIR = 16, 32, 8  # pixels from line to line, for an arrow as an example, from what is drawn
PAGE = 720  # about as wide as a page's text; in a wider drawing the right side may be out of sight


def legend(
    boxes: Sequence[Box], arrows: Sequence[Arrow], heading: Sequence[str], kinds: Mapping[Key, Entry]
) -> tuple[list[str], float, float]:
    """Explain the arrows; also return how far right and down the drawing now goes."""
    lines = [entry.text for entry in kinds.values()] + _note(boxes)
    width = SAMPLE + 16 + max(map(wide, [*heading, *lines]))
    right = max(max(box.end for box in boxes) + 12, GUTTER + width)
    bottom = max(box.bottom for box in boxes) + 4
    height = LINE * (len(heading) + len(lines))
    x, y = right - width, bottom - height
    while x + width <= PAGE and _taken(boxes, arrows, x - AIR, y - AIR):
        x += AIR
    if x + width > PAGE or y < 0:
        x, y, bottom = float(GUTTER), bottom + 6, bottom + 6 + height  # one below the other: a phone shows all of it
    right = max(right, x + width)
    start = ' text-anchor="start"'
    marks = [svg.words(x, y + 10 + 15 * row, text, f'{start} font-weight="600"') for row, text in enumerate(heading)]
    y += 12 + LINE * len(heading)
    marks += [svg.words(x + SAMPLE, y + LINE * row, text, start) for row, text in enumerate(lines)]
    for row, ((kind, _), entry) in enumerate(kinds.items()):
        middle = y + LINE * row - 4
        marks.append(svg.arrow([(x, middle), (x + SAMPLE - 8, middle)], kind, entry.variant))
    return marks, right, bottom


def _note(boxes: Sequence[Box]) -> list[str]:
    """Explain two arrows that end in one box, where no arrow says "addition"."""
    sums = [[step.kind for step in box.map.steps] for box in boxes if box.map.joined == "add"]
    return ["where two arrows meet, they are added"] * any("add" not in kinds for kinds in sums)


def _taken(boxes: Sequence[Box], arrows: Sequence[Arrow], x: float, y: float) -> bool:
    """Say whether anything is drawn to the right of x and below y."""
    ends = [(box.end + AIR, box.bottom) for box in boxes]  # as far as the band of its level
    ends += [corner for arrow in arrows for corner in arrow.corners]
    return any(right > x and bottom > y for right, bottom in ends)
