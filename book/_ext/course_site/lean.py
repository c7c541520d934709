"""A site that can be copied to any server or USB stick as it is, without what no page uses."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

# Brought by the themes: icon fonts (our templates draw the few icons), translations, logos of services, source maps.
UNUSED = [
    "_static/vendor",
    "_static/scripts/fontawesome.js*",
    "_static/locales",
    "_static/images",
    "_static/*webpack-macros.html",
    "_static/**/*.map",
]


def trim(app: Sphinx, error: Exception | None) -> None:
    """Delete unused files, and tell GitHub Pages to serve folders whose names begin with an underscore."""
    if error or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    (site / ".nojekyll").touch()


def setup(app: Sphinx) -> None:
    """Run after everything is written."""
    app.connect("build-finished", trim)
