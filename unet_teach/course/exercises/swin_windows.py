"""Checkers for chapter 17's windows: cutting a map into them, and who may ask whom once they are shifted."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, judge

Numbers = NDArray[np.float64]
UNKNOWN = "numpy takes any negative number for the side that it has to find"
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `four.transpose(0, 2, 1, 3)` -> `four.transpose(0, -2, 1, 3)`": "of four axes, the last but one is 2",
    "Exercise 2: `four.transpose(0, 2, 1, 3).reshape(-1, side, side)` -> `four.transpose(0, 2, 1, 3).reshape(-2...": (
        UNKNOWN
    ),
    "Exercise 3: `np.arange(length) >= length - shift` -> `np.arange(length) < length - shift`": (
        "who did not come over the edge are the others, and equal stays equal"
    ),
    "Exercise 3: `came.reshape(-1, side)` -> `came.reshape(-2, side)`": UNKNOWN,
    "Exercise 3: `came[:, None, :]` -> `came[:, None]`": "axes that are not named stay",
}


def _windows(x: Numbers, side: int) -> Numbers:
    height, width = x.shape
    cut = x.reshape(height // side, side, width // side, side)
    return cut.transpose(0, 2, 1, 3).reshape(-1, side, side)


def _by_columns(x: Numbers, side: int) -> Numbers:
    height, width = x.shape
    cut = x.reshape(height // side, side, width // side, side)
    return cut.transpose(2, 0, 1, 3).reshape(-1, side, side)


def _scattered(x: Numbers, side: int) -> Numbers:
    height, width = x.shape
    rows, columns = height // side, width // side
    return np.stack([x[r::rows, c::columns] for r in range(rows) for c in range(columns)])


WINDOWS_MISTAKES: Mistakes = (
    (
        lambda x, side: x.reshape(-1, side, side),
        "A plain reshape takes the numbers row after row: your first window is a strip of the top. Cut both axes.",
    ),
    (_by_columns, "Your windows go down the columns first. Row by row: the second one lies to the right of the first."),
    (lambda x, side: _windows(x, side).transpose(0, 2, 1), "Each window lies on its side: rows and columns swapped."),
    (lambda x, side: _windows(x, side)[::-1], "The windows come in reverse order."),
    (
        _scattered,
        "Your windows take every so many-th row and column. A window's tokens are neighbours.",
    ),
    (
        lambda x, side: np.lib.stride_tricks.sliding_window_view(x, (side, side)).reshape(-1, side, side),
        "Your windows overlap. They lie side by side: the next one begins where one ends.",
    ),
    (
        lambda x, side: _windows(x, side).reshape(-1, side * side),
        "Right numbers, in rows: give each window as a square, (windows, side, side).",
    ),
    (
        lambda x, side: _windows(x, side).reshape(x.shape[0] // side, x.shape[1] // side, side, side),
        "Right windows, in rows and columns of windows: let them follow each other, (windows, side, side).",
    ),
)


@checker(
    "Exercise 2", "From here on a window is a short list of tokens, and attention need not know of the rest.", FUNCTION
)
def windows(answer: Callable[..., Any]) -> str | None:
    """A function (x (H, W), side) -> (windows, side, side), row by row."""
    rng = generator()
    grid = rng.permutation(48).reshape(6, 8).astype(float)
    cases = [(grid, 2), (grid[:4], 4), (grid, 1), (grid[:4], 2), (rng.normal(size=(6, 9)), 3), (grid[:3, :3], 3)]
    cases += [(grid[:6, :6], 3), (grid[:6, :6], 2)]

    def otherwise(given: Any, wanted: Any, x: Numbers, side: int) -> str:
        if given.shape != wanted.shape:
            return f"A map of {x.shape} in windows of {side}: the shape is {wanted.shape}, not {given.shape}."
        first = int(np.abs(given - wanted).sum(axis=(1, 2)).argmax())
        return f"A map of {x.shape} in windows of {side}: window {first} is not the right square."

    return judge(answer, _windows, cases, WINDOWS_MISTAKES, otherwise, ("x", "side"))


def _seam(length: int, side: int, shift: int) -> Any:
    came = (np.arange(length) >= length - shift).reshape(-1, side)
    return came[:, :, None] == came[:, None, :]


def _with(origin: Callable[[int, int, int], Any]) -> Callable[[int, int, int], Any]:
    """Build the table from where each token of the rolled row came from, mistaken as it may be."""

    def mistaken(length: int, side: int, shift: int) -> Any:
        came = np.asarray(origin(length, side, shift)).reshape(-1, side)
        return came[:, :, None] == came[:, None, :]

    return mistaken


def _whole(length: int, side: int, shift: int) -> Any:
    came = np.arange(length) >= length - shift
    return came[:, None] == came[None, :]


def _alone(length: int, side: int, shift: int) -> Any:
    came = (np.arange(length) >= length - shift).reshape(-1, side)
    return ~came[:, :, None] & ~came[:, None, :]


SEAM_MISTAKES: Mistakes = (
    (lambda n, side, shift: ~_seam(n, side, shift), "That is who may *not* ask whom: the other way round."),
    (
        lambda n, side, shift: np.ones((n // side, side, side)),
        "Everybody may ask everybody yet. In the last window some came over the edge.",
    ),
    (
        _with(lambda n, side, shift: np.arange(n) < shift),
        "What came over the edge lies at the *end* of the rolled row, not at its beginning.",
    ),
    (_with(lambda n, side, shift: np.arange(n) > n - shift), "One too few came over the edge: `shift` of them did."),
    (_with(lambda n, side, shift: np.arange(n) >= n - shift - 1), "One too many: `shift` tokens came over the edge."),
    (_with(lambda n, side, shift: np.arange(n) >= shift), "Count `shift` from the end of the row, not from its start."),
    (
        _with(lambda n, side, shift: np.arange(n) % side >= side - shift),
        "Every window is parted yet. Only in the last one do some come from elsewhere.",
    ),
    (_whole, "Give a table for each window, (windows, side, side), not one for the whole row."),
    (_alone, "Those that came over the edge are neighbours of each other, and may ask each other."),
    (
        lambda n, side, shift: _seam(n, side, shift) & ~np.eye(side, dtype=bool),
        "A token may ask itself.",
    ),
    (
        lambda n, side, shift: np.where(_seam(n, side, shift), 0, -100),
        "Give True where a token may ask, and False where not. What is added to the scores comes later.",
    ),
    (lambda n, side, shift: _seam(n, side, side // 2), "The shift need not be half a window: use `shift`."),
)


@checker(
    "Exercise 3", "The first and the last row of an image are no neighbours, and now the network knows it.", FUNCTION
)
def seam(answer: Callable[..., Any]) -> str | None:
    """A function (length, side, shift) -> (windows, side, side) booleans, who may ask whom in a rolled row."""
    cases = [(8, 4, 2), (12, 4, 2), (8, 4, 1), (8, 4, 3), (8, 2, 1), (9, 3, 2), (8, 4, 0), (5, 5, 2), (12, 6, 1)]
    for length, side, shift in cases:
        given = numbers(ask(answer, length, side, shift))
        if given.ndim == 3 and set(np.unique(given)) - {0.0, 1.0, -100.0}:
            return "Give True where a token may ask, and False where not."

    def otherwise(given: Any, wanted: Any, length: int, side: int, shift: int) -> str:
        what = f"{length} tokens, windows of {side}, rolled by {shift}"
        if given.shape != wanted.shape:
            return f"{what}: the shape is {wanted.shape}, not {given.shape}."
        window, asking, asked = np.argwhere(given != wanted)[0]
        may = "may" if wanted[window, asking, asked] else "may not"
        return f"{what}: in window {window}, token {asking} {may} ask token {asked}."

    return judge(answer, _seam, cases, SEAM_MISTAKES, otherwise, ("length", "side", "shift"))
