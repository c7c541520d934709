"""Checkers for chapter 22, "Where is the tumour?": what a rule loses, and decoders that fail and do not."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.asking import generator
from unet_teach.course.exercises.brain_tumour_folds import held_out
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.verdict import Hint, NotAnsweredYet

__all__ = ["decoder", "failing_combinations", "held_out", "lost"]

Labels = NDArray[np.integer]
NAMES = ("WT", "TC", "ET")
CODES = {"WT": 2, "TC": 1, "ET": 4}
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `tumour.size == 0` -> `tumour.size <= 0`": "a size is never below 0",
    "Exercise 2: `EIGHT.T[which].astype(int).tolist()` -> `EIGHT.T[which].astype(int)`": "rows of an array are triples",
    "Exercise 3: `np.zeros(maps.shape[1:], int)` -> `np.zeros(maps.shape[1:])`": "whole numbers as floats are labels",
    "Exercise 3: `list(order).index` -> `order.index`": "a tuple can be asked as well",
}


def _lost(labels: Labels, known: Sequence[int]) -> float:
    tumour = labels > 0
    return float((tumour & ~np.isin(labels, known)).sum() / tumour.sum()) if tumour.any() else 0.0


def _kinds(labels: Labels, known: Sequence[int]) -> float:
    kinds = np.unique(labels[labels > 0])
    return float(np.mean(~np.isin(kinds, known))) if kinds.size else 0.0


KEPT = "That share is kept, not lost."
LOST_MISTAKES: Mistakes = (
    (lambda labels, known: _lost(labels, known) * (labels > 0).sum(), "That counts voxels. Divide by the tumour's."),
    (
        lambda labels, known: float((~np.isin(labels, known)).mean()),
        "Label 0 is no tumour, and nothing is lost where it stands.",
    ),
    (
        lambda labels, known: float(((labels > 0) & ~np.isin(labels, known)).mean()),
        "That is the share of all voxels. Divide by those of the tumour.",
    ),
    (lambda labels, known: 1 - _lost(labels, known) if (labels > 0).any() else 0, KEPT),
    (lambda labels, known: 1 - _lost(labels, known), KEPT),
    (_kinds, "That counts kinds of labels. Count voxels: one kind can be most of a tumour."),
    (lambda labels, known: 100 * _lost(labels, known), "Give a share of 1, not per cent."),
    (lambda labels, known: _lost(labels, (1, 2, 4)), "Yours knows only 1, 2 and 4. Use `known`."),
    (
        lambda labels, known: _lost(labels, (1, 2, 4, 5)),
        "Not only 3 may be unknown. Use `known`.",
    ),
)


@checker("Exercise 1", "A line like it, before anything is counted, and the loss would have been seen.", FUNCTION)
def lost(answer: Callable[..., Any]) -> str | None:
    """A function (labels, known) -> the share of the tumour's voxels whose label is not known; 0 without a tumour."""
    rng = generator()
    one, other = rng.integers(0, 5, (3, 4, 5)), rng.choice([0, 0, 0, 3, 4], (6, 7)).astype(np.uint8)
    some = np.array([0, 0, 1, 2, 2, 3, 3, 3, 4, 5])
    cases: list[tuple[Any, ...]] = [
        (some, (1, 2, 4)),
        (some, (1, 2, 3)),
        (one, (1, 2, 4)),
        (one, (1, 2, 3, 4)),
        (one, (2,)),
        (other, (1, 2, 4)),
        (np.zeros((3, 3), int), (1, 2, 4)),
        (np.full((2, 3), 3), (1, 2, 4)),
    ]

    def otherwise(given: Any, wanted: Any, labels: Any, known: Any) -> str:
        if not (labels > 0).any():
            return "Without a tumour nothing is lost: 0."
        counts = {int(k): int(n) for k, n in zip(*np.unique(labels, return_counts=True), strict=True)}
        return f"Of labels with these counts, {counts}, the rule {known} loses {wanted:.3f}, not {given:.3f}."

    return judge(answer, _lost, cases, LOST_MISTAKES, otherwise, ("labels", "known"))


FAILING = {(0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1)}


@checker("Exercise 2", "Half of all combinations, and nothing in three sigmoids forbids any of them.")
def failing_combinations(answer: Any) -> str | None:
    """Combinations (WT, TC, ET) of 0 and 1 that sum and remap names after another than their innermost region."""
    rows = list(answer) if isinstance(answer, Iterable) and not isinstance(answer, str | dict) else [answer]
    if any(np.ndim(row) != 1 and not isinstance(row, str) for row in rows):
        return "Give a list of triples, such as [(0, 0, 0), (1, 1, 1)]."
    rows = [tuple(float(part) for part in row) for row in rows]
    if not rows:
        raise NotAnsweredYet("Your list is empty.")
    if any(len(row) != 3 or not set(row) <= {0, 1} for row in rows):
        return "Each entry has three numbers of 0 or 1, for WT, TC and ET in this order."
    given = set(rows)
    if given == FAILING:
        return None
    if given == {row[::-1] for row in FAILING}:
        return "The order is WT, TC, ET: yours are the other way round."
    if given == {tuple(row) for row in product((0, 1), repeat=3)} - FAILING:
        return "These come out right. Give the others."
    nested = sorted(given & {(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)})
    if nested:
        first = tuple(int(part) for part in nested[0])
        return f"{first} lies as it should, each region inside the one before, and comes out right."
    missing = len(FAILING - given)
    return f"These fail, and {missing} more {'does' if missing == 1 else 'do'}. Compare sum and innermost claim."


def _decode(maps: NDArray[np.bool_], order: Sequence[str], names: Sequence[str] = NAMES) -> NDArray[np.int64]:
    labels = np.zeros(maps.shape[1:], int)
    for name in names:
        labels[maps[list(order).index(name)]] = CODES[name]
    return labels


def _strict(maps: NDArray[np.bool_], order: Sequence[str]) -> NDArray[np.int64]:
    tumour, core, enhancing = (maps[list(order).index(name)] for name in NAMES)
    return _decode(np.stack([tumour, core & tumour, enhancing & core & tumour]), NAMES)


def _summed(maps: NDArray[np.bool_], order: Sequence[str]) -> NDArray[np.int64]:
    return np.array([0, 2, 1, 4])[maps.sum(axis=0)]


DECODE_MISTAKES: Mistakes = (
    (_summed, "That is sum and remap, which names ET alone oedema. Ask for the innermost claim."),
    (lambda maps, order: maps.sum(axis=0), "Those are the sums, and half of them mislead."),
    (lambda maps, order: _decode(maps, NAMES), "`order` has no effect yet: the maps may come in any order."),
    (
        lambda maps, order: _decode(maps, order, ("TC", "WT", "ET")),
        "The whole tumour overwrites the core: write it first.",
    ),
    (lambda maps, order: _decode(maps, order, NAMES[::-1]), "The outermost has the last word in yours. Begin with it."),
    (
        lambda maps, order: _decode(maps, order, order),
        "You write in the maps' own order. Write WT, then TC, then ET.",
    ),
    (
        lambda maps, order: _decode(maps, order, order[::-1]),
        "You write in the maps' order, turned round. Write WT, then TC, then ET.",
    ),
    (_strict, "Yours drops an inner claim that sticks out. It should count: name the voxel after it."),
    (lambda maps, order: np.where(_decode(maps, order, NAMES) == 4, 3, _decode(maps, order, NAMES)), "ET is 4 here."),
    (
        lambda maps, order: np.array([0, 1, 2, 3, 4])[[0, 2, 1, 3, 4]][_decode(maps, order, NAMES)],
        "TC alone is 1, and oedema, WT alone, is 2.",
    ),
)


@checker("Exercise 3", "Nothing can stick out any more: what is in ET is named so, and counts to all three.", FUNCTION)
def decoder(answer: Callable[..., Any]) -> str | None:
    """A function (maps, order) -> labels: 4 where ET is claimed, else 1 where TC is, else 2 where WT is, else 0."""
    rng = generator()
    every = np.array(list(product((False, True), repeat=3))).T  # (3, 8)
    some, volume = rng.random((3, 4, 7)) < 0.5, rng.random((3, 2, 3, 5)) < 0.6
    orders = (("WT", "TC", "ET"), ("TC", "WT", "ET"), ("ET", "TC", "WT"), ("TC", "ET", "WT"), ("ET", "WT", "TC"))
    cases = [(every, order) for order in orders] + [(some, orders[1]), (some, orders[3]), (volume, orders[4])]
    cases.append((np.zeros((3, 2, 2), bool), orders[0]))

    def otherwise(given: Any, wanted: Any, maps: Any, order: Any) -> str:
        if given.shape != wanted.shape:
            return f"Of three maps of {wanted.shape} come labels of {wanted.shape}; yours are {given.shape}."
        place = tuple(np.argwhere(given != wanted)[0])
        claims = [name for name, claimed in zip(order, maps[(slice(None), *place)], strict=True) if claimed]
        said = " and ".join(claims) or "nothing"
        return f"Where {said} is claimed, the label is {wanted[place]:g}, not {given[place]:g}."

    def asked(maps: Any, order: Any) -> Any:
        labels = answer(maps, order)
        if labels is None or labels is ...:
            raise NotAnsweredYet
        if np.asarray(labels).dtype == bool:
            raise Hint("Labels are wanted, 0, 1, 2 and 4, and yours are yes and no.")
        return labels

    return judge(asked, lambda maps, order: _decode(maps, order), cases, DECODE_MISTAKES, otherwise, ("maps", "order"))
