"""The checkers of chapter 10 accept what is right, and tell wrong answers apart."""

import numpy as np
from checkers import checker_tests

from unet_teach.course.exercises import touching_cells as check
from unet_teach.transforms import weight_map, with_seams


def average_precision(matched, missed, false):
    total = matched + missed + false
    return matched / total if total else 1.0


def over(share):
    """The average precision with another count below the line; 1 where that is 0."""
    return lambda matched, missed, false: (
        matched / share(matched, missed, false) if share(matched, missed, false) else 1
    )


def seams(row):
    return with_seams(row[None])[0]


def seams_by_loop(row):
    row = [0, *row.tolist(), 0]
    return [row[i] > 0 and len({row[i - 1], row[i], row[i + 1]} - {0}) == 1 for i in range(1, len(row) - 1)]


def beside(row, step):
    """The neighbour of each place, on a ring."""
    return np.roll(row, -step)


def seams_by_padding(row, sides=(-1, 1)):
    padded = np.pad(row, 1)
    return (row > 0) & np.all(
        [np.isin(beside(padded, side)[1:-1] - row, [0]) | (beside(padded, side)[1:-1] == 0) for side in sides], 0
    )


def weights(row, w0, sigma):
    return weight_map(row[None], w0, sigma)[0]


def distances(row):
    places = np.arange(len(row))
    away = [abs(places[:, None] - np.flatnonzero(row == cell)).min(1) for cell in set(row.tolist()) - {0}]
    return np.sort([*away, np.full(len(row), np.inf), np.full(len(row), np.inf)], axis=0)[:2]


def weighed(total, on_cells=1.0, plus=1.0):
    """Weights with something else in the place of the two distances' sum."""

    def made(row, w0, sigma):
        return np.where(row > 0, on_cells, plus + w0 * np.exp(-(total(row) ** 2) / (2 * sigma**2)))

    return made


def to_either_side(row):
    cells = np.flatnonzero(row)
    sides = [
        (min(p - cells[cells < p], default=np.inf), min(cells[cells > p] - p, default=np.inf)) for p in range(len(row))
    ]
    return np.sum(sides, axis=1)


def two_nearest_places(row):
    away = abs(np.arange(len(row)) - np.flatnonzero(row)[:, None])
    return np.sort([*away, *np.full((2, len(row)), np.inf)], axis=0)[:2].sum(0)


def width_of_the_gap(row):
    return np.full(len(row), 2 * ((row == 0).sum() + 1))


TALLY = {"matched": 2, "missed": 3, "false": 2, "merged": 1, "split": 0}
SOLUTIONS = {
    check.tally: [TALLY],
    check.average_precision: [average_precision, lambda a, b, c: np.float64(a) / (a + b + c) if a + b + c > 0 else 1],
    check.seams: [seams, seams_by_loop, seams_by_padding],
    check.gap: [9.35, 1 + 10 * np.exp(-0.18)],
    check.weights: [weights, weighed(lambda row: distances(row).sum(0))],
}
WRONG = {
    check.tally: [
        ([2, 3], "dictionary"),
        (TALLY | {"missed": 2}, "five true"),
        (TALLY | {"false": 1}, "four predicted"),
        (TALLY | {"matched": 1, "missed": 4, "false": 3}, "Cell 2 matches"),
        (TALLY | {"matched": 3, "missed": 2, "false": 1}, "half, not more"),
        (TALLY | {"matched": 4, "missed": 1, "false": 0}, "place by place"),
        (TALLY | {"merged": 0}, "Found 3 does"),
        (TALLY | {"merged": 2}, "happens to"),
        (TALLY | {"split": 1}, "Cell 2 holds one"),
        (TALLY | {"split": 0.5}, "Look at each true cell"),
        (TALLY | {"split": "none"}, "one number"),
    ],
    check.average_precision: [
        (over(lambda m, n, f: m + f), "missed cells"),
        (over(lambda m, n, f: m + n), "false ones"),
        (lambda m, n, f: 2 * m / (2 * m + n + f) if m + n + f else 1, "Dice"),
        (over(lambda m, n, f: n + f), "the matched belong there"),
        (lambda m, n, f: 1 - average_precision(m, n, f), "share of mistakes"),
        (lambda m, n, f: 100 * average_precision(m, n, f), "not of 100"),
        (lambda m, n, f: m // (m + n + f) if m + n + f else 1, "`//`"),
        (lambda m, n, f: m / max(1, m + n + f), "nothing found"),
        (lambda m, n, f: m / (m + n + f), "divides by 0"),
        (lambda m, n, f: m / (m + n + f) if m else 1, "all wrong"),
        (lambda m, n, f: average_precision(m, n, f) if m + n else 1, "all wrong"),
        (lambda m, n, f: 0.5, "whatever it is given"),
        (lambda m, n, f: m / (m + n + f) if m + n + f else float("nan"), "gives NaN there. With nothing"),
        (lambda m, n, f: m / (m + n + f) if m + n + f else None, "gives None there"),
        (lambda m, n, f: average_precision(m, min(n, 4), f), "0.500 is wanted"),
        (lambda m, n, f: round(average_precision(m, n, f), 2), "0.286 is wanted, yours is 0.29"),
        (7, "function itself"),
    ],
    check.seams: [
        ([True], "function itself"),
        (lambda row: row > 0, "still one piece"),
        (lambda row: seams_by_padding(row, [1]), "only to the right"),
        (lambda row: seams_by_padding(row, [-1]), "only to the left"),
        (lambda row: (row > 0) & (np.pad(row, 1)[2:] == row) & (np.pad(row, 1)[:-2] == row), "keeps its edge"),
        (
            lambda row: (row > 0) & np.all([(beside(row, s) == row) | (beside(row, s) == 0) for s in (-1, 1)], 0),
            "two ends",
        ),
        (lambda row: (row > 0) & ~seams(row), "where the seam is"),
        (lambda row: seams(row) | (row == 0), "empty places"),
        (lambda row: ~seams(row), "turned around"),
        (lambda row: row * seams(row), "number of its cell"),
        (lambda row: seams(row)[::-1], "has another cell beside it; yours says True"),
        (lambda row: np.ones(len(row), bool), "yours says True"),
        (lambda row: [True], "shape"),
        (lambda row: seams(row) & (row < 9), "yours says False"),
        (lambda row: [row[i] > 0 and row[i + 1] in (0, row[i]) for i in range(len(row))], "IndexError"),
    ],
    check.gap: [
        ("much", "one number"),
        (float("nan"), "NaN"),
        (8.35, "every pixel"),
        (11 * np.exp(-0.18), "by itself"),
        (1 + np.exp(-0.18), "multiplied by w0"),
        (1 + 10 * np.exp(0.18), "below 0"),
        (1 + 10 * np.exp(-9 / 25), "twice the square"),
        (1 + 10 * np.exp(-9 / 100), "2 is not squared"),
        (1 + 10 * np.exp(-0.9), "Sigma is squared"),
        (1.0, "in brackets"),
        (1 + 10 * np.exp(-0.1), "Add the two"),
        (1 + 10 * np.exp(-3 / 50), "sum of the distances is squared"),
        (1 + 10 * np.exp(-1 / 50), "Both distances"),
        (9.4, "two decimals"),
    ],
    check.weights: [
        (lambda row, w0, sigma: np.ones(3), "whatever it is given"),
        (lambda *given: weights(*given)[1:], "shape"),
        (weighed(lambda row: distances(row)[0]), "nearest cell only"),
        (weighed(lambda row: distances(row)[1]), "second nearest cell only"),
        (weighed(to_either_side), "on one side"),
        (weighed(two_nearest_places), "of the same cell"),
        (weighed(width_of_the_gap), "is wanted"),
        (weighed(lambda row: np.hypot(*distances(row))), "then square the sum"),
        (weighed(lambda row: np.sqrt(distances(row).sum(0))), "is squared"),
        (weighed(lambda row: distances(row).sum(0), plus=0), "1 that every pixel has is missing."),
        (lambda *given: weights(*given) - 1, "on cells too"),
        (weighed(lambda row: distances(row).sum(0), on_cells=0), "is 1, not 0"),
        (
            lambda row, w0, sigma: 1 + w0 * np.exp(-(distances(row).sum(0) ** 2) / (2 * sigma**2)),
            "On a cell the weight is 1.",
        ),
        (lambda row, w0, sigma: weights(row, 10, sigma), "`w0`"),
        (lambda row, w0, sigma: weights(row, w0, 5), "`sigma`"),
        (lambda row, w0, sigma: weights(row, w0, sigma**0.5), "Sigma is squared"),
        (lambda row, w0, sigma: weights(row, w0, sigma / 2**0.5), "2 is missing"),
        (lambda row, w0, sigma: weights(row, w0, sigma * 2**0.5), "2 is not squared"),
        (lambda row, w0, sigma: np.ones(len(row)), "`w0`"),
        (lambda *given: weights(*given).round(2), "Give all digits"),
        (lambda *given: weights(*given).astype(int), "fractions are cut off"),
        (lambda row, w0, sigma: weights(row[::-1], w0, sigma), "is wanted"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_a_tally_that_is_not_filled_in_yet_says_what_is_missing():
    assert repr(check.tally(dict.fromkeys(TALLY, ...))) == "Exercise 1: not answered yet."
    assert check.tally(TALLY | {"split": None}).message == "Still without a number: split."
