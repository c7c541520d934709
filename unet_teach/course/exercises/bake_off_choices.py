"""Two checkers of chapter 19: who is worth a look, and what a winner keeps of its promise."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, judge

EQUIVALENT = {"Exercise 3: gives without signs": "True and False have none"}
Numbers = Sequence[float]
Beats = Callable[[float, float, float, float], bool]  # (its cost, its score, cost, score)


def _unbeaten(costs: Numbers, scores: Numbers, beats: Beats) -> np.ndarray:
    pairs = list(zip(costs, scores, strict=True))
    return np.array([not any(beats(c, s, cost, score) for c, s in pairs) for cost, score in pairs])


def _front(costs: Numbers, scores: Numbers) -> np.ndarray:
    return _unbeaten(costs, scores, lambda c, s, cost, score: c <= cost and s >= score and (c < cost or s > score))


FRONT_MISTAKES: Mistakes = (
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a < cost and b > score),
        "Equal in one and better in the other beats, too: for the same price, nobody takes the worse.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a <= cost and b >= score),
        "Nobody beats itself, nor another that is equal in both.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a < cost and b >= score),
        "One that costs the same and scores higher beats as well.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a <= cost and b > score),
        "One that scores the same and costs less beats as well.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a >= cost and b >= score and (a, b) != (cost, score)),
        "Low costs are good: who beats another costs at most as much.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a <= cost and b <= score and (a, b) != (cost, score)),
        "High scores are good: who beats another scores at least as high.",
    ),
    (
        lambda c, s: _unbeaten(c, s, lambda a, b, cost, score: a < cost or b > score),
        "Cheaper *or* better is not enough to beat: both are needed, at least as equals.",
    ),
    (lambda c, s: ~_front(c, s), "Those are the beaten ones: True is for the others."),
    (lambda c, s: np.array(s) == max(s), "The best is on it. Who scores less and costs less may be on it, too."),
    (lambda c, s: np.array(c) == min(c), "The cheapest is on it. Who costs more and scores more may be on it, too."),
)


@checker("Exercise 3", "Whoever is not on it can be forgotten, whatever the price is worth to you.", FUNCTION)
def front(answer: Callable[..., Any]) -> str | None:
    """A function (costs, scores) -> for each network, True where no other beats it."""
    random = generator()
    cases: list[tuple[list[float], list[float]]] = [
        ([1.0, 2.0, 3.0, 4.0], [0.5, 0.75, 0.625, 0.875]),
        ([4.0, 1.0, 2.0, 2.0, 4.0], [0.75, 0.5, 0.5, 0.75, 0.875]),
        ([2.0, 2.0, 1.0, 1.0], [0.5, 0.5, 0.25, 0.25]),
        ([3.0, 1.0], [0.5, 0.5]),
        ([1.0, 1.0], [0.5, 0.75]),
        ([5.0], [0.5]),
        ([1.0, 2.0, 3.0], [-0.5, -1.0, -0.25]),
        (random.integers(1, 7, size=9).tolist(), random.integers(0, 6, size=9).tolist()),
    ]

    def otherwise(given: Any, wanted: Any, costs: list[float], scores: list[float]) -> str:
        if given.shape != wanted.shape:
            return f"Of {len(costs)} networks come {len(costs)} answers, True or False; yours gives {given.size}."
        place = int(np.flatnonzero(given != wanted)[0])
        pairs = ", ".join(f"({cost:g}, {score:g})" for cost, score in zip(costs, scores, strict=True))
        said = "on" if wanted[place] else "not on"
        return f"Of the pairs (cost, score) {pairs}, number {place + 1} is {said} the front."

    return judge(answer, _front, cases, FRONT_MISTAKES, otherwise, ("costs", "scores"))


def _winner(public: Numbers, private: Numbers) -> np.ndarray:
    best = int(np.argmax(public))
    return np.array([public[best] - np.mean(public), private[best] - np.mean(private)])


WINNER_MISTAKES: Mistakes = (
    (
        lambda a, b: [max(a) - np.mean(a), max(b) - np.mean(b)],
        "The private part is asked for the *public* winner, not for its own best.",
    ),
    (lambda a, b: _winner(b, a)[::-1], "The winner is chosen on the public part."),
    (lambda a, b: [max(a), b[int(np.argmax(a))]], "Take the mean of all away from each: how far is the winner ahead?"),
    (lambda a, b: _winner(a, b)[::-1], "The other way round: what it promised first, then what it kept."),
    (
        lambda a, b: [min(a) - np.mean(a), b[int(np.argmin(a))] - np.mean(b)],
        "That is the last one, not the first.",
    ),
    (
        lambda a, b: [max(a) - np.mean(a), b[int(np.argmax(a))] - np.mean(a)],
        "Each part has a mean of its own: the private one may be harder.",
    ),
    (
        lambda a, b: -_winner(a, b),
        "Ahead is above 0: take the mean away from the winner, not the winner from the mean.",
    ),
    (
        lambda a, b: [max(a) - np.median(a), b[int(np.argmax(a))] - np.median(b)],
        "Ahead of the *mean* of all is wanted, not of the median.",
    ),
    (
        lambda a, b: [max(a) - np.mean(b), b[int(np.argmax(a))] - np.mean(b)],
        "Each part has a mean of its own: take the public mean from the public score.",
    ),
)


@checker("Exercise 4", "The difference of the two is what was luck.", FUNCTION)
def winner(answer: Callable[..., Any]) -> str | None:
    """A function (public, private scores) -> how far the public winner is ahead of the mean on either part."""
    random = generator()
    cases: list[tuple[list[float], list[float]]] = [
        ([0.5, 0.75, 0.25], [0.375, 0.25, 0.5]),
        ([0.5, 0.75, 0.25], [0.875, 0.5, 0.25]),
        ([0.5, 0.25, 0.75], [0.375, 0.25, 0.5]),
        ([0.25, 0.5, 0.5625, 0.125], [-0.5, 0.25, 2.0, 0.0]),
        ([3.0], [1.0]),
        (random.random(9).tolist(), random.random(9).tolist()),
    ]

    if numbers(ask(answer, *cases[0])).shape != (2,):
        return "Give two numbers: how far ahead on the public part, and on the private part."

    def otherwise(given: Any, wanted: Any, public: list[float], private: list[float]) -> str:
        parts = f"public {', '.join(f'{v:.3g}' for v in public)}, private {', '.join(f'{v:.3g}' for v in private)}"
        return f"With {parts} it is {wanted[0]:.4g} and {wanted[1]:.4g}; yours says {given[0]:.4g} and {given[1]:.4g}."

    return judge(answer, _winner, cases, WINNER_MISTAKES, otherwise, ("public", "private"))
