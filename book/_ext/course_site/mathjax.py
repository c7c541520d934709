"""MathJax from the site itself: copied from npm's folder, never asked of another host."""

from pathlib import Path
from typing import Any

from course_slides.npm import MATHJAX, copy_mathjax
from docutils.nodes import document  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError


def folder(app: Sphinx) -> Path:
    """Return where npm put MathJax."""
    return Path(app.srcdir, "book", "node_modules", "mathjax", "es5")


def require(app: Sphinx) -> None:
    """Raise ExtensionError, which says what to run, where MathJax is missing."""
    missing = [part for part in MATHJAX if not (folder(app) / part).exists()]
    if missing:
        raise ExtensionError(
            f"MathJax is not in {folder(app)} (missing: {', '.join(missing)}). "
            "Run `make book`, or `npm ci` in the folder book/, and build again."
        )


def copy(app: Sphinx, error: Exception | None) -> None:
    """Copy what the pages load to `_static/mathjax`, where `mathjax_path` points."""
    if not error and app.builder.name == "html":
        copy_mathjax(folder(app), Path(app.outdir, "_static", "mathjax"))


def spare(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None) -> None:
    """Leave MathJax out where the page itself has no formula: Sphinx loads it above any page that has one."""
    if not app.env.domaindata["math"]["has_equations"].get(pagename):
        scripts = context["script_files"]
        scripts[:] = [script for script in scripts if "mathjax" not in f"{script.filename}{script.attributes}".lower()]


def setup(app: Sphinx) -> None:
    """Look for MathJax before the build, and copy it after."""
    app.connect("builder-inited", require)
    app.connect("html-page-context", spare, priority=900)  # after Sphinx has added it
    app.connect("build-finished", copy)
