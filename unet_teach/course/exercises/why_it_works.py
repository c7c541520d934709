"""Checkers for chapter 11, "Which part earns its place?"; the debugging clinic's stands beside them."""

from typing import Any

import numpy as np
import torch

from unet_teach.course.exercises import NotAnsweredYet, checker
from unet_teach.course.exercises.debugging import clinic

__all__ = ["clinic", "pairs", "plateau", "quiet", "saving"]

A = np.array([[0.78, 0.82, 0.70], [0.80, 0.84, 0.72]])  # (seeds, pairs of sections)
B = np.array([[0.77, 0.80, 0.70], [0.78, 0.83, 0.70]])
LEVELS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
CURVES = (  # V-Rand at each level, the largest that may be given away, and the level in the middle of what is left
    ([0.90, 0.955, 0.945, 0.953, 0.951, 0.80, 0.70], 0.005, 0.35),
    ([0.50, 0.60, 0.97, 0.60, 0.50, 0.40, 0.30], 0.01, 0.3),
    ([0.96, 0.955, 0.90, 0.85, 0.80, 0.70, 0.60], 0.01, 0.15),
)


@checker("Exercise 1", "The scores spread over 0.14, the differences over 0.02: that is what pairing buys.")
def pairs(answer: Any) -> str | None:
    """The mean of the six differences B - A, -0.0133, and in how many B is behind, 5: as a dictionary."""
    wanted = {"mean difference": float((B - A).mean()), "B is behind": int((B < A).sum())}
    if not isinstance(answer, dict) or set(answer) != set(wanted):
        return f"Give a dictionary with the keys {' and '.join(wanted)}."
    if any(value is None or value is ... for value in answer.values()):
        raise NotAnsweredYet
    mean, behind = (float(answer[key]) for key in wanted)
    if abs(mean + wanted["mean difference"]) < 0.0006:
        return "The size is right. B − A is below zero where B is behind."
    if abs(mean - 6 * wanted["mean difference"]) < 0.0006:
        return "That is the sum of the six. The mean is a sixth of it."
    if abs(mean - wanted["mean difference"]) > 0.0006:
        return "Subtract A from B in each of the six places, add up, divide by six: three decimals are enough."
    return (
        None if behind == wanted["B is behind"] else "In how many of the six is B − A below zero? Equal is not behind."
    )


@checker("Exercise 2", "A tenth of all weights, and all of them kernels that would have read what comes across.")
def saving(answer: Any) -> str | None:
    """The weights that the decoder saves where skips are added: 9 · (16² + 32² + 64²) = 48,384."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "Give one number."
    hints = {
        16**2 + 32**2 + 64**2: "Each kernel has 3 x 3 weights.",
        9 * (16 + 32 + 64): "A kernel goes from every channel that is read to every channel that is written.",
        18 * (16**2 + 32**2 + 64**2): "That is what these convolutions hold in the U-Net. How much of it is saved?",
        9 * 64**2: "That is the lowest level. There are three.",
    }
    if answer == 9 * (16**2 + 32**2 + 64**2):
        return None
    return hints.get(int(answer), "On one level: 9 · 2c · c weights before, 9 · c · c afterwards.")


@checker("Exercise 3", "The level still gets numbers of the usual size, and no longer learns where anything is.")
def quiet(answer: Any) -> str | None:
    """A function: (N, 2c, H, W), skip first -> a new tensor in which each of the first c channels is its own mean."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    x = torch.randn(2, 6, 4, 5, generator=torch.Generator().manual_seed(0)) + 3
    before = x.clone()
    given = answer(x)
    if given is None or given is ...:
        raise NotAnsweredYet
    if not isinstance(given, torch.Tensor) or given.shape != x.shape:
        return "The answer is a tensor as large as what came in: the other half of the channels stays."
    if not torch.equal(x, before):
        return "You changed the tensor that came in. Work on a copy: x.clone()."
    if torch.equal(given, before):
        return "Nothing is silenced yet."
    if torch.equal(given[:, :3], before[:, :3]):
        return "That is the half that comes from below. What comes across stands first."
    if not torch.equal(given[:, 3:], before[:, 3:]):
        return "The second half, which comes from below, must stay as it is."
    if not given[:, :3].any():
        return "Zeros are no silence: the level may never have met them. Put each channel's mean there."
    if given[:, :3].std((2, 3)).max() > 1e-4:
        return "A mean over which axes? Every pixel of a channel gets the same number: axes 2 and 3."
    if not torch.allclose(given[:, :3], before[:, :3].mean((2, 3), keepdim=True).expand(-1, -1, 4, 5)):
        return "Each channel of each image has its own mean: do not average over images or channels."
    return None


@checker("Exercise 4", "A choice in the middle of a plateau does not hang on one gap in one membrane.")
def plateau(answer: Any) -> str | None:
    """A function: levels, curve, allowance -> the mean of the first and the last level within the allowance."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for curve, allowance, wanted in CURVES:
        given = answer(LEVELS, np.array(curve), allowance)
        if given is None or given is ...:
            raise NotAnsweredYet
        best = LEVELS[int(np.argmax(curve))]
        if not np.isscalar(given) and np.ndim(given):
            return "Give back one level."
        if abs(float(given) - wanted) > 1e-6:
            if abs(float(given) - best) < 1e-6:
                return f"For {curve} you took the best level, {best:.1f}: one lucky section can make it."
            return f"For {curve} and {allowance}: the middle between the first and the last good level is {wanted:g}."
    return None
