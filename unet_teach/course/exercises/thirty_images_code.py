"""Checkers for what chapter 9 asks to write: standardise a stack (2), fold at a mirror (3), undo a symmetry (6)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, recognised

SIZES = (5, 4, 7, 2)

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


FOLD_MISTAKES: Mistakes = (
    (
        lambda place, size: min(place % (2 * size), 2 * size - 1 - place % (2 * size)),
        "The pixel at the border appears twice: -1 looks at 0. With the mirror on pixel 0, -1 looks at 1.",
    ),
    (
        lambda place, size: min(max(place, 0), size - 1),
        "That repeats the border pixel for ever (np.pad calls it edge). A mirror walks back into the image.",
    ),
    (
        lambda place, size: place % size,
        "That goes round to the other side, as on a globe. The left of a section does not continue on its right.",
    ),
    (
        lambda place, size: abs(place),
        "Places below 0 are right, but nothing is folded at the other end: of 5 pixels, place 5 looks at 3.",
    ),
    (
        lambda place, size: size - 1 - abs(size - 1 - place),
        "Places above the end are right, but nothing is folded at the other end: place -1 looks at 1.",
    ),
    (
        lambda place, size: -place if place < 0 else min(place, 2 * (size - 1) - place),
        "One fold is right, but not always enough: of 5 pixels, place 9 comes back to -1, and that is folded again.",
    ),
    (
        lambda place, size: -place if place < 0 else min(place, 2 * size - place),
        "The far end is off by one: the last pixel is size - 1, and the mirror stands on it.",
    ),
    (
        lambda place, size: _folded(place, 5),
        "`size` has no effect yet: the far mirror stands at the end of an axis of 5 pixels, however long it is.",
    ),
)


@checker("Exercise 3", "No pixel is repeated at the border: the border is the mirror's own axis.", wants=FUNCTION)
def mirrored(answer: Callable[[int, int], Any]) -> str | None:
    """A function (place, size) -> place in 0..size-1, for places up to one size beyond either end of an axis."""
    cases = [(place, size) for size in SIZES for place in range(-size, 2 * size)]
    found = {case: float(numbers(ask(answer, *case), ())) for case in cases}
    wanted = {(place, size): _folded(place, size) for place, size in cases}
    if found == wanted:
        return None
    near = [case for case in cases if -case[1] < case[0] < 2 * case[1] - 1]  # where one fold is enough
    known = recognised(FOLD_MISTAKES, near, [found[case] for case in near])
    place, size = next(case for case in near + cases if found[case] != wanted[case])
    return known or f"On an axis of {size} pixels, place {place} gives {found[place, size]:g}. Draw it, and fold it."


def _folded(place: int, size: int) -> int:
    there_and_back = 2 * (size - 1)
    return min(place % there_and_back, -place % there_and_back)


EQUIVALENT = {
    "Exercise 3: `min(place, there_and_back - place)` -> `min(there_and_back - place, place)`": "min knows no order",
}
