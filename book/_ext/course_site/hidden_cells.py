"""A folded cell whose name is what it shows.

MyST-NB labels every fold "Toggle hidden content" for screen readers while the page says something else, so a person who
speaks commands aloud cannot open what they read. Here the visible words are the name.
"""

from html import escape

from myst_nb.sphinx_ import HideCodeCellNode  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def visit(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the fold."""
    translator.body.append(
        f'<details class="{" ".join(["hide", *node["classes"]])}">\n'
        f'<summary><span class="collapsed">{escape(node["prompt_show"])}</span>'
        f'<span class="expanded">{escape(node["prompt_hide"])}</span></summary>\n'
    )


def depart(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close the fold."""
    translator.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Replace MyST-NB's way of writing the node."""
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart))
