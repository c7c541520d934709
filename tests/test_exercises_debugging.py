"""The checker of the clinic accepts what is right, and tells wrong answers apart."""

import pytest

from unet_teach.course.exercises import debugging as check

RIGHT = check.DIAGNOSES
OPEN = dict.fromkeys("ABCDEFGH", ...)
WRONG = [
    ("no eval()", "keys A to H"),
    ({"A": "no eval()"}, "keys A to H"),
    (RIGHT | {"A": "forgot eval"}, "not in the list"),
    (RIGHT | {"E": "softmax twice"}, "never costs less than ln 2"),
    (RIGHT | {"G": "sigmoid twice"}, "7 of 8 are right. G: both faults squeeze"),
    (RIGHT | {"E": "softmax twice", "G": "sigmoid twice"}, "6 of 8"),
    (RIGHT | {"G": "learning rate too small"}, "has learned"),
    (RIGHT | {"B": "learning rate too small"}, "creep"),
    (RIGHT | {"H": "learning rate too large"}, "every 40 steps"),
    (RIGHT | {"A": "validation leak"}, "too low"),
    (RIGHT | {"D": "background in the score"}, "lift the test score"),
    (RIGHT | {"F": "validation leak"}, "as marvellous"),
    (RIGHT | {"C": "no shuffling"}, "below 0"),
    (RIGHT | {"A": ["no eval()"]}, "not in the list"),
    (OPEN | {"C": "labels of 0 and 255"}, "1 of 8, and all right so far. Still without a name: A, B, D"),
    (OPEN | {"C": "no eval()"}, "0 of 8"),
]


def test_the_diagnoses_are_accepted():
    verdict = check.clinic(RIGHT)
    assert verdict.passed is True
    assert repr(verdict).startswith(f"Exercise {check.CLINIC}: correct.")


@pytest.mark.parametrize("answer", [..., None, OPEN, dict.fromkeys("ABCDEFGH")])
def test_no_answer_is_no_answer(answer):
    assert repr(check.clinic(answer)) == f"Exercise {check.CLINIC}: not answered yet."


@pytest.mark.parametrize(("answer", "hint"), WRONG)
def test_each_wrong_answer_gets_its_own_hint(answer, hint):
    verdict = check.clinic(answer)
    assert verdict.passed is False
    assert hint in verdict.message


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
