"""A deck as one HTML file: a title, a figure as large as a slide of 1280 x 720 allows, and a sentence with it.

What is decided here is only where the words stand; `slides.js` measures them and gives the figure all that is left.
"""

import base64
import re
import struct
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .cells import Deck, Figure, Slide

STYLES = {"light": "a11y-high-contrast-light", "dark": "a11y-high-contrast-dark"}
BELOW, BESIDE = (1186, 490), (834, 582)  # pixels that a figure may about fill, with words below or beside it
WHOLE = (0.0, 0.0, 1.0, 1.0)
SEAM = 8  # pixels between two pieces of a figure, side by side
FINE = 900  # a picture with more pixels a row than that was stored for fine screens, with two pixels in place of one

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


def natural_size(figure: Figure) -> tuple[float, float]:
    """Return width and height of a whole figure in CSS pixels, 100 to an inch."""
    if figure.size:
        return figure.size
    if "image/png" in figure.data:
        width, height = struct.unpack(">II", base64.b64decode(figure.data["image/png"])[16:24])  # a PNG says so there
        return (width / 2, height / 2) if width > FINE else (width, height)
    *_, width, height = map(float, re.search(r'viewBox="([^"]+)"', figure.data["text/html"])[1].split())  # type: ignore[index]
    return width, height


def pieces(figure: Figure) -> tuple[list[tuple[float, float, float, float]], bool]:
    """Return the pieces to show, each as (left, top, width, height), and whether they stand below each other."""
    wide, high = natural_size(figure)
    found = [(x * wide, y * high, (end - x) * wide, (low - y) * high) for x, y, end, low in figure.crop or [WHOLE]]
    return found, len({(x, width) for x, _, width, _ in found}) == 1


def size(figure: Figure) -> tuple[float, float]:
    """Return width and height of what is shown of a figure, in CSS pixels at its own scale."""
    shown, below = pieces(figure)
    widths, heights = [width for _, _, width, _ in shown], [height for *_, height in shown]
    return (widths[0], sum(heights)) if below else (sum(widths) + SEAM * (len(widths) - 1), max(heights))


def stands_beside(figure: Figure) -> bool:
    """Say whether a figure gets larger with the words beside it than with the words below it."""
    (width, height), (below, beside) = size(figure), (BELOW, BESIDE)
    return min(beside[0] / width, beside[1] / height) > min(below[0] / width, below[1] / height)


class Pictures:
    """Writes pictures beside the deck, where several decks share them, and returns the HTML of figures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def html(self, figure: Figure) -> str:
        """Return a figure; `slides.js` sets --s, by how much it is enlarged."""
        width, height = size(figure)
        inner = self._picture(figure) if "image/png" in figure.data else drawing(figure)
        kind = "picture" if "image/png" in figure.data else "drawing" + f" part {figure.part}" * bool(figure.part)
        role = f' role="img" aria-label="{escape(figure.alt)}"' if figure.crop and kind == "picture" else ""
        stacked = " stacked" if pieces(figure)[1] else ""
        return f'<figure class="{kind}{stacked}" style="--w:{width:g};--h:{height:g}"{role}>{inner}</figure>'

    def _picture(self, figure: Figure) -> str:
        """Write a picture and show it, or pieces of it; reveal.js loads it when its slide comes near."""
        png = base64.b64decode(figure.data["image/png"])
        file = self.folder / "figures" / f"{figure.name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != png:
            file.write_bytes(png)
        wide, high = natural_size(figure)
        alt = "" if figure.crop else escape(figure.alt)
        return "".join(
            f'<span class="piece" style="--w:{width:g};--h:{height:g};--x:{x:g};--y:{y:g};--all:{wide:g}">'
            f'<img data-src="figures/{file.name}" alt="{alt}" width="{wide:g}" height="{high:g}"></span>'
            for x, y, width, height in pieces(figure)[0]
        )


def drawing(figure: Figure) -> str:
    """Return the SVG in a cell's HTML without the box in which it scrolls on a page; a piece is another viewBox."""
    svg = re.search(r"<svg.*</svg>", figure.data["text/html"], re.DOTALL)
    if svg is None:
        raise ValueError(f"{figure.name} holds no SVG")
    (box,), _ = pieces(figure)
    bare = re.sub(r' style="[^"]*"', "", svg[0], count=1)
    return re.sub(r'viewBox="[^"]*"', f'viewBox="{" ".join(f"{side:g}" for side in box)}"', bare, count=1)


def words(slide: Slide) -> list[str]:
    """Return what is said on a slide; the answer to a question comes at the next step."""
    found = [markdown(slide.text)] if slide.text else []
    found += [f'<div class="ask">{markdown(slide.ask)}</div>'] if slide.ask else []
    found += [code(slide.code)] if slide.code else []
    found += [f'<div class="answer fragment">{markdown(slide.answer)}</div>'] if slide.answer else []
    return found


def foot(slide: Slide, chapters: Mapping[str, str]) -> str:
    """Say which chapter a slide belongs to, with a link once that chapter is written."""
    if not slide.chapter:
        return '<a href="../index.html">U-Net, from filter to clinic</a>'
    number = int(slide.chapter)
    if slide.chapter in chapters:
        return f'<a href="../notebooks/{chapters[slide.chapter]}.html">Chapter {number}</a>'
    return f"Planned: chapter {number}"


def page(deck: Deck, templates: Path, folder: Path, chapters: Mapping[str, str]) -> str:
    """Return the deck as HTML; pictures are written into `folder`. `chapters` maps "08" to the notebook's name."""
    pictures = Pictures(folder)
    slides = [
        {
            "id": f"{slide.chapter}-{slide.id}" if slide.chapter and slide.figure else slide.id,
            "title": MARKDOWN.renderInline(slide.title),
            "cover": slide.cover,
            "foot": foot(slide, chapters),
            "notes": markdown(slide.notes),
            "words": words(slide),
            "figure": pictures.html(slide.figure) if slide.figure else "",
            "beside": slide.figure is not None and stands_beside(slide.figure),
        }
        for slide in deck.slides
    ]
    shown = "".join(str(slide[kind]) for slide in slides for kind in ("title", "words", "figure", "notes"))
    environment = Environment(loader=FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("deck.html")
    return template.render(deck=deck, slides=slides, code_styles=code_styles(), has_math='class="math"' in shown)
