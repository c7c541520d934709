"""Checkers for chapter 19, "Does any of it help?"; those of the front and of the winner stand beside them."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.bake_off_choices import front, winner
from unet_teach.course.exercises.judging import Mistakes, judge

__all__ = ["corrected", "front", "signs", "winner"]

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    f"Exercise {number}: `{was}` -> `{becomes}`": reason
    for number, was, becomes, reason in (
        (
            1,
            "product((1, -1), repeat=len(differences))",
            "product((-1, 1), repeat=len(differences))",
            "the same patterns in another order",
        ),
        (
            1,
            "(s * d for s, d in zip(signs, differences))",
            "(s * d for d, s in zip(signs, differences))",
            "a product either way",
        ),
        (1, "zip(signs, differences)", "zip(differences, signs)", "a product either way"),
        (2, "(len(p_values), 0)", "(len(p_values), -1)", "no p-value is below 0"),
        (
            2,
            "max(largest, min(1, left * p_values[place]))",
            "max(min(1, left * p_values[place]), largest)",
            "the larger of two",
        ),
        (2, "min(1, left * p_values[place])", "min(left * p_values[place], 1)", "the smaller of two"),
    )
}
Numbers = Sequence[float]


def _sums(differences: Numbers) -> np.ndarray:
    return np.array([np.dot(signs, differences) for signs in product((1, -1), repeat=len(differences))])


def _signs(differences: Numbers) -> float:
    return float((np.abs(_sums(differences)) >= abs(sum(differences))).mean())


def _sign_test(differences: Numbers) -> float:
    return _signs(np.sign(differences).tolist())


SIGNS_MISTAKES: Mistakes = (
    (
        lambda d: (_sums(d) >= sum(d)).mean(),
        "Far from zero on *either* side counts: compare the sizes, without signs.",
    ),
    (lambda d: (_sums(d) >= abs(sum(d))).mean(), "A mean as far *below* zero counts, too: take the size of both."),
    (lambda d: (np.abs(_sums(d)) >= sum(d)).mean(), "What was found may lie below zero: take its size as well."),
    (
        lambda d: (np.abs(_sums(d)) > abs(sum(d))).mean(),
        "As far as what was found counts, too, and what was found is one of the patterns: so never 0.",
    ),
    (lambda d: (np.abs(_sums(d)) >= abs(sum(d))).sum(), "That is how many patterns. Which share of all?"),
    (
        lambda d: (np.abs(_sums(d)) <= abs(sum(d))).mean(),
        "Those that are as far from zero *or farther* are counted, not the nearer ones.",
    ),
    (lambda d: (np.abs(_sums(d)) < abs(sum(d))).mean(), "That is the rest: how many patterns are as far or farther?"),
    (lambda d: (np.abs(_sums(d)) >= abs(sum(d))).sum() / len(d), "Divide by how many patterns there are: 2 to the n."),
    (_sign_test, "You flip ones. Flip the differences: a large one weighs more than a small one."),
    (
        lambda d: (np.abs(_sums(d)) == abs(sum(d))).mean(),
        "Not only as far: farther counts as well.",
    ),
    (lambda d: 2 / 2 ** len(d), "That is the smallest p there can be. Count the patterns: there may be more."),
    (
        lambda d: ((np.abs(_sums(d)) >= abs(sum(d))).sum() + 1) / (2 ** len(d) + 1),
        "Nothing is to be added: the pattern that was found is one of the 2 to the n.",
    ),
)


@checker("Exercise 1", "Exact, and no bell curve in it: only that the signs could as well have been others.", FUNCTION)
def signs(answer: Callable[..., Any]) -> str | None:
    """A function (differences) -> the share of all sign patterns whose mean is at least as far from zero."""
    random = generator()
    cases = [
        ([0.5, 0.25, 1.0, 0.75, 0.125],),
        ([0.5, -0.25, 1.0, 0.75, 0.125],),
        ([-0.5, -0.25, -1.0, 0.75],),
        ([1.0, 1.0, -1.0],),
        ([2.0],),
        ([-2.0, 0.0],),
        ([0.0, 0.0, 0.0],),
        ([0.25, 0.5, -0.75, 3.0, -0.5, 0.125, 0.25, 1.5],),
        ((random.integers(-40, 90, size=7) / 64).tolist(),),
    ]

    def otherwise(given: Any, wanted: Any, differences: list[float]) -> str:
        share = f"{wanted * 2 ** len(differences):.0f} of {2 ** len(differences)}"
        return f"For {differences} it is {share} patterns, {wanted:g}; yours says {float(given):g}."

    return judge(answer, _signs, cases, SIGNS_MISTAKES, otherwise)


def _times(p_values: Numbers, times: Sequence[int], grows: bool = True, most: float = 1.0) -> np.ndarray:
    order = np.argsort(p_values, kind="stable")
    found = np.minimum(np.array(times) * np.array(p_values)[order], most)
    result = np.empty(len(p_values))
    result[order] = np.maximum.accumulate(found) if grows else found
    return result


def _falling(p_values: Numbers) -> list[int]:
    return list(range(len(p_values), 0, -1))


def _holm(p_values: Numbers) -> np.ndarray:
    return _times(p_values, _falling(p_values))


def _in_place(p_values: Numbers) -> np.ndarray:
    return np.maximum.accumulate(np.minimum(np.array(_falling(p_values)) * np.array(p_values), 1))


HOLM_MISTAKES: Mistakes = (
    (
        lambda p: np.minimum(len(p) * np.array(p), 1),
        "That is Bonferroni's: every one counts m times. With Holm only the smallest does.",
    ),
    (lambda p: np.sort(_holm(p)), "The values are right, but sorted: put each back to where it came from."),
    (
        lambda p: _times(p, _falling(p), grows=False),
        "A larger p may not come out smaller: carry the largest so far on.",
    ),
    (lambda p: _times(p, _falling(p), most=np.inf), "No p-value is above 1: stop there."),
    (
        lambda p: _times(p, _falling(p), grows=False, most=np.inf),
        "Two things are missing: at most 1, and never falling.",
    ),
    (lambda p: _times(p, range(1, len(p) + 1)), "The smallest counts most, m times, the largest once."),
    (_in_place, "The order of the p-values decides, not the order in which they came: sort first."),
    (lambda p: _times(p, [n - 1 for n in _falling(p)]), "The smallest counts m times, not m - 1; the last one once."),
    (lambda p: _times(p, [n + 1 for n in _falling(p)]), "The smallest counts m times, not m + 1; the last one once."),
    (lambda p: np.array(p, dtype=float), "Those are the p-values as they came."),
    (
        lambda p: _times(p, [n - 1 for n in _falling(p)][::-1]),
        "The smallest counts most, m times, the largest once; and Python counts from 0.",
    ),
)


@checker("Exercise 2", "As safe as Bonferroni's correction, and never stricter.", FUNCTION)
def corrected(answer: Callable[..., Any]) -> str | None:
    """A function (p-values) -> Holm's corrected values, in the same order."""
    random = generator()
    cases = [
        ([0.0625, 0.0078125, 0.25, 0.015625, 0.0625, 0.5],),
        ([0.04, 0.01, 0.03, 0.005],),
        ([0.3, 0.02, 0.31],),
        ([0.9, 0.6, 0.001, 0.7],),
        ([0.2],),
        ([0.5, 0.5],),
        ([0.0, 1.0, 0.05],),
        (random.random(7).round(4).tolist(),),
    ]

    def otherwise(given: Any, wanted: Any, p_values: list[float]) -> str:
        if given.shape != wanted.shape:
            return f"Of {len(p_values)} p-values come {len(p_values)} corrected ones; yours gives {given.size}."
        place = int(np.argmax(np.abs(given - wanted)))
        said = f"{p_values[place]:g} becomes {wanted[place]:g}; yours says {given[place]:g}"
        return f"Among {', '.join(f'{p:g}' for p in p_values)}, {said}."

    return judge(answer, _holm, cases, HOLM_MISTAKES, otherwise)
