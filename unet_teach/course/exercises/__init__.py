"""Checkers for the exercises, one module a chapter.

A checker looks at an answer and says one of three things: not answered yet, correct, or a hint. It never raises: an
exercise is a conversation, and a notebook with empty answers still runs to its end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HintFor = Callable[[Any], str | None]


class NotAnsweredYet(Exception):
    """Raised inside a checker when a function is there but gives nothing back, as an empty one does."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker says: `passed` is None while there is no answer; `message` is a hint or a kind word."""

    exercise: str
    passed: bool | None
    message: str

    def __repr__(self) -> str:
        state = {None: "not answered yet", True: "correct", False: "not yet"}[self.passed]
        return f"{self.exercise}: {state}." + (f" {self.message}" if self.message else "")


def checker(exercise: str, praise: str = "") -> Callable[[HintFor], Callable[[Any], Verdict]]:
    """Turn a function that returns a hint (None when the answer is right) into a checker that never raises."""

    def decorate(hint_for: HintFor) -> Callable[[Any], Verdict]:
        def check(answer: Any) -> Verdict:
            if answer is None or answer is ...:
                return Verdict(exercise, None, "")
            try:
                hint = hint_for(answer)
            except NotAnsweredYet:
                return Verdict(exercise, None, "(Your function gave None. Already written? Look for a missing return.)")
            except Exception as error:  # an answer may be anything at all
                return Verdict(exercise, False, f"Python stopped at it with {type(error).__name__}: {error}")
            return Verdict(exercise, hint is None, praise if hint is None else hint)

        check.__doc__, check.__name__ = hint_for.__doc__, hint_for.__name__
        return check

    return decorate
