"""Chapter 1's checkers: the solution passes, each named wrong answer gets its own hint, nothing raises."""

import numpy as np
from checkers import checker_tests
from scipy import ndimage, signal

from unet_teach.classical import correlate2d
from unet_teach.course.exercises import convolution as check


def separate_by_svd(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] > 1e-9 * s[0]) else (u[:, 0] * s[0], vt[0])


def never_none(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return u[:, 0] * s[0], vt[0]


def forgets_the_size(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] > 1e-9 * s[0]) else (u[:, 0], vt[0])


def compares_exactly_with_zero(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] != 0) else (u[:, 0] * s[0], vt[0])


def swapped(pair):
    return pair and (pair[1], pair[0])


def takes_a_row_of_u(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] > 1e-9 * s[0]) else (u[0] * s[0], vt[:, 0])


def divides_by_the_corner(kernel):
    column, row = kernel[:, 0], kernel[0]
    product = np.outer(column, row)
    return (column / kernel[0, 0], row) if kernel[0, 0] and np.allclose(product / kernel[0, 0], kernel) else None


def separate_without_svd(kernel):
    i, j = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    column, row = kernel[:, j], kernel[i] / kernel[i, j]
    return (column, row) if np.allclose(np.outer(column, row), kernel) else None


def keeps_the_matrix_shape(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] > 1e-9 * s[0]) else (u[:, :1] * s[0], vt[:1])


def not_quite_but_nearly(kernel):
    u, s, vt = np.linalg.svd(kernel)
    return None if np.any(s[1:] > 0.1 * s[0]) else (u[:, 0] * s[0], vt[0])


def strided(image, kernel, stride):
    return correlate2d(image, kernel)[::stride, ::stride]


def window_moves_by_one(image, kernel, stride):
    every = correlate2d(image, kernel)
    return every[: -(-every.shape[0] // stride), : -(-every.shape[1] // stride)]


def test_the_shift_really_shifts():
    picture = np.arange(12.0).reshape(3, 4)
    moved = ndimage.convolve(picture, np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]]), mode="constant")
    np.testing.assert_array_equal(moved[:, 1:], picture[:, :-1])


def test_the_ward_of_exercise_1_is_a_convolution():
    assert signal.convolve([1, 0, 2], [3, 1]).tolist() == [3, 1, 6, 2]


SOLUTIONS = {
    check.pills: [[3, 1, 6, 2], np.convolve([1, 0, 2], [3, 1])],
    check.shift_right: [[[0, 0, 0], [0, 0, 1], [0, 0, 0]]],
    check.dark_vertical_line: [
        [[1, -2, 1]] * 3,
        [[0, 0, 0], [1, -2, 1], [0, 0, 0]],
        [[0.5, -1, 0.5], [0.5, -1, 0.5], [0.5, -1, 0.5]],
    ],
    check.sizes: [(508, 256, 284)],
    check.separate: [separate_by_svd, separate_without_svd],
    check.strided: [strided],
}
WRONG = {
    check.pills: [
        ([1, 3, 2, 6], "backwards"),
        ([3, 0, 6, 0], "first-day"),
        ([1, 6], "there are four days"),
        ([3, 1, 2], "shape"),
        ([3, 1, 6, 3], "one row a patient group"),
        ("3 1 6 2", "plain numbers"),
    ],
    check.shift_right: [
        ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "to the left"),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "stays"),
        ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "down"),
        ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "up"),
        ([[0, 0, 1], [0, 0, 0], [0, 0, 0]], "up and to the right"),
        (np.full((3, 3), 1 / 9), "smears"),
        (np.zeros((3, 3)), "black"),
        ([[0, 0, 0], [0, 0, 2], [0, 0, 0]], "multiplied by 2"),
        ([0, 0, 1], "shape"),
    ],
    check.dark_vertical_line: [
        ([[-1, 2, -1]] * 3, "signs"),
        ([[1, 1, 1], [-2, -2, -2], [1, 1, 1]], "transpose"),
        ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "edges"),
        ([[1, -1, 1]] * 3, "add up to 0"),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "in row 1"),
        ([[1, -1, 1], [1, -2, 1], [0, -1, 0]], "in row 1"),
        ([[1, -2, 1], [9, 0, 9], [-7, -8, -3]], "in row 2"),
        ([[0, -1, 1]] * 3, "edge excites"),
        (np.zeros((3, 3)), "sees nothing"),
    ],
    check.sizes: [
        ([510, 256, 284], "First"),
        ([512, 256, 284], "First"),
        ([508, 257, 284], "round down"),
        ([508, 255, 284], "Second"),
        ([508, 256, 286], "Third"),
        ([508, 256, 283], "one step at a time"),
        (508, "shape"),
    ],
    check.separate: [
        (never_none, "Return None there"),
        (forgets_the_size, "one of the two carries it"),
        (lambda kernel: swapped(separate_by_svd(kernel)), "swapped"),
        (takes_a_row_of_u, "a column of U"),
        (compares_exactly_with_zero, "Sobel's kernel"),
        (divides_by_the_corner, "a single 5"),
        (keeps_the_matrix_shape, "one-dimensional"),
        (not_quite_but_nearly, "nearly separable"),
        (lambda kernel: kernel, "two things"),
        (lambda kernel: separate_by_svd(kernel) if kernel.shape[0] == kernel.shape[1] else None, "wide kernel"),
        (lambda kernel: separate_by_svd(kernel.copy()) and ([0, 1], [1, 0]), "one-dimensional"),
        (separate_by_svd(np.eye(1)), "function itself"),
    ],
    check.strided: [
        (lambda image, kernel, stride: correlate2d(image, kernel), "no effect"),
        (window_moves_by_one, "still moves by 1"),
        (lambda image, kernel, stride: strided(image, kernel, stride)[:-1], "shape"),
        (lambda image, kernel, stride: strided(image, kernel[::-1, ::-1], stride), "half a circle"),
        (lambda image, kernel, stride: 2 * strided(image, kernel, stride), "numbers are not"),
        (lambda image, kernel, stride: 1 / 0, "ZeroDivisionError"),
        (lambda image, kernel, stride: strided(image, kernel.T, stride), "should give the shape"),
        (lambda image, kernel, stride: correlate2d(image, kernel)[::stride], "shape"),
        (lambda image, kernel, stride: correlate2d(image, kernel)[::2, ::2], "shape"),
        (lambda image, kernel, stride: strided(image, np.ones_like(kernel), stride), "`kernel` has no effect"),
        (lambda image, kernel, stride: np.nan * strided(image, kernel, stride), "NaN"),
        (7, "function itself"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
