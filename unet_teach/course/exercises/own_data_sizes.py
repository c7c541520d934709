"""Checkers for chapter 25, second half: blocks of an axis, and a pixel's size."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.judging import Mistakes, judge

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `{'µm': 1, 'mm': 1000, 'cm': 10000, 'inch': 25400}` -> `{'µm': 1, 'mm': 1000, ...": "closer than a "
    "ten-thousandth, as close as numbers are compared",
    "Exercise 4: `min(start + block, length)` -> `min(length, start + block)`": "the smaller of two, in any order",
    "Exercise 4: `max(start - around, 0)` -> `max(0, start - around)`": "the larger of two, in any order",
    "Exercise 4: `min(stop + around, length)` -> `min(length, stop + around)`": "the smaller of two, in any order",
}


def _blocks(length: int, block: int, around: int, clip: bool = True, last: bool = True) -> list[list[int]]:
    rows = []
    for start in range(0, length, block):
        stop = min(start + block, length) if last else start + block
        first, end = start - around, stop + around
        rows.append([start, stop, max(first, 0) if clip else first, min(end, length) if clip else end])
    return rows


BLOCK_MISTAKES: Mistakes = (
    (
        lambda n, b, a: _blocks(n, b, a, clip=False),
        "What is read must lie in the picture: not below 0, not beyond its length.",
    ),
    (lambda n, b, a: _blocks(n, b, a, last=False), "The last block ends with the picture: it may be shorter."),
    (lambda n, b, a: [r for r in _blocks(n, b, a) if r[1] - r[0] == b], "The rest at the end belongs to a block, too."),
    (lambda n, b, a: [[s, e, s, e] for s, e, _, _ in _blocks(n, b, a)], "Read `around` pixels more on either side."),
    (
        lambda n, b, a: [[max(s - a, 0), min(e + a, n), s, e] for s, e, _, _ in _blocks(n, b, a)],
        "The order is: start, stop, first, last. What is answered comes first, then what is read.",
    ),
    (
        lambda n, b, a: [[s, e, f, max(end - 1, 0)] for s, e, f, end in _blocks(n, b, a)],
        "As Python counts: last is the first pixel that is not read any more.",
    ),
)


@checker("Exercise 4", "With this, a picture may be as wide as the disk allows.", FUNCTION)
def blocks(answer: Callable[..., Any]) -> str | None:
    """A function (length, block, around) -> rows of start, stop, first, last along an axis."""
    cases = [(10, 4, 1), (12, 4, 3), (3, 8, 2), (9, 3, 0), (10, 5, 20), (7, 1, 1), (10, 4, 2)]

    def otherwise(given: Any, wanted: Any, length: int, block: int, around: int) -> str:
        asked = f"length {length}, block {block}, around {around}"
        if np.ndim(given) != 2 or np.shape(given)[-1] != 4:
            return f"A list of [start, stop, first, last] is wanted, one a block: for {asked} {len(wanted)} of them."
        return f"For {asked} it is {wanted.astype(int).tolist()}."

    return judge(answer, _blocks, cases, BLOCK_MISTAKES, otherwise, ("length", "block", "around"))


UNITS = {"µm": 1.0, "mm": 1000.0, "cm": 10_000.0, "inch": 25_400.0}


def _size(numerator: int, denominator: int, unit: str) -> float:
    return UNITS[unit] * denominator / numerator


SIZE_MISTAKES: Mistakes = (
    (lambda n, d, u: UNITS[u] * n / d, "The entry says pixels per unit. You want micrometres per pixel: upside down."),
    (lambda n, d, u: d / n, "In which unit? A millimetre has 1000 micrometres, a centimetre 10,000, an inch 25,400."),
    (
        lambda n, d, u: UNITS[u] / n,
        "The entry is a fraction, numerator / denominator: yours forgets the denominator.",
    ),
    (lambda n, d, u: d / n / UNITS[u], "Multiply by the micrometres that a unit has, do not divide."),
    (lambda n, d, u: 1000 * d / n, "Not every unit is a millimetre."),
    (lambda n, d, u: d // n * UNITS[u], "`//` cuts off what is behind the point: divide with `/`."),
    (lambda n, d, u: UNITS[u] * d // n, "`//` cuts off what is behind the point: divide with `/`."),
    (lambda n, d, u: n / d, "That is pixels per unit. How wide is one pixel, in micrometres?"),
)


@checker("Exercise 1", "Right for Fiji, and no dots of a printer taken for a scale.", FUNCTION)
def micrometres(answer: Callable[..., Any]) -> str | None:
    """A function (numerator, denominator, unit) -> micrometres a pixel."""
    cases = [
        (4, 1, "µm"),
        (4_000_000, 1_000_000, "µm"),
        (3, 2, "mm"),
        (3, 2, "cm"),
        (300, 1, "inch"),
        (10_000, 7, "cm"),
        (3, 5, "cm"),
        (77, 5, "µm"),  # 0.065
    ]

    def otherwise(given: Any, wanted: Any, numerator: int, denominator: int, unit: str) -> str:
        return f"{numerator}/{denominator} pixels per {unit} are {wanted:g} µm a pixel, not {given:g}."

    return judge(answer, _size, cases, SIZE_MISTAKES, otherwise, ("numerator", "denominator", "unit"))
