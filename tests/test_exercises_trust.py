"""The checkers of chapter 24 accept what is right, and tell wrong answers apart."""

import itertools

import numpy as np
from checkers import checker_tests
from scipy import stats

from unet_teach.course.exercises import trust as check
from unet_teach.metrics import bland_altman, calibration_error, exact_interval

NO = {"North": ("no-go", "leak"), "East": ("go", "sound"), "South": ("no-go", "subgroup")}


def limits(measured, reference):
    found = bland_altman(measured, reference)
    return found.bias, found.lower, found.upper


def gap(probability, happened, bins):
    edges = np.linspace(0, 1, bins + 1)
    total = 0
    for low, high in itertools.pairwise(edges):
        inside = (probability >= low) & ((probability < high) | (high == 1))
        total += abs((probability[inside] - happened[inside]).sum())
    return total / len(probability)


def upper_edges(probability, happened, bins):
    number = np.digitize(probability, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    return sum(abs((probability - happened)[number == one].sum()) for one in range(bins)) / len(probability)


def around(measured, reference, middle, factor):
    apart = measured - reference
    return apart.mean(), middle - factor * apart.std(ddof=1), middle + factor * apart.std(ddof=1)


SOLUTIONS = {
    check.still_possible: [
        lambda cases: 1 - 0.025 ** (1 / cases),
        lambda cases: exact_interval(0, cases)[1],
        lambda cases: stats.binomtest(0, cases).proportion_ci().high,
    ],
    check.limits_of_agreement: [limits],
    check.average_gap: [gap, calibration_error],
    check.memo: [NO],
}

WRONG = {
    check.still_possible: [
        (lambda cases: 1 - 0.05 ** (1 / cases), "on one side"),
        (lambda cases: 0.025 ** (1 / cases), "still be *right*"),
        (lambda cases: 3 / cases, "rule of three"),
        (lambda cases: 1 / cases, "was not seen"),
        (lambda cases: 0, "impossible"),
        (lambda cases: 0.459, "same whatever"),
        (lambda cases: 100 - 100 * 0.025 ** (1 / cases), "per cent"),
    ],
    check.limits_of_agreement: [
        (lambda measured, reference: limits(reference, measured), "other way round"),
        (lambda measured, reference: limits(np.abs(measured - reference), 0 * reference), "Keep the signs"),
        (lambda measured, reference: limits(measured, reference)[::2] * 2, "Three numbers"),
        (lambda measured, reference: np.array(limits(measured, reference)) + 1, "the bias is"),
        (lambda measured, reference: around(measured, reference, 0, 1.96), "around the bias"),
        (lambda measured, reference: around(measured, reference, np.mean(measured - reference), 2), "and not 2"),
        (lambda measured, reference: (*limits(measured, reference)[1::-1], limits(measured, reference)[2]), "order"),
    ],
    check.average_gap: [
        (lambda p, h, bins: np.abs(p - h).mean(), "Sort into bins"),
        (lambda p, h, bins: abs(p.mean() - h.mean()), "One bin"),
        (lambda p, h, bins: gap(p, h, 10), "`bins` has no effect"),
        (upper_edges, "lower edge"),
        (lambda p, h, bins: gap(p, h, bins) * len(p), "sum over all"),
        (lambda p, h, bins: gap(p, h, bins) + 1, "bins it is"),
        (lambda p, h, bins: gap(p, ~h, bins), "it is"),
    ],
    check.memo: [
        (NO | {"North": ("go", "sound")}, "who is who"),
        (NO | {"North": ("no-go", "too few")}, "few patients, too"),
        (NO | {"North": ("no-go", "bias")}, "two columns"),
        (NO | {"East": ("no-go", "too few")}, "hold against it"),
        (NO | {"South": ("go", "sound")}, "far off"),
        (NO | {"South": ("no-go", "bias")}, "by much in some"),
        (NO | {"South": ("no-go", "leak")}, "thin and of heavy"),
        (NO | {"South": ("maybe", "leak")}, "the decision is"),
        (NO | {"South": ("no-go", "ugly")}, "the reason is one of"),
        (NO | {"South": ("no-go", "sound")}, "goes with"),
        (NO | {"South": "no-go"}, "give a pair"),
        (NO | {"South": ("no-go", ["subgroup"])}, "the reason is one of"),
        ({"North": ("no-go", "leak")}, "A dictionary"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_an_open_memo():
    assert check.memo(NO | {"East": ...}).passed is None
    assert check.memo(NO | {"East": ("go", ...)}).passed is None
