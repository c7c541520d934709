"""Checkers for the functions of chapter 12: the loss that knows nothing, and a test that fails on a leak."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, Hint, checker, generator
from unet_teach.course.exercises.judging import judge

Names = list[str]

EQUIVALENT = {"Exercise 4: gives without signs": "True and False have none"}


def _shares(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_counts=True)[1] / labels.size


def _entropy(shares: np.ndarray) -> float:
    return -float((shares * np.log(shares)).sum())


def _both(labels: np.ndarray, classes: int) -> tuple[float, float]:
    return float(np.log(classes)), _entropy(_shares(labels))


def _what_came(given: Any, wanted: Any, labels: np.ndarray, classes: int) -> str:
    if given.shape != (2,):
        return "Give two numbers: the loss of a guess, and the loss of one who knows the shares."
    asked = f"{classes} classes with shares {', '.join(f'{share:.2f}' for share in _shares(labels))}"
    which = "the guess" if not np.isclose(given[0], wanted[0], rtol=1e-4) else "the shares"
    number = 0 if which == "the guess" else 1
    return f"For {asked}, the loss of {which} is {wanted[number]:.3f}; yours is {given[number]:.3f}."


@checker("Exercise 1", "Two numbers to write beside every loss curve.", FUNCTION)
def know_nothing(answer: Callable[..., Any]) -> str | None:
    """A function (labels, classes) -> ln C, and the entropy of the labels' shares."""
    random = generator()
    lacking = random.choice([0, 1, 3], (5, 4, 3), p=[0.6, 0.3, 0.1])  # class 2 does not occur
    cases = [
        (random.choice(2, (6, 7), p=[0.8, 0.2]), 2),
        (lacking, 4),
        (lacking, 7),
        (random.choice([1, 2], 30, p=[0.9, 0.1]), 3),  # no background
        (np.zeros((3, 3), dtype=int), 2),  # nothing to find
    ]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (lambda a, c: _both(a, c)[::-1], "Both are right. The loss of the guess comes first."),
        (lambda a, c: (np.log2(c), _entropy(_shares(a)) / np.log(2)), "Take the natural logarithm, as the loss does."),
        (lambda a, c: (-np.log(c), -_entropy(_shares(a))), "Logarithms of shares are below 0; a loss is minus them."),
        (lambda a, c: (np.log(c), -_entropy(_shares(a))), "The first is right. The second lacks its minus."),
        (lambda a, c: (np.log(len(_shares(a))), _entropy(_shares(a))), "A class that does not occur counts for ln C."),
        (
            lambda a, c: (np.log(c), _entropy(_shares(a > 0))),
            "There may be more than two classes: each has a share of its own.",
        ),
        (
            lambda a, c: (np.log(c), -np.log(_shares(a)).mean()),
            "A frequent class counts as often as it occurs: weigh each minus logarithm with its share.",
        ),
        (
            lambda a, c: (np.log(c), -np.log(_shares(a).max())),
            "That is the loss on the most frequent class. The others cost more, and count, too.",
        ),
        (
            lambda a, c: (np.log(c), _entropy(_shares(a)) / len(_shares(a))),
            "The second is the sum over the classes, not their mean: the shares weigh already.",
        ),
    ]

    def asked(labels: np.ndarray, classes: int) -> Any:
        given = answer(labels, classes)
        if _lacks_a_number(given) and not _lacks_a_number(answer(np.array([0, 1, 1, 2, 2, 2]), 3)):
            raise Hint("0 times the logarithm of 0 is NaN in NumPy; a class that does not occur costs nothing.")
        return given

    return judge(asked, _both, cases, mistakes, _what_came, ("labels", "classes"))


def _lacks_a_number(pair: Any) -> bool:
    """Say whether the second of two numbers is NaN, as 0 · ln 0 is."""
    two = pair.shape == (2,) if isinstance(pair, np.ndarray) else isinstance(pair, tuple | list) and len(pair) == 2
    return two and isinstance(pair[1], float) and bool(np.isnan(pair[1]))


def _patient(name: str) -> str:
    return name.split("_")[0]


def _part(take: Callable[[str], str]) -> Callable[[Names, Names], bool]:
    """Make a test that compares something of the names."""
    return lambda training, validation: set(map(take, training)).isdisjoint(map(take, validation))


def _splits() -> list[tuple[Names, Names]]:
    """Lists of files as five healthy runs and eight sick ones would have them: training, validation."""
    random = generator()

    def files(patient: int, sides: Sequence[str] = ("left", "right"), low: int = 0) -> Names:
        numbers = low + random.permutation(20)[:3]
        return [f"p{patient}_{side}_{number:03}.png" for side in sides for number in numbers]

    return [
        (files(1) + files(12), files(3)),
        (files(1) + files(12), files(3) + files(12, low=50)),  # other slices of one patient
        (files(10) + files(4), files(1)),  # 1 begins like 10
        (files(2, ["left"]) + files(5), files(7) + files(2, ["right"])),  # the two sides of one
        (files(101, ["left"]) + files(102, ["left"]), files(103, ["right"]) + files(11, ["right"])),
        (files(6), files(6, low=50)),
        (files(6) + files(7), files(6, low=70)),
        (files(12, ["left"]), files(12, ["right"]) + files(9)),
        (["p8_left_004.png", "p9_left_004.png"], ["p28_left_004.png", "p89_left_004.png"]),
        (files(31) + files(32) + files(33), ["p34_left_001.png", "p33_right_077.png"]),  # one in many
        (files(20), files(2) + files(200)),
        (["p4_left_001.png", "p3_left_002.png"], ["p4_left_001.png", "p9_right_005.png"]),  # the very same file
        (["p5_left_001.png"], ["p6_left_002.png", "p7_left_003.png", "p5_left_099.png"]),
    ]


def _what_is_shared(given: Any, wanted: Any, training: Names, validation: Names) -> str:
    if not wanted:
        both = ", ".join(sorted(set(map(_patient, training)) & set(map(_patient, validation))))
        return (
            f"A sick run passed: {both} is in training (..., {training[-1]}) and in validation (..., {validation[-1]})."
        )
    return (
        f"A healthy run failed: no patient of {validation[0]}, {validation[-1]} is among {training[0]}, {training[-1]}."
    )


@checker(
    "Exercise 4", "It tells five healthy runs from eight sick ones, and you wrote it before you needed it.", FUNCTION
)
def honest_split(answer: Callable[..., Any]) -> str | None:
    """A function (training, validation) -> whether no patient has files on both sides, names PATIENT_SIDE_SLICE."""
    right = _part(_patient)

    def asked(training: Names, validation: Names) -> Any:
        try:
            given = answer(training, validation)
        except AssertionError:
            return False
        if isinstance(given, str | set | frozenset | list | tuple | dict):
            raise Hint("Return `True` or `False`: is the split honest?")
        return given

    mistakes: list[tuple[Callable[..., Any], str]] = [
        (lambda t, v: not right(t, v), "The other way round: True where the split is honest."),
        (_part(lambda name: name), "It compares whole names, so two slices of one patient look like strangers."),
        (_part(lambda name: name.split("_")[2]), "It compares the numbers of slices. Every patient has a slice 4."),
        (_part(lambda name: name.split("_")[1]), "It compares the sides. Every patient has a left one."),
        (
            _part(lambda name: name.rpartition("_")[0]),
            "It takes the left and the right side of one patient for two patients.",
        ),
        *(
            (_part(itemgetter(slice(n))), f"It compares the first {n} letters. Patients' names differ in length.")
            for n in (2, 3, 4)
        ),
        (
            lambda t, v: not any(a.startswith(_patient(b)) for a in t for b in v),
            "p10 begins like p1, and is another patient: compare whole patients.",
        ),
        (
            lambda t, v: not any(_patient(b) in a for a in t for b in v),
            "p1 stands inside p10, and is another patient: compare whole patients.",
        ),
        (lambda t, v: _patient(t[0]) != _patient(v[0]), "It looks at the first file of each list only."),
        (lambda t, v: _patient(t[-1]) != _patient(v[-1]), "It looks at the last file of each list only."),
        (
            lambda t, v: set(map(_patient, t)) != set(map(_patient, v)),
            "One shared patient is enough: the two sets need not be equal.",
        ),
        (
            lambda t, v: not set(map(_patient, v)) <= set(map(_patient, t)),
            "One shared patient is enough: not all of validation need be in training.",
        ),
    ]
    return judge(asked, right, _splits(), mistakes, _what_is_shared, ("training", "validation"))
