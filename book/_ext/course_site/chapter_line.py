"""A chapter on its part's page: its question, a link where the notebook is there, and a few words on it.

So a part's page can speak of a chapter that is not written yet, and links it on the day it is.
"""

from pathlib import Path

import yaml
from docutils.nodes import Node  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .course_map import Chapter, chapters


def line(chapter: Chapter, words: str) -> str:
    """Write the paragraph, in Markdown."""
    question = chapter.title.partition(": ")[2] or chapter.title
    said = f"{chapter.number}. {question[0].upper()}{question[1:]}"
    head = f"**[{said}](../notebooks/{chapter.page})**" if chapter.page else f"**{said}** (planned)"
    return f"{head} {words}"


class ChapterLine(SphinxDirective):
    """Insert the paragraph on the chapter whose number is given."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the parsed paragraph."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / "book" / "course.yml"))
        self.env.note_reread()  # a new notebook is not yet among the page's dependencies
        plan = yaml.safe_load((root / "book" / "course.yml").read_text(encoding="utf-8"))
        known = chapters(plan, root / "notebooks")
        return self.parse_text_to_nodes(line(known[int(self.arguments[0])], " ".join(self.content)))


def setup(app: Sphinx) -> None:
    """Let a page say where it goes."""
    app.add_directive("chapter-line", ChapterLine)
