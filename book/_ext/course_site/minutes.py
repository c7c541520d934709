"""Estimate how many minutes the sections of a chapter take, by their words, lines of code and exercises.

The three speeds come from people who worked through six chapters (2, 3, 4, 5, 7, 10) as these stood then, when all code
stood open: they took 85, 180, 85, 120, 80 and 75 minutes; the formula gave 82, 140, 94, 119, 97 and 73.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

from .main_part import split

WORDS_A_MINUTE = 110  # with the figures that they speak of
LINES_A_MINUTE = 10
MINUTES_AN_EXERCISE = 6


class Load(NamedTuple):
    """What of a section is read and done on the main path: what stands open on the site, without setup and imports."""

    words: int = 0
    lines: int = 0
    exercises: int = 0

    @property
    def minutes(self) -> float:
        """Estimate the minutes."""
        return self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE + self.exercises * MINUTES_AN_EXERCISE


def plus(one: Load, other: Load) -> Load:
    """Add what two sections take."""
    return Load(*(a + b for a, b in zip(one, other, strict=True)))


def sections(notebook: Path) -> dict[str, Load]:
    """Return what each section takes, by its heading; what stands before the first heading is under ""."""
    found: dict[str, Load] = {}
    heading = ""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = re.sub(r"<details>.*?</details>", " ", source, flags=re.DOTALL)
            for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
                if part.startswith("## "):
                    heading = part.partition("\n")[0].removeprefix("## ").strip()
                words = len(re.sub(r"\]\([^)]*\)", "]", part).split())  # a link's address is not read
                exercises = len(re.findall(r"^### Exercise", part, re.MULTILINE))
                found[heading] = plus(found.get(heading, Load()), Load(words, 0, exercises))
        elif cell["id"] != "imports" and not {"hide-cell", "hide-input"} & set(cell["metadata"].get("tags", [])):
            code = (line.strip() for line in split(source)[0].splitlines())
            lines = sum(bool(line) and not line.startswith("#") for line in code)
            found[heading] = plus(found.get(heading, Load()), Load(0, lines))
    found.pop("Further reading", None)
    return found
