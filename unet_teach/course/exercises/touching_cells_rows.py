"""Checkers for what chapter 10 asks to write about a row of cells: the seam (3) and the weights (5)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, judge, recognised

Row = np.ndarray
TOUCHING = ([1, 1, 2, 2, 0, 3], [4, 0, 0, 0, 0, 0, 7], [1, 2, 3], [6, 6, 2, 9, 9], [0, 0, 5, 5, 0], [0, 0, 0], [8])
APART = ([1, 1, 0, 0, 2, 2, 2], [0, 0, 5, 5, 0], [4, 0, 0, 0, 0, 0, 7], [0, 0, 0, 0], [3], [9, 0, 2, 0, 0, 0, 0, 0, 5])


def _drawn(least_gap: int) -> list[Row]:
    """Draw six rows of two to five cells, 1 to 4 places wide, with `least_gap` to 5 empty places after each."""
    draw, rows = generator(), []
    for _ in range(6):
        row = [0] * int(draw.integers(0, 4))
        for number in draw.permutation(9)[: draw.integers(2, 6)] + 1:
            row += [int(number)] * int(draw.integers(1, 5)) + [0] * int(draw.integers(least_gap, 6))
        rows.append(np.array(row))
    return rows


def _beside(row: Row, right: bool = True, left: bool = True, empty: bool = False, ring: bool = False) -> Row:
    """Say where a different cell (or, with `empty`, nothing) is next to a place; a ring has no ends."""
    found = np.zeros(len(row), bool)
    for place in range(len(row)):
        for other in [place + 1] * right + [place - 1] * left:
            inside = 0 <= other < len(row)
            there = row[other % len(row)] if inside or ring else row[place]
            found[place] |= there != row[place] and bool(there or empty)
    return found


SEAM_MISTAKES: Mistakes = (
    (lambda row: row > 0, "Two cells that touch are still one piece: no place has been given up."),
    (
        lambda row: (row > 0) & ~_beside(row, left=False),
        "You look only to the right. A cell on the left counts as well.",
    ),
    (
        lambda row: (row > 0) & ~_beside(row, right=False),
        "You look only to the left. A cell on the right counts as well.",
    ),
    (
        lambda row: (row > 0) & ~_beside(row, empty=True),
        "An empty place beside a cell is no cell: there the cell keeps its edge.",
    ),
    (
        lambda row: (row > 0) & ~_beside(np.pad(row, 1), empty=True)[1:-1],
        "An empty place is no cell, nor is what lies beyond the row: there the cell keeps its edge.",
    ),
    (
        lambda row: (row > 0) & ~_beside(row, ring=True),
        "The row has two ends: its first place and its last are not neighbours. (In Python row[-1] is the last.)",
    ),
    (
        lambda row: (row > 0) & _beside(row),
        "True stands where the seam is. It is wanted on the cells, without the seam.",
    ),
    (lambda row: (row == 0) | ~_beside(row), "True on empty places, too. Only cells are True."),
    (lambda row: (row == 0) | _beside(row), "All is turned around: True where there is a seam or nothing."),
    (lambda row: row * ~_beside(row), "Say True or False of each place, not the number of its cell."),
)


@checker(
    "Exercise 3", "Two pixels along each contact are given up, so that there are two pieces again.", wants=FUNCTION
)
def seams(answer: Callable[[Row], Any]) -> str | None:
    """A function: a row of cell numbers -> booleans, True on cells but not where two cells are side by side."""
    rows = [*map(np.array, TOUCHING), *_drawn(least_gap=0)]
    given = [numbers(ask(answer, row), row.shape) for row in rows]
    known = recognised(SEAM_MISTAKES, [(row,) for row in rows], given)
    for row, found in zip(rows, given, strict=True):
        wanted = (row > 0) & ~_beside(row)
        if not np.array_equal(found, wanted):
            wrong = int(np.flatnonzero(found != wanted)[0])
            why = "is empty" if not row[wrong] else f"has {'no other' if wanted[wrong] else 'another'} cell beside it"
            return known or f"{row.tolist()}: place {wrong}, counted from 0, {why}; yours says {bool(found[wrong])}."
    return None


def _distances(row: Row) -> tuple[Row, Row]:
    """Return each place's distance to the nearest and to the second nearest cell; infinite where there is none."""
    places = np.arange(len(row))
    away = [np.abs(places[:, None] - np.flatnonzero(row == cell)).min(1) for cell in set(row.tolist()) - {0}]
    first, second = np.sort([*away, *np.full((2, len(row)), np.inf)], axis=0)[:2]
    return first, second


def _weights(row: Row, w0: float, sigma: float, distance: Callable[[Row, Row], Row] = np.add) -> Row:
    extra = w0 * np.exp(-(distance(*_distances(row)) ** 2) / (2 * sigma**2))
    return np.where(row > 0, 1, 1 + extra)


def _on_empty(row: Row, weights: Row) -> Row:
    return np.where(row > 0, 1, weights)


def _to_either_side(row: Row, w0: float, sigma: float) -> Row:
    """Weigh with the nearest cell on the left and the nearest on the right."""
    places, cells = np.arange(len(row)), np.flatnonzero(row)
    left = np.array([min((place - cells)[cells < place], default=np.inf) for place in places])
    right = np.array([min((cells - place)[cells > place], default=np.inf) for place in places])
    return _on_empty(row, 1 + w0 * np.exp(-((left + right) ** 2) / (2 * sigma**2)))


def _nearest_pixels(row: Row, w0: float, sigma: float) -> Row:
    """Weigh with the two nearest places that hold a cell, be it the same one."""
    away = [*np.abs(np.arange(len(row)) - np.flatnonzero(row)[:, None]), *np.full((2, len(row)), np.inf)]
    first, second = np.sort(away, axis=0)[:2]
    return _on_empty(row, 1 + w0 * np.exp(-((first + second) ** 2) / (2 * sigma**2)))


WEIGHT_MISTAKES: Mistakes = (
    (
        lambda row, w0, sigma: _weights(row, w0, sigma, lambda first, second: first),
        "You use the nearest cell only. The second nearest makes it a gap, not an edge.",
    ),
    (
        lambda row, w0, sigma: _weights(row, w0, sigma, lambda first, second: second),
        "You use the second nearest cell only. Add both distances.",
    ),
    (_to_either_side, "You took the nearest cell on the left and the nearest on the right. Both may be on one side."),
    (
        _nearest_pixels,
        "You took the two nearest places that hold a cell. They may be of the same cell: measure to each cell.",
    ),
    (
        lambda row, w0, sigma: _weights(row, w0, sigma, lambda first, second: np.hypot(first, second)),
        "Add the two distances first, then square the sum.",
    ),
    (
        lambda row, w0, sigma: _weights(row, w0, sigma, lambda first, second: np.sqrt(first + second)),
        "The sum of the distances is squared.",
    ),
    (
        lambda row, w0, sigma: np.where(row > 0, 1, _weights(row, w0, sigma) - 1),
        "The 1 that every pixel has is missing.",
    ),
    (lambda row, w0, sigma: _weights(row, w0, sigma) - 1, "The 1 that every pixel has is missing, on cells too."),
    (
        lambda row, w0, sigma: 1 + w0 * np.exp(-(np.add(*_distances(row)) ** 2) / (2 * sigma**2)),
        "On a cell the weight is 1.",
    ),
    (lambda row, w0, sigma: np.where(row > 0, 0, _weights(row, w0, sigma)), "On a cell the weight is 1, not 0."),
    (lambda row, w0, sigma: _weights(row, 10, sigma), "`w0` has no effect yet."),
    (lambda row, w0, sigma: _weights(row, w0, 5), "`sigma` has no effect yet."),
    (lambda row, w0, sigma: _weights(row, w0, np.sqrt(sigma)), "Sigma is squared, too."),
    (
        lambda row, w0, sigma: _weights(row, w0, sigma / np.sqrt(2)),
        "Below the line stands 2 · sigma²; the 2 is missing.",
    ),
    (
        lambda row, w0, sigma: _weights(row, w0, sigma * np.sqrt(2)),
        "Below the line stands 2 · sigma²: the 2 is not squared.",
    ),
)


@checker(
    "Exercise 5",
    "Loops are enough for a row. For a field the package lets one distance transform a cell do it.",
    wants=FUNCTION,
)
def weights(answer: Callable[[Row, float, float], Any]) -> str | None:
    """A function (row, w0, sigma) -> the weight of each place of a row of cell numbers; 1 on cells."""
    rows = [*map(np.array, APART), *_drawn(least_gap=1)]
    cases = [(row, w0, sigma) for row in rows for w0, sigma in ((10, 5), (3.5, 5), (10, 2))]

    def otherwise(found: Row, wanted: Row, row: Row, w0: float, sigma: float) -> str:
        if found.shape != wanted.shape:
            return f"The shape {wanted.shape} is wanted; yours has {found.shape}."
        shown = f"{row.tolist()}, w0 = {w0}, sigma = {sigma}"
        return f"{shown}: {wanted.round(2).tolist()} is wanted, yours is {found.round(2).tolist()}."

    return judge(answer, _weights, cases, WEIGHT_MISTAKES, otherwise, ("row", "w0", "sigma"))


EQUIVALENT = {  # changed solutions that are right
    "Exercise 3: `max(place - 1, 0)` -> `max(0, place - 1)`": "max knows no order",
    "Exercise 3: `len(set(around[around > 0])) == 1` -> `len(set(around[around > 0])) <= 1`": "on a cell there is one",
    "Exercise 3: `np.array(answer)` -> `answer`": "a list of True and False answers as well",
    "Exercise 5: `place - other` -> `other - place`": "abs knows no sign",
    "Exercise 5: `d1, d2 = sorted([*away, np.inf, np.inf])[:2]` -> `d2, d1 = sorted([*away, np.inf, np.inf])[:2]`": (
        "only their sum counts"
    ),
    "Exercise 5: `[*away, np.inf, np.inf]` -> `[np.inf, *away, np.inf]`": "they are sorted afterwards",
}
