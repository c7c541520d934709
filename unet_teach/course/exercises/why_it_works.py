"""Checkers for chapter 11, "Which part earns its place?"; the functions' stand beside them."""

import math
from typing import Any

import numpy as np

from unet_teach.course.exercises import NotAnsweredYet, checker, numbers
from unet_teach.course.exercises.why_it_works_plateau import plateau
from unet_teach.course.exercises.why_it_works_skip import quiet

__all__ = ["pairs", "plateau", "quiet", "saving"]

A = np.array([[0.78, 0.82, 0.70], [0.80, 0.84, 0.72]])  # (seeds, pairs of sections)
B = np.array([[0.77, 0.80, 0.70], [0.78, 0.83, 0.70]])
SAVED = 9 * (16**2 + 32**2 + 64**2)


@checker("Exercise 1", "The scores spread over 0.14, the differences over 0.02: that is what pairing buys.")
def pairs(answer: Any) -> str | None:
    """The mean of the six differences B - A, -0.0133, and in how many B is behind, 5: as a dictionary."""
    wanted = {"mean difference": float((B - A).mean()), "B is behind": int((B < A).sum())}
    if not isinstance(answer, dict) or set(answer) != set(wanted):
        return f"Give a dictionary with the keys {' and '.join(wanted)}."
    still = [name for name, value in answer.items() if value is None or value is ...]
    if still:
        raise NotAnsweredYet("" if len(still) == len(wanted) else f"Still without a number: {still[0]}.")
    mean, behind = (float(numbers(answer[name], ())) for name in wanted)
    right = wanted["mean difference"]
    hints = {
        -right: "The size is right. B − A is below zero where B is behind.",
        6 * right: "That is the sum of the six. The mean is a sixth of it.",
        100 * right: "Not in percent, please: the scores are given as shares of 1.",
        6 / 5 * right: "That is a fifth of the sum. The pair without a difference counts among the six.",
        float(np.median(B - A)): "That is the median. The mean is the sum divided by six.",
        float(B.mean()): "That is B's own mean. Subtract A from B, pair by pair.",
    }
    if abs(mean - right) > 0.0006:
        near = (hint for value, hint in hints.items() if math.isclose(mean, value, rel_tol=0.005, abs_tol=0.0006))
        return next(
            near, "Subtract A from B in each of the six places, add up, divide by six: three decimals are enough."
        )
    if behind == wanted["B is behind"]:
        return None
    counted = {6: "Equal is not behind: look at pair 3, seed 0.", 1: "That is how many are equal."}
    return counted.get(int(behind), "In how many of the six is B − A below zero?")


@checker("Exercise 2", "A tenth of all weights, and all of them kernels that would have read what comes across.")
def saving(answer: Any) -> str | None:
    """The weights that the decoder saves where skips are added: 9 · (16² + 32² + 64²) = 48,384."""
    number = float(numbers(answer, ()))
    hints = {
        SAVED / 9: "Each kernel has 3 x 3 weights.",
        SAVED / 3: "A kernel of 3x3 has nine weights, not three.",
        9 * (16 + 32 + 64): "A kernel goes from every channel that is read to every channel that is written.",
        9 * (16 + 32 + 64) ** 2: "Square each level's channels first, then add the levels up.",
        2 * SAVED: "That is what these convolutions hold in the U-Net. How much of it is saved?",
        4 * SAVED: "With c = 16 the convolution reads 32 channels and writes 16. You took twice the channels.",
        SAVED + 16 + 32 + 64: "The biases stay: one for each channel that is written.",
        9 * 64**2: "That is the lowest level. There are three.",
        9 * 16**2: "That is the top level. There are three.",
        9 * (32**2 + 64**2): "A level is missing: c = 16, 32 and 64.",
        -SAVED: "Smaller by so many: give the number without a sign.",
    }
    return (
        None if number == SAVED else hints.get(number, "On one level: 9 · 2c · c weights before, 9 · c · c afterwards.")
    )
