"""Checkers for chapter 3's exercises in code: slopes by finite difference, a safe loss, a training loop."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from unet_teach.course.exercises import FUNCTION, Hint, ask, checker, close, generator, numbers, without_effect

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `slopes = np.zeros(len(weights))` -> `slopes = np.ones(len(weights))`": "every place is written",
    "Exercise 5: `np.logaddexp(0, -logit if label == 1 else logit)` -> `np.logaddexp(-logit if label == 1 else "
    "logit, 0)`": "a sum has no order",
    "Exercise 5: `-logit if label == 1 else logit` -> `-logit if label >= 1 else logit`": "a label is 0 or 1",
    "Exercise 6: `F.conv2d(before[None, None], kernel[None, None])[0, 0]` -> "
    "`F.conv2d(before[None, None], kernel[None, None])[0,]`": "one channel more of length 1, and the same mean",
    "Exercise 6: `F.conv2d(before[None, None], kernel[None, None])[0, 0]` -> "
    "`F.conv2d(before[None, None], kernel[None, None])[-1, 0]`": "the first of one is the last",
    "Exercise 6: `F.conv2d(before[None, None], kernel[None, None])[0, 0]` -> "
    "`F.conv2d(before[None, None], kernel[None, None])[0, -1]`": "the first of one is the last",
    "Exercise 6: `result - after` -> `after - result`": "it is squared",
    "Exercise 6: `kernel.detach()` -> `kernel`": "the kernel, with its notes",
}
Loss = Callable[[np.ndarray], float]


@checker("Exercise 2", "Two evaluations a weight: fine for nine of them, hopeless for 31 million.", wants=FUNCTION)
def finite_difference(answer: Any) -> str | None:
    """A function (loss, weights, h) -> for each weight (loss(it + h) - loss(it - h)) / 2h, the others held."""
    draw = generator()

    def bent(weights: np.ndarray) -> float:
        return float((weights**3).sum() + weights[0] * weights[-1])

    def flat(weights: np.ndarray) -> float:
        return float(np.array([2.0, -3.0, 5.0]) @ weights)

    three, five = np.array([1.0, -2.0, 0.5]), draw.normal(size=5)
    cases = [(bent, three, 0.1), (bent, three, 0.25), (bent, three + 1, 0.1), (flat, three, 0.1)]
    cases += [(bent, five, 0.05), (bent, five[:1], 0.2)]
    given = [numbers(ask(answer, *case), case[1].shape) for case in cases]
    wanted = [_slopes(*case) for case in cases]
    if all(map(close, given, wanted)):
        return None
    return (
        _kind_of_slope(*cases[0], given[0])
        or _kind_of_slope(*cases[4], given[4])
        or without_effect(("loss", "weights", "h"), cases, given, wanted)
        or "The slopes are not right. Print weights + move for each weight: exactly one number should change, by h."
    )


def _slopes(loss: Loss, weights: np.ndarray, h: float) -> np.ndarray:
    moves = h * np.eye(len(weights))
    return np.array([loss(weights + move) - loss(weights - move) for move in moves]) / (2 * h)


def _kind_of_slope(loss: Loss, weights: np.ndarray, h: float, slopes: np.ndarray) -> str | None:
    """Recognise how slopes by finite difference went wrong."""
    central = _slopes(loss, weights, h)
    moves = h * np.eye(len(weights))
    up, down = (np.array([loss(weights + way * m) - loss(weights) for m in moves]) / (way * h) for way in (1, -1))
    if not slopes.any():
        return "All slopes are 0: the two losses are the same. `up = weights` makes no copy; weights.copy() does."
    if close(slopes, up) or close(slopes, down):
        return "That looks to one side only. Look at both: loss(w + h) - loss(w - h), divided by 2h."
    kinds = {
        "Half of a look to one side. Is the second loss taken at w - h? Start it from weights.copy() again.": up / 2,
        "Twice too large: from w - h to w + h it is 2h, not h.": 2 * central,
        "Divide by the whole of 2 * h: in Python, x / 2 * h is half of x, times h. Brackets help.": h**2 * central,
        "You took the difference of the two losses. Divide it by 2 * h.": 2 * h * central,
        "The sign is turned: loss(w + h) minus loss(w - h), in this order.": -central,
    }
    for hint, kind in kinds.items():
        if close(slopes, kind):
            return hint
    if np.allclose(slopes, slopes[0]):
        return "All slopes are equal: you moved all weights together. Move one, hold the others."
    return None


@checker(
    "Exercise 5",
    "It stays a number at any logit, which is why the losses of this course take logits.",
    wants=FUNCTION,
)
def pixel_loss(answer: Any) -> str | None:
    """A function (logit, label) -> the cross-entropy of one pixel, also for logits of plus or minus 1000."""
    usual = [*(0.0, 2.0, -3.0), *generator().normal(scale=3, size=4).tolist()]
    cases = [(logit, label) for logit in (*usual, 40.0, -40.0, 1000.0, -1000.0) for label in (1, 0)]
    with np.errstate(all="ignore"):
        found = np.array([_of_one_pixel(answer, *case) for case in cases])
    logits, labels = np.transpose(cases)
    wanted = np.logaddexp(0, logits) - labels * logits
    right = np.isclose(found, wanted, rtol=1e-4, atol=1e-6)
    if right.all():
        return None
    few = slice(0, 2 * len(usual))  # the small logits, where the naive formula works
    ignored = without_effect(("logit", "label"), cases[few], found[few].tolist(), wanted[few].tolist())
    if ignored:
        return ignored
    if close(found[few], -wanted[few]):
        return "The sign is missing: log of a probability is negative, and the loss is minus that."
    if close(found[few], wanted[few] / np.log(2)):
        return "That is the logarithm to base 2. Use the natural one, np.log."
    if close(found[few], (np.logaddexp(0, logits) - (1 - labels) * logits)[few]):
        return "The labels are swapped: label 1 pays -log(p), label 0 pays -log(1 - p)."
    first = int(np.argmin(right))
    where = f"At logit {logits[first]:.4g} with label {labels[first]:g}"
    if first < len(found[few]):
        return f"{where} it gives {found[first]:.4f}; -log of the probability of the true class is {wanted[first]:.4f}."
    return f"{where} it gives {found[first]:g}, not {wanted[first]:g}. Use np.logaddexp(0, logit), which is safe."


def _of_one_pixel(answer: Callable[..., Any], logit: float, label: int) -> float:
    """Ask for one loss; infinite where a large logit stops `math.exp` or `math.log`, as it is in numpy."""
    try:
        loss = ask(answer, logit, label)
    except (OverflowError, ValueError):
        if abs(logit) < 40:
            raise
        return math.inf
    if np.shape(loss) != () or isinstance(loss, str):
        raise Hint("Give one number.")
    return float(loss)


FAULTS = {  # what each kind of `_descend` is told
    "still": "After one step the kernel is still all 0. Is the new weight stored?",
    "uphill": "The loss grows: subtract rate * slope, do not add it.",
    "adds up": "The slopes of all steps add up. PyTorch adds to .grad until you set it to None.",
    "sum": "The slope is that of the sum over the pixels. The loss is the mean of the squared errors.",
    "half": "Each step is half as long as it should be: the slope of a square is *twice* the error times the input.",
    "ones": "It starts from a kernel of ones. Start from zeros.",
    "fewer": "One step is missing: `steps` of them, and the last one counts.",
    "more": "That is one step too many.",
    "turned": "The slope is turned by half a circle: slide the error map over the image as it is, without a flip.",
}


def _descend(before: Tensor, after: Tensor, rate: float, steps: int, kind: str = "right") -> Tensor:
    """Train a 3x3 kernel by hand from zeros, rightly or with one named fault."""
    kernel = torch.full((3, 3), float(kind == "ones"), dtype=before.dtype)
    total = torch.zeros_like(kernel)
    for _ in range(steps * (kind != "still") + {"fewer": -1, "more": 1}.get(kind, 0)):
        error = functional.conv2d(before[None, None], kernel[None, None])[0, 0] - after  # (H - 2, W - 2)
        slope = 2 * functional.conv2d(before[None, None], error[None, None])[0, 0]  # (3, 3)
        slope = slope if kind == "sum" else slope / error.numel()
        total = total + slope
        step = {"uphill": -slope, "adds up": total, "half": slope / 2, "turned": slope.flip(0, 1)}.get(kind, slope)
        kernel = kernel - rate * step
    return kernel


@checker(
    "Exercise 6", "Forward, loss, slope, step: every network of this course is trained by these lines.", wants=FUNCTION
)
def learn_kernel(answer: Any) -> str | None:
    """A function (before, after, rate, steps) -> the 3x3 kernel that gradient descent finds from zeros."""
    draw = generator()
    cases = []
    for shape, dtype in (((14, 12), torch.float64), ((6, 9), torch.float32)):
        before, secret = (torch.from_numpy(draw.normal(size=size)).to(dtype) for size in (shape, (3, 3)))
        after = functional.conv2d(before[None, None], secret[None, None])[0, 0]
        cases += [(before, after, *way) for way in ((0.1, 1), (0.1, 3), (0.03, 3), (0.1, 40), (0.1, 0))]
    given = [numbers(ask(answer, *case), (3, 3)) for case in cases[:3]]
    for fault, hint in FAULTS.items():  # before a wrong step is taken 40 times, and leaves the range of numbers
        if all(close(kernel, _descend(*case, fault)) for kernel, case in zip(given, cases[:3], strict=True)):
            return hint
    given += [numbers(ask(answer, *case), (3, 3)) for case in cases[3:]]
    wanted = [_descend(*case).numpy() for case in cases]
    if all(map(close, given, wanted)):
        return None
    if given[4].any():
        return "After no step at all the kernel should be zeros: start from them, and do exactly `steps` steps."
    ignored = without_effect(("before", "after", "rate", "steps"), cases, given, wanted)
    if ignored:
        return ignored
    wrong = next(number for number in range(len(cases)) if not close(given[number], wanted[number]))
    rate, steps = cases[wrong][2:]
    return f"With a rate of {rate} and {steps} steps it is not where gradient descent on the mean squared error ends."
