"""Checkers for chapter 9, "Thirty images: how can they suffice?": numbers here, functions beside them."""

import math
from typing import Any

from unet_teach.course.exercises import checker, numbers
from unet_teach.course.exercises.thirty_images_code import standardise_each
from unet_teach.course.exercises.thirty_images_turned import undo

__all__ = ["largest_stride", "split_cell", "standardise_each", "starting_sd", "undo"]


def _first_hint(number: float, hints: dict[float, str]) -> str | None:
    """Return the hint of the first value that a number is, to half a percent."""
    return next((hint for value, hint in hints.items() if math.isclose(number, value, rel_tol=0.005)), None)


@checker("Exercise 1", "Precision is 1, for no two cells were joined; recall is 0.625.")
def split_cell(answer: Any) -> str | None:
    """One true region of 12 pixels, predicted as regions of 9 and 3: the Rand F-score, 2 * 0.625 / 1.625."""
    number = float(numbers(answer, ()))
    hints = {
        0.625: "That is the sum of p squared, here also the recall. F needs it twice above and two sums below.",
        0.75: "That is the larger piece's share. Square the shares first: 0.75² + 0.25².",
        1: "That would be perfect, but pairs with one pixel in each piece are torn apart. Σt² is 1; Σs² is not.",
        0.625 / 1.625: "F has the sum of p squared twice above the line.",
        1.625 / 2: "That is the plain mean of precision and recall. F divides what both share by the sum of both.",
        18 / 21: "That is the Dice of the larger piece. Count pairs of pixels: square the shares.",
        2
        * 39
        / (39 + 66): "Those are pairs of two different pixels. Here the same pixel may come twice: square the shares.",
        2 / 3: "That is the score of the gap above. Here no cells are joined: one is torn.",
    }
    if math.isclose(number, 2 * 0.625 / 1.625, rel_tol=0.005):
        return None
    general = "Shares of the 12 pixels: p and s are 9/12 and 3/12, t is 12/12. Then 2 Σp² / (Σs² + Σt²)."
    return _first_hint(number, hints) or general


@checker("Exercise 3", "9 x 32 = 288 numbers flow into each output; the 128 outputs do not matter.")
def starting_sd(answer: Any) -> str | None:
    """The standard deviation of the starting weights of a 3x3 convolution from 32 to 128 channels: sqrt(2 / 288)."""
    number, right = float(numbers(answer, ())), math.sqrt(2 / 288)
    hints = {
        math.sqrt(2 / (9 * 128)): "You counted what flows out. N is what flows into one output: 9 times 32.",
        2 / 288: "That is the variance. The standard deviation is its square root.",
        288.0: "That is N. The variance is 2/N, and the standard deviation its square root.",
        math.sqrt(2) / 288: "All of 2/N stands under the root, N too.",
        2 / math.sqrt(288): "All of 2/N stands under the root, the 2 as well.",
        math.sqrt(1 / 288): "That keeps a signal's size without ReLU. ReLU throws half of it away, hence 2/N.",
        math.sqrt(1 / (3 * 288)): "That is torch's default, 1/(3N). He's rule is 2/N.",
        math.sqrt(
            2 / (9 * 160)
        ): "That is Glorot's rule, which counts what flows in and out. He's counts what flows in.",
        math.sqrt(2 / 32): "Each output reads a window of nine pixels in 32 channels: N is 9 times 32.",
        math.sqrt(2 / 96): "A 3 x 3 kernel has nine pixels, not three: N is 9 times 32.",
        math.sqrt(2 / 9): "Each output reads its nine pixels in 32 channels: N is 9 times 32.",
        math.sqrt(2 / (9 * 32 * 128)): "That counts all weights. N is what flows into one output: 9 times 32.",
        -right: "A standard deviation is never below 0.",
        100 * right: "Not in percent, please.",
    }
    if math.isclose(number, right, rel_tol=0.005):
        return None
    if math.isclose(number, right, rel_tol=0.1):
        return "Near, but rounded too far for a check: give three digits that count, such as 0.0123."
    return _first_hint(number, hints) or "Count the numbers that flow into one output, N; then sqrt(2/N)."


@checker("Exercise 4", "Seven steps of 16, and the outputs overlap by 4.")
def largest_stride(answer: Any) -> str | None:
    """Tiles of 300 pixels give outputs of 116: the largest stride without gaps that equals the whole is 112."""
    number = float(numbers(answer, ()))
    if number == 112:
        return None
    if number > 116:
        return "Outputs of 116 pixels at that stride would leave gaps between them."
    if number == 116:
        return "There would be no gap, but 116 is not a multiple of 16: each tile would see the image on another grid."
    if number <= 0:
        return "A stride is a positive number of pixels."
    if number % 16:
        return "Four poolings put the network on a grid of 16 pixels. Take a multiple of 16."
    return f"{number:g} is right but wasteful. A larger multiple of 16 still leaves no gap."
