"""The checker for chapter 20's sum: how much room the answers of a network take."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.judging import Mistakes, judge


def _gigabytes(size: Sequence[float], spacing: float, classes: int) -> float:
    return float(np.prod([round(mm / spacing) for mm in size]) * classes * 4 / 1e9)


MEMORY_MISTAKES: Mistakes = (
    (lambda size, spacing, classes: _gigabytes(size, spacing, classes) / 4, "A float32 takes four bytes."),
    (lambda size, spacing, classes: _gigabytes(size, spacing, classes) * 2, "A float32 takes four bytes, not eight."),
    (lambda size, spacing, classes: _gigabytes(size, spacing, 1), "Each class has a number in every voxel."),
    (
        lambda size, spacing, classes: _gigabytes(size, 1, classes),
        "Yours does not change with the spacing: voxels along an axis are mm divided by spacing.",
    ),
    (
        lambda size, spacing, classes: float(np.prod(size) / spacing * classes * 4 / 1e9),
        "The spacing divides every one of the three axes.",
    ),
    (
        lambda size, spacing, classes: float(np.prod(np.array(size) * spacing) * classes * 4 / 1e9),
        "Divide by the spacing: finer voxels are more voxels.",
    ),
    (
        lambda size, spacing, classes: float(np.prod(np.array(size) / spacing) * classes * 4 / 1e9),
        "Your numbers of voxels are not rounded: there is no third of a voxel.",
    ),
    (
        lambda size, spacing, classes: float(np.prod(np.array(size) // spacing) * classes * 4 / 1e9),
        "Yours are rounded down. Round to the nearest number of voxels.",
    ),
    (lambda size, spacing, classes: _gigabytes(size, spacing, classes) * 1e9, "These are bytes: divide by 1e9."),
    (lambda size, spacing, classes: _gigabytes(size, spacing, classes) * 1e3, "These are megabytes: divide by 1e9."),
    (
        lambda size, spacing, classes: _gigabytes(size, spacing, classes) * 1e9 / 2**30,
        "These are gibibytes. A gigabyte is 1e9 bytes.",
    ),
    (lambda size, spacing, classes: _gigabytes(size, spacing, classes + 1), "The background is among the classes."),
)


@checker("Exercise 2", "One network for 118 classes would need a whole graphics card for the answers alone.", FUNCTION)
def answer_gigabytes(answer: Callable[..., Any]) -> str | None:
    """A function (mm of the scan along three axes, spacing, classes) -> gigabytes of a network's float32 answers."""
    cases: list[tuple[Any, float, int]] = [
        ((300, 240, 600), 3, 4),
        ((300, 240, 600), 1.5, 4),
        ((300, 240, 600), 3, 25),
        ((450, 240, 600), 3, 4),
        ((500, 400, 900), 2, 118),
        ((500, 400, 899), 1.5, 118),
    ]

    def otherwise(given: Any, wanted: Any, size: Any, spacing: float, classes: int) -> str:
        voxels = " x ".join(str(round(mm / spacing)) for mm in size)
        return f"{size} mm at {spacing} mm are {voxels} voxels, times {classes} numbers of 4 bytes: {wanted:.3f} GB."

    return judge(answer, _gigabytes, cases, MEMORY_MISTAKES, otherwise, ("size", "spacing", "classes"))
