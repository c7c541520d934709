"""Each entry of `references.bib` can be linked from any page and notebook as `references.md#key`.

Notebook prose is plain Markdown and has no citation role. MyST resolves a Markdown link only to headings, so the keys
are entered beside them.
"""

from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.domain import BibtexDomain


def add_anchors(app: Sphinx, doctree: document) -> None:
    """Let Markdown links find the bibliography entries of the page that was just read."""
    domain = app.env.get_domain("cite")
    assert isinstance(domain, BibtexDomain)
    anchors = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for place, bibliography in domain.bibliographies.items():
        if place.docname == app.env.docname:
            for key, node in bibliography.citation_nodes.items():
                anchors[key] = (bibliography.line, node["ids"][0], key)


def setup(app: Sphinx) -> None:
    """Run after each page is read."""
    app.connect("doctree-read", add_anchors)
