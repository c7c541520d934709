"""The checkers of chapter 10 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest

from unet_teach.course.exercises import touching_cells as check
from unet_teach.transforms import weight_map, with_seams


def seams_solution(row):
    return with_seams(row[None])[0]


def weights_solution(row, w0, sigma):
    return weight_map(row[None], w0, sigma)[0]


def precision_solution(matched, missed, false):
    total = matched + missed + false
    return matched / total if total else 1.0


TALLY = {"matched": 2, "missed": 3, "false": 2, "merged": 1, "split": 0}
RIGHT = {
    check.gap: [9.35, 1 + 10 * np.exp(-0.18)],
    check.tally: [TALLY],
    check.seams: [seams_solution, lambda row: seams_solution(row).astype(int).tolist()],
    check.weights: [weights_solution],
    check.precision: [precision_solution],
}
WRONG = [
    (check.gap, "much", "one number"),
    (check.gap, 8.35, "every pixel"),
    (check.gap, 1 + 10 * np.exp(-9 / 25), "twice the square"),
    (check.gap, 1 + 10 * np.exp(-0.1), "Add the two"),
    (check.gap, 0, "two decimals"),
    (check.tally, [2, 3], "dictionary"),
    (check.tally, TALLY | {"missed": 2}, "five true"),
    (check.tally, TALLY | {"false": 1}, "four predicted"),
    (check.tally, TALLY | {"matched": 1, "missed": 4, "false": 3}, "half of all"),
    (check.tally, TALLY | {"merged": 2}, "Merged counts"),
    (check.tally, TALLY | {"split": 1}, "Split counts"),
    (check.seams, [True], "function itself"),
    (check.seams, lambda row: row > 0, "still one piece"),
    (check.seams, lambda row: np.ones(len(row), bool), "background"),
    (check.seams, lambda row: [True], "one answer"),
    (check.seams, lambda row: (row > 0) & (np.append(row[1:], 0) == row), "is not beside another"),
    (check.weights, lambda row, w0, sigma: np.ones(3), "one weight"),
    (check.weights, lambda row, w0, sigma: 1 + 10 * np.exp(-(nearest(row) ** 2) / 8) * (row == 0), "nearest cell only"),
    (check.weights, lambda row, w0, sigma: weights_solution(row, w0, sigma) + (row > 0), "on a cell"),
    (check.weights, lambda row, w0, sigma: weights_solution(row, w0, sigma) - 1, "is missing"),
    (check.weights, lambda row, w0, sigma: weights_solution(row, w0, 9), "is wanted"),
    (check.precision, lambda m, n, f: m / (m + f) if m + f else 1, "missed cells"),
    (check.precision, lambda m, n, f: m / (m + n) if m + n else 1, "false ones"),
    (check.precision, lambda m, n, f: 2 * m / (2 * m + n + f) if m + n + f else 1, "Dice"),
    (check.precision, lambda m, n, f: m / max(1, m + n + f), "nothing found"),
]


def nearest(row):
    places = np.flatnonzero(row)
    return np.abs(np.arange(len(row))[:, None] - places).min(axis=1)


@pytest.mark.parametrize(("checker", "answer"), [(c, a) for c, answers in RIGHT.items() for a in answers])
def test_what_is_right_is_accepted(checker, answer):
    assert checker(answer).passed is True


@pytest.mark.parametrize("checker", RIGHT)
def test_no_answer_is_no_answer(checker):
    assert checker(...).passed is None
    if callable(RIGHT[checker][0]):
        assert checker(lambda *_: None).passed is None


@pytest.mark.parametrize(("checker", "answer", "hint"), WRONG)
def test_each_wrong_answer_gets_its_own_hint(checker, answer, hint):
    verdict = checker(answer)
    assert verdict.passed is False
    assert hint in verdict.message
