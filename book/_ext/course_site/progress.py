"""Progress: every page is told which chapters there are, and how many exercises each has.

The rest is `progress.js`: ticks that a reader sets, kept in the browser, which no page could keep for itself.
"""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx

EXERCISE = re.compile(r"^### Exercise \d+", re.MULTILINE)


def exercises(notebooks: Path) -> dict[str, int]:
    """Return how many exercises each notebook has."""
    found = {}
    for path in sorted(notebooks.glob("[0-9]*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        found[path.stem] = sum(len(EXERCISE.findall(cell.source)) for cell in cells if cell.cell_type == "markdown")
    return found


def count(app: Sphinx) -> None:
    """Count once, before the first page is written."""
    app.env.course_chapters = json.dumps(exercises(Path(app.srcdir, "notebooks")))  # type: ignore[attr-defined]


def tell(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Write the numbers into the page."""
    app.add_js_file(None, body=f"window.courseChapters = {app.env.course_chapters};")  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Load the script on every page: the side bar is on every page."""
    app.add_js_file("progress.js", loading_method="defer")
    app.add_css_file("progress.css")
    app.connect("builder-inited", count)
    app.connect("html-page-context", tell)
