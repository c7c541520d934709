"""Checkers for chapter 16's two cuts: the normalised one of a table, and the soft one of several clusters."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge

Numbers = NDArray[np.float64]
SYMMETRIC = "the table is symmetric, and a product of two vectors has no order"
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: `weights.sum(axis=1)` -> `weights.sum(axis=0)`": SYMMETRIC,
    "Exercise 3: `weights.sum(axis=1)` -> `weights.sum(axis=-1)`": "the last axis is 1",
    "Exercise 3: `p @ weights @ p` -> `p @ (p @ weights)`": SYMMETRIC,
    "Exercise 3: `p @ weights @ p` -> `weights @ p @ p`": SYMMETRIC,
    "Exercise 3: `p @ weights @ p / (p @ has)` -> `p @ weights @ p / (has @ p)`": SYMMETRIC,
}


def _table(count: int, seed: int) -> Numbers:
    """Return likenesses of pixels that are no row: symmetric, 1 on the diagonal."""
    rng = generator()
    half = rng.random((seed + 1, count, count))[-1]
    table = (half + half.T) / 2
    np.fill_diagonal(table, 1)
    return table


def _normalised(weights: Numbers, first: NDArray[np.bool_]) -> Any:
    through = weights[first][:, ~first].sum()
    return through / weights[first].sum() + through / weights[~first].sum()


def _within(weights: Numbers, first: NDArray[np.bool_]) -> Any:
    through = weights[first][:, ~first].sum()
    return through / weights[first][:, first].sum() + through / weights[~first][:, ~first].sum()


NORMALISED_MISTAKES: Mistakes = (
    (lambda w, a: w[a][:, ~a].sum(), "That is the plain cut. Divide it by what each side has, and add the two."),
    (_within, "A side's total goes to *all* pixels, those of the other side included."),
    (lambda w, a: w[a][:, ~a].sum() / w[a].sum(), "That is the first side's share. The second side has one, too."),
    (lambda w, a: w[a][:, ~a].sum() / w[~a].sum(), "That is the second side's share. The first side has one, too."),
    (lambda w, a: w[a][:, ~a].sum() / w.sum(), "Each side is divided by its own total, not by that of the image."),
    (
        lambda w, a: w[a][:, ~a].sum() * (1 / a.sum() + 1 / (~a).sum()),
        "You divide by the number of pixels (a ratio cut). Divide by their likeness to all.",
    ),
    (lambda w, a: 2 - _normalised(w, a), "That is what both sides keep. Wanted is what they lose."),
    (lambda w, a: _normalised(w, a) / 2, "The two shares are added, not averaged."),
    (
        lambda w, a: w[a][:, ~a].sum() / w[a].sum() * w[a][:, ~a].sum() / w[~a].sum(),
        "The two shares are added, not multiplied.",
    ),
)


@checker("Exercise 2", "The lone pixel loses a fifth of what it has, and that is why it no longer pays.", FUNCTION)
def normalised_cut(answer: Callable[..., Any]) -> str | None:
    """A function (weights (N, N), first (N,) booleans) -> the normalised cut between the two sides."""
    weights = _table(6, 0)
    sides = [np.arange(6) < 3, np.arange(6) == 5, np.array([True, False, True, True, False, True])]
    cases = [(weights, side) for side in sides] + [(_table(6, 1), sides[0]), (_table(2, 0), np.array([False, True]))]
    cases.append((_table(9, 2), generator().random(9) < 0.5))

    def otherwise(given: Any, wanted: Any, weights: Numbers, first: NDArray[np.bool_]) -> str:
        taken = np.flatnonzero(first).tolist()
        return f"With pixels {taken} of {len(first)} on the first side it is {wanted:.4f}; yours is {float(given):.4g}."

    return judge(answer, _normalised, cases, NORMALISED_MISTAKES, otherwise, ("weights", "first"))


def _soft(weights: Numbers, clusters: Numbers) -> Any:
    return len(clusters) - sum((p @ weights @ p) / (p @ weights.sum(1)) for p in clusters)


SOFT_MISTAKES: Mistakes = (
    (lambda w, c: len(c) - _soft(w, c), "That is what the clusters keep. Subtract it from their number."),
    (lambda w, c: 1 - (len(c) - _soft(w, c)), "Subtract from the number of clusters, not from 1."),
    (lambda w, c: _soft(w, c) / len(c), "The shares are added, not averaged."),
    (lambda w, c: 1 - (len(c) - _soft(w, c)) / len(c), "The shares are added, not averaged."),
    (
        lambda w, c: len(c) - sum(p @ w @ p for p in c) / sum(p @ w.sum(1) for p in c),
        "Divide for each cluster by itself, and add the quotients afterwards.",
    ),
    (
        lambda w, c: _soft(w, np.eye(len(c))[c.argmax(0)].T) if np.bincount(c.argmax(0)).all() else np.nan,
        "You make the clusters hard first. Then there is no slope: keep the probabilities.",
    ),
    (
        lambda w, c: len(c) - sum((p @ w @ p) / p.sum() for p in c),
        "Below the line each pixel counts with its likeness to all, not with 1.",
    ),
    (
        lambda w, c: len(c) - sum((p**2 @ w.sum(1)) / (p @ w.sum(1)) for p in c),
        "Above the line both pixels of a pair have their probability, u and v.",
    ),
)


@checker("Exercise 3", "And as it has a slope at every probability, a network can walk down it.", FUNCTION)
def soft_cut(answer: Callable[..., Any]) -> str | None:
    """A function (weights (N, N), clusters (K, N)) -> the soft normalised cut."""
    rng = generator()

    def soft(count: int, pixels: int) -> Numbers:
        logits = np.exp(2 * rng.normal(size=(count, pixels)))
        return logits / logits.sum(0)

    first = soft(2, 6)
    cases = [(_table(6, 0), first), (_table(6, 1), first), (_table(6, 0), soft(2, 6)), (_table(7, 1), soft(4, 7))]
    cases += [(_table(6, 0), np.stack([np.arange(6) < 2, np.arange(6) >= 2]).astype(float)), (_table(3, 0), soft(1, 3))]

    def otherwise(given: Any, wanted: Any, weights: Numbers, clusters: Numbers) -> str:
        return f"For {clusters.shape[0]} clusters of {clusters.shape[1]} pixels: {wanted:.4f}, not {float(given):.4g}."

    return judge(answer, _soft, cases, SOFT_MISTAKES, otherwise, ("weights", "clusters"))
