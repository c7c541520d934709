"""The checkers of chapter 13 accept what is right, and tell wrong answers apart."""

import numpy as np
import torch
from checkers import checker_tests
from torch.nn.functional import conv2d

from unet_teach.course.exercises import skips_and_residuals as check


def branch(x, first, second):
    return conv2d(conv2d(x, first, padding=1).relu(), second, padding=1)


def residual(x, first, second):
    return x + branch(x, first, second)


def in_place(x, first, second):
    out = branch(x, first, second)
    out += x
    return out


def sigmoid(number):
    return 1 / (1 + np.exp(-number))


def coefficient(across, below, of_across, of_below, score):
    return sigmoid(score @ np.maximum(of_across @ across + of_below @ below, 0))


def by_loops(across, below, of_across, of_below, score):
    total = 0.0
    for m in range(len(score)):
        inner = sum(of_across[m][c] * across[c] for c in range(len(across)))
        inner += sum(of_below[m][c] * below[c] for c in range(len(below)))
        total += score[m] * max(inner, 0)
    return 1 / (1 + np.exp(-total))


def channels(i, j, width):
    return (j + 1) * width * 2**i


def enough(scores, allowance):
    best = max(scores)
    for depth, score in enumerate(scores, start=1):
        if score >= best - allowance:
            return depth


def enough_in_numpy(scores, allowance):
    return 1 + np.flatnonzero(np.array(scores) >= np.max(scores) - allowance)[0]


SOLUTIONS = {
    check.residual: [residual, in_place],
    check.coefficient: [coefficient, by_loops],
    check.channels: [channels, lambda i, j, width: sum(width << i for _ in range(j)) + (width << i)],
    check.enough: [enough, enough_in_numpy],
}
WRONG = {
    check.residual: [
        (branch, "Nothing is added"),
        (lambda x, first, second: x, "computes nothing"),
        (lambda x, first, second: residual(x, first, second).relu(), "stands after the sum"),
        (lambda x, first, second: x - branch(x, first, second), "not taken away"),
        (lambda x, first, second: x * branch(x, first, second), "times zero is zero"),
        (lambda x, first, second: x * (1 + branch(x, first, second)), "its own slope"),
        (lambda x, a, b: x + conv2d(conv2d(x, a, padding=1), b, padding=1), "a ReLU is missing"),
        (lambda x, first, second: residual(x, second, first), "comes first"),
        (lambda x, a, b: conv2d((x + conv2d(x, a, padding=1)).relu(), b, padding=1), "Add at the end"),
        (lambda x, a, b: x + conv2d(x, a, padding=1).relu(), "`second` has no effect"),
        (lambda x, a, b: x + branch(x, a, b).relu(), "No ReLU after"),
        (lambda x, a, b: x.relu() + branch(x, a, b), "the input itself"),
        (lambda x, a, b: x + branch(x.relu(), a, b), "Only between"),
        (lambda x, a, b: x + 2 * branch(x, a, b), "is wanted"),
        (lambda x, a, b: residual(x.detach(), a, b), "no slope can pass"),
        (lambda x, a, b: torch.from_numpy(residual(x, a, b).detach().numpy()), "no slope can pass"),
        (lambda x, a, b: x.detach() + branch(x, a, b), "should be 1"),
        (lambda x, a, b: x + branch(x, a, b).detach(), "past the branch"),
        (lambda x, a, b: x + branch(x, a.detach(), b), "`first`"),
        (lambda x, a, b: x + branch(x, a, b.detach()), "`second`"),
        (lambda x, a, b: x + branch(x.detach(), a, b), "`x`"),
        (lambda x, a, b: residual(x, a, b).numpy(), "no slope can pass"),
        (lambda x, a, b: x + conv2d(conv2d(x, a).relu(), b), "RuntimeError"),
    ],
    check.coefficient: [
        (0.5, "function itself"),
        (lambda *a: 0.5, "whatever it is given"),
        (lambda x, g, a, b, s: s @ np.maximum(a @ x + b @ g, 0), "sigmoid is missing"),
        (lambda x, g, a, b, s: sigmoid(s @ (a @ x + b @ g)), "comes a ReLU"),
        (lambda x, g, a, b, s: sigmoid(s @ (np.maximum(a @ x, 0) + np.maximum(b @ g, 0))), "after the sum of both"),
        (lambda x, g, a, b, s: sigmoid(s @ np.maximum((a @ x) * (b @ g), 0)), "The two are added"),
        (lambda x, g, a, b, s: sigmoid(np.maximum(s @ (a @ x + b @ g), 0)), "before the score is taken"),
        (lambda x, g, a, b, s: sigmoid(s @ np.maximum(a @ x, 0)), "from below has no say"),
        (lambda x, g, a, b, s: sigmoid(s @ np.maximum(b @ g, 0)), "from across has no say"),
        (lambda x, g, a, b, s: sigmoid(s @ np.maximum(a @ x - b @ g, 0)), "Add the two"),
        (lambda *a: 1 - coefficient(*a), "held back"),
        (lambda x, g, a, b, s: sigmoid(np.maximum(a @ x + b @ g, 0).sum()), "`score` has no effect"),
        (lambda x, g, a, b, s: np.tanh(s @ np.maximum(a @ x + b @ g, 0)), "A sigmoid is wanted"),
        (lambda x, *a: coefficient(x, *a) * x.sum(), "not its product"),
        (lambda *a: coefficient(*a) + 0.1, "The first pixel's"),
    ],
    check.channels: [
        (16, "function itself"),
        (lambda i, j, w: j * w * 2**i, "from below is read"),
        (lambda i, j, w: (j + 1) * w, "twice the channels"),
        (lambda i, j, w: (j + 1) * w * (i + 1), "double from level"),
        (lambda i, j, w: j * w * 2**i + w * 2 ** (i + 1), "has halved"),
        (lambda i, j, w: 2 * w * 2**i, "*all* nodes"),
        (lambda i, j, w: w * 2**i, "what the node writes"),
        (lambda i, j, w: (i + 1) * w * 2**j, "counted downwards"),
        (lambda i, j, w: (j + 1) * 8 * 2**i, "`width` has no effect"),
        (lambda i, j, w: (j + 1) * w * 2**i + 1, "Node (0, 1) at width 8"),
        (lambda i, j, w: 40, "whatever it is given"),
    ],
    check.enough: [
        (3, "function itself"),
        (lambda s, a: int(np.argmax(s)) + 1, "the best depth"),
        (lambda s, a: enough(s, a) - 1, "counts from 0"),
        (lambda s, a: min(enough(s, a) + (a > 0.3), len(s)), "is enough; yours says"),
        (lambda s, a: 1 + int(np.flatnonzero(np.array(s) >= max(s) - a)[-1]), "Take the shallowest"),
        (lambda s, a: next(n for n, v in enumerate(s, 1) if v >= s[-1] - a), "with the deepest"),
        (lambda s, a: next((n for n, v in enumerate(s, 1) if v > max(s) - a), len(s)), "still good enough"),
        (lambda s, a: next(n for n, v in enumerate(s, 1) if v >= max(s) * (1 - a)), "not a share"),
        (lambda s, a: next((n for n, v in enumerate(s, 1) if v >= a), len(s)), "no score to reach"),
        (
            lambda s, a: next((n for n in range(1, len(s)) if s[n] - s[n - 1] <= a), len(s)),
            "not the next",
        ),
        (lambda s, a: next(n for n, v in enumerate(s, 1) if v <= max(s) - a or v == max(s)), "at *least*"),
        (lambda s, a: enough(s, 0.0625), "`allowance` has no effect"),
        (lambda s, a: enough(s, 0.01), "`allowance` has no effect"),
        (lambda s, a: 3, "whatever it is given"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
