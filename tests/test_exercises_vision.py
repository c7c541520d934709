"""Chapter 2's checkers: the solution passes, each named wrong answer gets its own hint, nothing raises."""

import numpy as np
from checkers import checker_tests

from unet_teach.classical import half_width
from unet_teach.course.exercises import vision as check


def turned(data):
    centred = data - data.mean(axis=0)
    return centred @ np.linalg.eigh(np.cov(centred.T))[1]


def whitened(data):
    return turned(data) / turned(data).std(axis=0)


def divides_by_the_standard_deviation(data):
    return (data - data.mean(axis=0)) / data.std(axis=0)


def multiplies_by_the_root(data):
    return turned(data) * turned(data).std(axis=0)


def forgets_the_mean(data):
    return whitened(data) + data.mean()


def zca(data):
    """Whitens and turns back: as white, in other directions."""
    centred = data - data.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(centred.T))
    return centred @ vectors @ np.diag(values**-0.5) @ vectors.T


def turns_the_wrong_way(data, root=0.5):
    centred = data - data.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(centred.T))
    return centred @ vectors.T / values**root


def whitens_noise_of_its_own(data):
    return whitened(np.random.default_rng(3).normal(size=data.shape))


def only_numbers(even, odd):
    return abs(complex(even, odd)) ** 2


def only_arrays(even, odd):
    return [e**2 + o**2 for e, o in zip(even, odd, strict=True)]


column = [(row, 0) for row in (-8, -4, 0, 4, 8)]


EXACTLY_TWICE = [(8, -1), (-8, -3), (-5, 2), (2, 2), (0, 7)]  # but for rounding, which gives a hair less

SOLUTIONS = {
    check.centre_surround: [[0, 120, 80]],
    check.turn: [half_width(8, 8), 11],
    check.row_of_cells: [column, [(-6, 2), (0, 2), (6, 2)], EXACTLY_TWICE],
    check.energy: [lambda even, odd: even**2 + odd**2, only_numbers, only_arrays],
    check.whiten: [whitened, zca],
}
WRONG = {
    check.centre_surround: [
        ([350, 120, 80], "neighbours count too"),
        ([50, 120, 80], "add up to 0"),
        ([0, -120, 80], "sign"),
        ([0, 40, 80], "3 x 10 and 5 x 50"),
        ([0, 120, 10], "eight times"),
        ([0, 120, 90], "8 x 60"),
        (0, "three patches"),
    ],
    check.turn: [
        (2 * half_width(8, 8), "sigma 4, or the full width"),
        (np.radians(half_width(8, 8)), "radians"),
        (half_width(8, 4), "sigma 4, or the full width"),
        (21.5, "sigma 4, or the full width"),  # what the chapter measures there, and nearly the full width
        (43, "smaller turn"),
        (5, "Put wavelength 8"),
    ],
    check.row_of_cells: [
        ([(0, c) for r, c in [(0, -8), (0, -4), (0, 0), (0, 4), (0, 8)]], "prefers stripes that lie"),
        ([(0, 0)] * 5, "on top of each other"),
        ([(r, c) for r in (-6, 0, 6) for c in (-6, 0, 6)], "times as much"),
        ([(0, 0), (4, 0)], "at least three"),
        ([(-12, 0), (0, 0), (12, 0)], "from -8 to 8"),
        ([1, 2, 3], "pairs"),
        (np.zeros((0, 2)), "at least three"),
        ([(0, 0), (4, 0), (4, 0)], "two cells only"),
        ([(0, 0), (3, 3), (-3, -3)], "times as much"),
        ([(0, 0), (4, 4), (-4, -4)], "cancel each other"),
        ([(0, 0), (0, 6), (6, 0), (6, 6)], "cancel each other"),
        ([(column, row) for row, column in EXACTLY_TWICE], "prefers stripes that lie"),
    ],
    check.energy: [
        (lambda even, odd: even + odd, "never below 0"),
        (lambda even, odd: abs(even) + abs(odd), "still changes"),
        (lambda even, odd: np.hypot(even, odd), "amplitude"),
        (lambda even, odd: 2 * (even**2 + odd**2), "not the sum"),
        (lambda even, odd: even**2, "`odd` has no effect"),
        (lambda even, odd: odd**2, "`even` has no effect"),
        (lambda even, odd: (even + odd) ** 2, "square of a sum"),
        (lambda even, odd: (even**2 + odd**2).sum(), "number for all the pairs"),
        (lambda even, odd: even**2 - odd**2, "never below 0"),
        (lambda even, odd: 0.25, "number for all the pairs"),
        (3, "function itself"),
    ],
    check.whiten: [
        (divides_by_the_standard_deviation, "still go together"),
        (multiplies_by_the_root, "variances"),
        (turned, "variances"),
        (forgets_the_mean, "axis 0"),
        (lambda data: data.T, "came out"),
        (turns_the_wrong_way, "wrong way"),
        (lambda data: turns_the_wrong_way(data, root=0), "wrong way"),
        (lambda data: turned(data) / turned(data).var(axis=0), "standard deviations"),
        (lambda data: whitened(data) * np.nan, "NaN"),
        (lambda data: whitened(data) / np.sqrt(len(data)), "not their sum"),
        (whitens_noise_of_its_own, "made of what came in"),
        (lambda data: whitened(data**3), "made of what came in"),
        (lambda data: whitened(data)[::-1], "made of what came in"),
        (lambda data: data - data.mean(axis=1, keepdims=True), "axis 0"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
