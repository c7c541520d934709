"""The checker of chapter 18 for two ways to sum up the Dice of many images."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge


def _counts(said: Sequence[Any], truth: Sequence[Any]) -> np.ndarray:
    return np.array([[2 * (a & b).sum(), a.sum() + b.sum()] for a, b in zip(said, truth, strict=True)], dtype=float)


def _two_dice(said: Sequence[Any], truth: Sequence[Any]) -> np.ndarray:
    counts = _counts(said, truth)
    return np.array([counts[:, 0].sum() / counts[:, 1].sum(), (counts[:, 0] / counts[:, 1]).mean()])


def _two_shown(given: Any, wanted: Any, said: Sequence[Any], truth: Sequence[Any]) -> str:
    if np.shape(given) != (2,):
        return "Two numbers are wanted: pooled, then the mean of the cases."
    which = ("pooled", "the mean of the cases")[int(abs(given[0] - wanted[0]) <= 1e-4)]
    at = 0 if which == "pooled" else 1
    return f"For {len(said)} masks, {which} should be {wanted[at]:.3f}; yours is {given[at]:.3f}."


@checker("Exercise 4", "The same masks, and two different numbers.", FUNCTION)
def two_dice(answer: Callable[..., Any]) -> str | None:
    """A function (said, truth), lists of boolean arrays of any sizes, -> (pooled Dice, mean of the cases' Dice)."""
    random = generator()

    def masks(*shapes: tuple[int, ...], share: float = 0.4) -> list[np.ndarray]:
        drawn = [random.random(shape) < share for shape in shapes]
        for mask in drawn:
            mask[(0,) * mask.ndim] = True
        return drawn

    sizes = [(5, 7), (30, 20), (4, 4)]
    large_and_small = (
        [np.ones((20, 20), bool), np.zeros((3, 3), bool)],
        [np.ones((20, 20), bool), np.eye(3, dtype=bool)],  # the small one is missed altogether
    )
    cases = [
        (masks(*sizes), masks(*sizes)),
        (masks((6, 5, 4), (9, 8, 7), share=0.2), masks((6, 5, 4), (9, 8, 7), share=0.7)),
        large_and_small,
        (masks((8, 9)), masks((8, 9), share=0.6)),
        (masks(*sizes, (50, 2)), masks(*sizes, (50, 2), share=0.1)),
    ]

    def from_ious(said: Sequence[Any], truth: Sequence[Any]) -> np.ndarray:
        both = _two_dice(said, truth)
        pooled = both[0] / (2 - both[0])
        each = _counts(said, truth)
        return np.array([pooled, (each[:, 0] / 2 / (each[:, 1] - each[:, 0] / 2)).mean()])

    mistakes: list[tuple[Callable[..., Any], str]] = [
        (lambda s, t: _two_dice(s, t)[::-1], "The two are exchanged: the pooled one comes first."),
        (
            lambda s, t: _two_dice(s, t)[[0, 0]],
            "Both are pooled. The second averages: a Dice for each case, then the mean.",
        ),
        (
            lambda s, t: _two_dice(s, t)[[1, 1]],
            "Both are means. The first counts all pixels of all cases, and divides once.",
        ),
        (from_ious, "That is the IoU, what they share by what either has."),
        (lambda s, t: _two_dice(s, t) / 2, "The 2 of the Dice is missing."),
        (
            lambda s, t: np.array(
                [_two_dice(s, t)[0], np.median([_two_dice([a], [b])[0] for a, b in zip(s, t, strict=True)])]
            ),
            "That is the median of the cases.",
        ),
    ]
    return judge(answer, _two_dice, cases, mistakes, _two_shown, ("said", "truth"))
