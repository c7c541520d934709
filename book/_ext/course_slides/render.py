"""A deck as one HTML file: Markdown, code, outputs and figures, each where a slide of 1280 x 720 has room for it."""

import base64
import re
import struct
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .cells import HEADING, Deck, Slide, options

STYLES = {"light": "a11y-high-contrast-light", "dark": "a11y-high-contrast-dark"}
ALONE, BESIDE = (1130, 510), (620, 510)  # pixels that a figure may fill: the slide by itself, or beside words
LARGEST = 2.0  # times its own pixels

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
MARKDOWN.use(dollarmath_plugin, allow_space=True, double_inline=True, renderer=lambda tex, opts: math(tex, opts))


def math(tex: str, opts: dict[str, Any]) -> str:
    """Leave a formula to MathJax."""
    left, right = (r"\[", r"\]") if opts["display_mode"] else (r"\(", r"\)")
    return f'<span class="math">{left}{escape(tex)}{right}</span>'


def markdown(text: str) -> str:
    """Turn prose into HTML, with links that lead to the site's pages."""
    html: str = MARKDOWN.render(text)
    return re.sub(r'href="([^"]+)"', lambda match: f'href="{site_link(match[1])}"', html)


def site_link(target: str) -> str:
    """Turn a link that is right in notebooks/ into one that is right in the built site's slides/."""
    path, mark, anchor = target.partition("#")
    if "://" in target or not path:
        return target
    page = re.sub(r"\.(md|ipynb)$", ".html", path)
    page = "../index.html" if page == "../book/index.html" else page
    return (page if page.startswith("../") else f"../notebooks/{page}") + mark + anchor


def code(source: str) -> str:
    """Colour a piece of Python."""
    return f'<div class="code">{highlight(source, PythonLexer(), HtmlFormatter())}</div>'


def code_styles() -> str:
    """Return the colours of code, light and dark."""
    return "\n".join(
        HtmlFormatter(style=style).get_style_defs(f'[data-theme="{theme}"] .code') for theme, style in STYLES.items()
    )


def size_within(png: bytes, box: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a figure fills a box, without becoming too coarse."""
    width, height = struct.unpack(">II", png[16:24])  # a PNG says so in its first chunk
    factor = min(box[0] / width, box[1] / height, LARGEST)
    return round(width * factor), round(height * factor)


class Pictures:
    """Writes figures beside the deck, where several decks share them, and gives their address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def figure(self, name: str, encoded: str, alt: str, box: tuple[int, int]) -> str:
        """Return a figure that reveal.js loads when its slide comes near."""
        png = base64.b64decode(encoded)
        file = self.folder / "figures" / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != png:
            file.write_bytes(png)
        width, height = size_within(png, box)
        return (
            f'<figure><img data-src="figures/{file.name}" alt="{escape(alt)}" width="{width}" height="{height}"'
            f' style="width:{width}px;height:{height}px"></figure>'
        )


def words(cell: Any) -> str:
    """Return what a cell says on the slide, as HTML; its heading has become the slide's title."""
    text = options(cell).get("text")
    if text is None:
        text = HEADING.sub("", cell.source, count=1) if cell.cell_type == "markdown" else ""
    return markdown(text) if text.strip() else ""


def results(cell: Any, chapter: str, pictures: Pictures, box: tuple[int, int]) -> list[tuple[str, str]]:
    """Return a code cell's outputs, each as (kind, HTML)."""
    found = []
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            found.append(("figure", pictures.figure(f"{chapter[:2]}-{cell.id}", data["image/png"], alt, box)))
        elif "text/html" in data:
            found.append(("figure", f'<figure class="drawn">{data["text/html"]}</figure>'))
        else:
            text = output.get("text") or data.get("text/plain", "")
            found.append(("text", f'<pre class="output">{escape(text.rstrip())}</pre>'))
    return found


def blocks(slide: Slide, pictures: Pictures) -> dict[str, list[str]]:
    """Sort what is on a slide into words, on the left, and figures, on the right."""
    spoken = any(words(cell) for cell in slide.cells)
    box = BESIDE if spoken else ALONE
    sorted_: dict[str, list[str]] = {"text": [], "figure": []}
    for cell in slide.cells:
        chosen = options(cell)
        here = [("text", words(cell))] if words(cell) else []
        if cell.cell_type == "code":
            shown = results(cell, slide.chapter, pictures, box)
            figures = [output for output in shown if output[0] == "figure"]
            show = chosen.get("show") or ("output" if figures else "both")
            shown = figures or shown  # what is printed beside a figure is for the chapter
            here += [("text", code(cell.source))] * (show != "output") + shown * (show != "code")
        for kind, html in here:
            fragment = chosen["slide_type"] == "fragment"
            sorted_[kind].append(f'<div class="fragment">{html}</div>' if fragment else html)
    return sorted_


def page(deck: Deck, templates: Path, folder: Path, chapters: dict[str, str]) -> str:
    """Return the deck as HTML; figures are written into `folder`. `chapters` maps a notebook's name to its title."""
    pictures = Pictures(folder)
    slides = [
        {
            "id": f"{slide.chapter[:2]}-{slide.id}" if slide.chapter else slide.id,
            "title": MARKDOWN.renderInline(slide.title),
            "cover": slide.cover,
            "chapter": slide.chapter,
            "source": chapters.get(slide.chapter, ""),
            "notes": [markdown(note) for note in slide.notes],
            **blocks(slide, pictures),
        }
        for slide in deck.slides
    ]
    shown = "".join(str(slide[kind]) for slide in slides for kind in ("title", "text", "figure", "notes"))
    environment = Environment(loader=FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("deck.html")
    return template.render(deck=deck, slides=slides, code_styles=code_styles(), has_math='class="math"' in shown)
