"""A line under each exercise of a chapter: where to try it. A page of the site runs nothing."""

from html import escape

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from . import repository
from .notebook_links import launch_links

AT_HOME = "book/start"
ANCHOR = "on-your-laptop"


def line(notebook: str, launch: list[tuple[str, str]], home: str) -> str:
    """Write the line, with a link for each way."""
    ways = [f'<a href="{escape(notebook)}" download>download this notebook</a>']
    ways += [f'<a href="{escape(url)}">{escape(text[0].lower() + text[1:])}</a>' for text, url in launch]
    ways += [f'<a href="{escape(home)}">work on your laptop</a>']
    return f'<p class="try-it d-print-none"><strong>Try it:</strong> {", ".join(ways[:-1])}, or {ways[-1]}.</p>'


def place(section: nodes.section) -> int:
    """Return where the line goes: below what there is to change, above the solution; without either, at the end."""
    cells = {
        at: child["classes"]
        for at, child in enumerate(section.children)
        if isinstance(child, nodes.container) and child.get("nb_element") == "cell_code"
    }
    solutions = [at for at, classes in cells.items() if "tag_hide-cell" in classes]
    return min(solutions) if solutions else min(cells, default=len(section.children) - 1) + 1


def add(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the line under each exercise."""
    if app.builder.format != "html" or not docname.startswith("notebooks/"):
        return
    up = "../" * docname.count("/")
    address, branch = repository.configured(app)
    home = f"{up}{app.builder.get_target_uri(AT_HOME)}#{ANCHOR}"
    for section in doctree.findall(nodes.section):
        if section[0].astext().startswith("Exercise "):
            launch = launch_links(address, branch, f"{docname}.ipynb")
            said = line(f"{up}_sources/{docname}.ipynb", launch, home)
            section.insert(place(section), nodes.raw("", said, format="html"))


def setup(app: Sphinx) -> None:
    """Run before each page is written, when the repository's address is known."""
    app.connect("doctree-resolved", add)
