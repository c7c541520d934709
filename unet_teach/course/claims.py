"""Claims: what a chapter says it found, checked on every run (introduced in chapter 1)."""

import json
import math
import operator
import os
from contextlib import suppress
from typing import SupportsFloat

HOLDS = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


class ClaimError(AssertionError):
    """A sentence of the course is not true on this machine."""


def claim(
    name: str,
    value: SupportsFloat,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    equals: float | None = None,
) -> None:
    """State what was found, and raise if it is not so.

    Prints the name and the bound, never the value, so that the printed line is the same on every processor
    and a stored notebook can be compared word for word. Where a stand-in replaces a real data set
    the sentence is about data that are not here, so nothing is examined and nothing raises.
    Values can be had all the same: where the environment variable UNET_TEACH_CLAIMS names a file, each claim adds one
    line of JSON to it, also one that fails; `make claims` compares processors that way.

    Parameters
    ----------
    name : what the value is, in the words of the chapter
    value : one number (a 0-d array or tensor is fine)
    at_least, at_most, equals : the bound, at least one of them; `equals` is meant for exact counts

    Raises
    ------
    ClaimError
        If the value breaks a bound, or is not a number (NaN).
    TypeError, ValueError
        If no bound is given, or the value or a bound is not a single number.

    Introduced in chapter 1, section "A filter in two dimensions".
    """
    given = (("≥", at_least), ("≤", at_most), ("=", equals))
    bounds = [(sign, _one_number(name, bound)) for sign, bound in given if bound is not None]
    if not bounds:
        raise TypeError(f"claim {name!r} has no bound: pass at_least, at_most or equals")
    if any(math.isnan(bound) for _, bound in bounds):
        raise ValueError(f"claim {name!r} has a bound that is not a number (NaN)")
    number = _one_number(name, value)
    sentence = f"{name} " + " and ".join(f"{sign} {bound:_}" for sign, bound in bounds)
    from unet_teach.data import standins_in_use  # here: chapter 26's workers claim nothing, and stay small without it

    examined = not standins_in_use()
    if record := os.environ.get("UNET_TEACH_CLAIMS"):
        line = {"name": name, "value": number, "bounds": bounds, "examined": examined}
        with open(record, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    if not examined:
        print(f"claim not examined (stand-in data): {sentence}")
        return
    if not all(HOLDS[sign](number, bound) for sign, bound in bounds):  # NaN is in no relation to any bound
        found = number if isinstance(number, int) else f"{number:.6g}"
        raise ClaimError(f"this chapter claims {sentence}, but found {found}")
    print(f"claim holds: {sentence}")


def _one_number(name: str, value: SupportsFloat) -> float:
    """Return a plain number, for a numpy scalar is no JSON; whole ones stay whole, since floats end at 2**53."""
    if isinstance(value, str | bytes):
        raise TypeError(f"claim {name!r} needs one number, got text: leave out the quotation marks")
    with suppress(TypeError, ValueError, RuntimeError):
        return int(operator.index(value))  # type: ignore[arg-type]
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise TypeError(f"claim {name!r} needs one number, got {type(value).__name__}: reduce it first") from error
