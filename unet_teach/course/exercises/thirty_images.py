"""Checkers for chapter 9, "Thirty images: how can they suffice?"."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import NotAnsweredYet, checker


def _number(answer: Any) -> float | str:
    """Return the answer as a float, or a hint that a number is wanted."""
    try:
        return float(answer)
    except (TypeError, ValueError):
        return "Give one number, such as 0.5."


def _close(number: float, right: float, digits: float = 0.005) -> bool:
    return abs(number - right) <= digits * abs(right)


@checker("Exercise 1", "Precision is 1, for no two cells were joined; recall is 0.625.")
def split_cell(answer: Any) -> str | None:
    """One true region of 12 pixels, predicted as regions of 9 and 3: the Rand F-score, 2 * 0.625 / 1.625."""
    number = _number(answer)
    if isinstance(number, str):
        return number
    if _close(number, 0.625):
        return "That is the sum of p squared, which here is also the recall. F needs it twice above and two sums below."
    if _close(number, 0.75):
        return "That is the larger piece's share. Square the shares first: 0.75² + 0.25²."
    if _close(number, 1):
        return "That would be perfect, but pairs with one pixel in each piece are torn apart. Σt² is 1; Σs² is not."
    if not _close(number, 2 * 0.625 / 1.625):
        return "Shares of the 12 pixels: p and s are 9/12 and 3/12, t is 12/12. Then 2 Σp² / (Σs² + Σt²)."
    return None


@checker("Exercise 2", "Each section is on its own scale, and a brighter one no longer looks like more cell.")
def standardise_each(answer: Callable[[np.ndarray], Any]) -> str | None:
    """A function that takes a stack (N, H, W) and gives each section mean 0 and standard deviation 1."""
    stack = np.random.default_rng(0).normal([[[0.0]], [[100.0]], [[50.0]]], [[[1.0]], [[5.0]], [[20.0]]], (3, 6, 6))
    before = stack.copy()
    result = answer(stack)
    if result is None:
        raise NotAnsweredYet
    if not np.array_equal(stack, before):
        return "Your function changes the stack that it was given. Make a new array."
    result = np.asarray(result, dtype=float)
    if result.shape != stack.shape:
        return f"A stack {stack.shape} should come back in its shape; yours came back as {result.shape}."
    means, spreads = result.mean(axis=(1, 2)), result.std(axis=(1, 2))
    if abs(result.mean()) < 1e-6 and abs(result.std() - 1) < 1e-6 and np.abs(means).max() > 0.01:
        return "The whole stack has mean 0 and standard deviation 1, but its sections do not. Use axis=(1, 2)."
    if np.abs(means).max() > 1e-6:
        return "The sections do not have mean 0. Subtract image.mean() of each section, with keepdims=True for a stack."
    if np.allclose(spreads, 1 / stack.std(axis=(1, 2))):
        return "You divided by the variance. The standard deviation is its square root, .std()."
    if np.abs(spreads - 1).max() > 1e-6:
        return "The means are 0, but the standard deviations are not 1. Divide by image.std() of each section."
    return None


@checker("Exercise 3", "No pixel is repeated at the border: the border is the mirror's own axis.")
def mirrored(answer: Callable[[int, int], Any]) -> str | None:
    """A function (place, size) -> place in 0..size-1, for places up to one size beyond either end of an axis."""
    asked = [-3, -1, 0, 2, 4, 5, 6, 7]
    given = [answer(place, 5) for place in asked]
    if any(place is None for place in given):
        raise NotAnsweredYet
    found = [int(place) for place in given]
    if found == [3, 1, 0, 2, 4, 3, 2, 1]:
        return None
    if found == [2, 0, 0, 2, 4, 4, 3, 2]:
        return "The pixel at the border appears twice: -1 looks at 0. With the mirror on pixel 0, -1 looks at 1."
    if found == [0, 0, 0, 2, 4, 4, 4, 4]:
        return "That repeats the border pixel for ever (np.pad calls it edge). A mirror walks back into the image."
    if found == [2, 4, 0, 2, 4, 0, 1, 2]:
        return "That goes round to the other side, as on a globe. The left of a section does not continue on its right."
    if found[:5] == [3, 1, 0, 2, 4]:
        return f"The left end is right. On the right end of 5 pixels, place 5 looks at 3; yours looks at {found[5]}."
    wrong = next(i for i, (a, b) in enumerate(zip(found, [3, 1, 0, 2, 4, 3, 2, 1], strict=True)) if a != b)
    return f"On an axis of 5 pixels, place {asked[wrong]} gives {found[wrong]}. Draw the axis 0 1 2 3 4 and fold it."


@checker("Exercise 4", "9 x 32 = 288 numbers flow into each output; the 128 outputs do not matter.")
def starting_sd(answer: Any) -> str | None:
    """The standard deviation of the starting weights of a 3x3 convolution from 32 to 128 channels: sqrt(2 / 288)."""
    number = _number(answer)
    if isinstance(number, str):
        return number
    hints = {
        math.sqrt(2 / (9 * 128)): "You counted what flows out. N is what flows into one output: 9 times 32.",
        2 / 288: "That is the variance. The standard deviation is its square root.",
        math.sqrt(1 / 288): "That keeps a signal's size without ReLU. ReLU throws half of it away, hence 2/N.",
        math.sqrt(2 / 32): "Each output reads a window of nine pixels in 32 channels: N is 9 times 32.",
    }
    for wrong, hint in hints.items():
        if _close(number, wrong):
            return hint
    right = _close(number, math.sqrt(2 / 288))
    return None if right else "Count the numbers that flow into one output, N; then sqrt(2/N)."


@checker("Exercise 5", "Seven steps of 16, and the outputs overlap by 4.")
def largest_stride(answer: Any) -> str | None:
    """Tiles of 300 pixels give outputs of 116: the largest stride without gaps that equals the whole is 112."""
    number = _number(answer)
    if isinstance(number, str):
        return number
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


@checker("Exercise 6", "What was done last is undone first.")
def undo(answer: Callable[[np.ndarray, int, bool], Any]) -> str | None:
    """A function (picture, turns, mirrored) that undoes: mirror left and right if asked, then turn by quarters."""
    picture = np.arange(12).reshape(3, 4)

    def turned(turns: int, mirrored: bool) -> np.ndarray:
        return np.rot90(np.fliplr(picture) if mirrored else picture, turns)

    cases = [(turns, mirrored) for mirrored in (False, True) for turns in range(4)]
    results = [answer(turned(*case), *case) for case in cases]
    if all(result is None for result in results):
        raise NotAnsweredYet
    right = [np.array_equal(np.asarray(result), picture) for result in results]
    if all(right):
        return None
    if right == [True, False] * 4:
        return "Half turns come back, quarter turns do not: turn the other way, by -turns."
    if right == [*[True] * 4, True, False, True, False]:
        return "Without the mirror all is well. With it, turn back, then mirror: last done, first undone."
    if all(right[:4]):
        return "Pictures that were not mirrored come back. For the others, mirror once more, after turning back."
    if right[0] and not any(right[1:4]):
        return "The turns are not undone. np.rot90(picture, -turns) turns back."
    wrong = cases[right.index(False)]
    return f"turns={wrong[0]}, mirrored={wrong[1]} does not come back to the picture it was made from."
