"""What a checker is, and the three things it may say: not answered yet, correct, or a hint."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

HintFor = Callable[[Any], str | None]


class NotAnsweredYet(Exception):
    """Raised inside a checker when there is nothing to judge; its text, if any, says what is still missing."""


class Hint(Exception):
    """Raised anywhere inside a checker when the answer is wrong; its text is what the reader is told."""


class Wants(NamedTuple):
    """The kind of answer that a checker takes, and what to say to any other."""

    fits: Callable[[Any], bool]
    hint: str


ANYTHING = Wants(lambda answer: True, "")
FUNCTION = Wants(callable, "Give the function itself, without brackets.")
CLASS = Wants(lambda answer: isinstance(answer, type), "Give the class itself, without brackets.")


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker says: `passed` is None while there is no answer; `message` is a hint or a kind word."""

    exercise: str
    passed: bool | None
    message: str

    def __repr__(self) -> str:
        state = {None: "not answered yet", True: "correct", False: "not yet"}[self.passed]
        return f"{self.exercise}: {state}." + (f" {self.message}" if self.message else "")


def checker(exercise: str, praise: str = "", wants: Wants = ANYTHING) -> Callable[[HintFor], Callable[[Any], Verdict]]:
    """Turn a function that returns or raises a hint, None when the answer is right, into a checker."""

    def decorate(hint_for: HintFor) -> Callable[[Any], Verdict]:
        @functools.wraps(hint_for)
        def check(answer: Any) -> Verdict:
            if answer is None or answer is ...:
                return Verdict(exercise, None, "")
            if not wants.fits(answer):
                return Verdict(exercise, False, wants.hint)
            try:
                hint = hint_for(answer)
            except NotAnsweredYet as missing:
                return Verdict(exercise, None, str(missing) or _of_an_empty(answer))
            except Hint as said:
                hint = str(said)
            except Exception as error:  # an answer may be anything at all
                return Verdict(exercise, False, f"Python stopped at it with {type(error).__name__}: {error}")
            return Verdict(exercise, hint is None, praise if hint is None else hint)

        return check

    return decorate


def _of_an_empty(answer: Any) -> str:
    if isinstance(answer, type):
        return "(Your class gave None. Already written? Look for a missing return in its forward.)"
    return "(Your function gave None. Already written? Look for a missing return.)" if callable(answer) else ""
