"""The questions of the self-test, read from `book/self-test/`: one file a chapter, one list of questions a file.

Every question has an `id`, a `kind`, what is asked (`ask`), why the answer is right (`why`), and the headings of its
chapter to `read` again, whole or up to their colon. Texts are one paragraph of Markdown. The rest depends on the kind:

- choose, several: `options`, each a `text` or a picture (`grid`), `right` or not, and `why`
- number: `answer`, `tolerance`, and wrong ones that tempt (`tempting`), each a `value` and `why`
- line: `code`, the number of the faulty line (`answer`), and `tempting` ones, each a `line` and `why`
- order: `items` in their right order
- match: `choices`, and `items`, each a `text` or a picture (`grid`, or `curve` with `alt`) and its choice (`answer`)

A `grid` is rows of grey values, a `curve` a list of heights; `range` says what is drawn darkest and brightest, or at
the lower and the upper edge, and `dashed` draws a line across.
"""

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml
from docutils.nodes import make_id  # type: ignore[import-untyped]

KINDS = ("choose", "several", "number", "line", "order", "match")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


@dataclass
class Entry:
    """An option, an item to be ordered or matched, or a wrong answer that tempts."""

    text: str = ""
    grid: list[str] = field(default_factory=list)
    curve: list[float] = field(default_factory=list)
    alt: str = ""
    right: bool = False
    why: str = ""
    answer: int = 0
    value: float = 0
    line: int = 0


@dataclass
class Question:
    """One question, as its file has it."""

    id: str
    kind: str
    ask: str
    why: str
    read: list[str]
    options: list[Entry] = field(default_factory=list)
    items: list[Entry] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    tempting: list[Entry] = field(default_factory=list)
    code: str = ""
    answer: float = 0
    tolerance: float = 0
    range: tuple[float, float] = (0, 1)
    dashed: float | None = None
    grid: list[str] = field(default_factory=list)

    def shown(self) -> list[int]:
        """Return the places of the items in the order in which the page shows them: never the right one."""
        places = list(range(len(self.items)))
        generator = random.Random(self.id)
        while self.kind == "order" and places == sorted(places):
            generator.shuffle(places)
        return places

    def key(self) -> str:
        """Return the right answer as the page's script compares it: numbers, counted from 1, with commas."""
        if self.kind in ("choose", "several"):
            return ",".join(str(place + 1) for place, option in enumerate(self.options) if option.right)
        if self.kind == "order":
            return ",".join(str(place + 1) for place in self.shown())
        if self.kind == "match":
            return ",".join(str(item.answer) for item in self.items)
        return f"{self.answer:g}"


@dataclass
class Chapter:
    """A chapter, its headings with their anchors, and the questions on it."""

    name: str
    title: str
    anchors: dict[str, str]
    questions: list[Question]

    @property
    def number(self) -> int:
        """Return the number that its file's name begins with."""
        return int(self.name[:2])

    def anchor(self, start: str) -> tuple[str, str]:
        """Return the heading that is `start`, or begins with it and a colon, and its anchor; raise KeyError."""
        for heading, anchor in self.anchors.items():
            if heading == start or heading.startswith(f"{start}:"):
                return heading, anchor
        raise KeyError(f"{self.name} has no heading {start!r}")


def question(fields: dict[str, Any]) -> Question:
    """Return a question; raise TypeError for a field that is none, ValueError for a kind that is none."""
    lists = {name: [entry(one) for one in fields.get(name, [])] for name in ("options", "items", "tempting")}
    found = Question(**{**fields, **lists})
    if found.kind not in KINDS:
        raise ValueError(f"question {found.id}: the kind is one of {', '.join(KINDS)}")
    return found


def entry(fields: Any) -> Entry:
    """Return an entry; a bare text is one without anything else."""
    return Entry(**fields) if isinstance(fields, dict) else Entry(text=str(fields))


def chapter(path: Path, notebook: Path) -> Chapter:
    """Read the questions on one notebook."""
    cells = nbformat.read(notebook, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = HEADING.findall(prose)
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    anchors = {heading: make_id(heading) for heading in headings[1:]}
    return Chapter(path.stem, headings[0], anchors, [question(fields) for fields in raw])


def chapters(root: Path) -> list[Chapter]:
    """Read all questions, chapter by chapter."""
    files = sorted((root / "book" / "self-test").glob("*.yml"))
    return [chapter(path, root / "notebooks" / f"{path.stem}.ipynb") for path in files]
