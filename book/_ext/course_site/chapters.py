"""Chapters have numbers: in the side bar, in titles, and wherever the text says "chapter 9", which is a link.

A chapter that is only planned is linked to its line on the landing page's map.
"""

import re
from functools import cache
from pathlib import Path, PurePosixPath

import yaml
from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

MENTION = re.compile(r"\b[Cc]hapters?\s+\d+(?:(?:, | and | to | or |, and )\d+)*")
NO_LINK_INSIDE = (nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.raw, nodes.Admonition)


def number_of(docname: str) -> int | None:
    """Return a chapter's number, "notebooks/09-thirty-images" -> 9; None for any other page."""
    match = re.match(r"(\d\d)-", PurePosixPath(docname).name)
    return int(match[1]) if match else None


def pages(env: BuildEnvironment) -> dict[int, str]:
    """Find the page of every chapter that is written."""
    return {number: docname for docname in env.found_docs if (number := number_of(docname)) is not None}


def number_title(app: Sphinx, doctree: nodes.document) -> None:
    """Put the chapter's number before its title, before Sphinx collects it for side bar, search and neighbours."""
    number = number_of(app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if number is not None and title is not None:
        title.insert(0, nodes.Text(f"{number}. "))


class LinkMentions(SphinxPostTransform):
    """Make each mention of a chapter that is not this one a link."""

    default_priority = 300
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Replace the text in place."""
        for text in list(self.document.findall(nodes.Text)):
            if MENTION.search(text) and not any(isinstance(parent, NO_LINK_INSIDE) for parent in _parents(text)):
                text.parent.replace(text, self._linked(str(text)))

    def _linked(self, text: str) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        end = 0
        for mention in MENTION.finditer(text):
            for number in re.finditer(r"\d+", mention[0]):
                address = self._address(int(number[0]))
                if not address:
                    continue
                first = number.start() == re.search(r"\d", mention[0]).start()  # type: ignore[union-attr]
                start = mention.start() + (0 if first else number.start())
                found.append(nodes.Text(text[end:start]))
                end = mention.start() + number.end()
                found.append(nodes.reference("", text[start:end], internal=True, refuri=address))
        return [*found, nodes.Text(text[end:])]

    def _address(self, number: int) -> str:
        """Find where a chapter is told of, seen from this page; "" for this chapter itself, and for none of ours."""
        here, docname = self.env.docname, pages(self.env).get(number)
        if docname == here or (docname is None and number not in planned(Path(self.env.srcdir))):
            return ""
        if docname is None:
            return f"{self.app.builder.get_relative_uri(here, self.config.root_doc)}#chapter-{number}"
        return self.app.builder.get_relative_uri(here, docname)


@cache
def planned(root: Path) -> set[int]:
    """Read the numbers of all chapters from the plan, written or not."""
    plan = yaml.safe_load((root / "book" / "course.yml").read_text(encoding="utf-8"))
    return {number for part in plan["parts"] for number in part["chapters"]}


def _parents(node: nodes.Node) -> list[nodes.Node]:
    found = []
    while (node := node.parent) is not None:
        found.append(node)
    return found


def setup(app: Sphinx) -> None:
    """Number titles as pages are read, link mentions as they are written."""
    app.connect("doctree-read", number_title, priority=100)
    app.add_post_transform(LinkMentions)
