"""Estimate how many minutes a chapter's main path takes: `python tools/reading_time.py [NN ...]` prints a table.

How a section is counted, and where the three speeds come from, is said in `book/_ext/course_site/minutes.py`.
"""

import sys
from functools import reduce
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.minutes import Load, plus, sections  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
ONE_SITTING = 90


def counts(path: Path) -> Load:
    """Count the words, lines of code and exercises of a notebook's main path."""
    return reduce(plus, sections(path).values(), Load())


def minutes(path: Path) -> float:
    """Estimate the minutes of a notebook's main path, exercises included."""
    return counts(path).minutes


def stated(path: Path) -> int:
    """Round up to five minutes, as a chapter's first cell states them."""
    return -int(-minutes(path) // 5) * 5


if __name__ == "__main__":
    print("words  lines  exercises  minutes  chapter")
    for chapter in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not sys.argv[1:] or chapter.name[:2] in sys.argv[1:]:
            words, lines, exercises = counts(chapter)
            print(f"{words:5d}  {lines:5d}  {exercises:9d}  {minutes(chapter):7.0f}  {chapter.stem}")
