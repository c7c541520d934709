"""Checkers for chapter 21, "Which fat is it?": the rule by depth, an area, and what a Dice leaves open of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.asking import generator
from unet_teach.course.exercises.body_composition_gate import what_speaks_against
from unet_teach.course.exercises.judging import Mistakes, judge

__all__ = ["area_cm2", "area_left_open", "what_speaks_against", "which_fat"]

Grey = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `_, row, column = spacing` -> `_, column, row = spacing`": "an area does not care which side is which",
}


def _fat(hu: Grey, depth: Grey, limit: float, low: float = -190, high: float = -30) -> NDArray[np.int64]:
    fat = (hu >= low) & (hu <= high) & (depth > 0)
    return np.where(fat, np.where(depth <= limit, 1, 2), 0)


FAT_MISTAKES: Mistakes = (
    (lambda hu, depth, limit: _fat(hu, depth, limit)[::-1], "Your map is upside down."),
    (
        lambda hu, depth, limit: np.where(_fat(hu, depth, limit), 3 - _fat(hu, depth, limit), 0),
        "Exchanged: 1 is fat under the skin, which lies less deep than the limit.",
    ),
    (
        lambda hu, depth, limit: _fat(hu, np.where(depth > 0, depth, 1e-9), limit),
        "Outside the body the depth is 0, and nothing there is fat: a blanket may have fat's number.",
    ),
    (
        lambda hu, depth, limit: np.where(depth > 0, np.where(depth <= limit, 1, 2), 0),
        "Not everything in the body is fat: look at `hu`, too.",
    ),
    (
        lambda hu, depth, limit: _fat(hu, depth, limit, high=np.inf),
        "Above -30 HU is no fat: muscle is, and organs are.",
    ),
    (
        lambda hu, depth, limit: _fat(hu, depth, limit, low=-np.inf),
        "Below -190 HU is no fat: gas in the bowel is as dark.",
    ),
    (
        lambda hu, depth, limit: _fat(hu, depth, limit, -189.99, -30.01),
        "The ends belong to it: -190 HU is fat, and so is -30.",
    ),
    (
        lambda hu, depth, limit: _fat(hu, depth, np.nextafter(limit, 0)),
        "Exactly at the limit is still under the skin.",
    ),
)


@checker("Exercise 1", "The whole rule is three comparisons, and one of them is where shapes matter.", FUNCTION)
def which_fat(answer: Callable[..., Any]) -> str | None:
    """A function (hu, depth, limit) -> a map of 1 (fat under the skin), 2 (torso fat) and 0."""
    random = generator()
    cases = []
    for shape, limit in (((5, 8), 26.0), ((7, 4), 26.0), ((6, 6), 12.5), ((4, 9), 41.0)):
        hu = random.choice([-1000.0, -191, -190, -100, -30, -29, 50, 300], shape)
        depth = random.choice([0.0, 0.5, limit - 1, limit, limit + 0.5, 90], shape)
        cases.append((hu, depth, limit))
    hu, depth, _ = cases[0]
    cases += [(hu, depth, 60.0), (hu, depth[::-1].copy(), 26.0), (hu[:, ::-1].copy(), depth, 26.0)]

    def otherwise(given: Any, wanted: Any, hu: Grey, depth: Grey, limit: float) -> str:
        if given.shape != wanted.shape:
            return f"The map has to be as large as `hu`, {wanted.shape}; yours is {given.shape}."
        row, column = np.argwhere(given != wanted)[0]
        return (
            f"A pixel of {hu[row, column]:g} HU, {depth[row, column]:g} mm deep, is {wanted[row, column]:g} at a limit "
            f"of {limit:g} mm; you gave {given[row, column]:g}."
        )

    return judge(answer, _fat, cases, FAT_MISTAKES, otherwise, ("hu", "depth", "limit"))


def _area(mask: NDArray[np.bool_], spacing: tuple[float, float, float]) -> float:
    return float(mask.sum() * spacing[1] * spacing[2] / 100 / len(mask))


AREA_MISTAKES: Mistakes = (
    (
        lambda mask, spacing: _area(mask, spacing) * spacing[0],
        "The distance between slices makes a volume of it: an area has two sides.",
    ),
    (lambda mask, spacing: _area(mask, spacing) * len(mask), "That is the sum of all slices: a mean is wanted."),
    (
        lambda mask, spacing: _area(mask, spacing) * 100,
        "That is in mm2: a cm2 has 100 of them, since it is 10 mm long and 10 mm wide.",
    ),
    (lambda mask, spacing: _area(mask, spacing) * 10, "A cm2 has 10 times 10 mm2."),
    (
        lambda mask, spacing: _area(mask, (1, spacing[1], spacing[1])),
        "A pixel is not always a square: rows and columns have a distance each.",
    ),
    (
        lambda mask, spacing: _area(mask, (1, spacing[2], spacing[2])),
        "A pixel is not always a square: columns and rows have a distance each.",
    ),
    (
        lambda mask, spacing: _area(mask, (1, spacing[0], spacing[1])),
        "`spacing` is between slices, rows, columns: the last two are wanted.",
    ),
    (
        lambda mask, spacing: _area(mask, spacing) * len(mask) / max(mask.any(axis=(1, 2)).sum(), 1),
        "A slice without the tissue counts too: its area is 0.",
    ),
)


@checker("Exercise 2", "The spacing comes from the header; a millimetre of error in it is in every area.", FUNCTION)
def area_cm2(answer: Callable[..., Any]) -> str | None:
    """A function (mask (slices, rows, columns), spacing in mm) -> the mean area of a slice, in cm2."""
    random = generator()
    first = random.random((3, 6, 9)) < 0.4
    first[1] = False
    cases: list[tuple[Any, ...]] = [
        (first, (5.0, 0.8, 0.7)),
        (first, (5.0, 2.0, 0.7)),
        (first, (2.5, 0.8, 0.7)),
        (random.random((2, 9, 4)) < 0.7, (5.0, 0.8, 0.7)),
        (random.random((4, 5, 5)) < 0.2, (10.0, 1.5, 3.0)),
        (np.ones((1, 3, 4), bool), (1.0, 10.0, 10.0)),
    ]

    def otherwise(given: Any, wanted: Any, mask: Any, spacing: Any) -> str:
        return (
            f"{int(mask.sum())} pixels in {len(mask)} slices, with a spacing of {spacing}, are {wanted:.4g} cm2 a "
            f"slice, not {given:.4g}."
        )

    return judge(answer, _area, cases, AREA_MISTAKES, otherwise, ("mask", "spacing"))


def _bounds(score: float) -> tuple[float, float]:
    return score / (2 - score), (2 - score) / score


BOUND_MISTAKES: Mistakes = (
    (lambda score: _bounds(score)[::-1], "The smallest comes first."),
    (
        lambda score: (score, 1 / score),
        "If your mask lies inside the true one, the overlap is your mask: put that into Dice, and solve for its area.",
    ),
    (
        lambda score: (score, 2 - score),
        "If your mask lies inside the true one, the overlap is your mask: put that into Dice, and solve for its area.",
    ),
    (
        lambda score: (score / (2 - score), 2 - score / (2 - score)),
        "The smallest is right. For the largest let the true mask lie inside yours.",
    ),
    (
        lambda score: (_bounds(score)[0] - 1, _bounds(score)[1] - 1),
        "Give the area itself, where the true one is 1, not the error.",
    ),
    (
        lambda score: (100 * _bounds(score)[0], 100 * _bounds(score)[1]),
        "The true area counts as 1, not as 100.",
    ),
)


@checker("Exercise 3", "At a Dice of 0.9 that is 0.82 to 1.22: nothing was said about which.", FUNCTION)
def area_left_open(answer: Callable[..., Any]) -> str | None:
    """A function (Dice) -> the smallest and the largest area that a mask may have, the true one being 1."""
    cases = [(score,) for score in (0.9, 1.0, 0.5, 0.97, 0.1)]

    def otherwise(given: Any, wanted: Any, score: float) -> str:
        if given.shape != (2,):
            return f"Two numbers are wanted, the smallest and the largest; yours has the shape {given.shape}."
        where = "smallest" if abs(given[0] - wanted[0]) > 1e-4 else "largest"
        return f"For a Dice of {score:g} the {where} area is not right yet. (At a Dice of 1 both are 1.)"

    return judge(answer, _bounds, cases, BOUND_MISTAKES, otherwise)
