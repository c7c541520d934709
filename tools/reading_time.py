"""Estimate how many minutes a chapter's main path takes: `python tools/reading_time.py [NN ...]` prints a table.

The main path is what stands open on the site: text and code outside folds, exercises; no setup, no imports, no
references. The three speeds come from people who worked through six chapters (2, 3, 4, 5, 7, 10) as these stood then,
when all code stood open: they took 85, 180, 85, 120, 80 and 75 minutes; the formula gave 82, 140, 94, 119, 97 and 73.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.main_part import split  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
WORDS_A_MINUTE = 110  # with the figures that they speak of
LINES_A_MINUTE = 10
MINUTES_AN_EXERCISE = 6
ONE_SITTING = 90


def counts(path: Path) -> tuple[int, int, int]:
    """Count the words, lines of code and exercises of a notebook's main path."""
    words = lines = exercises = 0
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = re.sub(r"<details>.*?</details>", " ", source, flags=re.DOTALL)
            if text.startswith("## Further reading"):
                continue
            words += len(re.sub(r"\]\([^)]*\)", "]", text).split())  # a link's address is not read
            exercises += len(re.findall(r"^### Exercise", text, re.MULTILINE))
        elif cell["id"] != "imports" and not {"hide-cell", "hide-input"} & set(cell["metadata"].get("tags", [])):
            code = (line.strip() for line in split(source)[0].splitlines())
            lines += sum(bool(line) and not line.startswith("#") for line in code)
    return words, lines, exercises


def minutes(path: Path) -> float:
    """Estimate the minutes of a notebook's main path, exercises included."""
    words, lines, exercises = counts(path)
    return words / WORDS_A_MINUTE + lines / LINES_A_MINUTE + exercises * MINUTES_AN_EXERCISE


def stated(path: Path) -> int:
    """Round up to five minutes, as a chapter's first cell states them."""
    return -int(-minutes(path) // 5) * 5


if __name__ == "__main__":
    print("words  lines  exercises  minutes  chapter")
    for chapter in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not sys.argv[1:] or chapter.name[:2] in sys.argv[1:]:
            words, lines, exercises = counts(chapter)
            print(f"{words:5d}  {lines:5d}  {exercises:9d}  {minutes(chapter):7.0f}  {chapter.stem}")
