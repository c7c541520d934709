"""Checkers for chapter 25, "How do I use mine?": smeared pixels, a group on both sides, blocks, a pixel's size."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.own_data_sizes import blocks, micrometres

__all__ = ["blocks", "both_sides", "micrometres", "smeared_pixels"]
Mask = NDArray[np.int64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: `held, known = (set(), set())` -> `known, held = (set(), set())`": "two empty sets",
    "Exercise 3: `held if is_held else known` -> `known if is_held else held`": "what is in both is in both",
}


def _smeared(mask: Mask, rows: bool = True, columns: bool = True, both_ways: bool = True, strict: bool = True) -> int:
    between = np.zeros(mask.shape, dtype=bool)
    for turned, wanted in ((False, rows), (True, columns)):
        if wanted:
            own = mask.T if turned else mask
            left, middle, right = own[:, :-2], own[:, 1:-1], own[:, 2:]
            up = (left < middle) & (middle < right) if strict else (left <= middle) & (middle <= right) & (left < right)
            down = (left > middle) & (middle > right)
            (between.T if turned else between)[:, 1:-1] |= up | down if both_ways else up
    return int(between.sum())


def _around(mask: Mask) -> int:
    """As with np.roll: what lies beyond a border is taken from the other side."""
    between = np.zeros(mask.shape, dtype=bool)
    for axis in (0, 1):
        before, after = np.roll(mask, 1, axis), np.roll(mask, -1, axis)
        between |= ((before < mask) & (mask < after)) | ((before > mask) & (mask > after))
    return int(between.sum())


SMEARED_MISTAKES: Mistakes = (
    (
        lambda m: _smeared(m, columns=False),
        "Only along rows. A soft edge may also lie along a column: above and below.",
    ),
    (lambda m: _smeared(m, rows=False), "Only along columns. Look at the neighbours left and right, too."),
    (lambda m: _smeared(m, both_ways=False), "Only where values rise. An edge may fall as well."),
    (lambda m: _smeared(m, strict=False), "Equal to a neighbour is not between. Only < and >."),
    (
        _around,
        "At the border you look at the other side of the picture (np.roll). Pixels there have one neighbour less.",
    ),
    (
        lambda m: _smeared(m, columns=False) + _smeared(m, rows=False),
        "A pixel that is between in both directions counts once.",
    ),
    (lambda m: int(((m > m.min()) & (m < m.max())).sum()), "A class of its own also lies between 0 and the largest."),
    (lambda m: len(np.unique(m)), "That counts values. Wanted are pixels that lie between their neighbours."),
)


@checker("Exercise 2", "No class table is needed to see that an edge is soft.", FUNCTION)
def smeared_pixels(answer: Callable[..., Any]) -> str | None:
    """A function (mask) -> how many pixels lie strictly between two opposite neighbours."""
    rng = generator()
    soft = np.zeros((6, 8), np.int64)
    soft[2:, 3:] = 255
    soft[1, 3:], soft[2:, 2] = 128, 90
    falls = soft[::-1, ::-1].copy()
    classes = np.repeat(np.array([[0, 0, 1, 1, 2, 2, 2]]), 5, axis=0)
    cases = [
        (soft,),
        (falls,),
        (classes,),
        (soft.T.copy(),),
        (rng.integers(0, 4, (7, 5)),),
        (rng.integers(0, 9, (4, 9)),),
    ]

    def otherwise(given: Any, wanted: Any, mask: Mask) -> str:
        return f"For\n{mask}\nit is {int(wanted)}, not {given:g}."

    return judge(answer, _smeared, cases, SMEARED_MISTAKES, otherwise, ("mask",))


def _both(groups: Sequence[int], held: Sequence[bool]) -> list[int]:
    mine = {g for g, h in zip(groups, held, strict=True) if h}
    return sorted(mine & {g for g, h in zip(groups, held, strict=True) if not h})


SIDES_MISTAKES: Mistakes = (
    (lambda g, h: sorted({a for a, b in zip(g, h, strict=True) if b}), "Those are all groups that are held back."),
    (
        lambda g, h: sorted({a for a, b in zip(g, h, strict=True) if not b}),
        "Those are all groups that are learned from.",
    ),
    (lambda g, h: sorted(set(g)), "Those are all groups. Which of them have an image on either side?"),
    (
        lambda g, h: sorted({a for a in g if list(g).count(a) > 1}),
        "Those have more than one image. That is fine, as long as all are on one side.",
    ),
    (lambda g, h: sorted(set(g) - set(_both(g, h))), "Those are on one side. Wanted are the others."),
    (
        lambda g, h: sorted(a for a, b in zip(g, h, strict=True) if a in _both(g, h)),
        "Each group once, not once an image.",
    ),
)


@checker("Exercise 3", "Two lines that many a paper would have needed.", FUNCTION)
def both_sides(answer: Callable[..., Any]) -> str | None:
    """A function (groups, held_back) -> the groups with an image on either side, in rising order."""
    cases = [
        ([1, 1, 2, 3, 3], [False, True, False, True, True]),
        ([1, 1, 2, 3, 3], [False, False, True, True, True]),
        ([7, 4, 4, 9, 7, 4, 9], [True, False, True, False, False, False, False]),
        ([5], [True]),
        ([2, 2, 8, 8, 2], [True, False, True, False, True]),
        ([2, 2, 8, 8, 2], [True, True, True, False, True]),
    ]

    def otherwise(given: Any, wanted: Any, groups: Any, held: Any) -> str:
        return f"For groups {groups} with {held} held back, it is {wanted.astype(int).tolist()}."

    return judge(answer, _both, cases, SIDES_MISTAKES, otherwise, ("groups", "held_back"))
