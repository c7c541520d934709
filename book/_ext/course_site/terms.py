"""A link to the glossary carries the term's first sentence, which shows on hover and focus."""

import re
from html import escape
from pathlib import Path

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

ENTRY = re.compile(r"^## (?P<name>.+)\n(?P<text>(?:.+\n)+)", re.MULTILINE)


def sentences(glossary: str) -> dict[str, str]:
    """Read each entry's first sentence, as plain text, by its anchor."""
    found = {}
    for entry in ENTRY.finditer(glossary):
        anchor = re.sub(r"[^\w\- ]", "", entry["name"].lower()).strip().replace(" ", "-")
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`$]", r"\1", entry["text"])
        found[anchor] = re.split(r"(?<=\.) (?=[A-Z])", " ".join(plain.split()))[0]
    return found


class ExplainTerms(SphinxPostTransform):
    """Mark links to the glossary, and write the sentence into them."""

    default_priority = 310
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Mark every link of the page."""
        if self.env.docname == "book/glossary":
            return
        known = sentences(Path(self.env.doc2path("book/glossary")).read_text(encoding="utf-8"))
        for link in list(self.document.findall(nodes.reference)):
            page, _, anchor = link.get("refuri", "").partition("#")
            if page.endswith("book/glossary.html") and (sentence := known.get(anchor)):
                link["classes"].append("term")  # hidden from screen readers, to whom the link's name must stay its name
                link += nodes.raw("", f'<span class="tip" aria-hidden="true">{escape(sentence)}</span>', format="html")


def setup(app: Sphinx) -> None:
    """Run for every page."""
    app.add_post_transform(ExplainTerms)
