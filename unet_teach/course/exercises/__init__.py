"""Checkers for the exercises, one module a chapter; what they share stands in `verdict` and `asking`.

A checker looks at an answer and says one of three things: not answered yet, correct, or a hint. It never raises: an
exercise is a conversation, and a notebook with empty answers still runs to its end. And it is an examiner: several
fixtures, drawn from a seed when it runs, so that neither a constant nor an answer that ignores an argument passes.
"""

from unet_teach.course.exercises.asking import ask, close, generator, numbers, same, without_effect
from unet_teach.course.exercises.verdict import CLASS, FUNCTION, Hint, NotAnsweredYet, Verdict, Wants, checker

__all__ = [
    "CLASS",
    "FUNCTION",
    "Hint",
    "NotAnsweredYet",
    "Verdict",
    "Wants",
    "ask",
    "checker",
    "close",
    "generator",
    "numbers",
    "same",
    "without_effect",
]
