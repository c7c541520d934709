"""What a page's fields hold, as the answer that a notebook's checker takes: numbers, choices, ticks, places."""

import importlib
import math
from collections.abc import Callable
from typing import Any, NamedTuple

OPEN = "-"  # nothing chosen yet
Value = float | str
Entry = dict[str, Any]


class Said(NamedTuple):
    """What a checker says: `right` is None while there is no answer."""

    right: bool | None
    say: str


def named(name: str) -> Any:
    """Return what stands under a name such as "convolution.sizes" among the exercises."""
    module, thing = name.split(".")
    return getattr(importlib.import_module(f"unet_teach.course.exercises.{module}"), thing)


def choices(entry: Entry) -> list[list[str]]:
    """Return what each field offers; nothing where numbers are typed."""
    lists = [[*(named(one) if isinstance(one, str) else one)] for one in entry.get("choices", [])]
    return [lists[at % len(lists)] for at in range(len(entry["labels"]))] if lists else []


def answer_of(entry: Entry, values: list[Any]) -> Any:
    """Return an answer as the checker of an entry takes it."""
    values = [... if one == OPEN else one for one in values]
    match entry.get("as", "list"):
        case "list":
            return values[0] if len(values) == 1 else values
        case "rows":
            side = math.isqrt(len(values))
            return [values[at : at + side] for at in range(0, len(values), side)]
        case "dictionary":
            return dict(zip(entry["labels"], values, strict=True))
        case "dictionary of pairs":
            pairs = zip(values[::2], values[1::2], strict=True)
            names = [label.split(":")[0] for label in entry["labels"][::2]]
            return {name: ... if ... in pair else pair for name, pair in zip(names, pairs, strict=True)}
        case "ticked":
            ticked = [label for label, one in zip(entry["labels"], values, strict=True) if one]
            return [tuple(map(int, label)) for label in ticked]
        case "places":
            return list(zip(values[::2], values[1::2], strict=True))
    raise ValueError(f"{entry['check']}: `as: {entry['as']}` is not known")


def asker(entry: Entry) -> Callable[[list[Any]], Said]:
    """Return a function from the values in the fields to what the checker says."""
    check = named(entry["check"])

    def ask(values: list[Any]) -> Said:
        verdict = check(answer_of(entry, values))
        return Said(None if verdict.passed is None else bool(verdict.passed), verdict.message)

    return ask
