"""What our site does beyond Jupyter Book: one idea a module, each connected here."""

from sphinx.application import Sphinx

from . import (
    api,
    cells,
    chapters,
    decks,
    figures,
    hidden_cells,
    landing,
    lean,
    mathjax,
    notebook_links,
    progress,
    references,
    run_times,
    search,
    self_test,
    tables,
    terms,
)

MODULES = (
    api,
    cells,
    chapters,
    decks,
    figures,
    hidden_cells,
    landing,
    lean,
    mathjax,
    notebook_links,
    progress,
    references,
    run_times,
    search,
    self_test,
    tables,
    terms,
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect every module; Sphinx calls this because `_config.yml` names the extension."""
    for module in MODULES:
        module.setup(app)
    # Jupyter Book always sets this for a comments extension that is not loaded; unknown, it would be a warning.
    app.add_config_value("comments_config", {}, "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
