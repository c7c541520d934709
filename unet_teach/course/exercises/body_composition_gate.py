"""The checker of chapter 21's gate: which of four things speak against a scan, all of them at once."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker
from unet_teach.course.exercises.asking import ask
from unet_teach.course.exercises.verdict import Hint

Scan = tuple[str, float, float, int]
NAMES = ("modality", "tilt", "thickness", "slices")


def _against(modality: str, tilt: float, thickness: float, slices: int) -> set[str]:
    wrong = (modality != "CT", abs(tilt) > 5, thickness > 10, slices < 10)
    return {name for name, is_wrong in zip(NAMES, wrong, strict=True) if is_wrong}


SCANS: list[Scan] = [
    *itertools.product(("CT", "MR"), (0.0, 30.0), (5.0, 12.0), (40, 9)),
    ("CT", 5.0, 10.0, 10),
    ("CT", -5.0, 10.0, 10),
    ("CT", 5.1, 1.0, 40),
    ("CT", -30.0, 1.0, 40),
    ("CT", 0.0, 10.01, 40),
    ("PT", 0.0, 1.0, 40),
    ("CT", 0.0, 1.0, 1),
]


def _first_only(scan: Scan) -> set[str]:
    return set([name for name in NAMES if name in _against(*scan)][:1])


@checker("Exercise 4", "Whoever exports the scan again has to know everything that was wrong with it.", FUNCTION)
def what_speaks_against(answer: Callable[..., Any]) -> str | None:
    """A function (modality, tilt, thickness, slices) -> the names of all that speaks against a scan."""
    given = [_names(ask(answer, *scan)) for scan in SCANS]
    wanted = [_against(*scan) for scan in SCANS]
    if given == wanted:
        return None
    if given == [_first_only(scan) for scan in SCANS]:
        return "You stop at the first reason. Collect all of them: an export takes an hour, and each reason costs one."
    if given == [set(NAMES) - names for names in wanted]:
        return "Those are the things that are fine. Give what speaks against the scan."
    if all(one == given[0] for one in given):
        return "It gives the same whatever it is given."
    for scan, names, right in zip(SCANS, given, wanted, strict=True):
        if unknown := names - set(NAMES):
            return f"The names are {', '.join(NAMES)}; yours has {sorted(unknown)[0]!r}."
        if names != right:
            return _about(scan, names, right)
    return None


def _about(scan: Scan, names: set[str], right: set[str]) -> str:
    modality, tilt, thickness, slices = scan
    wrong = sorted(names ^ right)[0]
    hints = {
        "modality": f"A scan of modality {modality}: only a CT passes, and every CT does.",
        "tilt": f"A tilt of {tilt:g} degrees: more than 5 is too much, to either side, and 5 itself passes.",
        "thickness": f"Slices of {thickness:g} mm: more than 10 is too much, and 10 itself passes.",
        "slices": f"{slices} slices: fewer than 10 are too few, and 10 pass.",
    }
    return hints[wrong]


def _names(given: Any) -> set[str]:
    given = given.tolist() if isinstance(given, np.ndarray) else given
    if isinstance(given, str) or not isinstance(given, list | tuple | set | frozenset):
        raise Hint('Give a list of names, such as ["tilt", "slices"]; an empty one for a scan that passes.')
    if not all(isinstance(one, str) for one in given):
        numbers = all(isinstance(one, int | float) and math.isfinite(one) for one in given)
        raise Hint("Give names, not numbers." if numbers else "Give the names themselves, as text.")
    if len(set(given)) < len(given):
        raise Hint("Name each reason once.")
    return set(given)
