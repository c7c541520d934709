"""The table of what each notebook takes to run, from `book/run-times.tsv`, which `make notebooks` writes."""

import csv
from pathlib import Path

from course_slides.cells import chapter_deck
from docutils.nodes import Node  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def table(measured: Path, notebooks: Path) -> str:
    """Return the table as Markdown: one line for each notebook that is there, and their sum."""
    with measured.open(encoding="utf-8", newline="") as file:
        found = {row["notebook"]: row for row in csv.DictReader(file, delimiter="\t")}
    lines = ["| | core-seconds | memory, GB | file, kB | measured |", "|:--|--:|--:|--:|--:|"]
    seconds = 0.0
    for path in sorted(notebooks.glob("*.ipynb")):
        link = f"{int(path.stem[:2])}. [{chapter_deck(path).title}](../notebooks/{path.name})"
        size = f"{path.stat().st_size / 1e3:.0f}"
        row = found.get(path.stem)
        if row:
            seconds += float(row["core_seconds"])
            lines.append(f"| {link} | {row['core_seconds']} | {row['gigabytes']} | {size} | {row['date']} |")
        else:
            lines.append(f"| {link} | not yet | not yet | {size} | |")
    return "\n".join([*lines, f"| all together | {seconds:.0f} | | | |"])


class RunTimes(SphinxDirective):
    """Insert the table."""

    def run(self) -> list[Node]:
        """Return the parsed table."""
        root = Path(self.env.srcdir)
        self.env.note_reread()  # a new notebook is not yet among the page's dependencies
        return self.parse_text_to_nodes(table(root / "book" / "run-times.tsv", root / "notebooks"))


def setup(app: Sphinx) -> None:
    """Let a page say where the table goes."""
    app.add_directive("run-times", RunTimes)
