"""The checker of chapter 9's exercise 2: each section of a stack is standardised by itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, recognised

STACK_MISTAKES: Mistakes = (
    (
        lambda x: _scaled(x, (0, 1, 2)),
        "The whole stack has mean 0 and standard deviation 1, but its sections do not. Use axis=(1, 2).",
    ),
    (
        lambda x: _scaled(x, 0),
        "Each place was standardised over all sections. Use axis=(1, 2): over the pixels of each section.",
    ),
    (
        lambda x: _scaled(x, 1),
        "Each column of a section was standardised by itself. One mean for the whole section: axis=(1, 2).",
    ),
    (
        lambda x: _scaled(x, 2),
        "Each row of a section was standardised by itself. One mean for the whole section: axis=(1, 2).",
    ),
    (
        lambda x: -_scaled(x, (1, 2)),
        "The signs are turned around: what was bright is dark. Subtract the mean from the section.",
    ),
    (
        lambda x: (x - x.mean((1, 2), keepdims=True)) / x.var((1, 2), keepdims=True),
        "You divided by the variance. The standard deviation is its square root, .std().",
    ),
    (
        lambda x: x - x.mean((1, 2), keepdims=True),
        "The means are 0, but the standard deviations are not 1. Divide by image.std() of each section.",
    ),
    (
        lambda x: x / x.std((1, 2), keepdims=True),
        "The sections do not have mean 0. Subtract image.mean() of each section, with keepdims=True for a stack.",
    ),
    (
        lambda x: (x - x.mean()) / x.std((1, 2), keepdims=True),
        "One mean for the whole stack. Each section has its own: axis=(1, 2).",
    ),
    (
        lambda x: (x - x.mean((1, 2), keepdims=True)) / x.std(),
        "One standard deviation for the whole stack. Each section has its own: axis=(1, 2).",
    ),
    (
        lambda x: x / x.std((1, 2), keepdims=True) - x.mean((1, 2), keepdims=True),
        "The mean is taken away after the division; it belongs before it, in brackets.",
    ),
    (
        lambda x: x - x.mean((1, 2), keepdims=True) / x.std((1, 2), keepdims=True),
        "Brackets are missing: first the mean is subtracted, then all of it divided.",
    ),
    (
        lambda x: (x - x.min((1, 2), keepdims=True)) / np.ptp(x, (1, 2), keepdims=True),
        "That stretches each section from 0 to 1. Asked for are mean 0 and standard deviation 1.",
    ),
    (
        lambda x: (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True, ddof=1),
        "Divide by the number of pixels inside the root, as np.std does, and not by one less (ddof=1).",
    ),
)


def _scaled(x: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # a stack of one section has no spread over sections
        scaled: np.ndarray = (x - x.mean(axis, keepdims=True)) / x.std(axis, keepdims=True)
    return scaled


@checker(
    "Exercise 2", "Each section is on its own scale, and a brighter one no longer looks like more cell.", wants=FUNCTION
)
def standardise_each(answer: Callable[[np.ndarray], Any]) -> str | None:
    """A function that takes a stack (N, H, W) and gives each section mean 0 and standard deviation 1."""
    draw = generator()
    stacks: list[np.ndarray] = [
        draw.gamma(2, [[[1.0]], [[5.0]], [[20.0]]], (3, 6, 7)) - [[[0]], [[-100]], [[50]]],
        draw.integers(0, 256, (2, 5, 9)).astype(np.uint8),
        draw.normal(3, 0.1, (1, 8, 4)),
    ]
    for stack in stacks:
        given = numbers(ask(answer, stack))
        as_floats = stack.astype(float)
        if given.shape != stack.shape:
            return f"A stack {stack.shape} should come back in its shape; yours came back as {given.shape}."
        if close(given, _scaled(as_floats, (1, 2))):
            continue
        known = recognised(STACK_MISTAKES, [(as_floats,)], [given])
        means, spreads = given.mean((1, 2)).round(2).tolist(), given.std((1, 2)).round(2).tolist()
        return known or (
            f"A stack {stack.shape}, {stack.dtype}: the sections come back with means {means} and standard deviations "
            f"{spreads}. All that may change is where 0 is and how large 1 is, section by section."
        )
    return None
