"""How a checker judges a function: right in every case, or which of the common mistakes it is."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from unet_teach.course.exercises.asking import ask, close, numbers, without_effect

Mistakes = Sequence[tuple[Callable[..., Any], str]]  # what makes one mistake, and the hint about it


def judge(
    answer: Callable[..., Any],
    right: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    mistakes: Mistakes,
    otherwise: Callable[..., str],
    names: Sequence[str] = (),
) -> str | None:
    """Ask for every case; return None where all is right, else what went wrong.

    Parameters
    ----------
    right : what the answer should give for the arguments of a case
    cases : the arguments of each call
    mistakes : pairs of a function that makes one mistake, and the hint about it; a hint is only given to an answer
        that agrees with the mistake in *every* case, so that no mistake gets the hint of another
    otherwise : (given, wanted, *arguments of the first case that fails) -> the hint where no mistake fits
    names : of the arguments where there are several, to say which of them an answer ignores
    """
    wanted = [numbers(right(*case)) for case in cases]
    shape = () if all(one.shape == () for one in wanted) else None
    given = [numbers(ask(answer, *case), shape) for case in cases]
    failed = [number for number, pair in enumerate(zip(given, wanted, strict=True)) if not close(*pair)]
    if not failed:
        return None
    if hint := recognised(mistakes, cases, given):
        return hint
    if all(close(one, np.trunc(other)) for one, other in zip(given, wanted, strict=True)):
        return "The fractions are cut off: keep floats, and build no array of integers."
    for digits in range(4):
        if all(close(one, np.round(other, digits)) for one, other in zip(given, wanted, strict=True)):
            return "Rounded, it is right. Give all digits: what comes next may need them."
    if ignored := without_effect(names, cases, given, wanted):
        return ignored
    first = failed[0]
    return otherwise(given[first], wanted[first], *cases[first])


def recognised(mistakes: Mistakes, cases: Sequence[Sequence[Any]], given: Sequence[Any]) -> str | None:
    """Return the hint of the first mistake that gives, for the arguments of every case, what was given."""
    for mistake, hint in mistakes:
        if all(close(one, mistake(*case)) for one, case in zip(given, cases, strict=True)):
            return hint
    return None
