"""Where the boxes of a drawing stand from left to right: right along a level, straight down and straight up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unet_teach.draw.network.graph import FeatureMap, turns

TALLEST, WIDEST, GUTTER, ARROW, BEND, CLEAR = 42, 24, 48, 14, 36, 12  # pixels
APART, SIDE = 4, 9  # between two labels, and from one arrow to a second
ABOVE, BELOW, NAME = 15, 15, 12  # what a number above a box takes, one below it, and a name
LOWEST = 76  # the gutter of a level that is called bottleneck
LETTERS = {"×": 9.6, "²": 4.7, "³": 4.7}  # widths in the widest of the usual fonts; of any other letter 7.3


@dataclass
class Box:
    """A feature map on the drawing: its left edge, its width, its height and the height of its middle, in pixels."""

    map: FeatureMap
    width: float
    height: float
    arrived: frozenset[int]  # 1 if an arrow comes in from below, -1 if from above
    x: float = 0
    y: float = 0

    @property
    def own(self) -> float:
        """The width of what was computed here; the rest, on the left, was copied."""
        return self.width * (self.map.channels - self.map.copied) / self.map.channels

    @property
    def centre(self) -> float:
        """The middle, below the number of channels and above the number of pixels."""
        return self.x + self.width / 2

    @property
    def port(self) -> float:
        """Where arrows from and to other levels start and end: the middle of what was computed here."""
        return self.x + self.width - (self.own or self.width) / 2

    def leave(self, down: int) -> float:
        """Where an arrow that goes so many levels down leaves: beside one that came in on the same side."""
        return self.port + SIDE * ((down > 0) - (down < 0) in self.arrived)

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def reach(self) -> float:
        """Half the width of the box or of its numbers, whichever is wider."""
        return max(self.width, wide(self.map.size), 1.1 * wide(str(self.map.channels))) / 2

    @property
    def named(self) -> float:
        """Half the width of what stands above it: of its name if it has one, else of the number of channels."""
        return max(self.width, wide(self.map.name) if self.map.name else 1.1 * wide(str(self.map.channels))) / 2

    @property
    def end(self) -> float:
        """Where box, numbers and name end on the right."""
        return self.centre + max(self.reach, self.named)

    @property
    def top(self) -> float:
        """Above the number of channels, and the name where there is one."""
        return self.y - self.height / 2 - ABOVE - (NAME if self.map.name else 0)

    @property
    def bottom(self) -> float:
        """Below the number of pixels."""
        return self.y + self.height / 2 + BELOW


def place(maps: Sequence[FeatureMap]) -> list[Box]:
    """Give every feature map its box, in the order of the run, so that no box lies on another or under an arrow."""
    boxes: list[Box] = []
    rows: dict[int, list[Box]] = defaultdict(list)
    crossings: dict[int, list[float]] = defaultdict(list)  # level -> where arrows of others pass through it
    shortest = _bend(maps)
    for box in _sized(maps):
        level, row = box.map.level, rows[box.map.level]
        sources = [boxes[step.source] for step in box.map.steps]
        far = [(each.leave(level - each.map.level), each.map.level) for each in sources if each.map.level != level]
        gutter = LOWEST if turns(maps, level) else GUTTER
        box.x = gutter + max(WIDEST / 2, box.reach) - box.width / 2
        if row:
            apart = _apart(row[-1], box, shortest.get(level, ARROW))
            box.x = row[-1].centre + apart - box.width / 2
        if far:
            box.x = max(box.x, max(port for port, _ in far) - (box.port - box.x))
        passed = {each for _, start in far for each in range(min(level, start) + 1, max(level, start))}
        _clear(box, [other for each in passed for other in rows[each]], crossings[level])
        for each in passed:
            crossings[each].append(box.port)
        row.append(box)
        boxes.append(box)
    return boxes


def wide(text: str) -> float:
    """Say how wide a text is, in pixels: rather too wide than too narrow."""
    return sum(LETTERS.get(letter, 7.3) for letter in text)


def _apart(last: Box, box: Box, room: float) -> float:
    """Say how far apart the middles of two neighbours have to be, for their arrow, their numbers and their names."""
    return max((last.width + box.width) / 2 + room, APART + max(last.reach + box.reach, last.named + box.named))


def _sized(maps: Sequence[FeatureMap]) -> Iterable[Box]:
    """Make the boxes: the taller the more pixels, the wider the more channels."""
    largest, most = max(max(each.sides) for each in maps), max(each.channels for each in maps)
    for each in maps:
        height = 10 + (TALLEST - 10) * (max(each.sides) / largest) ** 0.7
        levels = [maps[step.source].level - each.level for step in each.steps]
        arrived = frozenset((level > 0) - (level < 0) for level in levels if level)
        yield Box(each, 6 + (WIDEST - 6) * (each.channels / most) ** 0.5, height, arrived)


def _bend(maps: Sequence[FeatureMap]) -> dict[int, float]:
    """Widen the lowest level where it is so short that it would leave no room for the arrow across above it."""
    lowest = max(each.level for each in maps)
    return {lowest: BEND} if turns(maps, lowest) and sum(each.level == lowest for each in maps) < 3 else {}


def _clear(box: Box, others: Iterable[Box], crossings: Iterable[float]) -> None:
    """Move a box to the right until its upright arrow meets none of the others, and no other arrow meets it."""
    met = [(other.centre, other.reach + CLEAR, True) for other in others]
    met += [(crossing, box.reach + CLEAR, False) for crossing in crossings]
    for middle, room, by_port in sorted(met):
        here = box.port if by_port else box.centre
        if abs(here - middle) < room:
            box.x += middle + room - here
