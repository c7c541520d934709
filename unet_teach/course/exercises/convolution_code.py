"""Checkers for chapter 1's exercises in code: a filter with a stride, a kernel taken apart."""

from typing import Any

import numpy as np

from unet_teach.classical import correlate2d
from unet_teach.course.exercises import (
    FUNCTION,
    Hint,
    NotAnsweredYet,
    ask,
    checker,
    close,
    generator,
    numbers,
    without_effect,
)

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 5: `image.shape[1]` -> `image.shape[-1]`": "the same axis of an image",
    "Exercise 5: `np.zeros((rows, columns))` -> `np.ones((rows, columns))`": "every place is written afterwards",
    "Exercise 6: `singular_values[1:] > 1e-09 * singular_values[0]` -> `singular_values[1:] >= 1e-09 * "
    "singular_values[0]`": "no kernel lies just on the tolerance",
    "Exercise 6: `1e-09 * singular_values[0]` -> `1.1e-09 * singular_values[0]`": "as good a tolerance",
    "Exercise 6: `1e-09 * singular_values[0]` -> `9e-10 * singular_values[0]`": "as good a tolerance",
    "Exercise 6: gives negated": "with both signs turned, the outer product is the same",
}


@checker(
    "Exercise 5",
    "A stride throws places away and leaves the sums alone. (Slicing the full result costs the full work.)",
    wants=FUNCTION,
)
def strided(answer: Any) -> str | None:
    """A function (image, kernel, stride) -> what `correlate2d` gives at every stride-th place, both ways."""
    draw = generator()
    sizes = [((6, 7), (3, 3), 1), ((9, 8), (3, 2), 2), ((11, 7), (2, 3), 3), ((5, 13), (1, 4), 4), ((4, 6), (4, 6), 2)]
    cases = [(draw.normal(size=shape), draw.normal(size=kernel), stride) for shape, kernel, stride in sizes]
    cases += [(*cases[1][:2], 3), (cases[1][0], draw.normal(size=(3, 2)), 2)]  # one argument changed, the others kept
    given, wanted = [], []
    for image, kernel, stride in cases:
        every = correlate2d(image, kernel)
        right = every[::stride, ::stride]
        result = ask(answer, image, kernel, stride)
        case = f"image {image.shape}, kernel {kernel.shape}, stride {stride}"
        if np.shape(result) != right.shape:
            if np.shape(result) == every.shape:
                return f"The stride has no effect yet: {case} should give the shape {right.shape}."
            return f"{case} should give the shape {right.shape}; yours gives {np.shape(result)}."
        result = numbers(result)
        if not close(result, right):
            if close(result, every[: right.shape[0], : right.shape[1]]):
                return "The shape is right, but the window still moves by 1: multiply its place by the stride."
            if close(result, correlate2d(image, kernel[::-1, ::-1])[::stride, ::stride]):
                return "The kernel is turned by half a circle. `correlate2d` lays it on the image as it is."
        given.append(result)
        wanted.append(right)
    if all(map(close, given, wanted)):
        return None
    ignored = without_effect(("image", "kernel", "stride"), cases, given, wanted)
    return ignored or "The shapes are right, the numbers are not: window times kernel, added up, at each place."


@checker("Exercise 6", "Rank 1 is the whole secret.", wants=FUNCTION)
def separate(answer: Any) -> str | None:
    """A function kernel -> (column, row) with kernel = outer(column, row), or None where there is no such pair."""
    draw, bell = generator(), np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    separable = {
        "Sobel's kernel": np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]),
        "a bell of 5 x 5": np.outer(bell, bell),
        "a single 5 in the middle": np.diag([0.0, 5.0, 0.0]),
        "a wide kernel, 3 x 5": np.outer(draw.normal(size=3), draw.normal(size=5)),
        "a tall kernel, 4 x 2": np.outer(draw.normal(size=4), draw.normal(size=2)),
    }
    separable["a kernel of large numbers"] = 1e9 * separable["a wide kernel, 3 x 5"]  # a tolerance has to grow along
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=float)
    not_quite = separable["a wide kernel, 3 x 5"].copy()
    not_quite[1, 2] += 0.01
    apart = [ask(answer, kernel, none=True) for kernel in separable.values()]
    whole = [ask(answer, kernel, none=True) for kernel in (laplacian, np.eye(3), draw.normal(size=(2, 4)), not_quite)]
    if all(result is None or result is ... for result in [*apart, *whole]):
        raise NotAnsweredYet
    for (name, kernel), pair in zip(separable.items(), apart, strict=True):
        if pair is None:
            return f"It gives None for {name}, which is separable. Compare small numbers with a tolerance."
        _compare(kernel, pair)
    if any(result is not None for result in whole[:2]):
        return "It also takes the Laplacian, or the diagonal, apart; no column and row give these. Return None there."
    if any(result is not None for result in whole[2:]):
        return "It takes a kernel apart that is only nearly separable: None wherever np.outer does not give it again."
    return None


def _compare(kernel: np.ndarray, pair: Any) -> None:
    """Raise a hint unless the pair's outer product is the kernel."""
    try:
        column, row = map(numbers, pair)
    except (TypeError, ValueError):
        raise Hint("Return two things, the column and the row.") from None
    fits = (column.shape, row.shape) == (kernel.shape[:1], kernel.shape[1:])
    if fits and close(np.outer(column, row), kernel):
        return
    if (column.shape, row.shape) == (kernel.shape[1:], kernel.shape[:1]) and close(np.outer(row, column), kernel):
        raise Hint("Column and row are swapped.")
    if not fits:
        raise Hint("Return two one-dimensional arrays, the column and the row.")
    product = np.outer(column, row)
    if np.linalg.matrix_rank(np.stack([product.ravel(), kernel.ravel()]), tol=1e-6) == 1:
        raise Hint("The shape is right, the size is not: one of the two carries it (in an SVD, the singular value).")
    raise Hint("np.outer(column, row) is not the kernel again. With SVD: take a column of U and a row of V^T.")
