"""Chapter 2's checkers: the solution passes, each named wrong answer gets its own hint, nothing raises."""

import numpy as np
import pytest

from unet_teach.classical import half_width
from unet_teach.course.exercises import Verdict
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


column = [(row, 0) for row in (-8, -4, 0, 4, 8)]
SOLUTIONS = [
    (check.centre_surround, [0, 120, 80]),
    (check.turn, half_width(8, 8)),
    (check.turn, 11),
    (check.row_of_cells, column),
    (check.row_of_cells, [(-6, 2), (0, 2), (6, 2)]),
    (check.energy, lambda even, odd: even**2 + odd**2),
    (check.energy, lambda even, odd: abs(complex(even, odd)) ** 2),
    (check.whiten, whitened),
]
WRONG = [
    (check.centre_surround, [350, 120, 80], "neighbours count too"),
    (check.centre_surround, [50, 120, 80], "add up to 0"),
    (check.centre_surround, [0, -120, 80], "sign"),
    (check.centre_surround, [0, 40, 80], "3 x 10 and 5 x 50"),
    (check.centre_surround, [0, 120, 10], "eight times"),
    (check.centre_surround, [0, 120, 90], "8 x 60"),
    (check.centre_surround, 0, "three patches"),
    (check.turn, 2 * half_width(8, 8), "full width"),
    (check.turn, np.radians(half_width(8, 8)), "radians"),
    (check.turn, half_width(8, 4), "for sigma 4"),
    (check.turn, 43, "smaller turn"),
    (check.turn, 5, "Put wavelength 8"),
    (check.row_of_cells, [(0, c) for r, c in [(0, -8), (0, -4), (0, 0), (0, 4), (0, 8)]], "prefers stripes that lie"),
    (check.row_of_cells, [(0, 0)] * 5, "on top of each other"),
    (check.row_of_cells, [(r, c) for r in (-6, 0, 6) for c in (-6, 0, 6)], "times as much"),
    (check.row_of_cells, [(0, 0), (4, 0)], "at least three"),
    (check.row_of_cells, [(-12, 0), (0, 0), (12, 0)], "from -8 to 8"),
    (check.row_of_cells, [1, 2, 3], "pairs"),
    (check.energy, lambda even, odd: even + odd, "never below 0"),
    (check.energy, lambda even, odd: abs(even) + abs(odd), "still changes"),
    (check.energy, lambda even, odd: np.hypot(even, odd), "amplitude"),
    (check.energy, lambda even, odd: 2 * (even**2 + odd**2), "not the sum"),
    (check.energy, 3, "function itself"),
    (check.whiten, divides_by_the_standard_deviation, "still go together"),
    (check.whiten, multiplies_by_the_root, "variances"),
    (check.whiten, turned, "variances"),
    (check.whiten, forgets_the_mean, "mean 0"),
    (check.whiten, lambda data: data.T, "came out"),
]
CHECKERS = [check.centre_surround, check.turn, check.row_of_cells, check.energy, check.whiten]


@pytest.mark.parametrize(("checker", "answer"), SOLUTIONS)
def test_a_solution_passes(checker, answer):
    assert checker(answer).passed is True


@pytest.mark.parametrize(("checker", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_its_hint(checker, answer, hint):
    verdict = checker(answer)
    assert verdict.passed is False
    assert hint in verdict.message


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("answer", [..., None])
def test_no_answer_is_not_a_wrong_answer(checker, answer):
    assert repr(checker(answer)).endswith("not answered yet.")


@pytest.mark.parametrize("checker", [check.energy, check.whiten])
def test_an_empty_function_is_no_answer(checker):
    assert checker(lambda *arguments: None).passed is None


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("answer", [object(), "abc", {}, [[1], [2, 3]], -1, float("nan"), [None] * 4, [], len])
def test_a_checker_never_raises(checker, answer):
    verdict = checker(answer)
    assert isinstance(verdict, Verdict)
    assert verdict.passed is False
