"""Checkers for chapter 3's exercises in code: slopes by finite difference, a safe loss, a training loop."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from unet_teach.course.exercises import NotAnsweredYet, checker


@checker("Exercise 2", "Two evaluations a weight: fine for nine of them, hopeless for 31 million.")
def finite_difference(answer: Any) -> str | None:
    """A function (loss, weights, h) -> for each weight (loss(it + h) - loss(it - h)) / 2h, the others held."""
    if not callable(answer):
        return "Give the function itself, without brackets."

    def loss(weights: np.ndarray) -> float:
        return float((weights**3).sum() + weights[0] * weights[1])

    h, start = 0.1, np.array([1.0, -2.0, 0.5])
    given_weights = start.copy()
    result = answer(loss, given_weights, h)
    if result is None or result is ...:
        raise NotAnsweredYet
    if not np.array_equal(given_weights, start):
        return "Your function leaves the weights changed that it was given. Work on weights.copy()."
    slopes = np.asarray(result, dtype=float)
    if slopes.shape != (3,):
        return f"One slope for each of the three weights is wanted, shape (3,); yours has {slopes.shape}."
    moves = h * np.eye(3)
    forward = np.array([loss(start + move) - loss(start) for move in moves]) / h
    central = np.array([loss(start + move) - loss(start - move) for move in moves]) / (2 * h)
    if np.allclose(slopes, central):
        return None
    if np.allclose(slopes, forward):
        return "That looks to one side only. Look at both: loss(w + h) - loss(w - h), divided by 2h."
    if np.allclose(slopes, 2 * central):
        return "Twice too large: from w - h to w + h it is 2h, not h."
    if np.allclose(slopes, -central):
        return "The sign is turned: loss(w + h) minus loss(w - h), in this order."
    if np.allclose(slopes, slopes[0]):
        return "All slopes are equal: you moved all weights together. Move one, hold the others."
    return "Not yet. Print weights + move for each weight: exactly one number should change, by h."


@checker("Exercise 5", "It stays a number at any logit, which is why the losses of this course take logits.")
def pixel_loss(answer: Any) -> str | None:
    """A function (logit, label) -> the cross-entropy of one pixel, also for logits of plus or minus 1000."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    results = {}
    with np.errstate(all="ignore"):
        for logit, label in [(0.0, 1), (2.0, 1), (2.0, 0), (-3.0, 1), (1000.0, 1), (1000.0, 0), (-1000.0, 1)]:
            result = answer(logit, label)
            if result is None or result is ...:
                raise NotAnsweredYet
            results[logit, label] = float(result)
    right = {case: float(np.logaddexp(0, case[0]) - case[1] * case[0]) for case in results}
    small = [case for case in results if abs(case[0]) < 100]
    found, wanted = np.array([results[case] for case in small]), np.array([right[case] for case in small])
    swapped = np.array([right[logit, label] + (2 * label - 1) * logit for logit, label in small])
    if np.allclose(found, -wanted):
        return "The sign is missing: log of a probability is negative, and the loss is minus that."
    if np.allclose(found, wanted / np.log(2)):
        return "That is the logarithm to base 2. Use the natural one, np.log."
    if np.allclose(found, swapped):
        return "The labels are swapped: label 1 pays -log(p), label 0 pays -log(1 - p)."
    for case, value in results.items():
        if not np.isclose(value, right[case], atol=1e-6):
            where = f"At logit {case[0]:g} with label {case[1]}"
            if case not in small:
                return f"{where} it gives {value:g}, not {right[case]:g}. Use np.logaddexp(0, logit), which is safe."
            return f"{where} it gives {value:.4f}; -log of the probability of the true class is {right[case]:.4f}."
    return None


def _descend(before: Tensor, after: Tensor, rate: float, steps: int, kind: str = "right") -> Tensor:
    """Train a 3x3 kernel by hand from zeros, rightly or with one named fault."""
    kernel, total = torch.zeros(3, 3, dtype=before.dtype), torch.zeros(3, 3, dtype=before.dtype)
    for _ in range(steps):
        error = functional.conv2d(before[None, None], kernel[None, None])[0, 0] - after  # (H - 2, W - 2)
        slope = 2 * functional.conv2d(before[None, None], error[None, None])[0, 0]  # (3, 3)
        slope = slope if kind == "sum" else slope / error.numel()
        total = total + slope
        kernel = kernel - rate * {"uphill": -slope, "adds up": total}.get(kind, slope)
    return kernel


@checker("Exercise 6", "Forward, loss, slope, step: every network of this course is trained by these lines.")
def learn_kernel(answer: Any) -> str | None:
    """A function (before, after, rate, steps) -> the 3x3 kernel that gradient descent finds from zeros."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    generator = torch.Generator().manual_seed(0)
    before = torch.randn(14, 12, generator=generator, dtype=torch.float64)
    secret = torch.randn(3, 3, generator=generator, dtype=torch.float64)
    after = functional.conv2d(before[None, None], secret[None, None])[0, 0]
    faults = {
        "uphill": "The loss grows: subtract rate * slope, do not add it.",
        "adds up": "The slopes of all steps add up. PyTorch adds to .grad until you set it to None.",
        "sum": "The slope is that of the sum over the pixels. The loss is the mean of the squared errors.",
    }
    for steps in (1, 3, 40):
        result = answer(before.clone(), after.clone(), 0.1, steps)
        if result is None or result is ...:
            raise NotAnsweredYet
        kernel = torch.as_tensor(result).detach().double()
        if kernel.shape != (3, 3):
            return f"Return the kernel, shape (3, 3); yours is {tuple(kernel.shape)}."
        if steps == 1 and not kernel.any():
            return "After one step the kernel is still all 0. Is the new weight stored?"
        if steps > 1:  # after a single step, "adds up" is still right
            for kind, hint in faults.items():
                if torch.allclose(kernel, _descend(before, after, 0.1, steps, kind), rtol=1e-4):
                    return hint
        if not torch.allclose(kernel, _descend(before, after, 0.1, steps), rtol=1e-4, atol=1e-6) and steps > 1:
            return (
                f"After {steps} steps it is not where gradient descent from zeros on the mean squared error would be."
            )
    return None
