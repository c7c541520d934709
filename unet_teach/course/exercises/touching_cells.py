"""Checkers for chapter 10, "How do you keep neighbours apart?"; seams and weights stand beside them."""

import math
from collections.abc import Callable
from typing import Any

from unet_teach.course.exercises import FUNCTION, NotAnsweredYet, ask, checker, close, numbers, without_effect
from unet_teach.course.exercises.judging import Mistakes, recognised
from unet_teach.course.exercises.touching_cells_rows import seams, weights

__all__ = ["average_precision", "gap", "seams", "tally", "weights"]

TALLY = {"matched": 2, "missed": 3, "false": 2, "merged": 1, "split": 0}


@checker("Exercise 1", "This merging costs three: two cells are missed, and what was found in their place is false.")
def tally(answer: Any) -> str | None:
    """The counts of the drawing: matched 2, missed 3, false 2, merged 1, split 0 - as a dictionary."""
    if not isinstance(answer, dict) or set(answer) != set(TALLY):
        return f"Give a dictionary with the keys {', '.join(TALLY)}."
    still = [name for name, value in answer.items() if value is None or value is ...]
    if still:
        raise NotAnsweredYet("" if len(still) == len(TALLY) else f"Still without a number: {', '.join(still)}.")
    given = {name: float(numbers(value, ())) for name, value in answer.items()}
    if given["matched"] + given["missed"] != 5:
        return "Every one of the five true cells is either matched or missed."
    if given["matched"] + given["false"] != 4:
        return "Every one of the four predicted cells is either matched or false."
    hints = {
        ("matched", 1): "Cell 2 matches, too: two places shared, of three that either has, are more than half.",
        (
            "matched",
            3,
        ): "Found 3 shares two places with cell 3, of four that either has. That is half, not more than half.",
        ("merged", 0): "Merged counts predicted cells that cover more than half of two true ones each. Found 3 does.",
        ("merged", 2): "Merged counts the predicted cells that do it, not the true ones that it happens to.",
        ("split", 1): "Split counts true cells that hold more than half of two predicted ones each. Cell 2 holds one.",
    }
    general = {
        "matched": "Compare place by place: a match shares more than half of all the places that either has.",
        "merged": "Look at each predicted cell: does it cover more than half of two true ones each?",
        "split": "Look at each true cell: does it hold more than half of two predicted ones each?",
    }
    wrong = next((name for name in general if given[name] != TALLY[name]), None)
    return None if wrong is None else hints.get((wrong, int(given[wrong])), general[wrong])


AP_CASES = (
    (2, 3, 2),
    (5, 0, 0),
    (0, 4, 0),
    (0, 0, 3),
    (0, 0, 0),
    (3, 1, 0),
    (7, 0, 2),
    (7, 1, 2),
    (0, 2, 5),
    (40, 9, 31),
)
AP_MISTAKES: Mistakes = (
    (
        lambda matched, missed, false: _share(matched, matched + false),
        "The missed cells count as well: they stand below the line, too.",
    ),
    (
        lambda matched, missed, false: _share(matched, matched + missed),
        "The false ones count as well: they stand below the line, too.",
    ),
    (
        lambda matched, missed, false: _share(2 * matched, 2 * matched + missed + false),
        "That is Dice, of objects. Count the matched ones once.",
    ),
    (
        lambda matched, missed, false: _share(matched, missed + false),
        "Only the missed and the false stand below the line; the matched belong there, too.",
    ),
    (
        lambda matched, missed, false: 1 - _share(matched, matched + missed + false),
        "That is the share of mistakes. The matched ones stand above the line.",
    ),
    (
        lambda matched, missed, false: 100 * _share(matched, matched + missed + false),
        "A share of 1, please, and not of 100.",
    ),
    (
        lambda matched, missed, false: _share(matched, matched + missed + false) // 1,
        "`//` throws away what stands behind the point: divide with `/`.",
    ),
)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@checker("Exercise 2", "1 only if nothing is missed and nothing is made up.", wants=FUNCTION)
def average_precision(answer: Callable[[int, int, int], Any]) -> str | None:
    """A function (matched, missed, false) -> matched / (matched + missed + false), 1.0 where there is nothing."""
    wanted = [_share(case[0], sum(case)) for case in AP_CASES]
    given: list[float] = []
    for case in AP_CASES:
        try:
            result = ask(answer, *case, none=bool(given))
        except ZeroDivisionError:
            return f"{_case(case)}: that divides by 0. " + EMPTY * (sum(case) == 0)
        if result is None or (isinstance(result, float) and math.isnan(result)):
            gives = "None" if result is None else "NaN"
            return f"{_case(case)}: it gives {gives} there. " + EMPTY * (sum(case) == 0)
        given.append(float(numbers(result, ())))
    if all(map(close, given, wanted)):
        return None
    there = [place for place, case in enumerate(AP_CASES) if case[0]]  # where something matched, every reading differs
    known = recognised(AP_MISTAKES, [AP_CASES[place] for place in there], [given[place] for place in there])
    if known:
        return known
    if len(set(given)) == 1:
        return without_effect(("matched", "missed", "false"), AP_CASES, given, wanted)
    case, mine, right = next(row for row in zip(AP_CASES, given, wanted, strict=True) if not close(*row[1:]))
    if sum(case) == 0:
        return f"{_case(case)}: {EMPTY}"
    return f"{_case(case)}: " + (
        f"{right:.3f} is wanted, yours is {mine:.3g}." if case[0] else "what is there is all wrong, so 0 is wanted."
    )


EMPTY = "With nothing there and nothing found, all is right: 1."


def _case(case: tuple[int, int, int]) -> str:
    return "matched {}, missed {}, false {}".format(*case)


@checker("Exercise 4", "Two pixels from edge to edge weigh nine times as much as open background.")
def gap(answer: Any) -> str | None:
    """The weight of a pixel 1 from one cell and 2 from another, w0 = 10, sigma = 5: 1 + 10 exp(-9/50), to 0.01."""
    number = float(numbers(answer, ()))
    hints = {
        10 * math.exp(-9 / 50): "The 1 that every pixel has is missing.",
        11 * math.exp(-9 / 50): "The 1 stands before the exponential, by itself: 1 + 10 · exp(...).",
        1 + math.exp(-9 / 50): "The exponential is multiplied by w0, 10.",
        1 + 10 * math.exp(9 / 50): "The exponent is below 0: a wide gap weighs less.",
        1 + 10 * math.exp(-9 / 25): "The formula divides by twice the square of sigma, 50.",
        1 + 10 * math.exp(-9 / 100): "The formula divides by 2σ² = 50: the 2 is not squared.",
        1 + 10 * math.exp(-9 / 10): "Sigma is squared, too.",
        1 + 10 * math.exp(-9 / 2 * 25): "2σ² stands below the line, all of it: put it in brackets.",
        1 + 10 * math.exp(-5 / 50): "Add the two distances first, then square the sum.",
        1 + 10 * math.exp(-3 / 50): "The sum of the distances is squared.",
        1 + 10 * math.exp(-1 / 50): "Both distances count, the nearest and the second nearest cell's: add them.",
        1 + 10 * math.exp(-4 / 50): "Both distances count, the nearest and the second nearest cell's: add them.",
    }
    if abs(number - 1 - 10 * math.exp(-9 / 50)) <= 0.01:
        return None
    near = (hint for value, hint in hints.items() if abs(number - value) <= 0.01)
    return next(near, "1 + 10 exp(-(1 + 2)² / (2 · 5²)): two decimals are enough.")
