"""What a check says (chapter 25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ALL_NAMED = 6  # names in a sentence; of more, the first five

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or was understood.

    level : an "error" blocks training, a "warning" is said, a "note" tells what was understood
    name : of the fault, the same for all folders
    what, todo : sentences
    where : the cases that it is about

    Introduced in chapter 25.
    """

    level: Level
    name: str
    what: str
    todo: str = ""
    where: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.level.upper()}  {self.what}" + (f"\n       What to do: {self.todo}" if self.todo else "")


def listed(names: Iterable[object]) -> str:
    """Write a list of names, all of few and the first of many."""
    every = [str(name) for name in names]
    if len(every) > ALL_NAMED:
        every = [*every[: ALL_NAMED - 1], f"{len(every) - ALL_NAMED + 1} more"]
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}" if every else "none"


def size_of(size: Iterable[int]) -> str:
    """Write a size as people do: 640 x 480."""
    return " x ".join(map(str, size))
