"""Chapter 3's checkers: the solution passes, each named wrong answer gets its own hint, nothing raises."""

import math

import numpy as np
import torch
from checkers import checker_tests
from torch.nn import functional

from unet_teach.classical import correlate2d
from unet_teach.course.exercises import training as check


def difference(loss, weights, h, sides=2, divide=None, sign=1):
    slopes = []
    for index in range(len(weights)):
        move = np.zeros(len(weights))
        move[index] = h
        below = loss(weights - move) if sides == 2 else loss(weights)
        slopes.append(sign * (loss(weights + move) - below) / (divide or sides * h))
    return np.array(slopes)


def moves_all_together(loss, weights, h):
    return np.full(len(weights), (loss(weights + h) - loss(weights - h)) / (2 * h))


def leaves_them_changed(loss, weights, h):
    slopes = []
    for index in range(len(weights)):
        weights[index] += h
        slopes.append(loss(weights) / h)
    return slopes


def restores_them(loss, weights, h):
    """Moves the weights in place and brings them back, but for rounding: allowed."""
    slopes = []
    for index in range(len(weights)):
        weights[index] += h
        up = loss(weights)
        weights[index] -= 2 * h
        slopes.append((up - loss(weights)) / (2 * h))
        weights[index] += h
    return slopes


def forgets_the_copy(loss, weights, h):
    slopes = []
    for index in range(len(weights)):
        up, down = weights, weights
        up[index] += h
        down[index] -= h
        slopes.append((loss(up) - loss(down)) / (2 * h))
    return slopes


def goes_down_from_above(loss, weights, h):
    slopes = []
    for move in h * np.eye(len(weights)):
        up = loss(weights + move)
        slopes.append((up - loss(weights + move - move)) / (2 * h))
    return slopes


def three_weights_and_a_tenth(loss, weights, h):
    return [(loss(weights + move) - loss(weights - move)) / (2 * 0.1) for move in 0.1 * np.eye(3)]


def always_a_tenth(loss, weights, h):
    return difference(loss, weights, 0.1)


def of_the_first_weight_only(loss, weights, h):
    return np.append(difference(loss, weights, h)[:1], np.zeros(len(weights) - 1))


def moves_two(loss, weights, h):
    moves = h * (np.eye(len(weights)) + np.eye(len(weights), k=1))
    return [(loss(weights + move) - loss(weights - move)) / (2 * h) for move in moves]


def safe(logit, label):
    return np.logaddexp(0, logit) - label * logit


def by_probability(logit, label):
    p = 1 / (1 + np.exp(-logit))
    return -np.log(p) if label == 1 else -np.log(1 - p)


def learn(before, after, rate, steps, sign=-1, zero=True, reduce="mean", keep=True):
    kernel = torch.zeros(3, 3, dtype=before.dtype, requires_grad=True)
    for _ in range(steps):
        result = functional.conv2d(before[None, None], kernel[None, None])[0, 0]
        getattr((result - after) ** 2, reduce)().backward()
        with torch.no_grad():
            if keep:
                kernel += sign * rate * kernel.grad
        if zero:
            kernel.grad = None
    return kernel.detach()


def learn_by_hand(before, after, rate, steps, flip=False):
    before, after, kernel = before.numpy(), after.numpy(), np.zeros((3, 3))
    for _ in range(steps):
        error = correlate2d(before, kernel) - after
        slope = 2 * correlate2d(before, error) / error.size
        kernel -= rate * (slope[::-1, ::-1] if flip else slope)
    return kernel


def starts_at_one(before, after, rate, steps):
    return (
        learn(
            before,
            after - functional.conv2d(before[None, None], torch.ones_like(before)[:3, :3][None, None])[0, 0],
            rate,
            steps,
        )
        + 1
    )


image, error = np.array([[1, 0, 2], [0, 3, 1], [2, 1, 0]]), np.array([[1, -1], [0, 2]])  # of exercise 4

SOLUTIONS = {
    check.one_step: [(3, 1.7)],
    check.finite_difference: [difference, restores_them],
    check.largest_rates: [(1 / 3, 0.1), (0.333, 0.1)],
    check.kernel_slope: [
        [[7, 0], [-1, 2]],
        correlate2d(image, error),
    ],
    check.pixel_loss: [safe, lambda z, y: max(z, 0) - y * z + np.log1p(np.exp(-abs(z)))],
    check.learn_kernel: [learn, learn_by_hand],
}
WRONG = {
    check.one_step: [
        ((6, 1.4), "sum over the two pixels"),
        ((1.5, 1.85), "comes down from the square"),
        ((-3, 2.3), "sign is turned"),
        ((1, 1.9), "by its own x"),
        ((2.5, 1.75), "loss itself"),
        ((3, 2.3), "uphill"),
        ((3, -1), "the rate of 0.1"),
        ((3, 0), "2 minus rate"),
        ((7, 0), "errors 2 and -1"),
        ((1.7, 3), "slope comes first"),
        (3, "shape"),
    ],
    check.finite_difference: [
        (lambda f, w, h: difference(f, w, h, sides=1), "one side only"),
        (lambda f, w, h: difference(f, w, -h, sides=1), "one side only"),
        (lambda f, w, h: difference(f, w, h, divide=h), "Twice too large"),
        (lambda f, w, h: difference(f, w, h, sign=-1), "sign is turned"),
        (moves_all_together, "moved all weights together"),
        (leaves_them_changed, "Work on a copy"),
        (lambda f, w, h: f(w), "shape"),
        (lambda f, w, h: w, "`loss` has no effect"),
        (moves_two, "exactly one number"),
        (forgets_the_copy, "All slopes are 0"),
        (goes_down_from_above, "Half of a look"),
        (lambda f, w, h: h**2 * difference(f, w, h), "Brackets"),
        (lambda f, w, h: 2 * h * difference(f, w, h), "Divide it by 2 * h"),
        (three_weights_and_a_tenth, "(5,)"),
        (always_a_tenth, "`h` has no effect"),
        (of_the_first_weight_only, "exactly one number"),
        (lambda f, w, h: np.abs(difference(f, w, h)), "exactly one number"),
        (7, "function itself"),
    ],
    check.largest_rates: [
        ((1 / 6, 0.1), "straight into the minimum"),
        ((2 / 3, 0.1), "3 is not the curvature"),
        ((9, 0.1), "twice"),
        ((1 / 3, 1), "flat direction"),
        ((1 / 3, 0.2), "the curvature 20"),
        ((1 / 3, 0.05), "half of the largest"),
        ((1 / 3, 7), "larger one decides"),
    ],
    check.kernel_slope: [
        ([[5, 2], [2, 5]], "of 4 are not right"),
        (correlate2d(image, error[::-1, ::-1]), "half a circle"),
        ([[-7, 0], [1, -2]], "signs are turned"),
        ([[7, -1], [0, 2]], "Rows and columns"),
        ([7, 0, -1, 2], "shape"),
    ],
    check.pixel_loss: [
        (by_probability, "np.logaddexp"),
        (lambda z, y: -safe(z, y), "sign is missing"),
        (lambda z, y: safe(z, y) / np.log(2), "base 2"),
        (lambda z, y: safe(z, 1 - y), "labels are swapped"),
        (lambda z, y: (1 / (1 + np.exp(-z)) - y) ** 2, "it gives 0.2500"),
        (lambda z, y: safe(z, 1), "`label` has no effect"),
        (lambda z, y: safe(0.5, y), "`logit` has no effect"),
        (lambda z, y: np.log(1 + np.exp(-z if y else z)), "At logit 1000 with label 0 it gives inf"),
        (lambda z, y: math.log(1 + math.exp(-z if y else z)), "At logit 1000 with label 0 it gives inf"),
        (lambda z, y: [safe(z, y)], "Give one number"),
        (lambda z, y: str(safe(z, y)), "Give one number"),
        (lambda z, y: min(safe(z, y), 100), "it gives 100"),
        (lambda z, y: max(0, z) - y * z, "it gives 0.0000"),
        (0.69, "function itself"),
    ],
    check.learn_kernel: [
        (lambda *a: learn(*a, sign=1), "loss grows"),
        (lambda *a: learn(*a, zero=False), "add up"),
        (lambda *a: learn(*a, reduce="sum"), "mean of the squared errors"),
        (lambda *a: learn(*a, keep=False), "still all 0"),
        (lambda *a: learn(*a)[None, None], "shape"),
        (starts_at_one, "kernel of ones"),
        (lambda b, a, rate, steps: learn(b, a, 0.1, steps), "`rate` has no effect"),
        (lambda b, a, rate, steps: learn(b, a, rate, 3), "After no step at all"),
        (lambda b, a, rate, steps: learn(b, a, rate, steps - 1), "One step is missing"),
        (lambda b, a, rate, steps: learn(b, a, rate, steps + 1), "one step too many"),
        (lambda b, a, rate, steps: learn(b, a, rate / 2, steps), "half as long"),
        (lambda *a: learn_by_hand(*a, flip=True), "without a flip"),
        (lambda b, a, rate, steps: learn(b, a, rate, min(steps, 10)), "is not where gradient descent"),
        (lambda b, a, rate, steps: learn(b, a, rate, steps) + (steps == 0), "After no step at all"),
        (lambda *a: learn(*a).T, "is not where gradient descent"),
        (7, "function itself"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
