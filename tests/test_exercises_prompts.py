"""The checkers of chapter 27 accept what is right, and tell wrong answers apart."""

import math

import numpy as np
from checkers import checker_tests
from scipy import ndimage

from unet_teach.course.exercises import prompts as check


def discs(clicks, shape):
    found = np.zeros((2, *shape), np.float32)
    for row, column, inside in clicks:
        alone = np.ones(shape)
        alone[row, column] = 0
        found[0 if inside else 1][ndimage.distance_transform_edt(alone) <= 3] = 1
    return found


def discs_of(clicks, shape, near):
    found = np.zeros((2, *shape))
    for row, column, inside in clicks:
        for r in range(shape[0]):
            for c in range(shape[1]):
                if near(r - row, c - column):
                    found[int(not inside), r, c] = 1
    return found


def near(part, row, ways=(1, -1)):
    windows = np.lib.stride_tricks.sliding_window_view(row, len(part))
    return min(np.sqrt(((windows - part[::way]) ** 2).mean(axis=1)).min() for way in ways)


SOLUTIONS = {
    check.channels: [discs, lambda clicks, shape: discs_of(clicks, shape, lambda r, c: math.hypot(r, c) <= 3)],
    check.lowered: [lambda b, a: (a < b).mean(), lambda b, a: sum(x > y for x, y in zip(b, a, strict=True)) / len(b)],
    check.turn_back: [
        lambda x, v, by: np.cos(by) * x - np.sin(by) * v,
        lambda x, v, by: x * math.cos(by) + v * math.sin(-by),
    ],
    check.how_near: [near, lambda part, row: min(near(part, row, (1,)), near(part[::-1], row, (1,)))],
}

WRONG = {
    check.channels: [
        (lambda c, s: discs_of(c, s, lambda r, q: max(abs(r), abs(q)) <= 3), "squares"),
        (lambda c, s: discs_of(c, s, lambda r, q: math.hypot(r, q) < 3), "`<=`"),
        (lambda c, s: discs_of(c, s, lambda r, q: r**2 + q**2 <= 3), "compare with 9"),
        (lambda c, s: discs_of(c, s, lambda r, q: r == q == 0), "radius 3"),
        (lambda c, s: discs(c, s)[::-1], "Channel 0"),
        (lambda c, s: discs_of([(q, r, i) for r, q, i in c], s, lambda r, q: math.hypot(r, q) <= 3), "row first"),
        (lambda c, s: sum((discs([one], s) for one in c), np.zeros((2, *s))), "do not add"),
        (lambda c, s: discs([(r, q, True) for r, q, _ in c], s), "their own"),
        (lambda c, s: discs(c[:1], s), "Only the first"),
        (lambda c, s: discs(c[-1:], s), "Only the last"),
        (lambda c, s: discs(c, s).max(axis=0), "two channels"),
        (lambda c, s: discs(c, (20, 30)), "two channels"),
        (lambda c, s: np.zeros((2, *s)), "empty"),
        (lambda c, s: discs(c, s) * (discs(c, s)[::-1] == 0), "neither wipes out"),
        (lambda c, s: discs(c, s) * np.array([np.ones(s), discs(c, s)[0] == 0]), "neither wipes out"),
    ],
    check.lowered: [
        (lambda b, a: (a <= b).mean(), "`<=`"),
        (lambda b, a: (a > b).mean(), "raises"),
        (lambda b, a: (a >= b).mean(), "not* lowered"),
        (lambda b, a: (a < b).sum(), "how many"),
        (lambda b, a: (a - b).mean(), "mean gain"),
        (lambda b, a: float(a.mean() < b.mean()), "two means"),
        (lambda b, a: 0.2, "same whatever"),
        (lambda b, a: (a < b).any(), "*any* fell"),
        (lambda b, a: (a < 0.6).mean(), "`before` has no effect"),
        (lambda b, a: a < b, "one number"),
    ],
    check.turn_back: [
        (lambda x, v, by: np.cos(by) * x + np.sin(by) * v, "towards the noise"),
        (lambda x, v, by: np.sin(by) * x - np.cos(by) * v, "changed places"),
        (lambda x, v, by: x - by * v, "straight step"),
        (lambda x, v, by: x - np.sin(by) * v, "shrink"),
        (lambda x, v, by: np.cos(by) * x, "missing"),
        (lambda x, v, by: np.cos(by) * v - np.sin(by) * x, "Which is the mixture"),
        (lambda x, v, by: np.cos(0.3) * x - np.sin(0.3) * v, "`by` has no effect"),
    ],
    check.how_near: [
        (lambda p, r: near(p, r, (1,)), "mirrored"),
        (lambda p, r: near(p, r, (-1,)), "smaller of both"),
        (lambda p, r: near(p, r[:-1]), "last stretch"),
        (lambda p, r: near(p, r) ** 2, "root"),
        (lambda p, r: near(p, np.append(r, r[: len(p) - 1])), "go on at its beginning"),
        (lambda p, r: near(p, r) * math.sqrt(len(p)), "mean"),
        (lambda p, r: 1.0, "same whatever"),
        (lambda p, r: near(np.sort(p), r), "["),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
