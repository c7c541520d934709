"""Checkers for chapter 1, "What does a filter do to an image?"."""

from typing import Any

import numpy as np
from scipy import ndimage

from unet_teach.classical import correlate2d
from unet_teach.course.exercises import NotAnsweredYet, checker


def _numbers(answer: Any, shape: tuple[int, ...]) -> np.ndarray | str:
    """Return the answer as floats of the wanted shape, or a hint that says what is wrong with it."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return "Give plain numbers, such as [1, 2, 3]."
    if array.shape != shape:
        return f"The answer should have the shape {shape}; yours has {array.shape}."
    return array


@checker("Exercise 1", "Three numbers and two went in; 3 + 2 - 1 = 4 came out.")
def pills(answer: Any) -> str | None:
    """Patients [1, 0, 2] who each need pills [3, 1]: the pills needed on each of the four days."""
    if np.ndim(answer) == 1 and len(answer) == 2:
        return "Monday and Thursday count too: there are four days, 3 + 2 - 1."
    days = _numbers(answer, (4,))
    if isinstance(days, str):
        return days
    if np.array_equal(days, [1, 3, 2, 6]):
        return "This is what comes out when the kernel is read backwards. A patient takes 3 pills on the first day."
    if np.array_equal(days, [3, 0, 6, 0]):
        return "These are the first-day pills only. Each patient also needs 1 pill on the day after."
    if not np.array_equal(days, [3, 1, 6, 2]):
        return "Write one row a patient group, each shifted to its day: [3, 1, 0, 0] and [0, 0, 6, 2]. Then add."
    return None


@checker("Exercise 2", "Under scipy's true convolution the one stands where the picture goes.")
def shift_right(answer: Any) -> str | None:
    """A 3x3 kernel that, with `scipy.ndimage.convolve`, moves the picture one pixel to the right."""
    kernel = _numbers(answer, (3, 3))
    if isinstance(kernel, str):
        return kernel
    dot = np.zeros((7, 7))
    dot[3, 3] = 1
    moved = ndimage.convolve(dot, kernel, mode="constant")
    lit = np.argwhere(moved)
    if len(lit) == 0:
        return "A kernel of zeros makes everything black. One weight has to be 1."
    if len(lit) > 1:
        return f"A single bright pixel becomes {len(lit)} pixels: that smears. Use one weight that is not zero."
    (row, column) = lit[0] - 3
    if (row, column) == (0, -1):
        return "The picture moves to the left: convolution flips the kernel. This kernel is right for torch's conv2d."
    if (row, column) == (0, 0):
        return "The picture stays where it is. A one in the centre is the filter that does nothing."
    if row != 0:
        sideways = {-1: " and to the left", 0: "", 1: " and to the right"}[int(column)]
        return f"The picture moves {'down' if row > 0 else 'up'}{sideways}. Rows come first, then columns."
    if moved[3, 4] != 1:
        return f"It moves to the right, but each grey value is multiplied by {moved[3, 4]:g}."
    return None


@checker("Exercise 3", "Its weights add up to zero, and it is blind to lines that lie across it.")
def dark_vertical_line(answer: Any) -> str | None:
    """A 3x3 kernel, for `correlate2d`, that answers most at the centre of a dark vertical line."""
    kernel = _numbers(answer, (3, 3))
    if isinstance(kernel, str):
        return kernel
    flat, line = np.ones((3, 3)), np.ones((3, 3))
    line[:, 1] = 0  # dark on bright
    edges = [np.ones((3, 3)) for _ in range(4)]
    for edge, columns in zip(edges, ([0], [0, 1], [2], [1, 2]), strict=True):
        edge[:, columns] = 0

    def response(window: np.ndarray) -> float:
        return float((kernel * window).sum())

    if not np.any(kernel):
        return "A kernel of zeros sees nothing."
    if abs(response(flat)) > 1e-9:
        return f"On an image that is 1 everywhere it answers {response(flat):g}; the weights should add up to 0."
    if response(line) < -1e-9:
        return "It answers below zero on a dark line: it looks for bright ones. Turn the signs around."
    lying = [np.roll(line.T, shift, axis=0) for shift in (-1, 0, 1)]  # in the first, second, third row
    if abs(response(line)) <= 1e-9 and abs(response(lying[1])) > 1e-9:
        return "It finds lines that lie, not lines that stand. Rows come first: transpose it."
    for row, image in enumerate(lying, start=1):
        if abs(response(image)) > 1e-9:
            return f"It also answers to a line that lies, in row {row}. Make the weights of every row add up to 0."
    if response(line) <= 1e-9:
        return "At the centre of the line it answers 0: it looks for edges. A line has bright pixels on both sides."
    if response(line) <= max(map(response, edges)) + 1e-9:
        return "An edge excites it as much as a line does. Weigh the left and the right side alike."
    return None


@checker("Exercise 4", "The last one is the first step of U-Net's way down; chapter 8 walks the rest.")
def sizes(answer: Any) -> str | None:
    """Three widths: 512 with a 5-kernel; 512, 3-kernel, padding 1, stride 2; 572, two 3-kernels, 2x2 stride 2."""
    widths = _numbers(answer, (3,))
    if isinstance(widths, str):
        return widths
    if widths[0] == 510:
        return "First: a kernel of 5 loses 4 pixels in all, two on each side. You took away 2."
    if widths[0] != 508:
        return "First: put size 512, kernel 5, padding 0, stride 1 into the formula."
    if widths[1] == 257:
        return "Second: (512 + 2 - 3) / 2 = 255.5; round down before you add 1."
    if widths[1] != 256:
        return "Second: put size 512, kernel 3, padding 1, stride 2 into the formula."
    if widths[2] in (285, 286):
        return "Third: each of the two 3x3 filters takes 2 pixels away, before the pooling halves what is left."
    if widths[2] != 284:
        return "Third: one step at a time: 572, then 570, then 568, then the step of 2."
    return None


@checker(
    "Exercise 5",
    "A stride throws places away and leaves the sums alone. (Slicing the full result costs the full work.)",
)
def strided(answer: Any) -> str | None:
    """A function (image, kernel, stride) -> what `correlate2d` gives at every stride-th place, both ways."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    generator = np.random.default_rng(0)
    for shape, kernel_shape, stride in [((6, 6), (3, 3), 1), ((9, 8), (3, 2), 2), ((11, 7), (2, 3), 3)]:
        image, kernel = generator.normal(size=shape), generator.normal(size=kernel_shape)
        every = correlate2d(image, kernel)
        wanted = every[::stride, ::stride]
        given = answer(image, kernel, stride)
        if given is None or given is ...:
            raise NotAnsweredYet
        case = f"image {shape}, kernel {kernel_shape}, stride {stride}"
        if np.shape(given) == every.shape and stride > 1:
            return f"The stride has no effect yet: {case} should give the shape {wanted.shape}."
        if np.shape(given) != wanted.shape:
            return f"{case} should give the shape {wanted.shape}; yours gives {np.shape(given)}."
        if not np.allclose(given, wanted):
            if np.allclose(given, every[: wanted.shape[0], : wanted.shape[1]]):
                return "The shape is right, but the window still moves by 1: multiply its place by the stride."
            return f"The shape is right, the numbers are not: {case}."
    return None


@checker("Exercise 6", "Rank 1 is the whole secret.")
def separate(answer: Any) -> str | None:
    """A function kernel -> (column, row) with kernel = outer(column, row), or None where there is no such pair."""
    if not callable(answer):
        return "Give the function itself, separate, without brackets."
    bell = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    separable = [np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]), np.outer(bell, bell), np.diag([0.0, 5.0, 0.0])]
    apart = [answer(kernel.copy()) for kernel in separable]
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=float)
    whole = [answer(laplacian), answer(np.eye(3))]
    if all(result is None or result is ... for result in [*apart, *whole]):
        raise NotAnsweredYet
    for name, result in zip(("Sobel's kernel", "a bell of 5 x 5", "a single 5 in the middle"), apart, strict=True):
        if result is None:
            return f"It gives None for {name}, which is separable. Compare small numbers with a tolerance."
    for kernel, (column, row) in zip(separable, apart, strict=True):
        if np.shape(column) != (len(kernel),) or np.shape(row) != (len(kernel),):
            return "Return two one-dimensional arrays, the column and the row."
        product = np.outer(column, row)
        if not np.allclose(product, kernel):
            if np.allclose(product.T, kernel):
                return "Column and row are swapped."
            if np.linalg.matrix_rank(np.stack([product.ravel(), kernel.ravel()]), tol=1e-9) == 1:
                return "The shape is right, the size is not: one of the two carries it (in an SVD, the singular value)."
            return "np.outer(column, row) is not the kernel again. With SVD: take a column of U and a row of V^T."
    if any(result is not None for result in whole):
        return "It also takes the Laplacian, or the diagonal, apart; no column and row give these. Return None there."
    return None
