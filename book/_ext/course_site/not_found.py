"""The page for an address that is not there, `404.html`, which GitHub Pages and other servers show at any depth.

Shown at an address that it does not know, it can load nothing by a relative address: style and script stand in it. Its
links are relative to the root of the site, which the script finds; without the script a base leads to where GitHub
would publish.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from sphinx.application import Sphinx

from . import repository


def base(address: str) -> str:
    """Return where GitHub Pages would show the site, from the root of its host; nothing while there is no address."""
    if not address:
        return ""
    owner, name = repository.parts(address)
    return "/" if name.lower() == f"{owner}.github.io".lower() else f"/{name}/"


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the page at the root of the site."""
    if error or app.builder.name != "html":
        return
    templates = Environment(loader=FileSystemLoader(Path(app.srcdir, "book", "_templates")), autoescape=True)
    page = templates.get_template("404.html")
    text = page.render(title=app.config.html_title, base=base(repository.configured(app)[0]))
    Path(app.outdir, "404.html").write_text(text + "\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Run after everything is written."""
    app.connect("build-finished", write)
