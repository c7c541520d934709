"""Figures have numbers, captions and anchors; their pictures load when they are needed, at the size that they are.

A caption stands in the cell's metadata, `mystnb: {figure: {caption: ...}}`, from which MyST-NB makes a figure.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from .chapters import number_of

PICTURE = re.compile(r'<img (?P<before>[^>]*)src="(?P<source>[^"]*_images/[^"]*\.png)"(?P<after>[^>]*?) ?/>')


class NumberFigures(SphinxPostTransform):
    """Write "Figure 9.3" before the caption of a chapter's third figure, and let links lead to it: #figure-9-3."""

    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Number the figures in the order of the page."""
        chapter = number_of(self.env.docname)
        if chapter is None:
            return
        for number, figure in enumerate(self.document.findall(nodes.figure), start=1):
            figure["ids"] = [f"figure-{chapter}-{number}"]
            for caption in figure.findall(nodes.caption):
                caption.insert(0, [nodes.strong("", f"Figure {chapter}.{number}"), nodes.Text(" ")])


def sizes(notebook: Path) -> Iterator[dict[str, int]]:
    """Yield the size, in pixels of the page, of each PNG that a notebook stores; empty where it has its own."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield output["metadata"].get("image/png", {})


def size_pictures(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give each picture of a notebook its size, so that nothing jumps, and let it wait until it comes into view."""
    if context.get("page_source_suffix") != ".ipynb" or "body" not in context:
        return
    known = sizes(Path(app.srcdir, f"{pagename}.ipynb"))

    def sized(match: re.Match[str]) -> str:
        size = next(known, {})  # as attributes: as a style, which MyST-NB writes, they would stretch what is too wide
        after = re.sub(r'\s*style="width: \d+px; height: \d+px;"', "", match["after"])
        attributes = "".join(f'{name}="{value}" ' for name, value in sorted(size.items()))
        start = f'<img loading="lazy" decoding="async" {attributes}{match["before"]}'
        return f'{start}src="{match["source"]}"{after} />'

    context["body"] = PICTURE.sub(sized, context["body"])


def setup(app: Sphinx) -> None:
    """Number figures in the tree, size pictures in the page."""
    app.add_post_transform(NumberFigures)
    app.connect("html-page-context", size_pictures)
