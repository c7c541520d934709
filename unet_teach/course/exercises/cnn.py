"""Checkers for chapter 4, "What do layers add?"; that of batch normalisation stands in `normalisation`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator, numbers
from unet_teach.course.exercises.judging import judge
from unet_teach.course.exercises.normalisation import batch_norm

__all__ = ["batch_norm", "collapse", "parameters", "receptive_field"]

EQUIVALENT = {"Exercise 3: `field, step = (1, 1)` -> `step, field = (1, 1)`": "both begin at 1"}
Kernel = NDArray[np.float64]
Layers = list[tuple[int, int]]  # kernel and stride of each


@checker("Exercise 1", "Nowhere does the size of the image come in: the same kernels are used at every place.")
def parameters(answer: Any) -> str | None:
    """The parameters of a convolution from 8 channels to 16 with kernels of 4 x 4: 16 * (8 * 16 + 1)."""
    hints: dict[float, str] = {
        16 * 8 * 16: "The biases are missing: one for each of the 16 filters.",
        16 * (16 + 1): "A filter looks at all 8 channels, and has a kernel of 4 x 4 for each of them.",
        8 * (8 * 16 + 1): "There are as many filters as channels that come out, 16.",
        8 * (16 * 16 + 1): "There is a bias for each filter, 16 in all, not for each channel that comes in.",
        16 * 8 * (16 + 1): "A filter has one bias altogether, not one for each channel that it looks at.",
        16 * 8 * 16 + 1: "Each of the 16 filters has a bias of its own.",
        16 * (8 * 4 + 1): "A kernel of 4 x 4 has 16 weights, not 4.",
    }
    count = float(numbers(answer, ()))
    if count != 16 * (8 * 16 + 1):
        return hints.get(count, "Filters, times what each of them holds: a weight for all it looks at, one bias.")
    return None


@checker("Exercise 2", "However many layers: without something crooked between them, they are one.", wants=FUNCTION)
def collapse(answer: Any) -> str | None:
    """A function (first, second) -> the kernel that does in one cross-correlation what the two do one after another."""
    draw = generator()
    cases = [(draw.normal(size=m), draw.normal(size=n)) for m, n in ((2, 2), (3, 2), (1, 3), (2, 5), (4, 4))]
    cases += [(cases[0][0], draw.normal(size=2)), (draw.normal(size=2), cases[0][1])]
    cases += [(np.array([0.0, 2.5, 1.5, 0.0]), np.array([0.0, -1.5, 0.5]))]  # a weight of 0 is a weight

    def added(first: Kernel, second: Kernel) -> Kernel:
        total = np.zeros(len(first) + len(second) - 1)
        total[: len(first)] += first
        total[: len(second)] += second
        return total

    turned = "One of the kernels is the wrong way round. Write out y, then z, for three pixels."
    mistakes = (
        (lambda first, second: np.correlate(first, second, "full"), turned),
        (lambda first, second: np.correlate(second, first, "full"), turned),
        (lambda first, second: np.convolve(first, second)[::-1], "The numbers are right, last to first: turn them."),
        (added, "You added the kernels. That is what two filters side by side would do, not one after the other."),
    )

    def otherwise(given: Kernel, wanted: Kernel, first: Kernel, second: Kernel) -> str:
        if given.shape != wanted.shape:
            together = f"A kernel of {len(first)} and one of {len(second)} together look at {len(wanted)} pixels"
            return f"{together}; yours has the shape {given.shape}."
        return "The length is right, the numbers are not: each weight of the second brings a copy of the first along."

    return judge(answer, np.convolve, cases, mistakes, otherwise, ("first", "second"))


def _field(layers: Layers) -> int:
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


@checker("Exercise 3", "The same few lines serve for every network whose layers stand in a row.", wants=FUNCTION)
def receptive_field(answer: Any) -> str | None:
    """A function that takes layers, a list of (kernel, stride), and returns the receptive field in pixels."""
    draw = generator()
    stacks: list[Layers] = [
        [(5, 1)],
        [(2, 2), (3, 1)],
        [(11, 1), (2, 2), (4, 1), (2, 2), (4, 1)],
        *([(int(k), int(s)) for k, s in draw.integers((1, 1), (8, 4), (depth, 2))] for depth in (1, 2, 3, 4, 5, 7)),
        [],
    ]

    def field(layers: Layers, step_after: Any, start: int = 1, less: int = 1) -> int:
        """The field by another rule for the step, another start, or more than the kernel less one."""
        field, step = start, 1
        for kernel, stride in layers:
            field += (kernel - less) * step
            step = step_after(step, kernel, stride)
        return field

    def too_early(layers: Layers) -> int:
        steps = np.cumprod([1] + [stride for _, stride in layers])[1:]
        return 1 + sum((kernel - 1) * int(step) for (kernel, _), step in zip(layers, steps, strict=True))

    multiply = "Steps multiply: two strides of 2 in a row make a step of 4, not the last one, and not their sum."
    by_kernel = "The stride lengthens the step, not the kernel: they are equal in our poolings, not everywhere."
    mistakes = (
        (
            lambda layers: sum(kernel for kernel, _ in layers),
            "You added the kernels. Each layer adds its kernel less 1: two windows share their middle.",
        ),
        (
            lambda layers: field(layers, lambda step, k, s: 1),
            "The strides are missing. After a pooling, one step to the side is two pixels of the image.",
        ),
        (
            too_early,
            "A stride counts for the layers that come after it. Widen the field first, then lengthen the step.",
        ),
        (lambda layers: field(layers, lambda step, k, s: step * k if s > 1 else step), by_kernel),
        (lambda layers: field(layers, lambda step, k, s: step * k), by_kernel),
        (lambda layers: field(layers, lambda step, k, s: s), multiply),
        (lambda layers: field(layers, lambda step, k, s: step + s), multiply),
        (lambda layers: field(layers, lambda step, k, s: step + s - 1), multiply),
        (
            lambda layers: field(layers, lambda step, k, s: 2 * step if s > 1 else step),
            "A stride of 3 makes the step three times as long: multiply by the stride, whatever it is.",
        ),
        (lambda layers: _field(layers[::-1]), "The list begins at the image. You go through it from its end."),
        (lambda layers: _field(layers) - 1, "Always one too few: start with one pixel."),
        (
            lambda layers: field(layers, lambda step, k, s: step * s, less=0),
            "A kernel of k widens the field by k - 1 steps, not by k: the first pixel is there already.",
        ),
    )

    def otherwise(given: Any, wanted: Any, layers: Layers) -> str:
        if not layers:
            return "Without any layer an answer sees its own pixel: the field of [] is 1."
        return f"For {layers} it should give {wanted:.0f}; yours gives {given:g}."

    return judge(answer, _field, [(stack,) for stack in stacks], mistakes, otherwise)
