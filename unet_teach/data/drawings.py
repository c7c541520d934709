"""The text form of a drawing, one shape a line, and the labels that it stands for.

    # a comment
    line 4: 0,70 10,61 18,48        a stroke, 4 pixels wide: a membrane
    area: 49,11 53,13 52,25         a closed outline: one cell

Coordinates are x,y in pixels from the top left corner of the picture: pixel (row 0, column 0) reaches from 0,0 to 1,1.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDEST = 50  # pixels
HOW = "write `line 4: 10,12 14,20` for a stroke 4 pixels wide, or `area: 10,12 14,20 8,22` for a closed outline"


class Shape(NamedTuple):
    """One shape: `kind` is "line" or "area", `width` in pixels (0 for an area), `points` (x, y), `number` its line."""

    kind: str
    width: float
    points: tuple[tuple[float, float], ...]
    number: int


def shapes(text: str) -> list[Shape]:
    """Read the text form of a drawing.

    Empty lines, and what follows a `#`, are skipped; a text without shapes gives an empty list.

    Raises
    ------
    ValueError
        For a line that is no shape; the message names the line and says what to write.

    Introduced in chapter 5.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].strip()
        if words:
            try:
                found.append(_shape(words, number))
            except ValueError as error:
                raise ValueError(f"line {number}, `{words[:60]}`: {error}") from None
    return found


def _shape(words: str, number: int) -> Shape:
    head, colon, tail = words.partition(":")
    kind, *options = head.split()
    if not colon or kind not in ("line", "area"):
        raise ValueError(f"this is no shape: {HOW}")
    width = 0.0
    if kind == "line":
        width = _number(options[0]) if len(options) == 1 else math.nan
        if not 0 < width <= WIDEST:
            raise ValueError(f"a line needs its width, up to {WIDEST} pixels, before the colon: {HOW}")
    elif options:
        raise ValueError(f"an area has nothing but points: {HOW}")
    points = []
    for pair in tail.split():
        x, _, y = pair.partition(",")
        point = (_number(x), _number(y))
        if not all(map(math.isfinite, point)):
            raise ValueError(f"`{pair}` is no point: write x,y as two numbers with a comma, without a space between")
        points.append(point)
    fewest = 2 if kind == "line" else 3
    if len(points) < fewest:
        raise ValueError(f"{'a line' if kind == 'line' else 'an area'} needs at least {fewest} points: {HOW}")
    return Shape(kind, width, tuple(points), number)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


def membrane(text: str, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Turn a drawing into a mask: pixels whose middle lies within half a width of a line, or inside an area.

    Parameters
    ----------
    text : as `shapes` reads it
    shape : (H, W) of the picture, in pixels

    Returns
    -------
    (H, W) booleans, True where something was drawn

    Raises
    ------
    ValueError
        If a line is no shape, or a point lies outside the picture.

    Introduced in chapter 5.
    """
    mask = np.zeros(shape, dtype=bool)
    for drawn in _within(shapes(text), shape):
        mask |= _stroke(drawn, shape) if drawn.kind == "line" else _filled(drawn, shape)
    return mask


def instances(text: str, shape: tuple[int, int]) -> NDArray[np.int32]:
    """Turn a drawing into numbered objects, one for each area in the order of the lines.

    Where areas overlap, a pixel belongs to the earlier one.

    Parameters
    ----------
    text : as `shapes` reads it, areas only
    shape : (H, W) of the picture, in pixels

    Returns
    -------
    (H, W) int32, 0 where nothing was drawn, 1 in the first area, 2 in the second ...

    Raises
    ------
    ValueError
        If a line is no shape or no area, or a point lies outside the picture.

    Introduced in chapter 5.
    """
    labels = np.zeros(shape, dtype=np.int32)
    for number, drawn in enumerate(_within(shapes(text), shape), start=1):
        if drawn.kind != "area":
            raise ValueError(f"line {drawn.number}: a cell is an area, its closed outline: {HOW}")
        labels[_filled(drawn, shape) & (labels == 0)] = number
    return labels


def _within(found: list[Shape], shape: tuple[int, int]) -> list[Shape]:
    height, width = shape
    for drawn in found:
        for x, y in drawn.points:
            if not (0 <= x <= width and 0 <= y <= height):
                raise ValueError(
                    f"line {drawn.number}: the point {x:g},{y:g} is outside the picture: "
                    f"x runs from 0 to {width}, y, downwards, from 0 to {height}"
                )
    return found


def _middles(shape: tuple[int, int]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """The middle of each pixel: y (H, 1) and x (1, W)."""
    return np.arange(shape[0])[:, None] + 0.5, np.arange(shape[1])[None] + 0.5


def _stroke(drawn: Shape, shape: tuple[int, int]) -> NDArray[np.bool_]:
    y, x = _middles(shape)
    mask = np.zeros(shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(drawn.points, drawn.points[1:], strict=False):
        along, down = x1 - x0, y1 - y0
        length = along**2 + down**2
        share = np.clip(((x - x0) * along + (y - y0) * down) / length, 0, 1) if length else np.zeros(shape)
        mask |= (x - x0 - share * along) ** 2 + (y - y0 - share * down) ** 2 <= (drawn.width / 2) ** 2
    return mask


def _filled(drawn: Shape, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels whose middle is inside: a ray to the right crosses the outline an odd number of times."""
    y, x = _middles(shape)
    inside = np.zeros(shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(drawn.points, (*drawn.points[1:], drawn.points[0]), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)  # (H, 1): the edge passes this row
            inside ^= crosses & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside
