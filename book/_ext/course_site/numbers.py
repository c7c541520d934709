"""Exercises that are answered with numbers, names or ticks are checked in the page: `book/number-exercises.json`."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from .try_it import place

FILE = Path("book", "number-exercises.json")


def fields(number: str, exercise: dict[str, Any]) -> str:
    """Write the place of the fields, which the script fills, with the rules."""
    rules = escape(json.dumps(exercise, ensure_ascii=False, separators=(",", ":")))
    return f'<div class="number-exercise" data-exercise="{number}" data-rules="{rules}"></div>'


def add(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put fields under the exercises that have rules."""
    if app.builder.format != "html":
        return
    known = json.loads((Path(app.srcdir) / FILE).read_text(encoding="utf-8"))
    of_page = known.get(docname.removeprefix("notebooks/"), {})
    for section in doctree.findall(nodes.section):
        heading = re.match(r"Exercise (\d+)\b", section[0].astext())
        if heading and heading[1] in of_page:
            section.insert(place(section), nodes.raw("", fields(heading[1], of_page[heading[1]]), format="html"))


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    """Load script and style on the pages that have such an exercise."""
    if 'class="number-exercise"' in context.get("body", ""):
        app.add_js_file("numbers.js", loading_method="defer")
        app.add_css_file("numbers.css")


def setup(app: Sphinx) -> None:
    """Add before each page is written, above the line that says where else to try."""
    app.connect("doctree-resolved", add, priority=400)
    app.connect("html-page-context", load)
