"""A cell as a page shows it: the end that draws or claims folds, a claim that held is a tick.

The notebook is left as it is: there, all code stands open.
"""

import re
from html import escape
from itertools import groupby

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from .main_part import split

CLAIM = "claim holds: "
LONGEST = 100  # letters of a printed line; what is longer is prose, not a table, and breaks at the edge of the page
UNANSWERED = re.compile(r"Exercise \d+: not answered yet\.")


class ShortenCells(SphinxPostTransform):
    """Fold the ends of code, and turn lines of claims into ticks."""

    default_priority = 190  # before MyST-NB folds whole cells
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Change every code cell of the page."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code":
                if cell.get("hide_mode") in (None, "input"):
                    fold_end(cell)
                for block in list(cell.findall(nodes.literal_block)):
                    if "output" in block["classes"]:
                        shorten_output(block)


def fold_end(cell: nodes.container) -> None:
    """Show what is read of a cell's code, and fold the rest below it; all of it where the cell says so."""
    source = next((part for part in cell.children if part.get("nb_element") == "cell_code_source"), None)
    if source is None:
        return
    block = source.children[0]
    shown, folded = split(block.astext())
    if cell.attributes.pop("hide_mode", None):
        shown, folded = "", block.astext()
    if not folded:
        return
    rest = _code(folded, block)
    source.children = [_code(shown, block)] if shown else []
    source["classes"] += [] if shown else ["all-folded"]
    source += nodes.raw("", f'<details class="code-end"><summary>{name_of(folded)}</summary>', format="html")
    source += [rest, nodes.raw("", "</details>", format="html")]


def name_of(code: str) -> str:
    """Say what folded code does."""
    does = ["draws the figure"] if re.search(r"plt\.|show_|number_grids", code) else []
    if claims := len(re.findall(r"^\s*claim\(", code, re.MULTILINE)):
        does.append("checks the claims" if claims > 1 else "checks the claim")
    return f"Code that {' and '.join(does)}" if does else "Code"


def _code(text: str, like: nodes.literal_block) -> nodes.literal_block:
    block = like.copy()
    block.rawsource = text
    block += nodes.Text(text)
    return block


def shorten_output(block: nodes.literal_block) -> None:
    """Replace lines of claims by ticks, let prose break; leave out that an exercise is not answered: it cannot."""
    lines = block.astext().splitlines()
    if UNANSWERED.match(lines[0] if lines else ""):
        block.parent.remove(block)
        return
    if re.match(r"Exercise \d+: ", lines[0] if lines else "") or any(len(line) > LONGEST for line in lines):
        block["classes"].append("sentence")
    if not any(line.startswith(CLAIM) for line in lines):
        return
    parts = []
    for held, group in groupby(lines, key=lambda line: line.startswith(CLAIM)):
        if held:
            parts.append(nodes.raw("", ticks([line.removeprefix(CLAIM) for line in group]), format="html"))
        elif text := "\n".join(group).strip("\n"):
            parts.append(_code(text, block))
    block.parent.replace(block, parts)


def ticks(claims: list[str]) -> str:
    """Write claims as one line of ticks: names and bounds show on hover and focus, and stay when it is opened."""
    number = len(claims)
    words = f"{number} claim{'s' * (number > 1)} checked"
    items = "".join(f"<li>{escape(claim)}</li>" for claim in claims)
    tip = f'<span class="tip" aria-hidden="true">{"<br>".join(map(escape, claims))}</span>'
    return (
        '<details class="claims">'
        f'<summary><span aria-hidden="true">{"✓" * number}</span> {words}{tip}</summary><ul>{items}</ul></details>'
    )


def setup(app: Sphinx) -> None:
    """Run for every page with cells."""
    app.add_post_transform(ShortenCells)
