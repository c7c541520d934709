"""One runner for all checkers. A chapter's test gives two tables, the right answers and the wrong ones:

    SOLUTIONS = {check.pills: [[3, 1, 6, 2]], check.strided: [strided]}
    WRONG = {check.pills: [([1, 6], "four days")], check.strided: [(lambda *arguments: 1 / 0, "ZeroDivisionError")]}
    TestCheckers = checker_tests(SOLUTIONS, WRONG)

Every wrong answer stands beside a piece of the hint that it must get. What holds for all checkers is tested here.
"""

import itertools

import numpy as np
import pytest
from spoilt import CHANGES, KINDS, mapped, overwriting, replaced, the_first_for_ever

from unet_teach.course.exercises import Verdict, same

ZOO = [object(), "abc", "", {}, [], (), [[1], [2, 3]], -1, 10**30, float("nan"), 1j, True, [None] * 4, b"1", range(3)]
ZOO += [np.ones((2, 2, 2)), np.array([]), np.array("x"), len, lambda *arguments: object(), int, type("Empty", (), {})]


def checker_tests(solutions, wrong):
    """Return the class of tests for one chapter's checkers, to be kept under a name that begins with Test."""
    return type("TestCheckers", (CheckerTests,), {"solutions": solutions, "wrong": wrong})


def is_function(answer):
    return callable(answer) and not isinstance(answer, type)


class CheckerTests:
    """What every chapter's checkers must pass."""

    def pytest_generate_tests(self, metafunc):
        first = [(check, right[0]) for check, right in self.solutions.items()]
        rows = {
            "solution": [(check, answer) for check, answers in self.solutions.items() for answer in answers],
            "mistake": [(check, *row) for check, answers in self.wrong.items() for row in answers],
            "function": [(check, answer) for check, answer in first if is_function(answer)],
            "plain": [(check, answer) for check, answer in first if not callable(answer)],
            "check": [(check,) for check in self.solutions],
        }
        kind = next(kind for kind in rows if kind in metafunc.fixturenames)
        names = {"mistake": ["check", "mistake", "hint"], "check": ["check"]}.get(kind, ["check", kind])
        ids = [f"{check.__name__}-{number}" for number, (check, *_) in enumerate(rows[kind])]
        metafunc.parametrize(names, rows[kind], ids=ids)

    def test_a_solution_passes(self, check, solution):
        verdict = check(solution)
        assert verdict.passed is True, verdict.message
        assert "correct" in repr(verdict)

    def test_a_wrong_answer_gets_its_hint(self, check, mistake, hint):
        verdict = check(mistake)
        assert verdict.passed is False
        assert hint in verdict.message

    def test_there_are_wrong_answers_and_their_hints_differ(self, check):
        said = [(hint, check(mistake).message) for mistake, hint in self.wrong[check]]
        assert len({hint for hint, _ in said}) >= 3
        for (hint, message), (other, another) in itertools.combinations(said, 2):
            assert message != another or hint == other, (hint, other)
        assert not [message for _, message in said if message.lower().startswith("not yet")], "it says so already"

    def test_a_checker_never_raises(self, check):
        for thing in ZOO:
            verdict = check(thing)
            assert isinstance(verdict, Verdict)
            assert verdict.passed is not True, thing
            assert repr(verdict)

    @pytest.mark.parametrize("nothing", [None, ...])
    def test_no_answer_is_not_a_wrong_answer(self, check, nothing):
        assert repr(check(nothing)).endswith("not answered yet.")

    @pytest.mark.parametrize("nothing", [None, ...])
    def test_an_empty_function_is_no_answer(self, check, function, nothing):
        verdict = check(lambda *arguments: nothing)
        assert verdict.passed is None
        assert "missing return" in verdict.message

    def test_the_right_numbers_pass_in_any_clothes(self, check, function):
        for kind, dress in KINDS.items():
            dressed, _ = replaced(function, dress)
            verdict = check(dressed)
            assert verdict.passed is True or "tensor" in verdict.message, (kind, verdict.message)

    def test_changed_results_fail(self, check, function):
        for name, change in CHANGES.items():
            spoilt, changed = replaced(function, lambda result, change=change: mapped(change, result))
            assert check(spoilt).passed is not True or not any(changed), name

    def test_a_constant_fails(self, check, function):
        assert check(the_first_for_ever(function)).passed is not True

    def test_overwriting_what_came_in_fails(self, check, function):
        spoilt, emptied = overwriting(function)
        verdict = check(spoilt)
        assert not emptied or (verdict.passed is False and "copy" in verdict.message), verdict

    def test_changed_numbers_fail(self, check, plain):
        for name, change in CHANGES.items():
            spoilt = mapped(change, plain)
            assert same(spoilt, plain) or check(spoilt).passed is not True, name
