"""A small tool to draw on a crop, as HTML that needs no kernel, with mouse, touch or keys (chapter 5)."""

import json
import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.annotate.crops import crop
from unet_teach.data.drawings import shapes

KINDS = {"em": "line", "cells": "area"}
WORDS = {
    "em": "A crop of an electron-microscope section: cells between dark lines, a large dark mitochondrion in one",
    "cells": "A crop of a phase-contrast picture: five dark, spindly cells with bright halos, close to each other",
}
HELP = {
    "line": "Draw along the middle of each membrane: click point after point, or hold the button and trace.",
    "area": "Outline one cell after another: click point after point, or hold the button and trace.",
}
KEYS = (
    "By keyboard, with the picture in focus: arrows move the cross (with Shift ten pixels), Space sets a point, "
    "Enter ends the shape, Backspace takes the last step back."
)


@dataclass(frozen=True)
class Canvas:
    """A drawing tool that a notebook shows, with its script inside; see `canvas`."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "a drawing tool; a notebook shows it"


def canvas(picture: str | NDArray[np.number], kind: str | None = None, *, text: str = "") -> Canvas:
    """Show a picture to draw on, above a box with the text form of what is drawn, to be copied into a cell.

    Everything happens in the reader's browser: nothing is sent, nothing is kept, and no kernel is needed.

    Parameters
    ----------
    picture : "em" or "cells", or a grey image or mask (H, W) of up to 512 x 512 pixels
    kind : "line" for strokes or "area" for closed outlines; a named crop has its own, an image needs it
    text : a drawing to go on with, as `shapes` reads it

    Raises
    ------
    ValueError
        If there is no such crop or kind, the image is not (H, W), empty, too large or not finite, or the text is no
        drawing.

    Introduced in chapter 5, section "What is a label?".
    """
    image = crop(picture).image if isinstance(picture, str) else np.asarray(picture)
    kind = kind or (KINDS[picture] if isinstance(picture, str) else None)
    if kind not in HELP:
        raise ValueError(f"kind is 'line' for strokes or 'area' for closed outlines, got {kind!r}")
    grey = image.dtype.kind in "biuf" and image.ndim == 2 and image.size > 0  # a mask is a picture of two greys
    if not grey or max(image.shape) > 512 or not np.isfinite(image).all():
        raise ValueError(
            "need a grey image (H, W) of finite numbers, at least 1 x 1 and at most 512 x 512, "
            f"got {image.dtype} of the shape {image.shape}"
        )
    height, width = image.shape
    drawn = [{"kind": s.kind, "width": s.width, "points": s.points} for s in shapes(text)]
    words = WORDS.get(picture, "") if isinstance(picture, str) else "The picture to draw on"
    what = "lines" if kind == "line" else "outlines"
    pen = (
        '<label>width of the line, in pixels <input data-part="width" type="number" min="1" max="15" value="4" '
        'style="width:4em"></label>'
        if kind == "line"
        else ""
    )
    buttons = "".join(
        f'<button type="button" data-part="{part}">{word}</button>'
        for part, word in (("end", "End shape"), ("back", "Take back"), ("clear", "Clear all"))
    )
    package = files("unet_teach.course.annotate")
    style = (package / "canvas.css").read_text(encoding="utf-8")
    script = (package / "canvas.js").read_text(encoding="utf-8")
    return Canvas(
        f'<div class="annotate" data-kind="{kind}" data-shapes="{escape(json.dumps(drawn))}">'
        f"<style>{style}</style>"
        f"<p>{HELP[kind]} {KEYS}</p>"
        f'<div class="annotate-stage" data-part="stage" tabindex="0" role="application" '
        f'aria-label="Picture to draw {what} on, {width} by {height} pixels">'
        f'<img alt="{words}" width="{width}" height="{height}" src="{_source(image)}">'
        f'<svg role="img" viewBox="0 0 {width} {height}"><title>The {what} drawn so far</title></svg></div>'
        f'<p data-part="said" role="status" aria-live="polite">Nothing is drawn yet.</p>'
        f'<div class="annotate-row">{buttons}{pen}</div>'
        '<label>The drawing as text: copy it into the next cell. <textarea data-part="text" rows="6" readonly '
        'spellcheck="false"></textarea></label>'
        f"<script>{script}</script></div>"
    )


def _source(image: NDArray[np.number]) -> str:
    """Write a picture into the page itself.

    PNG in 16 greys, which are enough to draw on, without compression, so that it is the same bytes whatever zlib is
    there; and in base64 the slash, which may make a text look like an address, is written %2F.
    """
    image = image.astype(float)
    black, white = np.percentile(image, (2, 98))
    grey = np.clip((image - black) / max(white - black, 1e-12), 0, 1)
    height, width = grey.shape
    pixels = np.pad(np.round(grey * 15).astype(np.uint8), ((0, 0), (0, width % 2)))
    packed = 16 * pixels[:, ::2] + pixels[:, 1::2]  # two pixels a byte
    raw = np.pad(packed, ((0, 0), (1, 0))).tobytes()  # each row begins with its filter, 0: none
    blocks = [raw[start : start + 65535] for start in range(0, len(raw), 65535)]
    stored = b"".join(
        struct.pack("<BHH", block is blocks[-1], len(block), 65535 - len(block)) + block for block in blocks
    )
    stream = b"\x78\x01" + stored + struct.pack(">I", zlib.adler32(raw))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)),
        (b"IDAT", stream),
        (b"IEND", b""),
    )
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return "data:image/png;base64," + b64encode(png).decode().replace("/", "%2F")
