"""The checker of the clinic accepts what is right, and tells wrong answers apart."""

import pytest
from checkers import checker_tests

from unet_teach.course.exercises import debugging as check

RIGHT = check.DIAGNOSES
OPEN = dict.fromkeys("ABCDEFGH", ...)
SOLUTIONS = {check.clinic: [RIGHT, RIGHT.copy()]}
WRONG = {
    check.clinic: [
        ("no eval()", "keys A to H"),
        ({"A": "no eval()"}, "keys A to H"),
        (RIGHT | {"A": "forgot eval"}, "'forgot eval' is not in the list"),
        (RIGHT | {"A": ["no eval()"]}, "['no eval()'] is not in the list"),
        (RIGHT | {"E": "softmax twice"}, "7 of 8 are right. E: both faults squeeze"),
        (RIGHT | {"G": "sigmoid twice"}, "7 of 8 are right. G: both faults squeeze"),
        (RIGHT | {"E": "softmax twice", "G": "sigmoid twice"}, "6 of 8"),
        (RIGHT | {"G": "learning rate too small"}, "has learned"),
        (RIGHT | {"B": "learning rate too small"}, "creep"),
        (RIGHT | {"H": "learning rate too large"}, "every 40 steps"),
        (RIGHT | {"A": "validation leak"}, "too low"),
        (RIGHT | {"D": "background in the score"}, "lift the test score"),
        (RIGHT | {"F": "validation leak"}, "as marvellous"),
        (RIGHT | {"C": "no shuffling"}, "below 0"),
        (OPEN | {"C": "labels of 0 and 255"}, "1 of 8, and all right so far. Still without a name: A, B, D"),
        (OPEN | {"C": "no eval()"}, "0 of 8"),
        (dict.fromkeys("ABCDEFGH", "no eval()"), "1 of 8"),
    ]
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


@pytest.mark.parametrize("answer", [OPEN, dict.fromkeys("ABCDEFGH")])
def test_all_open_is_no_answer(answer):
    assert repr(check.clinic(answer)) == f"Exercise {check.CLINIC}: not answered yet."


@pytest.mark.parametrize("letter", RIGHT)
def test_every_fault_of_the_list_can_be_answered_for_every_patient(letter):
    for fault in check.FAULTS:
        verdict = check.clinic(RIGHT | {letter: fault})
        assert verdict.passed is (fault == RIGHT[letter])
        assert verdict.passed or f"{letter}: " in verdict.message


def test_names_and_patients_fit_together():
    assert set(RIGHT.values()) == set(check.FAULTS) - {"learning rate too small"}
    assert list(check.FAULTS) == sorted(check.FAULTS)
    assert all(letter in RIGHT and fault in check.FAULTS for letter, fault in check.CONFUSED)
    assert not any(RIGHT[letter] == fault for letter, fault in check.CONFUSED)
