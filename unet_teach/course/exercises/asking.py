"""How a checker asks: fixtures from one seed, an answer called with copies, and numbers that are numbers."""

import copy
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from torch import Tensor

from unet_teach.course.exercises.verdict import Hint, NotAnsweredYet

SEED = 12


def generator() -> np.random.Generator:
    """Return a fresh generator from the checkers' one seed: the same answer gets the same verdict every time."""
    return np.random.default_rng(SEED)


def ask(answer: Callable[..., Any], *arguments: Any, none: bool = False) -> Any:
    """Call an answer with copies of the arguments and return what it gives.

    Raises NotAnsweredYet where it gives None or `...` (unless `none` is a right answer), and a Hint where it has
    overwritten what it was given.
    """
    given = [_copied(argument) for argument in arguments]
    result = answer(*given)
    if not same(given, list(arguments)):
        raise Hint("Your function changes what it was given. Work on a copy, and return that.")
    if result is ... or (result is None and not none):
        raise NotAnsweredYet
    return result


def numbers(answer: Any, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """Return an answer (list, tuple, array, tensor, of any number type) as floats of the wanted shape.

    Raises a Hint where it holds anything else than numbers, a NaN or an infinity, or has another shape.
    """
    one = shape == ()
    try:
        array = np.asarray(answer.detach().cpu().double() if isinstance(answer, Tensor) else answer)
        if array.dtype.kind not in "biufO":  # text would be converted, a complex number cut
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError, RuntimeError):
        raise Hint("Give one number." if one else "Give plain numbers, such as [1, 2, 3].") from None
    if shape is not None and array.shape != shape:
        raise Hint("Give one number." if one else f"The shape {shape} is wanted; yours has {array.shape}.")
    if not np.isfinite(array).all():
        raise Hint("There is a NaN or an infinity in it, which is no number to go on with.")
    return array


def close(given: Any, wanted: Any) -> bool:
    """Say whether numbers agree as closely as float32 lets them, measured by the largest of what is wanted."""
    given, wanted = np.asarray(given, dtype=float), np.asarray(wanted, dtype=float)
    largest = np.abs(wanted).max(initial=0)
    return given.shape == wanted.shape and np.allclose(given, wanted, rtol=1e-4, atol=1e-5 * largest + 1e-9)


def without_effect(
    names: Sequence[str], cases: Sequence[Sequence[Any]], given: Sequence[Any], wanted: Sequence[Any]
) -> str | None:
    """Name what a wrong answer ignores: an argument that, changed alone, never changes what it gives.

    `cases` holds each call's arguments, in the order of `names`; `given` and `wanted` what came and should have come.
    """
    if len(cases) > 1 and all(same(given[0], other) for other in given):
        return "It gives the same whatever it is given."
    for number, name in enumerate(names):
        alone = [pair for pair in combinations(range(len(cases)), 2) if _differ(*(cases[n] for n in pair)) == [number]]
        matters = any(not same(wanted[a], wanted[b]) for a, b in alone)
        if matters and all(same(given[a], given[b]) for a, b in alone):
            return f"`{name}` has no effect yet."
    return None


def _differ(one: Sequence[Any], other: Sequence[Any]) -> list[int]:
    """Return the numbers of the arguments in which two calls differ."""
    return [number for number, pair in enumerate(zip(one, other, strict=True)) if not same(*pair)]


def same(left: Any, right: Any) -> bool:
    """Say whether two things hold the same but for rounding: arrays, tensors, lists, dictionaries, anything."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        left, right = left.detach().cpu().double().numpy(), right.detach().cpu().double().numpy()
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        if left.dtype.kind not in "biufc" or left.shape != right.shape:
            return bool(np.array_equal(left, right))
        return np.allclose(left, right, rtol=1e-6, atol=1e-9, equal_nan=True)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, int | float | np.number) and isinstance(right, int | float | np.number):
        return bool(np.isclose(left, right, rtol=1e-6, atol=1e-9, equal_nan=True))
    return left is right or (type(left) is type(right) and bool(left == right))


def _copied(argument: Any) -> Any:
    """Return a copy of what can be overwritten; a function or a network goes in as it is."""
    return (
        copy.deepcopy(argument) if isinstance(argument, np.ndarray | Tensor | list | tuple | dict | set) else argument
    )
