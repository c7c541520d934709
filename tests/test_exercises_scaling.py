"""The checkers of chapter 26 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import scaling as check


def mean(means, counts):
    return np.average(means, weights=counts)


def dice(overlaps, totals):
    return np.mean([2 * o / t for o, t in zip(np.transpose(overlaps).sum(1), np.transpose(totals).sum(1), strict=True)])


def touched(start, out, margin, piece, length):
    rows = [row for row in range(start - margin, start + out + margin) if 0 <= row < length]
    return sorted({row // piece for row in rows})


def shards(images, bytes_each, shard_bytes):
    return -(-images // (shard_bytes // bytes_each))


SOLUTIONS = {
    check.mean_of_parts: [mean, lambda means, counts: (means * counts).sum() / counts.sum()],
    check.dice_of_all: [dice, lambda o, t: (2 * o.sum(0) / t.sum(0)).mean()],
    check.pieces_touched: [touched, lambda s, o, m, p, n: list(range(max(s - m, 0) // p, -(-min(s + o + m, n) // p)))],
    check.shards_needed: [shards, lambda n, b, s: int(np.ceil(n / int(s / b)))],
}

WRONG = {
    check.mean_of_parts: [
        (lambda means, counts: means.mean(), "counts alike"),
        (lambda means, counts: means.sum(), "You add means"),
        (lambda means, counts: (means * counts).sum(), "how many there are"),
        (lambda means, counts: (means * counts).mean(), "number of parts"),
        (lambda means, counts: means[0], "`counts` has no effect"),
        (lambda means, counts: (means * counts)[:-1].sum() / counts[:-1].sum(), "of [256"),
        (lambda means, counts: 1 / 0, "ZeroDivisionError"),
    ],
    check.dice_of_all: [
        (lambda o, t: (2 * o / t).mean(), "own Dice"),
        (lambda o, t: 2 * o.sum() / t.sum(), "pooled the classes"),
        (lambda o, t: (o.sum(0) / t.sum(0)).mean(), "twice"),
        (lambda o, t: 1 - dice(o, t), "*loss*"),
        (lambda o, t: (2 * o.sum(1) / t.sum(1)).mean(), "along axis 0"),
        (lambda o, t: 2 * o.sum(0) / t.sum(0), "one number"),
        (lambda o, t: 0.5, "same whatever"),
    ],
    check.pieces_touched: [
        (lambda s, o, m, p, n: touched(s, o, 0, p, n), "forgot the margin"),
        (lambda s, o, m, p, n: list(range(max(s - m, 0) // p, min(s + o + m, n) // p + 1)), "too many"),
        (lambda s, o, m, p, n: list(range((s - m) // p, (min(s + o + m, n) - 1) // p + 1)), "before pixel 0"),
        (lambda s, o, m, p, n: list(range(max(s - m, 0) // p, (s + o + m - 1) // p + 1)), "ends at `length`"),
        (lambda s, o, m, p, n: len(touched(s, o, m, p, n)), "You counted"),
        (lambda s, o, m, p, n: touched(s, o, m, 512, n), "`piece` has no effect"),
        (lambda s, o, m, p, n: touched(s, o, m, p, n)[::-1], "reads the pieces"),
        (lambda s, o, m, p, n: [0], "same whatever"),
    ],
    check.shards_needed: [
        (lambda n, b, s: -(-n * b // s), "cut in two"),
        (lambda n, b, s: n // (s // b), "partly filled"),
        (lambda n, b, s: n // (s // b) + 1, "come out even"),
        (lambda n, b, s: n * b / s, "Whole shards"),
        (lambda n, b, s: s // b, "fit into one"),
        (lambda n, b, s: 66, "same whatever"),
        (lambda n, b, s: -(-n // max(1, (s - 1) // b)), "10 images of 25 bytes need 3"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
