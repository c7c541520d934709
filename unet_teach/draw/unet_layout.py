"""Where each tensor of a U stands on the drawing: levels from top to bottom, the run from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass

from unet_teach.draw.unet_trace import Box

TALLEST, WIDEST, ROW_GAP, TOP, GUTTER = 120, 30, 60, 42, 30  # pixels


@dataclass(frozen=True)
class Place:
    """Where a box stands: its left edge and its centre's height, its width and height, all in pixels."""

    box: Box
    x: float
    y: float
    width: float
    height: float

    @property
    def own(self) -> float:
        """The width of what the layer itself made; the rest, on the left, was copied."""
        return self.width * self.box.channels / (self.box.channels + self.box.copied)

    @property
    def top(self) -> float:
        """Above the number of channels."""
        return self.y - self.height / 2 - 20

    @property
    def bottom(self) -> float:
        """Below the number of pixels."""
        return self.y + self.height / 2 + 20


def arrange(boxes: Sequence[Box]) -> list[Place]:
    """Give every box its place: right along a level, straight down at a pooling, straight up at an up-convolution."""
    largest, most = max(max(box.sides) for box in boxes), max(box.channels + box.copied for box in boxes)
    heights = [10 + (TALLEST - 10) * (max(box.sides) / largest) ** 0.7 for box in boxes]
    widths = [6 + (WIDEST - 6) * ((box.channels + box.copied) / most) ** 0.5 for box in boxes]
    centres, y = {}, float(TOP)
    for level in range(max(box.level for box in boxes) + 1):
        tallest = max(height for box, height in zip(boxes, heights, strict=True) if box.level == level)
        centres[level] = y + tallest / 2
        y += tallest + ROW_GAP
    deepest = [box for box in boxes if box.level == max(box.level for box in boxes)]
    room = {deepest[0].level: 40} if len(deepest) < 3 else {}  # a short bend would leave no room for the copy's arrow
    places: list[Place] = []
    for box, width, height in zip(boxes, widths, heights, strict=True):
        x = float(GUTTER)
        if places:
            before = places[-1]
            middle = before.x + before.width - before.own / 2  # of what the layer before made
            own = width * box.channels / (box.channels + box.copied)
            labels = 3.1 * (len(box.size) + len(before.box.size)) + 5
            step = max(before.width / 2 + width / 2 + room.get(box.level, 18), labels)
            x = (
                before.x + before.width / 2 + step - width / 2
                if box.level == before.box.level
                else middle - width + own / 2
            )
        places.append(Place(box, x, centres[box.level], width, height))
    return places
