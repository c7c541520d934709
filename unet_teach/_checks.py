"""What may come in: numbers and arrays of numbers, and a sentence about what to do for anything else.

A numpy scalar of eight bits overflows where a Python number would not, a byte-swapped array is refused by torch, a list
has no shape. So what a function is handed passes through here once, and is a plain number or a native array afterwards.
"""

import functools
import operator
from collections.abc import Callable
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e100  # far beyond it a sum of squares is no number any more

P = ParamSpec("P")
R = TypeVar("R")


def needed(name: str, use: str, install: str) -> Any:
    """Import a package that only some chapters need, or say in an `ImportError` how to get it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f"{use} {error.name or name}, which is not installed: python -m pip install '{install}'"
        ) from error


def reals(name: str, values: object, finite: bool = False) -> NDArray[np.float64]:
    """Return numbers of any real type as a new float64 array, or say why they are none."""
    try:
        array = np.asarray(
            values, dtype=float if isinstance(values, int) else None
        )  # Python's own may be of any length
    except OverflowError as error:
        raise ValueError(f"{name} must not hold numbers above {LARGEST:g}: divide them first") from error
    except (TypeError, ValueError, RuntimeError) as error:  # ragged lists; tensors on a GPU or with a gradient
        raise TypeError(
            f"{name} cannot be made an array of numbers: rows must be of one length, and a tensor needs "
            ".detach().cpu().float() first"
        ) from error
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers, got {array.dtype} from {type(values).__name__}")
    numbers = array.astype(np.float64)
    known = np.isfinite(numbers)
    if finite and not known.all():
        raise ValueError(f"{name} must be finite: look for NaN or infinity")
    if (np.abs(numbers[known]) > LARGEST).any():
        raise ValueError(f"{name} must not hold numbers above {LARGEST:g}: divide them first")
    return numbers


def number(name: str, value: object) -> float:
    """Return one number as a plain float, or say why it is none; whoever asks also says in what range, NaN left out."""
    array = reals(name, value)
    if array.size != 1:
        raise TypeError(f"{name} must be one number, got an array of shape {array.shape}")
    return float(array.item())


def whole(name: str, value: object) -> int:
    """Return a whole number as a plain int, or say what is wrong with it."""
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be a whole number, got {type(value).__name__}: round it with int()") from error


def numbered(name: str, labels: NDArray[np.integer], hint: str) -> NDArray[np.int64]:
    """Renumber regions 1, 2 ... without gaps, in rising order of their numbers; 0 stays what is between them.

    Whatever the integers' type, and however large: what is left is at most the number of pixels.
    """
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "ui":
        kind = labels.dtype if isinstance(labels, np.ndarray) else type(labels).__name__
        raise TypeError(f"{name} must be an array of integers, got {kind}: {hint}")
    if labels.size == 0:
        return np.zeros(labels.shape, dtype=np.int64)
    if labels.min() < 0:
        raise ValueError(f"{name} must not be negative: 0 is between them, they start at 1")
    flat = labels.ravel()
    if flat.max() > 4 * flat.size + 1000:  # numbers far apart: a table of all of them would be too long
        flat = np.unique(np.append(flat, flat.dtype.type(0)), return_inverse=True)[1][:-1]
    present = np.bincount(flat.astype(np.int64)) > 0
    present[0] = False
    return np.where(present, np.cumsum(present), 0)[flat.astype(np.int64)].reshape(labels.shape)


def label_map(name: str, labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return a label map as a native int64 array with its own numbers, or say what is wrong with it."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "ui":
        kind = labels.dtype if isinstance(labels, np.ndarray) else type(labels).__name__
        raise TypeError(f"{name} must be an array of integers, one number a class, got {kind}")
    if labels.size == 0:
        raise ValueError(f"{name} has no voxel: its shape is {labels.shape}")
    if labels.min() < 0 or labels.max() > np.iinfo(np.int64).max:
        raise ValueError(f"{name} must hold numbers from 0 on, 0 for no class, got {labels.min()} to {labels.max()}")
    return labels.astype(np.int64)


def prepared(prepare: Callable[P, tuple[Any, ...]]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function have its arguments from `prepare`, which takes what was given, and refuses or converts it.

    For functions that a chapter shows: what stands in them is what a reader types, and this stands outside.
    """

    def gate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            return function(*prepare(*args, **kwargs))  # type: ignore[call-arg]

        return checked

    return gate
