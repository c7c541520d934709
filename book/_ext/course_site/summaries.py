"""Each chapter on one page: its question, one figure, what one learned, and what one should be able to answer.

All of it is the chapter's own; only which figure it is stands in `book/summaries.yml`.
"""

import base64
import html
import re
from pathlib import Path
from typing import Any

import nbformat
import yaml
from course_slides.cells import figures, notebook_title
from docutils.nodes import Node, document, raw, section, title  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .chapters import number_of

PLAN = Path("book", "summaries.yml")
QUESTION = re.compile(r"<summary>(.+?)</summary>", re.DOTALL)


def figure_of(root: Path, notebook: Path) -> str:
    """Return the cell whose figure stands for a chapter."""
    chosen = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    try:
        return str(chosen[notebook.stem[:2]])
    except KeyError:
        raise ValueError(f"{PLAN.as_posix()} names no figure for chapter {notebook.stem[:2]}: add a line") from None


def from_book(text: str) -> str:
    """Let links of a notebook lead to the same places from a page in `book/`."""
    return re.sub(
        r"\]\((\.\./book/)?([^)/:]+\.(?:ipynb|md)[^)]*)\)",
        lambda link: f"]({'' if link[1] else '../notebooks/'}{link[2]})",
        text,
    )


def learned_and_asked(notebook: Path) -> tuple[str, list[str]]:
    """Return what a chapter says that one learned, as Markdown, and the questions of its end."""
    cells = nbformat.read(notebook, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    parts = dict(part.partition("\n")[::2] for part in re.split(r"^## ", text, flags=re.MULTILINE))
    learned = parts["What you learned"].strip()
    return from_book(learned), [" ".join(one.split()) for one in QUESTION.findall(parts["Questions"])]


def picture(notebook: Path, cell: str) -> str:
    """Return a figure as HTML; a picture is a file beside those of the pages."""
    shown = figures(notebook)[cell]
    if "image/png" not in shown.data:
        return f'<div class="summary-figure">{shown.data["text/html"]}</div>'
    width, height = shown.size or (0, 0)
    size = f'width="{width:.0f}" height="{height:.0f}" ' if width else ""
    name = f"../_images/summary-{notebook.stem[:2]}.png"
    return f'<img class="summary-figure" src="{name}" alt="{html.escape(shown.alt)}" {size}loading="lazy">'


class Summaries(SphinxDirective):
    """Insert a section for each chapter."""

    def run(self) -> list[Node]:
        """Return the sections."""
        root = Path(self.env.srcdir)
        self.env.note_reread()  # a new notebook is not yet among the page's dependencies
        self.env.metadata[self.env.docname]["summaries"] = "yes"
        return [self.of_chapter(root, path) for path in sorted((root / "notebooks").glob("*.ipynb"))]

    def of_chapter(self, root: Path, notebook: Path) -> Node:
        """Return one chapter's page as a section."""
        number = number_of(notebook.stem)
        learned, asked = learned_and_asked(notebook)
        questions = "\n".join(f"- {question}" for question in asked)
        link = f'<p><a href="../notebooks/{notebook.stem}.html">To the chapter</a></p>'
        parts = [
            title("", f"{number}. {notebook_title(notebook)}"),
            raw("", link + picture(notebook, figure_of(root, notebook)), format="html"),
            *self.parse_text_to_nodes(f"**What you learned**\n\n{learned}"),
            *self.parse_text_to_nodes(f"**Can you answer?**\n\n{questions}"),
        ]
        return section("", *parts, ids=[f"chapter-{number}"], classes=["summary"])


def store(app: Sphinx, error: Exception | None) -> None:
    """Write the pictures beside those of the pages."""
    root = Path(app.srcdir)
    if error or app.builder.name != "html" or not (root / PLAN).exists():
        return
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        data = figures(path)[figure_of(root, path)].data
        if "image/png" in data:
            target = Path(app.outdir, "_images", f"summary-{path.stem[:2]}.png")
            target.write_bytes(base64.b64decode(data["image/png"]))


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Load the style on this page, and on no other."""
    if "summaries" in app.env.metadata.get(pagename, {}):
        app.add_css_file("summaries.css")


def setup(app: Sphinx) -> None:
    """Let a page say where the summaries go."""
    app.add_directive("summaries", Summaries)
    app.connect("html-page-context", load)
    app.connect("build-finished", store)
