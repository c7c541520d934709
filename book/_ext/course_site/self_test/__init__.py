"""The self-test: three or four questions on each chapter, from the files in `book/self-test/`, as a page."""

from pathlib import Path
from typing import Any

from docutils.nodes import Node, document, raw, section, title  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .questions import Chapter, chapters
from .render import block


class SelfTest(SphinxDirective):
    """Insert the questions, a section for each chapter, and the table of results."""

    def run(self) -> list[Node]:
        """Return the sections."""
        root = Path(self.env.srcdir)
        for path in (root / "book" / "self-test").glob("*.yml"):
            self.env.note_dependency(str(path))
        found = chapters(root)
        self.env.metadata[self.env.docname]["self_test"] = "yes"
        return [*map(self.of_chapter, found), results(found)]

    def of_chapter(self, chapter: Chapter) -> Node:
        """Return the questions on one chapter as a section."""
        page = f"../notebooks/{chapter.name}.html"
        blocks = [
            block(question, f"{chapter.number}.{place}", chapter, page)
            for place, question in enumerate(chapter.questions, start=1)
        ]
        name = f"{chapter.number}. {chapter.title.partition(':')[0]}"
        head = f'<p><a href="{page}">To the chapter</a></p>'
        html = raw("", head + "\n".join(blocks), format="html")
        return section("", title("", name), html, ids=[f"chapter-{chapter.number}"])


def results(found: list[Chapter]) -> Node:
    """Return the table of results, to be filled in by the script or with a pencil."""
    rows = []
    for chapter in found:
        name = f'<a href="#chapter-{chapter.number}">{chapter.number}. {chapter.title.partition(":")[0]}</a>'
        rows.append(
            f'<tr data-chapter="{chapter.number}"><th scope="row">{name}</th><td></td>'
            f"<td>{len(chapter.questions)}</td><td></td></tr>"
        )
    head = '<tr><th scope="col">chapter</th><th scope="col">right</th><th scope="col">of</th>'
    head += '<th scope="col">to read again</th></tr>'
    table = f'<table class="table quiz-results"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
    html = raw("", f'<div id="quiz-total" role="status"></div>{table}<p id="quiz-again"></p>', format="html")
    return section("", title("", "Your result"), html, ids=["your-result"])


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Load script and style on the page that has the questions, and on no other."""
    if "self_test" in app.env.metadata.get(pagename, {}):
        app.add_js_file("self-test.js", loading_method="defer")
        app.add_css_file("self-test.css")


def setup(app: Sphinx) -> None:
    """Let a page say where the questions go."""
    app.add_directive("self-test", SelfTest)
    app.connect("html-page-context", load)
