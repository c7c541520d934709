"""Checkers for chapter 24, "When may it be used?": a bound, limits of agreement, a gap, and three studies."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.trust_memo import REASONS, memo

__all__ = ["REASONS", "average_gap", "limits_of_agreement", "memo", "still_possible"]
Row = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `np.minimum((probability * bins).astype(int), bins - 1)` -> "
    "`np.minimum(bins - 1, (probability * bins).astype(int))`": "the smaller of two, in any order",
    "Exercise 2: `said - happened[inside].mean()` -> `happened[inside].mean() - said`": "its size is taken",
    "Exercise 3: `np.asarray(measured)` -> `measured`": "an array already",
    "Exercise 3: `np.asarray(reference)` -> `reference`": "an array already",
}


def _still(cases: int) -> float:
    return float(1 - 0.025 ** (1 / cases))


STILL_MISTAKES: Mistakes = (
    (lambda n: 1 - 0.05 ** (1 / n), "That leaves 5 % on one side. An interval of 95 % leaves 2.5 % on each."),
    (
        lambda n: 0.025 ** (1 / n),
        "That is the smallest share that may still be *right*. The rate of failures is 1 less it.",
    ),
    (lambda n: 1 - 0.975 ** (1 / n), "Upside down: all n right should happen in 2.5 % of studies, not in 97.5 %."),
    (lambda n: 3 / n, "That is the rule of three, good for many cases and 95 % on one side. Be exact."),
    (lambda n: 1 / n, "One failure in n was not seen. Which rate makes no failure in n a rare thing?"),
    (lambda n: 0.025 / n, "The chances of n patients multiply: the share that is right, to the power of n, is 0.025."),
    (lambda n: 1 - 0.95 ** (1 / n), "Upside down: all n right should happen in 2.5 % of studies."),
    (lambda n: 100 * _still(n), "Give a rate from 0 to 1, not per cent."),
    (lambda n: 0.0, "None was seen, and that does not make it impossible."),
)


@checker("Exercise 1", "Six of six leave room for nearly one failure in two.", FUNCTION)
def still_possible(answer: Callable[..., Any]) -> str | None:
    """A function (number of patients, all right) -> the highest failure rate that 95 % leave possible."""

    def otherwise(given: Any, wanted: Any, cases: int) -> str:
        return f"With {cases} of {cases} right, {wanted:.3f} is still possible, not {given:.3f}."

    return judge(answer, _still, [(6,), (1,), (20,), (72,), (368,)], STILL_MISTAKES, otherwise, ("cases",))


def _limits(measured: Row, reference: Row, factor: float = 1.96, ddof: int = 1) -> Row:
    apart = np.asarray(measured) - np.asarray(reference)
    return np.array([apart.mean(), *(apart.mean() + sign * factor * apart.std(ddof=ddof) for sign in (-1, 1))])


LIMIT_MISTAKES: Mistakes = (
    (lambda m, r: _limits(r, m), "The other way round: measured minus reference, so that too much is positive."),
    (lambda m, r: _limits(m, r, ddof=0), "Divide by n - 1: `std(ddof=1)`. You estimate from a sample."),
    (
        lambda m, r: _limits(m, r, factor=2.0),
        "Take 1.96 standard deviations, and not 2: that is 95 % of a bell curve.",
    ),
    (
        lambda m, r: _limits(m, r) - _limits(m, r)[0] * np.array([0, 1, 1]),
        "Yours lie around 0. The limits lie around the bias.",
    ),
    (lambda m, r: _limits(m, r, factor=1.0), "One standard deviation holds two of three. Take 1.96 of them."),
    (
        lambda m, r: _limits(m, r, factor=1.96 / len(m) ** 0.5),
        "That is where the *mean* lies. The limits are about single patients: do not divide by the root of n.",
    ),
    (
        lambda m, r: _limits(np.abs(np.asarray(m) - r), np.zeros(len(m))),
        "Keep the signs: too much in one patient and too little in another are no bias.",
    ),
    (lambda m, r: _limits(m, r)[[1, 0, 2]], "The order is: bias, lower limit, upper limit."),
    (lambda m, r: _limits(m, r)[[0, 2, 1]], "The lower limit comes before the upper one."),
    (
        lambda m, r: _limits(100 * (np.asarray(m) - r) / np.asarray(r), np.zeros(len(m))),
        "Those are per cent of the reference. Stay with the unit.",
    ),
)


@checker("Exercise 3", "The bias, and what to expect of a single patient.", FUNCTION)
def limits_of_agreement(answer: Callable[..., Any]) -> str | None:
    """A function (measured, reference) -> bias, lower and upper limit of agreement."""
    rng = generator()
    reference = rng.uniform(50, 300, 9)
    cases: list[tuple[Row, Row]] = [
        (reference + rng.normal(4, 12, 9), reference),
        (reference + rng.normal(-7, 3, 9), reference),
        (reference + rng.normal(-7, 3, 9), rng.uniform(50, 300, 9)),
        (np.array([10.0, 12, 9, 30]), np.array([11.0, 15, 5, 20])),
    ]

    def otherwise(given: Any, wanted: Any, measured: Row, reference: Row) -> str:
        if np.shape(given) != (3,):
            return f"Three numbers are wanted: bias, lower limit, upper limit. Yours has the shape {np.shape(given)}."
        first = int(np.argmax(~np.isclose(given, wanted)))
        name = ("bias", "lower limit", "upper limit")[first]
        return f"For {measured.round(1).tolist()} and {reference.round(1).tolist()} the {name} is {wanted[first]:.2f}."

    return judge(answer, _limits, cases, LIMIT_MISTAKES, otherwise, ("measured", "reference"))


def _gap(
    probability: Row,
    happened: NDArray[np.bool_],
    bins: int,
    weighted: bool = True,
    signed: bool = False,
    middles: bool = False,
    lost_one: bool = False,
    upper: bool = False,
) -> float:
    number = np.floor(probability * bins).astype(int)
    number = np.maximum(np.ceil(probability * bins).astype(int) - 1, 0) if upper else number
    number = number if lost_one else np.minimum(number, bins - 1)
    gaps, counts = [], []
    for b in range(bins):
        inside = number == b
        if inside.any():
            said = (b + 0.5) / bins if middles else probability[inside].mean()
            gaps.append(said - happened[inside].mean())
            counts.append(inside.sum())
    sizes = np.array(gaps) if signed else np.abs(gaps)
    weights = np.array(counts) / len(probability) if weighted else np.full(len(counts), 1 / len(counts))
    return float((weights * sizes).sum())


def _with(**how: bool) -> Callable[..., float]:
    return lambda probability, happened, bins: _gap(probability, happened, bins, **how)


GAP_MISTAKES: Mistakes = (
    (_with(weighted=False), "A bin with two pixels counts as much as one with a million in yours. Weigh by how many."),
    (
        lambda p, h, bins: (
            _gap(p, h, bins, weighted=False) * len(np.unique(np.minimum(np.floor(p * bins), bins - 1))) / bins
        ),
        "Empty bins count in yours, and all bins alike. Weigh each by how many fell into it.",
    ),
    (_with(signed=True), "Too sure in one bin and too modest in another cancel in yours: take each gap's size."),
    (_with(middles=True), "Take the mean of what was said in the bin, not the bin's middle."),
    (_with(upper=True), "A bin holds its lower edge, and not its upper one: yours is the other way round."),
    (lambda p, h, bins: _gap(p, h, bins) * len(p), "That is the sum over all: divide by how many they are."),
    (_with(lost_one=True), "A probability of exactly 1 belongs to the last bin. Yours loses it."),
    (
        lambda p, h, bins: float(np.abs(p - h).mean()),
        "That compares each probability with its own outcome. Sort into bins first.",
    ),
    (
        lambda p, h, bins: float(abs(p.mean() - h.mean())),
        "One bin, or gaps that cancel: sort into `bins` bins, and add up the sizes of their gaps.",
    ),
)


@checker("Exercise 2", "Said against came true, bin by bin.", FUNCTION)
def average_gap(answer: Callable[..., Any]) -> str | None:
    """A function (probability, happened, bins) -> the gap between said and happened, averaged."""
    rng = generator()
    probability = rng.beta(0.6, 0.9, 60)
    probability[:3] = 1.0, 0.0, 0.25
    happened = rng.random(60) < probability**2
    happened[0] = False
    cases: list[tuple[Row, NDArray[np.bool_], int]] = [
        (probability, happened, 10),
        (probability, happened, 4),
        (probability, ~happened, 10),
        (rng.random(60), happened, 10),
        (np.array([0.1, 0.12, 0.9, 1.0]), np.array([False, True, True, False]), 5),
        (np.array([0.1, 0.25, 0.3, 0.5, 0.75]), np.array([False, True, False, False, True]), 4),
    ]

    def otherwise(given: Any, wanted: Any, probability: Row, happened: Any, bins: int) -> str:
        return f"For {len(probability)} probabilities in {bins} bins it is {wanted:.4f}, not {given:.4f}."

    return judge(answer, _gap, cases, GAP_MISTAKES, otherwise, ("probability", "happened", "bins"))
