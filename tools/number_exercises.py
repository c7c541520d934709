"""Ask the checkers of number exercises, and write what they say as rules that a page can follow without Python.

`python tools/number_exercises.py` reads `book/number-exercises.yml` and writes `book/number-exercises.json`: for each
exercise its rules in order, each where an answer may lie and what to say there. How far a hint or "correct" reaches,
the tool finds by asking. A checker that measures real data is asked only where these are; elsewhere its rules are kept.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

import yaml
from number_answers import Entry
from number_rules import Rules

from unet_teach.data.folder import is_present

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = (ROOT / "book" / f"number-exercises.{kind}" for kind in ("yml", "json"))
Exercises = dict[str, dict[str, dict[str, Any]]]


def entries() -> list[Entry]:
    """Return the exercises as they are described."""
    return [labelled(entry) for entry in yaml.safe_load(SOURCE.read_text(encoding="utf-8"))]


def labelled(entry: Entry) -> Entry:
    """Return an entry whose fields have names; those of a square are called by row and column."""
    side = math.isqrt(len(entry["right"]))
    return {"labels": [f"row {1 + at // side}, column {1 + at % side}" for at in range(side * side)], **entry}


def stored() -> Exercises:
    """Return the exercises as pages get them, by notebook and number."""
    return json.loads(TARGET.read_text(encoding="utf-8"))


def everything(data: bool) -> Exercises:
    """Ask all checkers; without `data`, exercises on real data stay as they are stored."""
    found: Exercises = {}
    for entry in entries():
        notebook, number = entry["notebook"], str(entry["exercise"])
        kept = "set" in entry and not (data and is_present(entry["set"]))
        found.setdefault(notebook, {})[number] = stored()[notebook][number] if kept else Rules(entry).written()
    return found


def text_of(exercises: Exercises) -> str:
    """Write exercises as JSON: one verdict, one rule a line."""
    notebooks = []
    for notebook, numbered in exercises.items():
        some = []
        for number, exercise in numbered.items():
            lines = []
            for name, part in exercise.items():
                inside = ",\n    ".join(json.dumps(one, ensure_ascii=False) for one in part)
                long = f"[\n    {inside}\n   ]"
                lines.append(
                    f'   "{name}": {long if name in ("verdicts", "rules") else json.dumps(part, ensure_ascii=False)}'
                )
            some.append(f'  "{number}": {{\n' + ",\n".join(lines) + "\n  }")
        notebooks.append(f' "{notebook}": {{\n' + ",\n".join(some) + "\n }")
    return "{\n" + ",\n".join(notebooks) + "\n}\n"


def main() -> int:
    TARGET.write_text(text_of(everything(data=True)), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
