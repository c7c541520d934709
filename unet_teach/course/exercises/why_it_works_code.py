"""Checkers for what chapter 11 asks to write: silence a skip (3), find the middle of a plateau (4)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers, without_effect
from unet_teach.course.exercises.mistakes import recognised

SHAPES = ((2, 6, 4, 5), (1, 4, 7, 3), (3, 10, 2, 6), (2, 2, 5, 5))


def _first_half(change: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Return the function that changes the first half of the channels, and leaves the other."""

    def changed(x: Tensor) -> Tensor:
        across, below = x.chunk(2, dim=1)
        return torch.cat([change(across).expand_as(across), below], dim=1)

    return changed


def _means(*axes: int) -> Callable[[Tensor], Tensor]:
    return lambda x: x.mean(axes, keepdim=True)


silenced = _first_half(_means(2, 3))
QUIET_MISTAKES: dict[str, Callable[[Tensor], Tensor]] = {
    "Nothing is silenced yet.": lambda x: x,
    "That is the half that comes from below. What comes across stands first.": (
        lambda x: silenced(x.roll(x.shape[1] // 2, 1)).roll(x.shape[1] // 2, 1)
    ),
    "The half that comes from below must stay as it is; you silenced both.": (
        lambda x: x.mean((2, 3), keepdim=True).expand_as(x)
    ),
    "Zeros are no silence: the level may never have met them. Put each channel's mean there.": (
        _first_half(torch.zeros_like)
    ),
    "Each image has its own mean: do not average over axis 0, the images.": _first_half(_means(0, 2, 3)),
    "Each channel has its own mean: do not average over axis 1, the channels.": _first_half(_means(1, 2, 3)),
    "One mean for all images and channels: each channel of each image has its own.": _first_half(_means(0, 1, 2, 3)),
    "A mean over the rows only, column by column. Every pixel of a channel gets the same number: axes 2 and 3.": (
        _first_half(_means(2))
    ),
    "A mean over the columns only, row by row. Every pixel of a channel gets the same number: axes 2 and 3.": (
        _first_half(_means(3))
    ),
    "A mean over the channels, pixel by pixel, still says where things are. Average over the pixels: axes 2 and 3.": (
        _first_half(_means(1))
    ),
    "You took the mean away and left the rest. Put the mean in the channel's place.": (
        _first_half(lambda across: across - across.mean((2, 3), keepdim=True))
    ),
    "The mean is wanted, not the median.": _first_half(lambda across: across.flatten(2).median(2)[0][..., None, None]),
    "The mean is wanted, not the largest.": _first_half(lambda across: across.amax((2, 3), keepdim=True)),
    "Only the first channel is silenced: it is half of them all.": (
        lambda x: torch.cat([x[:, :1].mean((2, 3), keepdim=True).expand_as(x[:, :1]), x[:, 1:]], dim=1)
    ),
    "Three channels are silenced, however many came in. Half of them is x.shape[1] // 2.": (
        lambda x: torch.cat([x[:, :3].mean((2, 3), keepdim=True).expand_as(x[:, :3]), x[:, 3:]], dim=1)
    ),
}


@checker(
    "Exercise 3",
    "The level still gets numbers of the usual size, and no longer learns where anything is.",
    wants=FUNCTION,
)
def quiet(answer: Callable[[Tensor], Any]) -> str | None:
    """A function: (N, 2c, H, W), skip first -> a new tensor in which each of the first c channels is its own mean."""
    cases, given = [], []
    for seed, shape in enumerate(SHAPES):
        x = 3 + 2 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        result = ask(answer, x)
        if not isinstance(result, Tensor):
            return "Give a tensor back, like the one that came in."
        if result.shape != x.shape:
            return (
                f"All channels of {shape} come back, the silenced ones and the others; yours is {tuple(result.shape)}."
            )
        cases.append((x,))
        given.append(numbers(result))
    if all(close(result, silenced(*case)) for case, result in zip(cases, given, strict=True)):
        return None
    known = recognised(QUIET_MISTAKES, cases, given)
    if known:
        return known
    x, result = next((x, result) for (x,), result in zip(cases, given, strict=True) if not close(result, silenced(x)))
    half = x.shape[1] // 2
    where = "the half that comes from below must stay as it is" * (not close(result[:, half:], x[:, half:]))
    return f"{tuple(x.shape)}: {where or 'each of the first channels should hold its own mean, at every pixel'}."


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


PLATEAU_MISTAKES: dict[str, Callable[[Curve, Curve, float], float]] = {
    "You took the best level: one lucky section can make it.": lambda levels, curve, allowance: levels[curve.argmax()],
    "You stopped at the first dip beside the best level. Between the first good level and the last there may be "
    "others that are not good.": _side_by_side,
    "That is the mean of all good levels. The first and the last of them are enough: where the middle is does not "
    "depend on how many lie between.": lambda levels, curve, allowance: levels[_good(curve, allowance)].mean(),
    "That is the good level in the middle of their list. Take the mean of the first and the last.": (
        lambda levels, curve, allowance: np.median(levels[_good(curve, allowance)])
    ),
    "A level whose V-Rand is exactly the allowance below the best is good enough, too: at most.": (
        lambda levels, curve, allowance: _middle(levels, curve, max(allowance - 1e-6, 0))
    ),
    "`allowance` is doubled: it is how far below the best a level may be.": (
        lambda levels, curve, allowance: _middle(levels, curve, 2 * allowance)
    ),
    "`allowance` is halved: it is how far below the best a level may be.": (
        lambda levels, curve, allowance: _middle(levels, curve, allowance / 2)
    ),
    "`allowance` is taken as a share of the best. It is a difference: the best less the allowance.": (
        lambda levels, curve, allowance: _middle(levels, curve, allowance * curve.max())
    ),
    "That is the first good level. Take the mean of the first and the last.": (
        lambda levels, curve, allowance: levels[_good(curve, allowance)][0]
    ),
    "That is the last good level. Take the mean of the first and the last.": (
        lambda levels, curve, allowance: levels[_good(curve, allowance)][-1]
    ),
    "That is half the distance from the first good level to the last. Add the two, and halve.": (
        lambda levels, curve, allowance: np.ptp(levels[_good(curve, allowance)]) / 2
    ),
    "That is the sum of the first good level and the last. Halve it.": (
        lambda levels, curve, allowance: 2 * _middle(levels, curve, allowance)
    ),
    "That is a place in the list. Give the level that stands there.": (
        lambda levels, curve, allowance: _good(curve, allowance)[[0, -1]].mean()
    ),
    "That is the V-Rand there. Give the level.": lambda levels, curve, allowance: curve.max(),
}


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
