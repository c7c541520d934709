"""Checkers for chapter 27, "Where the U went": clicks as channels, what corrections spoil, a turn back."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.prompts_near import how_near

__all__ = ["channels", "how_near", "lowered", "turn_back"]
Clicks = Sequence[tuple[int, int, bool]]
Shape = tuple[int, int]
Row = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `np.mgrid[:shape[0], :shape[1]]` -> `np.mgrid[:shape[0], :shape[-1]]`": "a shape of two numbers",
    "Exercise 1: `(rows - r) ** 2` -> `(r - rows) ** 2`": "a square has no sign",
    "Exercise 1: `(columns - c) ** 2` -> `(c - columns) ** 2`": "a square has no sign",
    "Exercise 1: `0 if inside else 1` -> `0 if inside else -1`": "of two channels the last is the second",
}


def _discs(
    clicks: Clicks,
    shape: Shape,
    *,
    reach: float = 9,
    square: bool = False,
    swapped: bool = False,
    turned: bool = False,
    adding: bool = False,
    together: bool = False,
) -> NDArray[np.float64]:
    found = np.zeros((2, *shape))
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    for row, column, inside in clicks:
        down, along = (rows - column, columns - row) if turned else (rows - row, columns - column)
        near = np.maximum(abs(down), abs(along)) <= 3 if square else down**2 + along**2 <= reach
        channel = 0 if together or inside != swapped else 1
        found[channel][near] = found[channel][near] + 1 if adding else 1
    return found


CHANNEL_MISTAKES: Mistakes = (
    (lambda c, s: _discs(c, s, square=True), "You drew squares. A disc holds what is at most 3 pixels away."),
    (lambda c, s: _discs(c, s, reach=8.9), "A pixel exactly 3 pixels away belongs to the disc: `<=`, not `<`."),
    (lambda c, s: _discs(c, s, reach=3), "You compare the squared distance with 3: take the root, or compare with 9."),
    (lambda c, s: _discs(c, s, reach=0), "One pixel a click is hard to find for a network: draw a disc of radius 3."),
    (lambda c, s: _discs(c, s, swapped=True), "Channel 0 is for clicks inside, channel 1 for those outside."),
    (lambda c, s: _discs(c, s, turned=True), "A click gives its row first, then its column."),
    (lambda c, s: _discs(c, s, adding=True), "Where two discs overlap the channel stays 1: set it, do not add."),
    (lambda c, s: _discs(c, s, together=True), "Clicks outside have a channel of their own, the second."),
    (lambda c, s: _discs(c[:1], s), "Only the first click is drawn. Go through all of them."),
    (lambda c, s: _discs(c[-1:], s), "Only the last click is drawn: make the zeros before the loop."),
    (lambda c, s: np.zeros((2, *s)), "Your channels are empty."),
    (
        lambda c, s: _discs(c, s) * (_discs(c, s).sum(axis=0) < 2),
        "Where discs of both kinds lie over each other, both channels stay 1: neither wipes out the other.",
    ),
    (
        lambda c, s: _discs(c, s) * np.stack([np.ones(s), _discs(c, s)[0] == 0]),
        "Where discs of both kinds lie over each other, both channels stay 1: neither wipes out the other.",
    ),
)


@checker("Exercise 1", "That is all that a click is to the network.", FUNCTION)
def channels(answer: Callable[..., Any]) -> str | None:
    """A function (clicks, shape) -> (2, H, W): 1 where a click of that kind is at most 3 pixels away, else 0."""
    cases: list[tuple[Clicks, Shape]] = [
        ([(8, 14, True), (10, 20, True), (15, 5, False), (4, 25, False)], (20, 30)),
        ([(0, 0, True), (12, 8, False)], (13, 9)),
        ([(10, 3, False)], (14, 8)),
        ([], (5, 6)),
        ([(9, 1, True), (2, 6, True), (2, 7, True)], (11, 12)),
        ([(5, 5, True), (6, 8, False), (5, 3, False)], (12, 11)),  # discs of both kinds lie over each other
    ]

    def otherwise(given: Any, wanted: Any, clicks: Clicks, shape: Shape) -> str:
        if given.shape != wanted.shape:
            return f"For a picture of {shape[0]} x {shape[1]} two channels are wanted, {wanted.shape}: {given.shape}."
        off = int((given != wanted).sum())
        return f"For the clicks {list(clicks)} in {shape[0]} x {shape[1]} pixels, {off} numbers differ."

    return judge(answer, lambda c, s: _discs(c, s), cases, CHANNEL_MISTAKES, otherwise, ("clicks", "shape"))


LOWERED_MISTAKES: Mistakes = (
    (lambda b, a: np.mean(np.less_equal(a, b)), "A cell whose score stays is not lowered: `<`, not `<=`."),
    (lambda b, a: np.mean(np.greater(a, b)), "That is the share that a correction *raises*."),
    (lambda b, a: np.mean(np.greater_equal(a, b)), "That is the share that is *not* lowered."),
    (lambda b, a: np.sum(np.less(a, b)), "That is how many. Divide by the number of cells."),
    (lambda b, a: np.mean(np.subtract(a, b)), "That is the mean gain: it hides who lost."),
    (lambda b, a: np.mean(np.minimum(np.subtract(a, b), 0)), "That is how much is lost. How *many* lose is asked."),
    (lambda b, a: float(np.mean(a) < np.mean(b)), "You compare the two means. Compare cell with cell."),
    (lambda b, a: float(np.less(a, b).any()), "That is whether *any* fell. Which share of them did?"),
    (lambda b, a: np.mean(np.less(np.sort(a), np.sort(b))), "Sorted, another cell stands beside each."),
    (lambda b, a: 100 * np.mean(np.less(a, b)), "A share from 0 to 1 is wanted, not per cent."),
)


@checker("Exercise 2", "A mean that rises says nothing about this number.", FUNCTION)
def lowered(answer: Callable[..., Any]) -> str | None:
    """A function (before, after), a score for each cell -> the share of cells whose score fell."""
    rng = generator()
    before = rng.uniform(0.2, 0.9, 12)
    cases: list[tuple[Row, Row]] = [
        (np.array([0.5, 0.8, 0.7, 0.4, 0.6]), np.array([0.7, 0.75, 0.7, 0.9, 0.8])),
        (np.array([0.5, 0.8, 0.7, 0.4, 0.6]), np.array([0.2, 0.75, 0.7, 0.3, 0.8])),
        (np.array([0.1, 0.9, 0.6, 0.95, 0.85]), np.array([0.7, 0.75, 0.7, 0.9, 0.8])),
        (before, before + rng.normal(0.05, 0.1, 12)),
        (before[::-1].copy(), before + 0.3),
        (np.array([0.9, 0.2, 0.3]), np.array([0.2, 0.9, 0.3])),
        (np.array([0.5, 0.5]), np.array([0.5, 0.5])),
    ]

    def otherwise(given: Any, wanted: Any, before: Row, after: Row) -> str:
        return f"Before {before.round(2).tolist()}, after {after.round(2).tolist()}: {wanted:.3f}, not {given:.3f}."

    return judge(answer, lambda b, a: np.mean(np.less(a, b)), cases, LOWERED_MISTAKES, otherwise, ("before", "after"))


def _turned(x: Row, v: Row, by: float) -> Row:
    return math.cos(by) * x - math.sin(by) * v


TURN_MISTAKES: Mistakes = (
    (lambda x, v, by: _turned(x, v, -by), "You turned on, towards the noise: the sign of `v`."),
    (lambda x, v, by: math.sin(by) * x - math.cos(by) * v, "Cosine and sine have changed places."),
    (lambda x, v, by: x - by * v, "That is a straight step. It leaves the circle: use cosine and sine."),
    (lambda x, v, by: x - math.sin(by) * v, "`x` has to shrink a little as well: times the cosine."),
    (lambda x, v, by: math.cos(by) * x - v, "`v` counts with the sine of the angle."),
    (lambda x, v, by: math.cos(by) * x, "`v` is missing: it says which way."),
    (lambda x, v, by: _turned(x, v, math.radians(by)), "`by` is an angle in radians already."),
    (lambda x, v, by: _turned(v, x, by), "Which is the mixture, and which its velocity?"),
)


@checker("Exercise 3", "Fifty such turns make an image.", FUNCTION)
def turn_back(answer: Callable[..., Any]) -> str | None:
    """A function (x, v, by) -> the mixture after a turn back by an angle."""
    rng = generator()
    x, v = rng.normal(0, 1, (2, 3, 4))
    cases: list[tuple[Row, Row, float]] = [
        (x, v, 0.3),
        (x, v, math.pi / 2),
        (v, x, 0.3),
        (x, v + 1, 0.3),
        (rng.normal(0, 1, 5), rng.normal(0, 1, 5), 1.1),
        (x, v, 0.0),
    ]

    def otherwise(given: Any, wanted: Any, x: Row, v: Row, by: float) -> str:
        first, other = wanted.flat[0], given.flat[0] if given.size else math.nan
        return f"For x = {x.flat[0]:.2f}, v = {v.flat[0]:.2f} and an angle of {by:.2f}: {first:.3f}, not {other:.3f}."

    return judge(answer, _turned, cases, TURN_MISTAKES, otherwise, ("x", "v", "by"))
