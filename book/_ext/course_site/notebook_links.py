"""The links above a chapter: notebook, whole course, slides, and Colab or Binder once the repository has an address.

The theme can draw such buttons, but hides them in a menu, with pictures, and needs an address to draw any.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from course_slides.cells import chapter_deck
from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from . import repository

ZIP = "downloads/u-net-course.zip"  # written by tools/course_zip.py


def launch_links(address: str, branch: str, path: str) -> list[tuple[str, str]]:
    """Return (text, URL) of each service that runs the notebook at `path`; none without an address."""
    if not address:
        return []
    place, one_part = "/".join(repository.parts(address)), quote(branch, safe="")
    return [
        ("Open in Colab", f"https://colab.research.google.com/github/{place}/blob/{quote(branch)}/{quote(path)}"),
        ("Open in Binder", f"https://mybinder.org/v2/gh/{place}/{one_part}?labpath={quote(path, safe='')}"),
    ]


def add_links(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Give the page template what it shows above a notebook."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    context["launch_links"] = launch_links(*repository.configured(app), f"{pagename}.ipynb")
    deck = chapter_deck(Path(app.srcdir, f"{pagename}.ipynb"))
    context["slides_file"] = context["pathto"](f"slides/{deck.name}.html", 1) if deck.slides else ""
    context["zip_file"] = context["pathto"](ZIP, 1)
    context["notebook_file"] = context["pathto"](f"_sources/{context['sourcename']}", 1)


def setup(app: Sphinx) -> None:
    """Run for every page."""
    app.connect("html-page-context", add_links)
