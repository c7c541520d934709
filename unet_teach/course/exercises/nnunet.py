"""Checkers for chapter 18, "Can the recipe configure itself?"."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge
from unet_teach.course.exercises.nnunet_dice import two_dice
from unet_teach.course.exercises.nnunet_topology import halvings

__all__ = ["batch_of", "halvings", "target_spacing", "two_dice"]

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `3 * size[coarse] < min(rest[1])` -> `3 * size[coarse] < min(rest[-1])`": "of two, 1 is the last",
    "Exercise 3: `max(2, min(fits, round(voxels / 20 / np.prod(patch))))` -> "
    "`max(min(fits, round(voxels / 20 / np.prod(patch))), 2)`": "the order does not matter",
    "Exercise 3: `min(fits, round(voxels / 20 / np.prod(patch)))` -> `min(round(voxels / 20 / np.prod(patch)), f...": (
        "the order does not matter"
    ),
}

Mistakes = list[tuple[Callable[..., Any], str]]


def _target(
    spacings: Any,
    shapes: Any,
    percentile: float = 10,
    coarse_enough: Callable[[float, float], bool] = lambda coarse, other: coarse > 3 * other,
    short_enough: Callable[[float, float], bool] = lambda size, other: size * 3 < other,
) -> np.ndarray:
    """Take the median of each axis, and the tenth percentile of one that is coarse and short."""
    target, size = np.median(spacings, axis=0), np.median(shapes, axis=0)
    coarse = int(np.argmax(target))
    others = [axis for axis in range(3) if axis != coarse]
    if coarse_enough(target[coarse], target[others].max()) and short_enough(size[coarse], size[others].min()):
        target[coarse] = np.percentile(np.asarray(spacings)[:, coarse], percentile)
    return np.asarray(target)


def _spacing_shown(given: Any, wanted: Any, spacings: Any, shapes: Any) -> str:
    if np.shape(given) != (3,):
        return f"Three numbers are wanted, one for each axis; yours has the shape {np.shape(given)}."
    axis = int(np.argmax(np.abs(given - wanted) > 1e-4 * wanted))
    return (
        f"For median spacings {np.median(spacings, axis=0).round(2).tolist()} and median sizes "
        f"{np.median(shapes, axis=0).tolist()} axis {axis} should get {wanted[axis]:.3f}; yours has {given[axis]:.3f}."
    )


def _always(_: float, __: float) -> bool:
    return True


@checker("Exercise 1", "The median, and more care where slices are few and thick.", FUNCTION)
def target_spacing(answer: Callable[..., Any]) -> str | None:
    """A function (spacings, shapes), both (cases, 3), -> the target spacing, three numbers."""
    random = generator()

    def some(spacing: Sequence[float], shape: Sequence[float], count: int, spread: float) -> tuple[Any, Any]:
        factors = np.exp(random.normal(0, spread, (count, 3)))
        return np.array(spacing) * factors, np.round(np.array(shape) * np.exp(random.normal(0, 0.1, (count, 3))))

    def cubes_but(first: Sequence[float]) -> Any:
        return np.stack([first, np.full(len(first), 0.8), np.full(len(first), 0.8)], axis=1)

    exactly = np.ones((5, 3))
    exactly[:, 1] = [1.5, 3, 3, 3, 4]  # exactly three times as coarse: not yet coarse
    third = np.ones((4, 3))
    third[:, 2] = [2.5, 5, 6, 8]
    cases = [
        some((5, 0.8, 0.8), (20, 300, 280), 7, 0.2),  # coarse and short
        some((0.7, 0.9, 6), (310, 290, 18), 6, 0.3),  # the same, on the last axis
        some((0.7, 4, 0.7), (300, 30, 280), 9, 0.2),
        some((5, 0.8, 0.8), (150, 300, 280), 7, 0.2),  # coarse, not short
        some((1.5, 1, 1), (20, 300, 280), 7, 0.2),  # short, not coarse
        some((1, 1, 1), (100, 90, 110), 4, 0.3),
        (exactly, np.full((5, 3), 100) - [[0, 80, 0]]),
        (third, np.full((4, 3), 90) - [[0, 0, 60]]),  # exactly a third
        some((2.9, 0.8, 0.8), (20, 300, 280), 7, 0.02),  # coarse, by 3.6
        some((5, 0.8, 0.8), (85, 300, 290), 7, 0.01),  # short, by 3.4
        some((4, 0.5, 2), (15, 300, 300), 8, 0.1),  # coarse beside one of the others only
        some((5, 0.8, 0.8), (50, 300, 120), 7, 0.1),  # short beside one of the others only
        # Short by the median only, and coarse by it only: no mean, no extreme, no single case says the same.
        (cubes_but([5, 4, 6, 5, 8]), np.full((5, 3), 240) - [[n, 0, 0] for n in (90, 218, 216, -60, 216)]),
        (cubes_but([6, 4, 7, 5, 6]), np.full((5, 3), 240) - [[n, 0, 0] for n in (220, 130, 110, 220, 120)]),
        (cubes_but([0.7, 2.6, 2.5]), np.full((3, 3), 240) - [[220, 0, 0]]),
    ]
    mistakes: Mistakes = [
        (lambda s, n: np.median(s, axis=0), "That is the median throughout. What of an axis that is coarse and short?"),
        (lambda s, n: np.mean(s, axis=0), "That is the mean. One case with slices of 10 mm would drag it along."),
        (
            lambda s, n: _target(s, n, short_enough=_always),
            "Coarse alone is not enough: only where the axis has few voxels, too.",
        ),
        (
            lambda s, n: _target(s, n, coarse_enough=_always),
            "Few voxels alone are not enough: only where the axis is coarse, too.",
        ),
        (lambda s, n: _target(s, n, 90), "That is the coarse end. The tenth percentile is the fine one."),
        (lambda s, n: _target(s, n, 0), "That is the finest case of all. A percentile does not hang on one case."),
        (
            lambda s, n: _target(s, n, coarse_enough=lambda a, b: a >= 3 * b),
            "Exactly three times as coarse is not *more* than three times.",
        ),
        (
            lambda s, n: _target(s, n, short_enough=lambda a, b: a * 3 <= b),
            "Exactly a third of the voxels is not *fewer* than a third.",
        ),
        (
            lambda s, n: _target(s, n, short_enough=lambda a, b: a < b),
            "Fewer voxels than the others is not enough: fewer than a third of them.",
        ),
        (lambda s, n: np.percentile(s, 10, axis=0), "That is the tenth percentile of every axis."),
        (lambda s, n: _target(s, np.mean(n, axis=0, keepdims=True)), "Of the sizes, too, the *median* of all cases."),
    ]
    return judge(answer, _target, cases, mistakes, _spacing_shown, ("spacings", "shapes"))


def _batch(fits: int, patch: Sequence[int], voxels: float) -> int:
    return max(2, min(fits, round(0.05 * voxels / math.prod(patch))))


def _batch_shown(given: Any, wanted: Any, fits: int, patch: Sequence[int], voxels: float) -> str:
    return (
        f"{fits} patches of {list(patch)} fit, and the data set has {voxels:,} voxels: {int(wanted)} patches; yours "
        f"gives {float(given):g}."
    )


@checker("Exercise 3", "As many as fit, a twentieth of the data at most, and never a single one.", FUNCTION)
def batch_of(answer: Callable[..., Any]) -> str | None:
    """A function (fits, patch, voxels) -> the batch size."""
    cases = [
        (12, [512, 512], 19 * 512 * 512),
        (4, [40, 56, 40], 10**9),
        (1, [128, 128, 128], 10**9),
        (200, [56, 40], 60 * 36 * 50 * 37),
        (100, [64, 48], 3_000_000),  # 48.8, rounded up
        (100, [64, 48], 2_600_000),  # 42.3, rounded down
        (30, [64, 48], 2_600_000),
        (100, [64, 96], 2_600_000),
        (7, [64, 48, 4], 10_000),
        (9, [16, 24, 20], 600_000),  # 3.9: all three sides count
        (100, [1, 1], 75),
    ]
    mistakes: Mistakes = [
        (lambda f, p, v: f, "That is what fits. How much of the data set would one batch be?"),
        (lambda f, p, v: max(2, f), "A batch must not hold more than a twentieth of the data set."),
        (
            lambda f, p, v: min(f, round(0.05 * v / math.prod(p))),
            "The lower bound is missing: at least two, whatever the other two say.",
        ),
        (lambda f, p, v: max(2, round(0.05 * v / math.prod(p))), "`fits` has no effect yet."),
        (
            lambda f, p, v: max(2, min(f, int(0.05 * v / math.prod(p)))),
            "`int` cuts off: 48.8 patches become 48. The rule rounds.",
        ),
        (lambda f, p, v: max(2, min(f, round(0.05 * v / sum(p)))), "A patch holds the *product* of its sides."),
        (lambda f, p, v: max(2, min(f, round(0.05 * v))), "Voxels are no patches: divide by those of one patch."),
        (lambda f, p, v: min(2, max(f, round(0.05 * v / math.prod(p)))), "`min` and `max` are exchanged."),
        (
            lambda f, p, v: max(2, f, round(0.05 * v / math.prod(p))),
            "The twentieth is an upper bound: take the smaller.",
        ),
        (lambda f, p, v: max(1, min(f, round(0.05 * v / math.prod(p)))), "At least two, not one."),
        (lambda f, p, v: max(2, min(f, round(0.5 * v / math.prod(p)))), "Five per cent is 0.05, not 0.5."),
        (lambda f, p, v: max(2, min(f, round(0.05 * v / math.prod(p[:2])))), "A patch may have three sides, or more."),
    ]
    return judge(answer, _batch, cases, mistakes, _batch_shown, ("fits", "patch", "voxels"))
