"""Each fold of a page says in its tag what it is, for paper, where nothing unfolds: `print.css` and `print.js` read it.

setup : the cell that installs the helper package; nobody needs it on paper
code : how a figure was drawn or a claim checked, not printed
claims : what was checked, of which paper shows the ticks
curious : for those who want more; printed open, where it stands
answer : a solution, or what a question asks for; printed at the end of the chapter
"""

import re
from typing import Any

from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx

FOLD = re.compile(
    r'<details(?P<more>[^>]*)>(?P<between>\s*<summary[^>]*>\s*(?:<span class="collapsed">)?)(?P<said>[^<]*)'
)
BY_CLASS = {"code-end": "code", "claims": "claims"}  # see cells.py
BY_WORDS = {"Show the setup cell": "setup", "Show the code": "code", "For the curious": "curious"}


def kind(said: str, more: str = "") -> str:
    """Name the kind of a fold by its class, in the `more` of its tag, or by the words on it."""
    of_class = (kind for name, kind in BY_CLASS.items() if f'"{name}' in more)
    of_words = (kind for start, kind in BY_WORDS.items() if said.strip().startswith(start))
    return next(of_class, "") or next(of_words, "answer")


def mark(body: str) -> str:
    """Write the kind into every fold of a page."""

    def marked(fold: re.Match[str]) -> str:
        attributes = f'{fold["more"]} data-fold="{kind(fold["said"], fold["more"])}"'
        return f"<details{attributes}>{fold['between']}{fold['said']}"

    return FOLD.sub(marked, body)


def mark_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Mark the folds of a chapter."""
    if context.get("page_source_suffix") == ".ipynb" and "body" in context:
        context["body"] = mark(context["body"])


def setup(app: Sphinx) -> None:
    """Run for every page."""
    app.connect("html-page-context", mark_page)
