"""What our site does beyond Jupyter Book: one idea a module, each connected here."""

from importlib import import_module

from sphinx.application import Sphinx

MODULES = (
    "api",
    "cells",
    "chapter_line",
    "chapters",
    "course_map",
    "decks",
    "figures",
    "folds",
    "footer",
    "formats",
    "hidden_cells",
    "landing",
    "lean",
    "mathjax",
    "not_found",
    "notebook_links",
    "numbers",
    "progress",
    "references",
    "run_times",
    "search",
    "self_test",
    "summaries",
    "tables",
    "terms",
    "touch",
    "try_it",
    "variants",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect every module; Sphinx calls this because `_config.yml` names the extension."""
    for module in MODULES:
        import_module(f".{module}", __name__).setup(app)
    # Jupyter Book always sets this for a comments extension that is not loaded; unknown, it would be a warning.
    app.add_config_value("comments_config", {}, "html")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
