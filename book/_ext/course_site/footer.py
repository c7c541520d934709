"""The foot of every page: the version, and the place to say what is wrong once the repository has an address."""

import tomllib
from pathlib import Path
from typing import Any

from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from . import repository


def version(root: Path) -> str:
    """Return the version of the helper package, which is the course's."""
    project: dict[str, str] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["version"]


def issues(address: str) -> str:
    """Return where issues are reported; nowhere while there is no address."""
    return f"https://github.com/{'/'.join(repository.parts(address))}/issues" if address else ""


def say(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Give the template what it shows."""
    context["course_version"] = version(Path(app.srcdir))
    context["licence"] = context["pathto"]("book/start").rstrip("#") + "#licence"  # to itself a page has a bare #
    context["author"] = app.config.author
    context["issues"] = issues(repository.configured(app)[0])


def setup(app: Sphinx) -> None:
    """Run for every page."""
    app.connect("html-page-context", say)
