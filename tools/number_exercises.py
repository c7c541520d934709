"""Ask the checkers of number exercises, and write what they say as rules that a page can follow without Python.

`python tools/number_exercises.py` reads `book/number-exercises.yml` and writes `book/number-exercises.json`: for each
exercise its rules in order, each a box of numbers and what to say in it. How far a hint or "correct" reaches around its
number, the tool finds by asking. A test holds the file, and the rules against the checkers at thousands of places.
"""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = (ROOT / "book" / f"number-exercises.{kind}" for kind in ("yml", "json"))
ELSEWHERE = 123_456.789  # a number that no checker knows
Check = Callable[[Any], Any]


def checker_of(name: str) -> Check:
    """Return the checker of a name such as "convolution.sizes"."""
    module, function = name.split(".")
    return getattr(importlib.import_module(f"unet_teach.course.exercises.{module}"), function)


def asked(check: Check, values: list[float]) -> tuple[bool, str]:
    """Return whether it is right, and what the checker says."""
    verdict = check(values[0] if len(values) == 1 else values)
    return bool(verdict.passed), verdict.message


def reach(check: Check, values: list[float], place: int, way: int) -> float:
    """Return how far a number may move, up (1) or down (-1), before the checker says something else."""
    said = asked(check, values)

    def same(step: float) -> bool:
        moved = [*values[:place], values[place] + way * step, *values[place + 1 :]]
        return asked(check, moved) == said

    low, high = 0.0, 1e-9
    while high < 1e6 and same(high):
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if same(middle) else (low, middle)
    return low


def rule(check: Check, numbers: list[float | str], right: list[float]) -> dict[str, Any]:
    """Return a box and what is said in it: a number reaches as far as it does, "*" everywhere."""
    values = [right[at] if one == "R" else ELSEWHERE if one == "*" else float(one) for at, one in enumerate(numbers)]
    passed, say = asked(check, values)
    low: list[float | None] = []
    high: list[float | None] = []
    for at, one in enumerate(numbers):
        down, up = (None, None) if one == "*" else (reach(check, values, at, -1), reach(check, values, at, 1))
        low.append(None if down is None or down > 1e5 else values[at] - down - 1e-9)
        high.append(None if up is None or up > 1e5 else values[at] + up + 1e-9)
    return {"low": low, "high": high, "right": passed, "say": say}


def rules(entry: dict[str, Any]) -> dict[str, Any]:
    """Return one exercise as a page gets it; raise ValueError where the checker finds the right answer wrong."""
    check, right = checker_of(entry["check"]), [float(one) for one in entry["right"]]
    every = [["R"] * len(right), *entry["wrong"], ["*"] * len(right)]
    found = [rule(check, numbers, right) for numbers in every]
    if "rest" in entry:
        found[-1]["say"] = asked(check, [float(one) for one in entry["rest"]])[1]
    if [one["right"] for one in found] != [True] + [False] * (len(found) - 1):
        raise ValueError(f"{entry['check']}: only the answer called right may be right")
    return {"labels": entry["labels"], "rules": found}


def everything() -> dict[str, dict[str, Any]]:
    """Return all exercises, by notebook and number."""
    found: dict[str, dict[str, Any]] = {}
    for entry in yaml.safe_load(SOURCE.read_text(encoding="utf-8")):
        found.setdefault(entry["notebook"], {})[str(entry["exercise"])] = rules(entry)
    return found


def main() -> int:
    TARGET.write_text(json.dumps(everything(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
