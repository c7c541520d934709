"""Checkers for chapter 16, "Can it learn without labels?": likeness, cuts, and names for clusters."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.wnet_cuts import normalised_cut, soft_cut

__all__ = ["likeness", "names", "normalised_cut", "soft_cut"]
Numbers = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `greys[:, None] - greys` -> `greys - greys[:, None]`": "it is squared",
    "Exercise 1: `place[:, None] - place` -> `place - place[:, None]`": "it is squared",
}


def _likeness(greys: Numbers, sigma_i: float, sigma_x: float, radius: float) -> Numbers:
    grey, place = np.subtract.outer(greys, greys), np.subtract.outer(*2 * [np.arange(len(greys))])
    near = np.abs(place) < radius
    return np.exp(-(grey**2) / sigma_i**2) * np.exp(-(place**2) / sigma_x**2) * near


def _made(change: Callable[[Numbers, Numbers, float, float, float], Any]) -> Callable[..., Any]:
    def mistaken(greys: Numbers, sigma_i: float, sigma_x: float, radius: float) -> Any:
        grey = np.abs(np.subtract.outer(greys, greys))
        place = np.abs(np.subtract.outer(*2 * [np.arange(len(greys), dtype=float)]))
        return change(grey, place, sigma_i, sigma_x, radius)

    return mistaken


LIKENESS_MISTAKES: Mistakes = (
    (_made(lambda g, x, i, s, r: _gauss(g, i) * _gauss(x, s)), "Every pixel is a neighbour yet: `radius` ends it."),
    (_made(lambda g, x, i, s, r: _gauss(g, i) * _gauss(x, s) * (x <= r)), "A pixel exactly `radius` away is too far."),
    (
        _made(lambda g, x, i, s, r: _gauss(g, i) * _gauss(x, s) * (x < r) * (x > 0)),
        "A pixel is its own neighbour, at a distance of 0: its weight is 1.",
    ),
    (_made(lambda g, x, i, s, r: _gauss(g, s) * _gauss(x, i) * (x < r)), "The two sigmas have changed places."),
    (_made(lambda g, x, i, s, r: np.exp(-g / i - x / s) * (x < r)), "Square the differences, and the sigmas."),
    (_made(lambda g, x, i, s, r: np.exp(-(g**2) / i - x**2 / s) * (x < r)), "The sigmas are squared as well."),
    (
        _made(lambda g, x, i, s, r: np.exp(-(g**2) / i**2 / 2 - x**2 / s**2 / 2) * (x < r)),
        "That is a bell with a 2 below the line, as in statistics. The paper has none.",
    ),
    (
        _made(lambda g, x, i, s, r: (_gauss(g, i) + _gauss(x, s)) * (x < r)),
        "Near *and* of like grey: multiply the two, do not add them.",
    ),
    (_made(lambda g, x, i, s, r: _gauss(g, i) * (x < r)), "The distance weakens it, too: where is `sigma_x`?"),
    (_made(lambda g, x, i, s, r: np.exp(g**2 / i**2 + x**2 / s**2) * (x < r)), "Less alike, less weight: a minus."),
)


def _gauss(difference: Numbers, sigma: float) -> Numbers:
    return np.exp(-(difference**2) / sigma**2)


@checker("Exercise 1", "Everything that the cut knows of an image stands in this table.", FUNCTION)
def likeness(answer: Callable[..., Any]) -> str | None:
    """A function (greys (N,), sigma_i, sigma_x, radius) -> (N, N) weights of a row of pixels."""
    row = np.array([0.0, 1, 1, 3, 3, 5])
    cases: list[tuple[Numbers, float, float, float]] = [
        (row, 1.5, 3.0, 6),
        (row, 1.5, 3.0, 3),
        (row, 1.5, 2.0, 3),
        (row, 0.8, 3.0, 3),
    ]
    cases += [(row[::-1] / 2, 1.5, 3.0, 3), (generator().random(9), 0.4, 5.0, 2.5), (row[:3], 3.0, 0.7, 1)]

    for case in cases:
        count, shape = len(case[0]), numbers(ask(answer, *case)).shape
        if shape != (count, count):
            return f"For {count} pixels a table of {count} x {count} is wanted; yours has the shape {shape}."

    def otherwise(given: Any, wanted: Any, greys: Numbers, sigma_i: float, sigma_x: float, radius: float) -> str:
        u, v = np.argwhere(~np.isclose(given, wanted))[0]
        return (
            f"Pixels {u} and {v}, greys {greys[u]:g} and {greys[v]:g}, weigh {wanted[u, v]:.3f}, not {given[u, v]:.3f}."
        )

    return judge(answer, _likeness, cases, LIKENESS_MISTAKES, otherwise, ("greys", "sigma_i", "sigma_x", "radius"))


def _right(names: Any, table: Numbers) -> float:
    return float(sum(table[cluster, label] for cluster, label in enumerate(names)))


def _greedy(table: Numbers) -> list[int]:
    left, names = table.astype(float), np.zeros(len(table), int)
    for _ in table:
        cluster, label = np.unravel_index(left.argmax(), left.shape)
        names[cluster] = label
        left[cluster], left[:, label] = -1, -1
    return [int(name) for name in names]


def _in_turn(table: Numbers) -> list[int]:
    names: list[int] = []
    for row in table:
        names.append(max((label for label in range(len(table)) if label not in names), key=lambda label: row[label]))
    return names


@checker("Exercise 4", "One label each, and no other way has more pixels right.", FUNCTION)
def names(answer: Callable[..., Any]) -> str | None:
    """A function (table (K, K) of pixel counts, clusters by labels) -> the label of each cluster, one to one."""
    rng = generator()
    tables = [
        np.array([[50, 45], [40, 0]]),  # the largest number is a trap
        np.array([[1, 8, 2], [9, 0, 1], [0, 3, 7]]),
        np.array([[2, 9, 0], [8, 3, 8], [9, 7, 0]]),
        np.array([[0, 6, 1, 2], [0, 1, 7, 1], [1, 0, 2, 9], [5, 1, 0, 0]]),  # its inverse is another
        np.array([[5]]),
        *(rng.permutation(60)[: n * n].reshape(n, n) for n in (3, 4, 5)),
    ]
    given = [numbers(ask(answer, table)) for table in tables]
    best = [max(permutations(range(len(t))), key=lambda p, t=t: _right(p, t)) for t in tables]  # type: ignore[misc]

    def all_are(other: Callable[[Numbers], Any]) -> bool:
        return all(np.array_equal(names, other(table)) for names, table in zip(given, tables, strict=True))

    told = {
        "The largest count first is not always best: it may leave another cluster with nothing.": _greedy,
        "Cluster after cluster, each takes the best that is left: the later ones pay. Try all orders.": _in_turn,
        "Two clusters have got one label. One to one: every label is given once.": lambda t: t.argmax(axis=1),
        "That is the cluster of each label. Wanted is the label of each cluster.": lambda t: np.argsort(
            max(permutations(range(len(t))), key=lambda p: _right(p, t))
        ),
        "That has the *fewest* pixels right.": lambda t: min(permutations(range(len(t))), key=lambda p: _right(p, t)),
        "You return how many pixels are right. Return the labels that do it.": lambda t: _right(
            max(permutations(range(len(t))), key=lambda p: _right(p, t)), t
        ),
    }
    for names, table in zip(given, tables, strict=True):
        if names.shape not in ((), (len(table),)):
            return f"For {len(table)} clusters give {len(table)} labels; yours has the shape {names.shape}."
    for hint, other in told.items():
        if not all_are(lambda t: np.asarray(best[[x is t for x in tables].index(True)])) and all_are(other):
            return hint
    for names, table, one in zip(given, tables, best, strict=True):
        if names.shape != (len(table),):
            return f"Give the label of each cluster, in their order: for {len(table)} clusters {len(table)} labels."
        if sorted(names) != list(range(len(table))):
            return f"Every label from 0 to {len(table) - 1} is given once; yours are {names.tolist()}."
        right, most = _right(names.astype(int), table), _right(one, table)
        if right < most:
            return f"For {table.tolist()} yours gets {right:.0f} pixels right; {most:.0f} can be had."
    return None
