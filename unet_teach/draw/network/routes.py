"""How the arrows of a drawing run: never through a box, and no two along the same line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unet_teach.draw.network.columns import SIDE, Box
from unet_teach.draw.network.graph import Step

LANE, RISE, GAP, TOP, CLOSE = 9, 11, 12, 4, 2  # pixels: between two arrows side by side, from a box to the first of
# them, between two levels, above the first level, from an arrow to a box on the same level
Point = tuple[float, float]


@dataclass(frozen=True)
class Arrow:
    """An arrow from box to box: its step, its corners, and the numbers of the boxes that it joins."""

    step: Step
    source: int
    target: int
    corners: tuple[Point, ...]


@dataclass
class _Way:
    """A step on its way: "straight", "over" the boxes of its level, or "below" a level and along it to another."""

    step: Step
    target: int
    shape: str
    level: int
    lane: int = 0
    leave: float = 0
    arrive: float = 0


def route(boxes: Sequence[Box]) -> list[Arrow]:
    """Set the heights of all boxes, and lead an arrow along every step."""
    ways = [way for target in range(len(boxes)) for way in _ways(boxes, target)]
    for way in ways:  # at either end one line for each kind
        alike = [other for other in ways if other.shape == way.shape]
        way.leave = _rank(way, [other for other in alike if other.step.source == way.step.source])
        way.arrive = _rank(way, [other for other in alike if other.target == way.target])
    lanes = _share_out(boxes, ways)
    _stack(boxes, lanes)
    return [Arrow(way.step, way.step.source, way.target, tuple(_corners(boxes, way))) for way in ways]


def _rank(way: _Way, others: Sequence[_Way]) -> int:
    """Say how far a line stands from that of the first kind at the same end, in pixels."""
    return 4 * list(dict.fromkeys(other.step.words for other in others)).index(way.step.words)


def _ways(boxes: Sequence[Box], target: int) -> Iterator[_Way]:
    """Choose how each step into a box runs."""
    level = boxes[target].map.level
    before = max((number for number in range(target) if boxes[number].map.level == level), default=-1)
    for step in boxes[target].map.steps:
        source = boxes[step.source]
        down = level - source.map.level
        if not down:
            yield _Way(step, target, "straight" if step.source == before else "over", level)
            before = before if step.source != before else -1  # the place in between is taken
        elif abs(source.leave(down) - boxes[target].port) < 0.5:
            yield _Way(step, target, "straight", level)
        else:
            above = max((box.map.level for box in boxes if box.map.level < source.map.level), default=0)
            yield _Way(step, target, "below", source.map.level if down > 0 else above)


def _span(boxes: Sequence[Box], way: _Way) -> tuple[float, float]:
    """Say from where to where an arrow runs sideways; both ends beside those of straight arrows."""
    source, target = boxes[way.step.source], boxes[way.target]
    if way.shape == "over":
        return source.centre + SIDE + way.leave, target.centre - SIDE - way.arrive
    start = source.leave(target.map.level - source.map.level)
    end = target.port - way.arrive
    return (start + SIDE + way.leave if end > start + 2 * SIDE else start), end


def _share_out(boxes: Sequence[Box], ways: Sequence[_Way]) -> dict[tuple[str, int], int]:
    """Give ways that would run along one line lanes of their own, short ones first; return how many there are."""
    lanes: dict[tuple[str, int], list[list[tuple[float, float]]]] = defaultdict(list)
    bent = [(sorted(_span(boxes, way)), way) for way in ways if way.shape != "straight"]
    for (left, right), way in sorted(bent, key=lambda pair: pair[0][1] - pair[0][0]):
        there = lanes[way.shape, way.level]
        free = [all(right + SIDE < other[0] or other[1] + SIDE < left for other in lane) for lane in there]
        way.lane = free.index(True) if True in free else len(there)
        there += [[]] * (way.lane == len(there))
        there[way.lane] = [*there[way.lane], (left, right)]
    return {place: len(found) for place, found in lanes.items()}


def _stack(boxes: Sequence[Box], lanes: Mapping[tuple[str, int], int]) -> None:
    """Put the levels below each other, with room for what runs above and between them."""
    y = float(TOP)
    for level in sorted({box.map.level for box in boxes}):
        row = [box for box in boxes if box.map.level == level]
        y += RISE + LANE * over if (over := lanes.get(("over", level), 0)) else 0
        middle = y + max(box.y - box.top for box in row)
        for box in row:
            box.y = middle
        y = max(box.bottom for box in row) + GAP + LANE * lanes.get(("below", level), 0)


def _corners(boxes: Sequence[Box], way: _Way) -> Iterator[Point]:
    """Name the points where an arrow starts, turns and ends."""
    source, target = boxes[way.step.source], boxes[way.target]
    if way.shape == "straight" and source.map.level == target.map.level:
        yield from ((source.right + CLOSE, source.y), (target.x - CLOSE, target.y))
        return
    down = target.map.level > source.map.level
    left, right = (target.port, target.port) if way.shape == "straight" else _span(boxes, way)
    yield left, source.bottom if down else source.top
    row = [box for box in boxes if box.map.level == way.level]
    if way.shape == "over":
        lane = min(box.top for box in row) - RISE - LANE * way.lane
        yield from ((left, lane), (right, lane))
    elif way.shape == "below":
        lane = max(box.bottom for box in row) + RISE + LANE * way.lane
        yield from ((left, lane), (right, lane))
    yield right, target.top if down or way.shape == "over" else target.bottom
