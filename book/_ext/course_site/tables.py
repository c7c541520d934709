"""The empty corner of a table, above its row names, is a plain cell: a heading would have to name something."""

import re
from typing import Any

from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx

EMPTY_HEADING = re.compile(r'<th class="[^"]*\bhead\b[^"]*">\s*(?:<p>\s*</p>)?\s*</th>')


def mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Write empty headings as plain cells."""
    if "body" in context:
        context["body"] = EMPTY_HEADING.sub("<td></td>", context["body"])


def setup(app: Sphinx) -> None:
    """Run for every page."""
    app.connect("html-page-context", mend)
