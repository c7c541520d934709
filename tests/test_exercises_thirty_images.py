"""The checkers of chapter 9 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import thirty_images as check

SECTION = {"axis": (1, 2), "keepdims": True}


def centred(x, **how):
    return x - x.mean(**(how or SECTION))


def standardised(x):
    return centred(x) / x.std(**SECTION)


def one_by_one(stack):
    return [(section - section.mean()) / section.std() for section in stack]


def undo(picture, turns, mirrored):
    upright = np.rot90(picture, -turns)
    return np.fliplr(upright) if mirrored else upright


def mirror_first(picture, turns, mirrored):
    """Mirror first, and then turn the same way: a mirror turns turns around."""
    return np.rot90(picture[:, ::-1], turns) if mirrored else np.rot90(picture, 4 - turns % 4)


SOLUTIONS = {
    check.split_cell: [2 * 0.625 / 1.625, 0.77, 10 / 13, np.float32(0.769)],
    check.standardise_each: [standardised, one_by_one, lambda x: centred(x) / (x.std(**SECTION) + 1e-8)],
    check.starting_sd: [0.0833, 0.083, np.sqrt(2 / 288)],
    check.largest_stride: [112, 112.0],
    check.undo: [undo, mirror_first],
}
WRONG = {
    check.split_cell: [
        (0.625, "also the recall"),
        (0.75, "larger piece's share"),
        (1, "torn apart"),
        (0.385, "twice above the line"),
        (0.8125, "plain mean"),
        (0.857, "Dice of the larger piece"),
        (0.743, "two different pixels"),
        (0.667, "of the gap above"),
        (0.3, "9/12 and 3/12"),
        (-0.769, "9/12 and 3/12"),
        ("half", "one number"),
    ],
    check.standardise_each: [
        (lambda x: centred(x, axis=None) / x.std(), "sections do not"),
        (lambda x: centred(x, axis=None) / x.std(**SECTION), "One mean for the whole"),
        (lambda x: centred(x) / x.std(), "One standard deviation for the whole"),
        (lambda x: centred(x, axis=0, keepdims=True) / x.std(0), "over all sections"),
        (lambda x: centred(x, axis=1, keepdims=True) / x.std(1, keepdims=True), "Each column"),
        (lambda x: centred(x, axis=2, keepdims=True) / x.std(2, keepdims=True), "Each row"),
        (lambda x: -standardised(x), "signs"),
        (centred, "deviations are not 1"),
        (lambda x: centred(x) / x.var(**SECTION), "variance"),
        (lambda x: x / x.std(**SECTION), "do not have mean 0"),
        (lambda x: x / x.std(**SECTION) - x.mean(**SECTION), "after the division"),
        (lambda x: x - x.mean(**SECTION) / x.std(**SECTION), "Brackets"),
        (lambda x: (x - x.min(**SECTION)) / np.ptp(x, **SECTION), "from 0 to 1"),
        (lambda x: centred(x) / x.std(ddof=1, **SECTION), "ddof=1"),
        (lambda x: standardised(x[:, ::-1]), "section by section"),
        (lambda x: standardised(x[::-1]), "section by section"),
        (lambda x: standardised(np.random.default_rng(0).normal(size=x.shape)), "section by section"),
        (lambda x: standardised(x).round(1), "section by section"),
        (lambda x: x[0], "shape"),
        (lambda x: np.subtract(x, 1, out=x), "copy"),
        (lambda x: (x - x.mean((1, 2))) / x.std((1, 2)), "ValueError"),
    ],
    check.starting_sd: [
        ((2 / (9 * 128)) ** 0.5, "flows out"),
        (2 / 288, "variance"),
        (288, "That is N"),
        (2**0.5 / 288, "N too"),
        (2 / 288**0.5, "the 2 as well"),
        ((1 / 288) ** 0.5, "without ReLU"),
        ((1 / 864) ** 0.5, "torch's default"),
        ((2 / 1440) ** 0.5, "Glorot"),
        ((2 / 32) ** 0.5, "window of nine"),
        ((2 / 96) ** 0.5, "not three"),
        ((2 / 9) ** 0.5, "its nine pixels"),
        ((2 / (9 * 32 * 128)) ** 0.5, "all weights"),
        (-0.0833, "never below 0"),
        (0.08, "three digits"),
        (1, "sqrt"),
        ("0.0833", "Give one number"),
    ],
    check.largest_stride: [
        (128, "leave gaps"),
        (300, "leave gaps"),
        (116, "another grid"),
        (100, "grid of 16"),
        (111.5, "grid of 16"),
        (96, "wasteful"),
        (-16, "positive"),
        (float("nan"), "NaN"),
    ],
    check.undo: [
        (lambda p, turns, mirrored: np.rot90(p[:, ::-1] if mirrored else p, -turns), "first undone"),
        (lambda p, turns, mirrored: np.rot90(p, -turns), "mirror once more"),
        (lambda p, turns, mirrored: np.fliplr(p) if mirrored else p, "turns are not undone"),
        (lambda p, turns, mirrored: undo(p, -turns, mirrored), "by -turns"),
        (lambda p, turns, mirrored: undo(p, turns, True), "mirror always"),
        (lambda p, turns, mirrored: undo(p, turns, not mirrored), "were not mirrored, and only those"),
        (lambda p, turns, mirrored: np.flipud(np.rot90(p, -turns)) if mirrored else np.rot90(p, -turns), "up and down"),
        (lambda p, turns, mirrored: np.rot90(np.fliplr(p) if mirrored else p, turns), "again what was done"),
        (lambda p, turns, mirrored: p, "Nothing is undone"),
        (lambda p, turns, mirrored: undo(p, turns, mirrored).reshape(3, 4), "ValueError"),
        (lambda p, turns, mirrored: undo(p, min(turns, 2), mirrored), "turns=3, mirrored=False does not come back"),
        (lambda p, turns, mirrored: np.zeros(3), "turns=0, mirrored=False does not come back"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
