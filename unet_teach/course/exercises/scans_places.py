"""Checkers for the places of chapter 14: from DICOM's axes to NIfTI's, and millilitres."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge

SAME = "the same numbers, counted from the other end"
ALIKE = "numpy takes a list for an array here"
EQUIVALENT = {
    "Exercise 3: `orientation[:3]` -> `orientation[:-3]`": SAME,
    "Exercise 3: `orientation[3:]` -> `orientation[-3:]`": SAME,
    "Exercise 3: `np.array(orientation[:3]) * spacing[1]` -> `np.array(orientation[:3]) * spacing[-1]`": SAME,
    "Exercise 3: `lps[:3, 2] = np.array(next_position) - np.array(position)` -> "
    "`lps[:3, -2] = np.array(next_position) - np.array(position)`": SAME,
    "Exercise 3: `np.array(next_position)` -> `next_position`": ALIKE,
    "Exercise 3: `np.array(position)` -> `position`": ALIKE,
}

Header = tuple[list[float], list[float], list[float], list[float]]


def turned(random: np.random.Generator) -> np.ndarray:
    """Three directions at right angles, askew in the patient, of a right-handed system."""
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    return turn * np.linalg.det(turn)


def _lps(
    orientation: list[float], position: list[float], next_position: list[float], spacing: list[float]
) -> np.ndarray:
    affine = np.eye(4)
    affine[:3, 0] = np.array(orientation[:3]) * spacing[1]
    affine[:3, 1] = np.array(orientation[3:]) * spacing[0]
    affine[:3, 2] = np.subtract(next_position, position)
    affine[:3, 3] = position
    return affine


def _ras(*header: Any) -> np.ndarray:
    return np.diag([-1, -1, 1, 1]) @ _lps(*header)


def _headers() -> list[Header]:
    random = generator()
    found: list[Header] = []
    for turn in (np.eye(3), np.array([[0, 1, 0], [0, 0, -1], [-1, 0, 0]]), turned(random), turned(random)):
        position = random.normal(size=3).round(2) * 100
        sizes = random.uniform(0.5, 4, 3).round(2)
        following = (position + turn[2] * sizes[2]).tolist()
        found.append((turn[:2].ravel().tolist(), position.tolist(), following, sizes[:2].tolist()))
    same = found[2]
    found.append((found[3][0], *same[1:]))  # one entry changed at a time
    found.append((same[0], [0.0, 0.0, 0.0], same[2], same[3]))
    found.append((*same[:2], [number + 1 for number in same[2]], same[3]))
    return [*found, (*same[:3], [5.0, 0.5])]


def _where(given: Any, wanted: Any, *header: Any) -> str:
    if given.shape != (4, 4):
        return f"An affine is 4 x 4; yours has the shape {given.shape}."
    off = ~np.isclose(given, wanted, rtol=1e-4, atol=1e-6)
    if off[3].any():
        return "The last row of an affine is 0 0 0 1."
    names = (
        "steps from column to column",
        "steps from row to row",
        "steps from slice to slice",
        "the first pixel's place",
    )
    column = int(np.argmax(off.any(axis=0)))
    to = np.array2string(wanted[:3, column], precision=2, suppress_small=True)
    got = np.array2string(given[:3, column], precision=2, suppress_small=True)
    return f"Column {column + 1} holds {names[column]}: {to} to the right, the front and the head; yours has {got}."


@checker("Exercise 3", "The same place, named in the other language.", FUNCTION)
def to_ras(answer: Callable[..., Any]) -> str | None:
    """A function (orientation, position, next_position, spacing) -> the affine to the right, the front and the head."""
    flip = np.diag([-1, -1, 1, 1])

    def changed(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
        return lambda *header: change(_ras(*header))

    def exchanged(o: Any, p: Any, n: Any, s: Any) -> np.ndarray:
        return _ras([*o[3:], *o[:3]], p, n, s[::-1])

    def upright(o: Any, p: Any, n: Any, s: Any) -> np.ndarray:
        affine = np.diag([-s[1], -s[0], float(np.linalg.norm(np.subtract(n, p))), 1])
        affine[:3, 3] = _ras(o, p, n, s)[:3, 3]
        return affine

    mistakes: list[tuple[Callable[..., Any], str]] = [
        (_lps, "That is right in DICOM's directions. To the right and to the front, x and y change their signs."),
        (
            changed(lambda a: flip @ a @ flip),
            "You changed signs of columns. What changes its sign is x and y: the first two rows.",
        ),
        (lambda *h: _lps(*h) @ flip, "You changed the signs of columns. What changes is x and y: the first two rows."),
        (
            lambda *h: np.column_stack([_ras(*h)[:, :3], _lps(*h)[:, 3]]),
            "The first pixel's place has an x and a y, too, and they change their signs as well.",
        ),
        (lambda *h: np.diag([-1, -1, -1, 1]) @ _lps(*h), "Both count z to the head: it keeps its sign."),
        (
            lambda *h: np.diag([-1, 1, 1, 1]) @ _lps(*h),
            "Left becomes right, and back becomes front: y changes its sign, too.",
        ),
        (
            lambda o, p, n, s: _ras(o, p, n, s[::-1]),
            "PixelSpacing gives the distance of the rows first, and from row to row you walk *down a column*.",
        ),
        (
            exchanged,
            "The first three numbers of the orientation point along a row: the way in which the column number grows.",
        ),
        (changed(np.transpose), "It is transposed: each step is a column."),
        (
            lambda o, p, n, s: _ras(o, p, (np.array(p) + np.cross(o[:3], o[3:])).tolist(), s),
            "The step from slice to slice is the difference of two positions, not of length 1.",
        ),
        (lambda o, p, n, s: _ras(o, p, n, [1, 1]), "The directions are of length 1: times the spacing they are steps."),
        (upright, "That holds for slices that lie straight. Use the orientation."),
    ]
    return judge(answer, _ras, _headers(), mistakes, _where, ("orientation", "position", "next_position", "spacing"))


def _millilitres(mask: np.ndarray, affine: np.ndarray) -> float:
    return float(mask.sum() * abs(np.linalg.det(affine[:3, :3])) / 1000)


def _sizes(affine: np.ndarray, axis: int = 0) -> float:
    return float(np.prod(np.linalg.norm(affine[:3, :3], axis=axis)))


def _how_much(given: Any, wanted: Any, mask: np.ndarray, affine: np.ndarray) -> str:
    one = abs(np.linalg.det(affine[:3, :3]))
    return f"{int(mask.sum())} voxels of {one:.3g} mm3 are {wanted:.3f} ml; yours: {given:.3f}."


@checker("Exercise 4", "However the scan lies, and however its slices lean.", FUNCTION)
def volume(answer: Callable[..., Any]) -> str | None:
    """A function (mask, affine) -> millilitres."""
    random = generator()
    masks = random.random((3, 5, 4, 6)) < np.array([0.5, 0.3, 0])[:, None, None, None]
    affines = []
    for turn in (np.diag([-1, -1, 1]), turned(random), turned(random) @ np.diag([1, 1, -1])):
        affine = np.eye(4)
        affine[:3, :3] = turn * random.uniform(0.8, 5, 3)
        affine[:3, 3] = random.normal(size=3) * 100
        affines.append(affine)
    leaning = affines[1].copy()
    leaning[:3, 2] += 0.8 * leaning[:3, 1]  # a tilted gantry: each slice a little further
    cases = [(mask, affine) for mask in masks for affine in (*affines, leaning)]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda m, a: m.sum() * np.linalg.det(a),
            "These are cubic millimetres, and of a mirrored affine below 0: no organ has a negative volume.",
        ),
        (
            lambda m, a: m.sum() * np.linalg.det(a) / 1000,
            "A mirrored affine has a negative determinant; no organ has a negative volume.",
        ),
        (lambda m, a: 1000 * _millilitres(m, a), "These are cubic millimetres: a millilitre has 1,000 of them."),
        (lambda m, a: 10 * _millilitres(m, a), "A millilitre is a cubic centimetre: 10 x 10 x 10 cubic millimetres."),
        (
            lambda m, a: m.sum() * abs(np.diag(a).prod()) / 1000,
            "The diagonal holds the sizes only of a scan that lies straight.",
        ),
        (
            lambda m, a: m.sum() * _sizes(a) / 1000,
            "That is a voxel with right angles. Where slices lean, it is a leaning box: the determinant knows.",
        ),
        (lambda m, a: m.sum() * _sizes(a, 1) / 1000, "A step along an axis is a column of the affine, not a row."),
        (
            lambda m, a: m.size * abs(np.linalg.det(a[:3, :3])) / 1000,
            "Count the voxels that are in the mask, not all of them.",
        ),
        (lambda m, a: abs(np.linalg.det(a[:3, :3])) / 1000, "That is one voxel. How many are there?"),
        (lambda m, a: m.sum() / 1000, "It takes each voxel for a cubic millimetre."),
    ]
    return judge(answer, _millilitres, cases, mistakes, _how_much, ("mask", "affine"))
