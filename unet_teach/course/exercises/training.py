"""Checkers for chapter 3, "How can a filter find itself?": pencil work here, code in `training_code`."""

from typing import Any

import numpy as np

from unet_teach.course.exercises import checker, numbers
from unet_teach.course.exercises.training_code import (
    finite_difference,
    learn_kernel,
    pixel_loss,
)

__all__ = ["finite_difference", "kernel_slope", "largest_rates", "learn_kernel", "one_step", "pixel_loss"]


@checker("Exercise 1", "The slope is positive, so the weight went down.")
def one_step(answer: Any) -> str | None:
    """Slope and new weight for x = [2, 1], y = [2, 3], w = 2 and a rate of 0.1: (3, 1.7)."""
    pair = numbers(answer, (2,))
    slope, weight = pair
    hints = {
        6.0: "That is the sum over the two pixels. The loss is their mean, so divide by 2.",
        1.5: "The 2 is missing that comes down from the square: mean of 2 * error * x.",
        -3.0: "The sign is turned. The error is prediction minus target: 4 - 2 and 2 - 3.",
        1.0: "That is the mean of 2 * error. Each error is multiplied by its own x, too.",
        2.5: "That is the loss itself, the mean of the squared errors. Its slope is wanted first.",
    }
    if np.allclose(pair, (1.7, 3)):
        return "Both are right; the slope comes first, then the new weight."
    for wrong, hint in hints.items():
        if np.isclose(slope, wrong):
            return hint
    if not np.isclose(slope, 3):
        return "Predictions 4 and 2, errors 2 and -1. Then 2 * error * x for each pixel, and their mean."
    if np.isclose(weight, 2.3):
        return "The slope is right, but that step goes uphill: subtract rate * slope."
    if np.isclose(weight, -1):
        return "The slope is right, but the step is a whole slope long: multiply it by the rate of 0.1."
    if not np.isclose(weight, 1.7):
        return "The slope is right. The new weight is 2 minus rate times slope."
    return None


@checker("Exercise 3", "The steepest direction sets the limit for all the others.")
def largest_rates(answer: Any) -> str | None:
    """The largest stable rates for 3 (w - 1)^2 and for u^2 + 10 v^2: (1/3, 1/10)."""
    rates = numbers(answer, (2,))
    first, second = rates
    if np.isclose(first, 1 / 6, atol=0.002):
        return "First: 1 / curvature jumps straight into the minimum. Stable is everything up to twice that."
    if np.isclose(first, 2 / 3, atol=0.005):
        return "First: 3 is not the curvature. The slope is 6 (w - 1), and the curvature is the slope's slope."
    if not np.isclose(first, 1 / 3, atol=0.005):
        return "First: differentiate 3 (w - 1)^2 twice, then divide 2 by what you got."
    if np.isclose(second, 1):
        return "Second: that is the limit of the flat direction, u. Along v such a step would explode."
    if np.isclose(second, 0.2):
        return "Second: the right direction, but 10 v^2 has the curvature 20."
    if np.isclose(second, 0.05):
        return "Second: that rate is the best for v alone. It is half of the largest stable one."
    if not np.isclose(second, 0.1):
        return "Second: two curvatures, 2 along u and 20 along v. The larger one decides."
    return None


@checker("Exercise 4", "Slide the error map over the image: four places, four slopes.")
def kernel_slope(answer: Any) -> str | None:
    """The slope of a 2x2 kernel from a 3x3 image and the 2x2 error map: their cross-correlation."""
    given = numbers(answer, (2, 2))
    image, error = np.array([[1, 0, 2], [0, 3, 1], [2, 1, 0]]), np.array([[1, -1], [0, 2]])

    def slide(kernel: np.ndarray) -> np.ndarray:
        return np.array([[(image[r : r + 2, c : c + 2] * kernel).sum() for c in range(2)] for r in range(2)])

    right = slide(error)
    if np.allclose(given, right):
        return None
    if np.allclose(given, slide(error[::-1, ::-1])):
        return "That is the error map turned by half a circle. For the kernel's slope it is not flipped."
    if np.allclose(given, -right):
        return "All signs are turned. The error map as given is result minus target already."
    if np.allclose(given, right.T):
        return "Rows and columns are exchanged: right is the second column, below is the second row."
    wrong = int((~np.isclose(given, right)).sum())
    return f"{wrong} of 4 are not right. Upper left: 1 * 1 + 0 * (-1) + 0 * 0 + 3 * 2."
