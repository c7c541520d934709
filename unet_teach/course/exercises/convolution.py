"""Checkers for chapter 1, "What does a filter do to an image?": pencil work here, code in `convolution_code`."""

from typing import Any

import numpy as np
from scipy import ndimage

from unet_teach.course.exercises import checker, numbers
from unet_teach.course.exercises.convolution_code import separate, strided

__all__ = ["dark_vertical_line", "pills", "separate", "shift_right", "sizes", "strided"]

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: all a tenth larger": "any positive multiple of such a kernel answers in the same way",
}


@checker("Exercise 1", "Three numbers and two went in; 3 + 2 - 1 = 4 came out.")
def pills(answer: Any) -> str | None:
    """Patients [1, 0, 2] who each need pills [3, 1]: the pills needed on each of the four days."""
    if numbers(answer).shape == (2,):
        return "Monday and Thursday count too: there are four days, 3 + 2 - 1."
    days = numbers(answer, (4,))
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
    kernel = numbers(answer, (3, 3))
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
    kernel = numbers(answer, (3, 3))
    nothing = 1e-6 * np.abs(kernel).max()
    flat, line = np.ones((3, 3)), np.ones((3, 3))
    line[:, 1] = 0  # dark on bright
    edges = [np.ones((3, 3)) for _ in range(4)]
    for edge, columns in zip(edges, ([0], [0, 1], [2], [1, 2]), strict=True):
        edge[:, columns] = 0

    def response(window: np.ndarray) -> float:
        return float((kernel * window).sum())

    if not np.any(kernel):
        return "A kernel of zeros sees nothing."
    if abs(response(flat)) > nothing:
        return f"On an image that is 1 everywhere it answers {response(flat):g}; the weights should add up to 0."
    if response(line) < -nothing:
        return "It answers below zero on a dark line: it looks for bright ones. Turn the signs around."
    lying = [np.roll(line.T, shift, axis=0) for shift in (-1, 0, 1)]  # in the first, second, third row
    if abs(response(line)) <= nothing and abs(response(lying[1])) > nothing:
        return "It finds lines that lie, not lines that stand. Rows come first: transpose it."
    for row, image in enumerate(lying, start=1):
        if abs(response(image)) > nothing:
            return f"It also answers to a line that lies, in row {row}. Make the weights of every row add up to 0."
    if response(line) <= nothing:
        return "At the centre of the line it answers 0: it looks for edges. A line has bright pixels on both sides."
    if response(line) <= max(map(response, edges)) + nothing:
        return "An edge excites it as much as a line does. Weigh the left and the right side alike."
    return None


@checker("Exercise 4", "The last one is the first step of U-Net's way down; chapter 8 walks the rest.")
def sizes(answer: Any) -> str | None:
    """Three widths: 512 with a 5-kernel; 512, 3-kernel, padding 1, stride 2; 572, two 3-kernels, 2x2 stride 2."""
    widths = numbers(answer, (3,))
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
