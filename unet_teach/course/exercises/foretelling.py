"""Checkers for chapter 23, "What may be predicted from a region?": a box and a ball, and six patients by hand."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, numbers
from unet_teach.course.exercises.foretelling_ranks import c_index, inside_the_folds
from unet_teach.course.exercises.judging import Mistakes, judge

__all__ = ["box_sphericity", "c_index", "inside_the_folds", "kaplan_meier"]
SIX = ((3, 1), (5, 0), (8, 1), (8, 0), (11, 1), (14, 0))  # months, event


def _area(a: float, b: float, c: float) -> float:
    return 2 * (a * b + b * c + c * a)


def _sphericity(a: float, b: float, c: float) -> float:
    return (36 * math.pi * (a * b * c) ** 2) ** (1 / 3) / _area(a, b, c)


BOX_MISTAKES: Mistakes = (
    (lambda a, b, c: 1 / _sphericity(a, b, c), "Upside down: the ball's surface goes above the line, the box's below."),
    (lambda a, b, c: 2 * _sphericity(a, b, c), "A box has six sides, each of them twice: your surface is half of it."),
    (lambda a, b, c: _sphericity(a, b, c) ** 3, "That is its third power, which the IBSI calls compactness 2."),
    (
        lambda a, b, c: 4 * math.pi * (a * b * c) ** (2 / 3) / _area(a, b, c),
        "Your ball's radius is the cube root of the volume. Its volume, 4/3 times pi times the radius cubed, has to be "
        "the box's.",
    ),
    (
        lambda a, b, c: (36 * math.pi * a * b * c) ** (1 / 3) / _area(a, b, c),
        "The volume is squared under the cube root, or the units do not cancel.",
    ),
    (
        lambda a, b, c: a * b * c / _area(a, b, c),
        "Volume by surface has a unit: it grows with the box. Compare surfaces.",
    ),
    (
        lambda a, b, c: 36 * math.pi * (a * b * c) ** 2 / 3 / _area(a, b, c),
        "`x ** 1 / 3` is a third of x: put the exponent 1 / 3 in brackets.",
    ),
    (lambda a, b, c: math.pi / 6, "Compare surfaces at equal volume, not with the ball that fits into a cube."),
    (lambda a, b, c: (math.pi / 6) ** (1 / 3), "That is a cube's. Other boxes are less like a ball."),
)


@checker("Exercise 1", "A cube reaches 0.806, a matchstick far less, and millimetres cancel.", FUNCTION)
def box_sphericity(answer: Callable[..., Any]) -> str | None:
    """A function (three sides of a box) -> the surface of a ball of the same volume, by the surface of the box."""
    cases: list[tuple[float, float, float]] = [(2, 2, 2), (1, 2, 3), (5, 2, 3), (5, 2, 0.5), (5, 8, 0.5), (0.1, 7, 0.3)]

    def otherwise(given: Any, wanted: Any, a: float, b: float, c: float) -> str:
        return f"A box of {a:g} x {b:g} x {c:g} has the sphericity {wanted:.3f}, not {given:.3f}."

    return judge(answer, _sphericity, cases, BOX_MISTAKES, otherwise, ("a", "b", "c"))


STAIRS = {
    "Who was censored is dropped in yours. The two at 5 and at 8 were there until then, and count as at risk.": (
        2 / 3,
        1 / 3,
        0,
    ),
    "Censored is not dead: yours goes down where somebody left alive.": (5 / 6, 2 / 6, 1 / 6),
    "Yours divides by all six each time. Divide by those who are still there.": (5 / 6, 4 / 6, 3 / 6),
    "Who is censored at 8 was still there at 8, and counts as at risk: four, not three.": (5 / 6, 5 / 9, 5 / 18),
    "These are the shares that get past each time. Multiply each with what was left before.": (5 / 6, 3 / 4, 1 / 2),
    "These are the shares that are gone. Give those that are left.": (1 / 6, 3 / 8, 11 / 16),
    "These are the chances to die at each time. Take them from 1, and multiply.": (1 / 6, 1 / 4, 1 / 2),
}


@checker("Exercise 2", "And there it stays until 14, where the last patient leaves alive, and the curve ends.")
def kaplan_meier(answer: Any) -> str | None:
    """Three numbers: what share of the six is left after month 3, 8 and 11."""
    given = numbers(answer)
    if given.shape != (3,):
        return f"Three numbers are wanted, for months 3, 8 and 11; yours has the shape {given.shape}."
    right = np.array([5 / 6, 5 / 8, 5 / 16])
    if np.abs(given - right).max() < 0.002:
        return None
    for hint, wrong in STAIRS.items():
        if np.abs(given - wrong).max() < 0.006:
            return hint
    if np.abs(given - right).max() < 0.006:
        return "Rounded, it is right: give three digits, or fractions such as 5 / 6."
    if given.max() > 1 and np.abs(given / 100 - right).max() < 0.006:
        return "Give shares of 1, not per cent."
    if (given < 0).any() or (given > 1).any():
        return "A share lies between 0 and 1."
    first = int(np.argmax(np.abs(given - right) >= 0.002))
    there = (6, 4, 2)[first]
    return f"Month {(3, 8, 11)[first]} is not right yet: {there} are at risk then, one of them dies."
