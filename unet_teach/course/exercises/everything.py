"""Checkers for chapter 20, "How do you segment everything?": part-models, whole organs, a mirror, and memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, Hint, checker, generator
from unet_teach.course.exercises.everything_memory import answer_gigabytes
from unet_teach.course.exercises.everything_mirror import mirror_and_rename
from unet_teach.course.exercises.judging import Mistakes, judge

__all__ = ["answer_gigabytes", "merge", "mirror_and_rename", "whole_organs"]
Labels = NDArray[np.int64]
Numbers = Sequence[Mapping[int, int]]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `for end in (0, -1):` -> `for end in (-1, 0):`": "both ends are looked at, in any order",
    "Exercise 3: `np.zeros_like(parts[0])` -> `np.zeros_like(parts[-1])`": "parts have one shape",
}


def _merge(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    merged = np.zeros_like(parts[0])
    for part, table in zip(parts, numbers, strict=True):
        for own, new in table.items():
            merged[part == own] = new
    return merged


def _first_wins(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    return _merge(list(parts)[::-1], list(numbers)[::-1])


def _own_numbers(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    return _merge(parts, [{own: own for own in table} for table in numbers])


def _zeros_too(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    return _merge(parts, [{0: 0, **table} for table in numbers])


def _one_by_one(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    """Rename within a part number by number, so that what was renamed is renamed again."""
    merged = np.zeros_like(parts[0])
    for part, table in zip(parts, numbers, strict=True):
        renamed = part.copy()
        for own, new in table.items():
            renamed[renamed == own] = new
        merged = np.where(renamed > 0, renamed, merged)
    return merged


def _added(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    return np.sum([_merge([part], [table]) for part, table in zip(parts, numbers, strict=True)], axis=0)


def _largest(parts: Sequence[Labels], numbers: Numbers) -> Labels:
    return np.max([_merge([part], [table]) for part, table in zip(parts, numbers, strict=True)], axis=0)


MERGE_MISTAKES: Mistakes = (
    (_first_wins, "Yours gives a contested voxel to the first part. The last one has it."),
    (_own_numbers, "Every part counts from 1. Write the new numbers, from `numbers`."),
    (
        _zeros_too,
        "Only the last part is left. Where a part says 0 it says nothing: it must not wipe out what stands there.",
    ),
    (
        _one_by_one,
        "You rename in the map itself, so what has just become 2 is taken for an old 2. Look the old numbers up in the "
        "part, and write into another array.",
    ),
    (_added, "You add what the parts say: a contested voxel gets a number that neither of them said."),
    (_largest, "Contested voxels get the larger number in yours. The order of the parts decides, not the numbers."),
)


@checker("Exercise 3", "Order decides, and zeros decide nothing: five networks become one answer.", FUNCTION)
def merge(answer: Callable[..., Any]) -> str | None:
    """A function (parts, numbers) -> one label map; where several parts claim a voxel, the last one has it."""
    rng = generator()
    first, second, third = (rng.integers(0, 4, (3, 4)) for _ in range(3))
    cases: list[tuple[Any, Any]] = [
        ([first, second], [{1: 2, 2: 1, 3: 5}, {1: 4, 2: 3, 3: 6}]),
        ([second, first], [{1: 2, 2: 1, 3: 5}, {1: 4, 2: 3, 3: 6}]),
        ([first, second], [{3: 5, 1: 2, 2: 1}, {2: 3, 3: 6, 1: 4}]),
        ([first, second], [{1: 4, 2: 3, 3: 6}, {1: 2, 2: 1, 3: 5}]),
        ([first, second, third], [{1: 1, 2: 2, 3: 3}, {1: 7, 2: 9, 3: 8}, {1: 6, 2: 5, 3: 4}]),
        ([rng.integers(0, 3, (2, 3, 2))], [{1: 2, 2: 3}]),
    ]

    def otherwise(given: Any, wanted: Any, parts: Any, numbers: Any) -> str:
        if np.shape(given) != np.shape(wanted):
            return f"The merged map has the shape of a part, {np.shape(wanted)}; yours has {np.shape(given)}."
        place = tuple(int(n[0]) for n in np.nonzero(given != wanted))
        said = ", ".join(str(int(part[place])) for part in parts)
        return (
            f"At {place} the parts say {said}, and their new numbers are {numbers}: that is {wanted[place]:g}, not "
            f"{given[place]:g}."
        )

    return judge(answer, _merge, cases, MERGE_MISTAKES, otherwise, ("parts", "numbers"))


def _touches(labels: Labels, number: int, axes: Sequence[int] = (0, 1, 2), ends: Sequence[int] = (0, -1)) -> bool:
    return any((labels.take(end, axis=axis) == number).any() for axis in axes for end in ends)


def _whole(labels: Labels, **how: Any) -> Labels:
    found = [number for number in np.unique(labels) if number and not _touches(labels, number, **how)]
    return np.array(found, dtype=np.int64)


def _whole_with(**how: Any) -> Callable[[Labels], Labels]:
    return lambda labels: _whole(labels, **how)


def _cut(labels: Labels) -> Labels:
    return np.setdiff1d(np.unique(labels[labels > 0]), _whole(labels))


WHOLE_MISTAKES: Mistakes = (
    (_cut, "These are the ones that are cut off. Give those that are whole."),
    (_whole_with(axes=(2,)), "A region can be cut off at the sides, too: look at the ends of all three axes."),
    (_whole_with(axes=(0, 1)), "Look at the first and the last slice, too: the third axis."),
    (_whole_with(ends=(0,)), "Look at both ends of each axis: the last layer is at index -1."),
    (_whole_with(ends=(-1,)), "Look at both ends of each axis: the first layer is at index 0."),
    (_whole_with(ends=(1, -2)), "Yours looks one layer inside the edge. The edge is at 0 and at -1."),
    (lambda labels: np.append(0, _whole(labels)), "0 is no region: leave it out."),
    (lambda labels: np.unique(labels[labels > 0]), "Yours gives every region. Leave out what touches an edge."),
)


@checker("Exercise 1", "Of a region that is cut off, a volume says how far the scan went.", FUNCTION)
def whole_organs(answer: Callable[..., Any]) -> str | None:
    """A function (labels) -> the numbers of the regions that touch no edge of the volume, rising."""
    blank = np.zeros((6, 7, 5), dtype=np.int64)
    blank[2:4, 2:5, 2] = 7  # whole
    cases: list[tuple[Any]] = []
    for number, place in enumerate(
        ((0, 3, 2), (5, 3, 2), (3, 0, 2), (3, 6, 2), (1, 1, 0), (1, 1, 4), (1, 1, 1), (4, 5, 3)), start=1
    ):
        labels = blank.copy()
        labels[place] = number if number != 7 else 12
        labels[4, 1, 3] = 9
        cases.append((labels,))
    everything = blank.copy()
    everything[1, 5, 1], everything[1, 5, 2], everything[0, 5, 2], everything[3, 1, 3] = 300, 2, 2, 4
    cases.append((everything,))
    framed = np.full((5, 4, 6), 5)
    framed[1:4, 1:3, 1:5] = 0
    framed[2, 1, 2:4] = 1
    cases.append((framed,))
    wide = np.zeros((4, 4, 9), dtype=np.int64)
    wide[1, 2, 1:8], wide[2, 1, 1:9] = 3, 5
    cases.append((wide,))

    def otherwise(given: Any, wanted: Any, labels: Labels) -> str:
        if np.shape(given) == labels.shape:
            return "That is a map. Give the numbers of the regions, in a list."
        if np.shape(given) == ():
            return "Give a list: which regions are whole, not how many."
        if np.shape(given) == np.shape(wanted) and np.allclose(np.sort(given), wanted):
            return "The right numbers: give them in rising order."
        wrong = sorted({int(n) for n in np.ravel(given)} ^ {int(n) for n in wanted})
        if not wrong:
            return "Give each number once, in a list."
        if wrong[0] not in labels:
            return f"There is no region {wrong[0]} in these labels."
        touched = "touches an edge" if wrong[0] not in wanted else "touches no edge"
        place = tuple(int(n[0]) for n in np.nonzero(labels == wrong[0]))
        return f"In a volume of the shape {labels.shape}, number {wrong[0]} lies at {place}, and {touched}."

    def asked(labels: Labels) -> Any:
        found = answer(labels)
        if isinstance(found, set | frozenset):
            raise Hint("A set has no order: `sorted` makes a list of it.")
        return found

    return judge(asked, _whole, cases, WHOLE_MISTAKES, otherwise)
