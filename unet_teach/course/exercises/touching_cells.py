"""Checkers for chapter 10, "How do you keep neighbours apart?"."""

from typing import Any

import numpy as np

from unet_teach.course.exercises import NotAnsweredYet, checker

ROWS = ([1, 1, 0, 0, 2, 2, 2], [1, 1, 2, 2, 0, 3], [0, 0, 5, 5, 0], [4, 0, 0, 0, 0, 0, 7], [1, 2, 3])


@checker("Exercise 4", "Two pixels from edge to edge weigh nine times as much as open background.")
def gap(answer: Any) -> str | None:
    """The weight of a pixel 1 from one cell and 2 from another, w0 = 10, sigma = 5: 1 + 10 exp(-9/50), to 0.01."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "Give one number."
    wanted = 1 + 10 * np.exp(-9 / 50)
    hints = {
        10 * np.exp(-9 / 50): "The 1 that every pixel has is missing.",
        1 + 10 * np.exp(-9 / 25): "The formula divides by twice the square of sigma, 50.",
        1 + 10 * np.exp(-5 / 50): "Add the two distances first, then square the sum.",
        1 + 10 * np.exp(-3 / 50): "The sum of the distances is squared.",
        1 + 10 * np.exp(-9 / 10): "Sigma is squared, too.",
    }
    if abs(float(answer) - wanted) > 0.01:
        near = [hint for value, hint in hints.items() if abs(float(answer) - value) <= 0.01]
        return near[0] if near else "1 + 10 exp(-(1 + 2)² / (2 · 5²)): two decimals are enough."
    return None


@checker("Exercise 1", "This merging costs three: two cells are missed, and what was found in their place is false.")
def tally(answer: Any) -> str | None:
    """The counts of the drawing: matched 2, missed 3, false 2, merged 1, split 0 - as a dictionary."""
    wanted = {"matched": 2, "missed": 3, "false": 2, "merged": 1, "split": 0}
    if not isinstance(answer, dict) or set(answer) != set(wanted):
        return f"Give a dictionary with the keys {', '.join(wanted)}."
    if any(value is None or value is ... for value in answer.values()):
        raise NotAnsweredYet
    if answer == wanted:
        return None
    if answer["matched"] + answer["missed"] != 5:
        return "Every one of the five true cells is either matched or missed."
    if answer["matched"] + answer["false"] != 4:
        return "Every one of the four predicted cells is either matched or false."
    hints = {
        "matched": "Compare pixel by pixel: a match shares more than half of all the pixels that either has.",
        "merged": "Merged counts predicted cells that cover more than half of two true ones each.",
        "split": "Split counts true cells that cover more than half of two predicted ones each.",
    }
    return next(hint for name, hint in hints.items() if answer[name] != wanted[name])


@checker("Exercise 3", "Two pixels along each contact are given up, so that there are two pieces again.")
def seams(answer: Any) -> str | None:
    """A function: a row of cell numbers -> booleans, True on cells but not where two cells are side by side."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for row in ROWS:
        given = answer(np.array(row))
        if given is None or given is ...:
            raise NotAnsweredYet
        given = np.asarray(given)
        wanted = np.array([_alone(row, place) for place in range(len(row))])
        if given.shape != wanted.shape:
            return f"{row}: one answer for each of the {len(row)} places, please."
        given = given.astype(bool)
        if np.array_equal(given, np.array(row) > 0) and not np.array_equal(given, wanted):
            return f"{row}: two cells that touch are still one piece."
        if not np.array_equal(given, wanted):
            wrong = int(np.flatnonzero(given != wanted)[0])
            why = "has another cell beside it" if row[wrong] and not wanted[wrong] else "is not beside another cell"
            return f"{row}: place {wrong} {why if row[wrong] else 'is background'}."
    return None


def _alone(row: list[int], place: int) -> bool:
    around = {number for number in row[max(place - 1, 0) : place + 2] if number}
    return row[place] > 0 and len(around) == 1


@checker("Exercise 5", "Loops are enough for a row. For a field the package lets one distance transform a cell do it.")
def weights(answer: Any) -> str | None:
    """A function (row, w0, sigma) -> the weight of each place of a row of cell numbers; 1 on cells."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for row in ROWS[:1] + ROWS[2:4]:  # rows in which no cells touch
        given = answer(np.array(row), 10, 2)
        if given is None or given is ...:
            raise NotAnsweredYet
        given = np.asarray(given, dtype=float)
        wanted = _row_weights(row, both=True)
        if given.shape != wanted.shape:
            return f"{row}: one weight for each of the {len(row)} places, please."
        if np.allclose(given, wanted, atol=1e-3):
            continue
        if np.allclose(given, _row_weights(row, both=False), atol=1e-3):
            return f"{row}: you use the nearest cell only. The second nearest makes it a gap, not an edge."
        if np.allclose(given[np.array(row) == 0], wanted[np.array(row) == 0], atol=1e-3):
            return f"{row}: on a cell the weight is 1."
        if np.allclose(given + 1, wanted, atol=1e-3) or np.allclose(
            (given + 1)[np.array(row) == 0], wanted[np.array(row) == 0]
        ):
            return f"{row}: the 1 that every pixel has is missing."
        return f"{row}, w0 = 10, sigma = 2: {np.round(wanted, 2).tolist()} is wanted."
    return None


def _row_weights(row: list[int], both: bool) -> np.ndarray:
    found = []
    for place, number in enumerate(row):
        away: list[float] = sorted(
            min(abs(place - p) for p, n in enumerate(row) if n == cell) for cell in set(row) - {0}
        )
        away += [np.inf, np.inf]
        total = away[0] + away[1] if both else away[0]
        found.append(1.0 if number else 1 + 10 * np.exp(-(total**2) / 8))
    return np.array(found)


@checker("Exercise 2", "1 only if nothing is missed and nothing is made up.")
def precision(answer: Any) -> str | None:
    """A function (matched, missed, false) -> matched / (matched + missed + false), 1.0 where there is nothing."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    for matched, missed, false in ((2, 3, 2), (5, 0, 0), (0, 4, 0), (0, 0, 0), (3, 1, 0)):
        given = answer(matched, missed, false)
        if given is None or given is ...:
            raise NotAnsweredYet
        total = matched + missed + false
        wanted = matched / total if total else 1.0
        case = f"matched {matched}, missed {missed}, false {false}"
        if np.isclose(given, wanted):
            continue
        if not total:
            return f"{case}: nothing there and nothing found is right, so 1."
        if matched and np.isclose(given, matched / (matched + false)):
            return f"{case}: the missed cells count as well."
        if matched and np.isclose(given, matched / (matched + missed)):
            return f"{case}: the false ones count as well."
        if np.isclose(given, 2 * matched / (2 * matched + missed + false)):
            return f"{case}: that is Dice, of objects. Count the matched ones once."
        return f"{case}: {wanted:.3f} is wanted."
    return None
