"""Checker for chapter 14's missing slices."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, Hint, checker, generator
from unet_teach.course.exercises.judging import judge
from unet_teach.course.exercises.scans_places import SAME, turned

EQUIVALENT = {
    "Exercise 5: `np.cross(orientation[:3], orientation[3:])` -> `np.cross(orientation[3:], orientation[:3])`": "the "
    "normal the other way round: the heights are sorted anyway",
    "Exercise 5: `orientation[:3]` -> `orientation[:-3]`": SAME,
    "Exercise 5: `orientation[3:]` -> `orientation[-3:]`": SAME,
}

BY_Z = "It goes by z. Not every scan is axial: go along the normal of the slices."


def _lacking(positions: np.ndarray, orientation: list[float]) -> int:
    heights = np.sort(np.asarray(positions) @ np.cross(orientation[:3], orientation[3:]))
    steps = np.diff(heights)
    return int(np.rint(steps / np.median(steps) - 1).sum())


def _stacks() -> list[tuple[np.ndarray, list[float]]]:
    """Positions of the first pixels, in the order of a folder, and the orientation of their slices."""
    random = generator()
    found = []
    sagittal, coronal = np.array([[0, 1, 0], [0, 0, -1], [-1, 0, 0]]), np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    for turn, count, distance, gone in (
        (np.eye(3), 12, 3.0, []),
        (np.eye(3), 13, 1.25, [4]),
        (np.eye(3), 16, 5.0, [3, 4, 9]),
        (sagittal, 12, 4.0, [2]),
        (np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]]), 13, 2.5, [3, 4]),
        (coronal, 15, 2.0, [5, 6]),
        (turned(random), 14, 3.0, [7]),
        (turned(random), 11, 0.7, []),
        (turned(random), 18, 6.0, [1, 2, 3, 6, 10]),
    ):
        kept = random.permutation(np.setdiff1d(np.arange(count), gone))
        noise = random.uniform(-0.002, 0.002, (len(kept), 1))  # headers are rounded
        start = random.normal(size=3) * 100
        found.append((start + (kept[:, None] + noise) * distance * turn[2], turn[:2].ravel().tolist()))
    return found


def _how_many(given: Any, wanted: Any, positions: np.ndarray, orientation: list[float]) -> str:
    normal = np.cross(orientation[:3], orientation[3:])
    along = np.array2string(normal, precision=2, suppress_small=True)
    return f"{len(positions)} slices, one after another along {along}: {wanted:g} are missing; yours says {given:g}."


@checker("Exercise 5", "A folder that lacks a slice does not get past you.", FUNCTION)
def missing(answer: Callable[..., Any]) -> str | None:
    """A function (positions, orientation) -> how many slices are missing between the first and the last."""

    def of(heights: np.ndarray) -> int:
        steps = np.diff(heights)
        usual = np.median(np.abs(steps))
        return int(np.rint(np.abs(steps) / usual - 1).sum()) if usual > 0 else 0

    def normal(orientation: list[float]) -> np.ndarray:
        return np.cross(orientation[:3], orientation[3:])

    def gaps(p: np.ndarray, o: list[float]) -> int:
        return int((steps(p, o) > 1.5 * np.median(steps(p, o))).sum())

    def steps(p: np.ndarray, o: list[float]) -> np.ndarray:
        return np.diff(np.sort(p @ normal(o)))

    def unsorted(p: np.ndarray, o: list[float]) -> float:
        found = np.diff(p @ normal(o))
        return float(np.rint(found / np.median(found) - 1).sum())

    def asked(positions: np.ndarray, orientation: list[float]) -> Any:
        level = abs(normal(orientation)[2]) < 1e-6  # all slices have one z, so a distance in z is 0
        try:
            given = answer(positions, orientation)
        except (ValueError, OverflowError, ZeroDivisionError):
            if not level:
                raise
            raise Hint(BY_Z) from None
        if level and isinstance(given, float) and not np.isfinite(given):
            raise Hint(BY_Z)
        return given

    mistakes: list[tuple[Callable[..., Any], str]] = [
        (gaps, "It counts the gaps. In one gap there may be several slices missing."),
        (lambda p, o: gaps(p, o) > 0, "It says whether something is missing. How many?"),
        (
            lambda p, o: of(np.sort(p[:, 2])),
            BY_Z,
        ),
        (lambda p, o: of(p @ normal(o)), "Files come in any order. Sort the heights first."),
        (unsorted, "Files come in any order. Sort the heights first."),
        (
            lambda p, o: float(np.rint(steps(p, o) / steps(p, o).mean() - 1).sum()),
            "The gaps lengthen the mean distance. More than half are right: take the median.",
        ),
        (lambda p, o: len(p) + _lacking(p, o), "That is how many there should be. How many are missing?"),
        (
            lambda p, o: _lacking(p, o) + 1,
            "One too many: from the first to the last of N slices there are N - 1 steps.",
        ),
    ]
    return judge(asked, _lacking, _stacks(), mistakes, _how_many, ("positions", "orientation"))
