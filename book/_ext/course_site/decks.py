"""Links to the slides: above each chapter, and in a table on the instructor's page.

The files are written after the pages, by `course_slides`; which there will be, the files in book/decks say.
"""

from html import escape
from pathlib import Path

from course_slides.cells import Deck, chapter_decks, talk_deck
from course_slides.pdf import chromium
from docutils.nodes import Node, raw  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def all_decks(root: Path) -> list[Deck]:
    """Return the talk and then the chapters' decks."""
    chapters = chapter_decks(root / "notebooks")
    return [talk_deck(root / "notebooks"), *chapters]


class Decks(SphinxDirective):
    """Insert the table of decks."""

    def run(self) -> list[Node]:
        """Return the table; where a Chromium printed them, with their PDFs."""
        root = Path(self.env.srcdir)
        self.env.note_reread()  # a new notebook is not yet among the page's dependencies
        printed = chromium() is not None
        lines = [f"<tr><th>deck</th><th>slides</th>{'<th>to print</th>' * printed}</tr>"]
        for deck in all_decks(root):
            number = "" if deck.name == "talk" else f"{int(deck.name[:2])}"
            name = f"{number}. {escape(deck.title)}" if number else escape(deck.title)
            pdf = f'<td><a href="../slides/{deck.name}.pdf">PDF of {number or "the talk"}</a></td>' * printed
            link = f'<a href="../slides/{deck.name}.html">{name}</a>'
            lines.append(f"<tr><td>{link}</td><td>{len(deck.slides)}</td>{pdf}</tr>")
        return [raw("", f'<table class="table">{"".join(lines)}</table>', format="html")]


def setup(app: Sphinx) -> None:
    """Let a page say where the table goes."""
    app.add_directive("decks", Decks)
