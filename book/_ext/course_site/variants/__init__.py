"""The variants of the U-Net: a picture and a table from `book/variants.yml`, and the script that filters the table."""

import re
from pathlib import Path
from typing import Any

from docutils.nodes import Node, document, raw  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .rows import FILE, Variant, counts, table, variants
from .tree import picture

ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
TAG = re.compile(r"<(table|thead|tbody|tr|th|td)\b")


class OfVariants(SphinxDirective):
    """Insert something made from the file."""

    def run(self) -> list[Node]:
        """Return it."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / FILE))
        self.env.metadata[self.env.docname]["variants"] = "yes"
        return self.of(variants(root))

    def of(self, found: list[Variant]) -> list[Node]:
        """Make it."""
        raise NotImplementedError


class Tree(OfVariants):
    """Insert the picture."""

    def of(self, found: list[Variant]) -> list[Node]:
        """Return the picture."""
        return [raw("", picture(found), format="html")]


class Counts(OfVariants):
    """Say how many there are."""

    def of(self, found: list[Variant]) -> list[Node]:
        """Return the parsed sentence."""
        return self.parse_text_to_nodes(counts(found))


class Table(OfVariants):
    """Insert the table, and a place for the filter, which the script fills."""

    def of(self, found: list[Variant]) -> list[Node]:
        """Return the parsed table."""
        place = raw("", '<div id="variants-filter"></div>', format="html")
        return [place, *self.parse_text_to_nodes(table(found))]


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Load script and style on the page that has the table, and keep it a table where a phone shows rows as cards."""
    if "variants" in app.env.metadata.get(pagename, {}):
        app.add_js_file("variants.js", loading_method="defer")
        app.add_css_file("variants.css")
        before, mark, after = context["body"].partition("variants-table")
        context["body"] = before + mark + TAG.sub(lambda tag: f'{tag[0]} role="{ROLES[tag[1]]}"', after)


def setup(app: Sphinx) -> None:
    """Let a page say where they go."""
    app.add_directive("variants-tree", Tree)
    app.add_directive("variants-counts", Counts)
    app.add_directive("variants-table", Table)
    app.connect("html-page-context", load)
