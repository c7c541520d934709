"""The landing page stands at the root of the site, although its source stands in `book/`.

Jupyter Book would write a blank page there that jumps to `book/index.html`.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

# The search index knows pages by their source, so the address that follows from the source has to lead somewhere too.
REDIRECT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={root}index.html">
<link rel="icon" href="{root}_static/favicon.svg">
<title>{title}</title>
</head>
<body><main role="main"><h1>{title}</h1>
<p>The first page of the course: <a href="{root}index.html">open it</a>.</p></main></body>
</html>
"""


class CourseBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder, except that the first page is `index.html`."""

    name = "html"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the address of a page from the root of the site."""
        return super().get_target_uri("index" if docname == self.config.root_doc else docname, typ)

    def get_outfilename(self, pagename: str) -> str:
        """Return the file that a page is written to."""
        return super().get_outfilename("index" if pagename == self.config.root_doc else pagename)


def write_redirect(app: Sphinx, error: Exception | None) -> None:
    """Lead from the address that follows from the source to the landing page."""
    if error or app.builder.name != "html" or app.config.root_doc == "index":
        return
    page = Path(app.outdir, f"{app.config.root_doc}.html")
    page.parent.mkdir(exist_ok=True)
    root = "../" * app.config.root_doc.count("/")
    page.write_text(REDIRECT.format(root=root, title=app.config.html_title), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Replace the HTML builder."""
    app.add_builder(CourseBuilder, override=True)
    app.connect("build-finished", write_redirect)
