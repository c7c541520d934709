"""The checkers of the clinic accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest
from checkers import checker_tests

from unet_teach.course.exercises import debugging as check

RIGHT, MORE = check.DIAGNOSES, check.MORE_DIAGNOSES
OPEN, MORE_OPEN = dict.fromkeys(RIGHT, ...), dict.fromkeys(MORE, ...)


def shares_of(labels):
    return np.unique(labels, return_counts=True)[1] / labels.size


def entropy(shares):
    return -(shares * np.log(shares)).sum()


def know_nothing(labels, classes):
    return np.log(classes), entropy(shares_of(labels))


def by_loop(labels, classes):
    cost = 0.0
    for number in range(classes):
        share = (labels == number).mean()
        cost -= share * np.log(share) if share else 0
    return [np.log(classes), cost]


def with_bincount(labels, classes):
    shares = np.bincount(labels.ravel(), minlength=classes) / labels.size
    with np.errstate(all="ignore"):
        return np.log(classes), -(shares * np.log(shares)).sum()  # 0 times the logarithm of 0


def patient(name):
    return name.split("_")[0]


def honest(training, validation):
    return {patient(name) for name in training}.isdisjoint(patient(name) for name in validation)


def by_two_loops(training, validation):
    return not any(patient(one) == patient(other) for one in training for other in validation)


def asserting(training, validation):
    assert honest(training, validation)
    return True


def comparing(part):
    return lambda training, validation: not {part(name) for name in training} & {part(name) for name in validation}


SOLUTIONS = {
    check.know_nothing: [know_nothing, by_loop],
    check.clinic: [RIGHT, RIGHT.copy()],
    check.second_ward: [MORE, MORE.copy()],
    check.honest_split: [honest, by_two_loops, asserting],
}
WRONG = {
    check.know_nothing: [
        (0.69, "function itself"),
        (lambda labels, classes: np.log(classes), "`labels` has no effect"),
        (lambda labels, classes: [*know_nothing(labels, classes), 1], "two numbers"),
        (with_bincount, "costs nothing"),
        (lambda labels, classes: (np.log(classes), float("inf")), "NaN or an infinity"),
        (lambda labels, classes: np.array(0.7), "whatever it is given"),
        (lambda labels, classes: know_nothing(labels, classes)[::-1], "comes first"),
        (lambda labels, classes: (np.log2(classes), entropy(shares_of(labels)) / np.log(2)), "natural logarithm"),
        (lambda labels, classes: (-np.log(classes), -entropy(shares_of(labels))), "are below 0"),
        (lambda labels, classes: (np.log(classes), -entropy(shares_of(labels))), "lacks its minus"),
        (lambda labels, classes: know_nothing(labels, len(np.unique(labels))), "does not occur"),
        (lambda labels, classes: (np.log(classes), entropy(shares_of(labels > 0))), "more than two classes"),
        (lambda labels, classes: (np.log(classes), -np.log(shares_of(labels)).mean()), "weigh each"),
        (lambda labels, classes: (np.log(classes), -np.log(shares_of(labels).max())), "most frequent"),
        (
            lambda labels, classes: (np.log(classes), entropy(shares_of(labels)) / len(np.unique(labels))),
            "not their mean",
        ),
        (lambda labels, classes: (np.log(2), entropy(shares_of(labels))), "`classes` has no effect"),
        (lambda labels, classes: (np.log(classes), 0.5), "`labels` has no effect"),
        (lambda labels, classes: (np.log(classes), 2 * entropy(shares_of(labels))), "the loss of the shares is"),
        (lambda labels, classes: (np.log(classes) + 1, entropy(shares_of(labels))), "the loss of the guess is"),
        (lambda labels, classes: (0.69, 0.53), "whatever it is given"),
    ],
    check.clinic: [
        ("no eval()", "keys A to H"),
        ({"A": "no eval()"}, "keys A to H"),
        (RIGHT | {"A": "forgot eval"}, "'forgot eval' is not in the list"),
        (RIGHT | {"A": ["no eval()"]}, "['no eval()'] is not in the list"),
        (RIGHT | {"A": np.zeros(2)}, "is not in the list"),
        (RIGHT | {"E": "softmax twice"}, "7 of 8 are right. E: both faults squeeze"),
        (RIGHT | {"G": "sigmoid twice"}, "7 of 8 are right. G: both faults squeeze"),
        (RIGHT | {"E": "softmax twice", "G": "sigmoid twice"}, "6 of 8"),
        (RIGHT | {"G": "learning rate too small"}, "has learned"),
        (RIGHT | {"B": "learning rate too small"}, "creep"),
        (RIGHT | {"H": "learning rate too large"}, "every 40 steps"),
        (RIGHT | {"A": "pixels on both sides"}, "too low"),
        (RIGHT | {"A": "healthy"}, "A: it is not well: its training curve"),
        (RIGHT | {"D": "background in the score"}, "lift the test score"),
        (RIGHT | {"D": "one patient on both sides"}, "there is worse"),
        (RIGHT | {"F": "pixels on both sides"}, "as marvellous"),
        (RIGHT | {"C": "no shuffling"}, "below 0"),
        (OPEN | {"C": "labels of 0 and 255"}, "1 of 8, and all right so far. Still without a name: A, B, D"),
        (OPEN | {"C": "no eval()"}, "0 of 8"),
        (dict.fromkeys("ABCDEFGH", "no eval()"), "1 of 8"),
    ],
    check.second_ward: [
        (RIGHT, "keys I to P"),
        (MORE | {"J": "well"}, "'well' is not in the list"),
        (MORE | {"J": "learning rate too large"}, "7 of 8 are right. J: nothing leaps"),
        (MORE | {"J": "sigmoid twice"}, "each step sees one crop"),
        (MORE | {"M": "blurred in training"}, "all are noisy"),
        (MORE | {"M": "learning rate too small"}, "long been flat"),
        (MORE | {"O": "no eval()"}, "which of them is abnormal"),
        (MORE | {"L": "pixels on both sides"}, "found none"),
        (MORE | {"P": "healthy"}, "P: it is not well: compare the fine detail"),
        (MORE | {"N": "no eval()"}, "behind the logits"),
        (MORE | {"K": "masks flipped"}, "Do its inputs look alike"),
        (dict.fromkeys("IJKLMNOP", "healthy"), "3 of 8 are right. I: it is not well"),
        (MORE_OPEN | {"O": "healthy"}, "1 of 8, and all right so far"),
    ],
    check.honest_split: [
        (True, "function itself"),
        (lambda training, validation: "yes", "`True` or `False`"),
        (lambda training, validation: {*map(patient, training)} & {*map(patient, validation)}, "`True` or `False`"),
        (lambda training, validation: False, "whatever it is given"),
        (lambda training, validation: not honest(training, validation), "other way round"),
        (comparing(lambda name: name), "whole names"),
        (comparing(lambda name: name.split("_")[2]), "numbers of slices"),
        (comparing(lambda name: name.split("_")[1]), "the sides"),
        (comparing(lambda name: name.rpartition("_")[0]), "for two patients"),
        (comparing(lambda name: name[:2]), "first 2 letters"),
        (comparing(lambda name: name[:3]), "first 3 letters"),
        (comparing(lambda name: name[:4]), "first 4 letters"),
        (
            lambda training, validation: not any(a.startswith(patient(b)) for a in training for b in validation),
            "begins",
        ),
        (lambda training, validation: patient(training[0]) != patient(validation[0]), "first file"),
        (lambda training, validation: patient(training[-1]) != patient(validation[-1]), "last file"),
        (
            lambda training, validation: set(map(patient, training)) != set(map(patient, validation)),
            "need not be equal",
        ),
        (
            lambda training, validation: not set(map(patient, validation)) <= set(map(patient, training)),
            "not all of validation",
        ),
        (lambda training, validation: True, "whatever it is given"),
        (lambda training, validation: honest(training, validation) or len(training) == 1, "A sick run passed"),
        (lambda training, validation: len(training) == 12 and len(validation) == 6, "A healthy run failed"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


@pytest.mark.parametrize(("ward", "letters"), [(check.clinic, RIGHT), (check.second_ward, MORE)])
@pytest.mark.parametrize("nothing", [None, ...])
def test_all_open_is_no_answer(ward, letters, nothing):
    assert repr(ward(dict.fromkeys(letters, nothing))).endswith(": not answered yet.")


@pytest.mark.parametrize("letter", [*RIGHT, *MORE])
def test_every_diagnosis_can_be_answered_for_every_patient(letter):
    ward, right = (check.clinic, RIGHT) if letter in RIGHT else (check.second_ward, MORE)
    for fault in check.FAULTS:
        verdict = ward(right | {letter: fault})
        assert verdict.passed is (fault == right[letter])
        assert verdict.passed or f"{letter}: " in verdict.message


def test_names_and_patients_fit_together():
    all_of_them = RIGHT | MORE
    assert set(all_of_them.values()) == set(check.FAULTS) - {"learning rate too small"}
    assert list(check.FAULTS) == sorted(check.FAULTS)
    assert set(check.LOOK) == set(all_of_them)
    assert all(letter in all_of_them and fault in check.FAULTS for letter, fault in check.CONFUSED)
    assert not any(all_of_them[letter] == fault for letter, fault in check.CONFUSED)


def test_healthy_patients_are_among_the_sick():
    assert list(MORE.values()).count("healthy") == 3
    ill = [name for name in (RIGHT | MORE).values() if name != "healthy"]
    assert len(ill) == len(set(ill)) == 13
