"""Checkers for chapter 15, "What changes in three dimensions?"."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import ndimage

from unet_teach.course.exercises import FUNCTION, Hint, checker, generator
from unet_teach.course.exercises.judging import judge
from unet_teach.course.exercises.vnet_code import correlate3d, kept_numbers

__all__ = ["correlate3d", "dealt_folds", "kept_numbers", "shifted_dice"]

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `(number + 1) // 2` -> `(number - 1) // 2`": "people counted from 0 are the same people",
    "Exercise 2: `(number + 1) // 2` -> `(number + -1) // 2`": "people counted from 0 are the same people",
}


def _dice(first: np.ndarray, second: np.ndarray) -> float:
    return 2 * float((first & second).sum()) / float(first.sum() + second.sum())


def _moved(mask: np.ndarray, axis: int, steps: int = 1) -> np.ndarray:
    """Move a mask along an axis; what leaves it at one end is gone, and nothing comes in at the other."""
    moved = np.zeros_like(mask)
    onto = [slice(None)] * mask.ndim
    off = [slice(None)] * mask.ndim
    onto[axis], off[axis] = slice(steps, None), slice(None, -steps)
    moved[tuple(onto)] = mask[tuple(off)]
    return moved


def _shifted(mask: np.ndarray, axis: int) -> float:
    return _dice(mask, _moved(mask, axis))


def _shown(given: Any, wanted: Any, mask: np.ndarray, axis: int) -> str:
    return (
        f"For a mask {mask.shape} of {int(mask.sum())} voxels, moved along axis {axis}, the Dice is "
        f"{float(wanted):.3f}; yours is {float(given):.3f}."
    )


@checker("Exercise 1", "An error that nobody would see, and a good tenth is gone.", FUNCTION)
def shifted_dice(answer: Callable[..., Any]) -> str | None:
    """A function (mask, axis) -> Dice of a boolean volume with itself, moved one voxel on along an axis."""
    random = generator()
    blob = ndimage.gaussian_filter(random.normal(size=(9, 11, 8)), 1.5) > 0.02  # touches every border
    inside = np.zeros((7, 10, 6), dtype=bool)
    inside[2:5, 1:9, 2:4] = True
    bar = np.zeros((6, 5, 4), dtype=bool)
    bar[5, 2, :] = True  # at the far end of two axes
    cases = [(mask, axis) for mask in (blob, inside, bar) for axis in range(3)]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda m, a: _dice(m, np.roll(m, 1, a)),
            "`np.roll` brings back at one end what leaves at the other: a mask that touches the border comes in again.",
        ),
        (lambda m, a: _dice(m, _moved(m, a, 2)), "That is moved by two voxels."),
        (lambda m, a: 1 - _shifted(m, a), "That is what is lost. Asked for is what is left."),
        (lambda m, a: _shifted(m, a) / 2, "The 2 of the Dice is missing: twice what they share, by what they have."),
        (lambda m, a: _iou(m, _moved(m, a)), "That is the IoU, what they share by what either has."),
        (lambda m, a: _shifted(m, 2 - a), "The axes are counted from the wrong end: axis 0 is the first."),
        (lambda m, a: _dice(m, _moved(m[::-1, ::-1, ::-1], a)), "The mask came back mirrored."),
        (
            lambda m, a: _shifted(m[::-1, ::-1, ::-1], a),
            "It moves towards the beginning of the axis. Move the mask towards its end.",
        ),
        (
            lambda m, a: _dice(m, np.roll(m, 1, a) & (np.indices(m.shape)[a] < m.shape[a] - 1)),
            "You cleared the wrong end. What comes in again stands at the other end, the near one.",
        ),
        (
            lambda m, a: float((m & _moved(m, a)).sum() / m.sum()),
            "The moved mask may have fewer voxels: add both counts, not one of them twice.",
        ),
        *((lambda m, a, n=n: _shifted(m, n), f"Always along axis {n}: `axis` has no effect yet.") for n in range(3)),
    ]
    return judge(answer, _shifted, cases, mistakes, _shown, ("mask", "axis"))


def _iou(first: np.ndarray, second: np.ndarray) -> float:
    return float((first & second).sum()) / float((first | second).sum())


def _dealt(numbers: list[int], count: int) -> np.ndarray:
    """Deal people out like cards, in order of their numbers."""
    people = [(number + 1) // 2 for number in numbers]
    return np.array([sorted(set(people)).index(person) % count for person in people])


def _which(given: Any, wanted: Any, numbers: list[int], count: int) -> str:
    if given.shape != wanted.shape:
        return f"One fold for each case is wanted, {len(numbers)} numbers; yours gives {given.size}."
    at = int(np.argmax(given != wanted))
    return (
        f"Cases {numbers} in {count} folds: case {numbers[at]} belongs to person {(numbers[at] + 1) // 2} and so to "
        f"fold {int(wanted[at])}; yours is {given[at]:g}."
    )


@checker("Exercise 2", "No person on both sides, whatever the order of the list.", FUNCTION)
def dealt_folds(answer: Callable[..., Any]) -> str | None:
    """A function (numbers, count) -> each case's fold: persons, in order of their numbers, dealt out like cards."""
    cases = [
        ([1, 3, 4, 7, 8, 14, 15], 3),
        ([1, 3, 4, 7, 8, 14, 15], 2),
        ([20, 19, 5, 2, 6, 1, 33, 40], 3),  # not in order; gaps
        ([2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12], 5),
        ([101], 2),
        ([130, 64, 33, 1, 40], 3),  # a set has no order of its own
        (list(range(1, 30)), 4),
    ]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda n, c: np.array([number % c for number in n]),
            "That deals out cases: 3 and 4 are one person, and stand in two folds.",
        ),
        (
            lambda n, c: np.array([sorted(n).index(number) % c for number in n]),
            "That deals out cases: 3 and 4 are one person, and stand in two folds.",
        ),
        (
            lambda n, c: np.arange(len(n)) % c,
            "That deals out cases as they stand in the list. Whose are they?",
        ),
        *(
            (
                lambda n, c, less=less: np.array([((number + 1) // 2 - less) % c for number in n]),
                "Persons stay together. But there are gaps in their numbers: deal out the first, second, third person "
                "there is, so that no fold goes short.",
            )
            for less in (0, 1)
        ),
        (
            lambda n, c: np.array([sorted({m // 2 for m in n}).index(number // 2) % c for number in n]),
            "That pairs 2 with 3. It is 1 and 2, 3 and 4: half the number, rounded up.",
        ),
        (lambda n, c: _in_order_of_the_list(n) % c, "Take the persons in order of their numbers, not of the list."),
        (lambda n, c: _dealt(n, c) + 1, "The folds are counted from 0."),
        (lambda n, c: _dealt(n, len(n)), "That is each person's place. Dealt out to `count` folds, it begins again."),
        (
            lambda n, c: _dealt(n, len(n)) * c // len({(m + 1) // 2 for m in n}),
            "That puts neighbouring persons together, block by block. Deal them out one by one.",
        ),
    ]

    def asked(numbers: list[int], count: int) -> Any:
        given = answer(numbers, count)
        inner = list(given) if isinstance(given, list | tuple) else []
        if isinstance(given, dict) or any(isinstance(one, list | tuple | set | dict) for one in inner):
            raise Hint("Give for each case the number of its fold, not the folds with their cases.")
        return given

    return judge(asked, _dealt, cases, mistakes, _which, ("numbers", "count"))


def _in_order_of_the_list(numbers: list[int]) -> np.ndarray:
    people = [(number + 1) // 2 for number in numbers]
    return np.array([list(dict.fromkeys(people)).index(person) for person in people])
