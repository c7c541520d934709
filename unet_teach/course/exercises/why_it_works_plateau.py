"""The checker of chapter 11's exercise 4: the middle between the first and the last good threshold."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers, without_effect
from unet_teach.course.exercises.judging import Mistakes, recognised

Curve = np.ndarray
LEVELS = np.arange(1, 8) / 10


def _cases() -> list[tuple[Curve, Curve, float]]:
    """Return levels, V-Rand at each, and an allowance; in 64ths, which are exact, so that a tie is a tie."""
    gap_inside = np.array([32, 61, 58, 60, 62, 44, 30]) / 64
    fixed = [
        *((LEVELS, gap_inside, allowance / 64) for allowance in (2, 0, 4, 1)),
        (LEVELS, np.array([4, 20, 60, 20, 10, 5, 9]) / 64, 1 / 64),  # one sharp best
        (LEVELS, np.array([63, 62, 50, 20, 30, 10, 40]) / 64, 1 / 64),  # at the lower end
        (LEVELS[:6], np.array([1, 9, 30, 50, 60, 60]) / 64, 0.0),  # at the upper end, two alike
        (LEVELS[:4], np.array([8, 8, 8, 8]) / 64, 1 / 64),  # flat
        (np.array([0.05, 0.1, 0.3, 0.35, 0.8, 0.9]), np.array([50, 60, 57, 52, 61, 40]) / 64, 4 / 64),  # uneven steps
    ]
    draw, drawn = generator(), []
    for best in draw.integers(20, 64, 12):
        levels = np.sort(draw.choice(np.arange(1, 20), 9, replace=False)) / 20
        drawn.append((levels, (best - draw.integers(0, 20, 9)) / 64, int(draw.integers(2, 16)) / 64))
    return fixed + drawn


def _good(curve: Curve, allowance: float) -> Curve:
    return np.flatnonzero(curve >= curve.max() - allowance)


def _middle(levels: Curve, curve: Curve, allowance: float) -> float:
    good = levels[_good(curve, allowance)]
    return float(good[0] + good[-1]) / 2


def _side_by_side(levels: Curve, curve: Curve, allowance: float) -> float:
    """Return the middle of the good levels around the best one that have no other between them."""
    bad = np.setdiff1d(np.arange(-1, len(levels) + 1), _good(curve, allowance))
    best = curve.argmax()
    return float(levels[bad[bad < best].max() + 1] + levels[bad[bad > best].min() - 1]) / 2


PLATEAU_MISTAKES: Mistakes = (
    (
        lambda levels, curve, allowance: levels[curve.argmax()],
        "You took the best level: one lucky section can make it.",
    ),
    (
        _side_by_side,
        "You stopped at the first dip beside the best level. Between the first good level and the last there may be "
        "others that are not good.",
    ),
    (
        lambda levels, curve, allowance: levels[_good(curve, allowance)].mean(),
        "That is the mean of all good levels. The first and the last of them are enough: where the middle is does not "
        "depend on how many lie between.",
    ),
    (
        lambda levels, curve, allowance: np.median(levels[_good(curve, allowance)]),
        "That is the good level in the middle of their list. Take the mean of the first and the last.",
    ),
    (
        lambda levels, curve, allowance: _middle(levels, curve, max(allowance - 1e-6, 0)),
        "A level whose V-Rand is exactly the allowance below the best is good enough, too: at most.",
    ),
    (
        lambda levels, curve, allowance: _middle(levels, curve, 2 * allowance),
        "`allowance` is doubled: it is how far below the best a level may be.",
    ),
    (
        lambda levels, curve, allowance: _middle(levels, curve, allowance / 2),
        "`allowance` is halved: it is how far below the best a level may be.",
    ),
    (
        lambda levels, curve, allowance: _middle(levels, curve, allowance * curve.max()),
        "`allowance` is taken as a share of the best. It is a difference: the best less the allowance.",
    ),
    (
        lambda levels, curve, allowance: levels[_good(curve, allowance)][0],
        "That is the first good level. Take the mean of the first and the last.",
    ),
    (
        lambda levels, curve, allowance: levels[_good(curve, allowance)][-1],
        "That is the last good level. Take the mean of the first and the last.",
    ),
    (
        lambda levels, curve, allowance: np.ptp(levels[_good(curve, allowance)]) / 2,
        "That is half the distance from the first good level to the last. Add the two, and halve.",
    ),
    (
        lambda levels, curve, allowance: 2 * _middle(levels, curve, allowance),
        "That is the sum of the first good level and the last. Halve it.",
    ),
    (
        lambda levels, curve, allowance: _good(curve, allowance)[[0, -1]].mean(),
        "That is a place in the list. Give the level that stands there.",
    ),
    (lambda levels, curve, allowance: curve.max(), "That is the V-Rand there. Give the level."),
)


@checker("Exercise 4", "A choice in the middle of a plateau does not hang on one gap in one membrane.", wants=FUNCTION)
def plateau(answer: Callable[[Curve, Curve, float], Any]) -> str | None:
    """A function: levels, curve, allowance -> the mean of the first and the last level within the allowance."""
    cases = _cases()
    given = [float(numbers(ask(answer, *case), ())) for case in cases]
    wanted = [_middle(*case) for case in cases]
    wrong = [number for number in range(len(cases)) if not close(given[number], wanted[number])]
    if not wrong:
        return None
    levels, curve, allowance = cases[wrong[0]]
    return (
        recognised(PLATEAU_MISTAKES, cases, given)
        or without_effect(("levels", "curve", "allowance"), cases, given, wanted)
        or f"For the levels {levels.tolist()}, the curve {curve.round(3).tolist()} and {allowance:.3f}, the middle "
        f"between the first and the last good level is {wanted[wrong[0]]:g}; yours is {given[wrong[0]]:g}."
    )
