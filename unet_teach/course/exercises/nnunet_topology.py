"""The checker of chapter 18 for the rule that halves the axes."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.judging import judge

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `min([spacing[axis] for axis in long], default=0)` -> `min([spacing[axis] for axis in...": (
        "where nothing is long, nothing is halved"
    ),
    "Exercise 2: `len(halved) == 1` -> `len(halved) <= 1`": "none at all was asked for before",
    "Exercise 2: `sides[halved[0]]` -> `sides[halved[-1]]`": "of one, the first is the last",
}
CASES = [
    ([1, 1, 1], [40, 50, 35]),
    ([4, 1, 1], [32, 128, 128]),
    ([1, 3.5, 1], [128, 20, 96]),
    ([2, 1, 1], [64, 64, 64]),  # exactly twice as coarse is not within
    ([1.9, 1, 1], [64, 64, 64]),
    ([1, 1], [15, 64]),  # rounded up, 15 gives 8
    ([1, 1], [11, 4]),  # one axis alone, too short
    ([1, 1], [12, 4]),
    ([1, 4], [7, 64]),  # the finest axis is too short to count
    ([1, 1], [7, 7]),
    ([4, 1], [20, 9]),  # both are long, but one alone would be halved, and is too short
    ([8, 0.5, 0.5], [9, 300, 260]),
    ([6, 1, 1, 1], [16, 40, 40, 23]),
]


def _halved(
    spacing: Sequence[float],
    sides: Sequence[int],
    least: float = 8,
    alone: float = 12,
    within: Callable[[float], bool] = lambda ratio: ratio < 2,
    rounded: Callable[[float], int] = math.ceil,
    coarsens: bool = True,
    among: Callable[[list[int], int], list[int]] = lambda long, axes: long,
    count_long: bool = False,
) -> np.ndarray:
    """Halve as the rule says, or with one thing changed."""
    mm, size, axes = list(spacing), list(sides), range(len(sides))
    steps = [[1 for _ in axes]]
    while len(steps) < 30 and (long := [axis for axis in axes if size[axis] >= least]):
        finest = min(mm[axis] for axis in among(long, len(sides)))
        halved = [axis for axis in long if within(mm[axis] / finest)]
        if not halved or (len(long if count_long else halved) == 1 and size[halved[0]] < alone):
            break
        steps.append([2 if axis in halved else 1 for axis in axes])
        for axis in halved:
            mm[axis] *= 2 if coarsens else 1
            size[axis] = rounded(size[axis] / 2)
    return np.array(steps)


def _shown(given: Any, wanted: Any, spacing: Sequence[float], sides: Sequence[int]) -> str:
    where = f"For spacings {list(spacing)} and sides {list(sides)}"
    if np.shape(given) != np.shape(wanted):
        return (
            f"{where} there are {len(wanted)} levels with {len(sides)} numbers each, the first with ones; yours has "
            f"the shape {np.shape(given)}."
        )
    level = int(np.argmax((given != wanted).any(axis=1)))
    return (
        f"{where}, level {level} should step by {wanted[level].astype(int).tolist()}; yours by {given[level].tolist()}."
    )


@checker("Exercise 2", "Thick slices wait until the others have caught up.", FUNCTION)
def halvings(answer: Callable[..., Any]) -> str | None:
    """A function (spacing, sides) -> the steps of each level, the first all ones: (levels, axes)."""
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda mm, n: _halved(mm, n, within=lambda ratio: True),
            "`spacing` has no effect: an axis that is twice as coarse as the finest, or more, waits.",
        ),
        (
            lambda mm, n: _halved(mm, n, coarsens=False),
            "Halved, an axis has voxels twice as far apart: its spacing has to grow, or a coarse axis waits for ever.",
        ),
        (lambda mm, n: _halved(mm, n, rounded=math.floor), "Half of 15 is 8 here: rounded up."),
        (lambda mm, n: _halved(mm, n, alone=0), "One axis alone is halved only if it has twelve voxels or more."),
        (lambda mm, n: _halved(mm, n, alone=8), "One axis alone is halved only if it has twelve voxels or more."),
        (lambda mm, n: _halved(mm, n, alone=13), "Twelve are enough for an axis alone."),
        (
            lambda mm, n: _halved(mm, n, count_long=True),
            "An axis is alone if no other is halved *with it*, even if another one, still coarse, waits for its turn.",
        ),
        (
            lambda mm, n: _halved(mm, n, least=4),
            "Eight have to be there *before* an axis is halved, so that four are left.",
        ),
        (lambda mm, n: _halved(mm, n, least=9), "Eight are enough."),
        (
            lambda mm, n: _halved(mm, n, within=lambda ratio: ratio <= 2),
            "Exactly twice as coarse is not *less* than twice.",
        ),
        (
            lambda mm, n: _halved(mm, n, among=lambda long, axes: list(range(axes))),
            "The finest is sought among the axes that are still long: one that is done holds nobody back.",
        ),
        (
            lambda mm, n: np.array(_halved(mm, n)[1:].tolist()),
            "The first level is missing: the image itself, steps of one.",
        ),
        (
            lambda mm, n: np.cumprod(_halved(mm, n), axis=0),
            "Those are the steps from the image. Asked for are those from level to level, 1 or 2.",
        ),
    ]
    return judge(answer, _halved, CASES, mistakes, _shown, ("spacing", "sides"))
