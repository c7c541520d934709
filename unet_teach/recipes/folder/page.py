"""A summary page: one file of HTML with its pictures inside, which asks no other host for anything (chapter 25)."""

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.draw import COLOURS
from unet_teach.recipes.folder.checking import Checked
from unet_teach.recipes.folder.faults import Fault
from unet_teach.recipes.folder.faults.fault import size_of
from unet_teach.recipes.folder.looking import Look

MOST = 24  # pictures on a page
WIDE = 240  # pixels, at least, of a picture on the page
WORDS = {"error": "Errors: training waits for them", "warning": "Warnings", "note": "What was understood"}
STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { max-width: 60rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
.error { border-left: 6px solid #c1272d; } .warning { border-left: 6px solid #b8860b; }
.note { border-left: 6px solid #888; }
.error, .warning, .note { margin: 0.75rem 0; padding: 0.1rem 0.9rem; }
.error p, .warning p, .note p { margin: 0.35rem 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 1rem; padding: 0; }
figure { margin: 0; } img { width: 100%; image-rendering: pixelated; display: block; }
figcaption { font-size: 0.9rem; }
.table { overflow-x: auto; } table { border-collapse: collapse; overflow-wrap: normal; }
th[scope="row"] { min-width: 8rem; overflow-wrap: anywhere; }
th, td { text-align: left; padding: 0.25rem 0.9rem 0.25rem 0; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
"""


def check_page(found: Checked) -> str:
    """Write what the checker found as a page, with a picture of what it understood of each image.

    Introduced in chapter 25.
    """
    errors, warnings = len(found.of("error")), len(found.of("warning"))
    verdict = "may not be trained on yet" if errors else "is ready to train"
    parts = [f"<p>{len(found.contents.looks)} images with a mask; {errors} errors, {warnings} warnings: {verdict}.</p>"]
    for level, title in WORDS.items():
        faults = found.of(level)
        if faults:
            parts.append(f"<h2>{title}</h2>" + "".join(_fault(fault) for fault in faults))
    parts.append("<h2>Image and mask, as they were read</h2>")
    parts.append(
        "<p>The outline of each class lies on the image in a colour of its own. Look whether it lies where you drew "
        "it.</p>"
    )
    accused = {name: fault for fault in reversed(found.faults) if fault.level != "note" for name in fault.where}
    looks = sorted(found.contents.looks, key=lambda look: look.name not in accused)
    shown = [look for look in looks if look.shown is not None]
    parts.append(gallery(_case(look, accused.get(look.name)) for look in shown[:MOST]))
    if len(shown) > MOST:
        parts.append(f"<p>{len(shown) - MOST} more are not shown.</p>")
    return page(f"Check of {found.folder.name}", parts)


def page(title: str, parts: Iterable[str]) -> str:
    """Make a whole page of parts, which are HTML."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n"
        "<p>Teaching code: nothing here is for diagnosis.</p>\n</main>\n</body>\n</html>\n"
    )


def gallery(figures: Iterable[tuple[NDArray[np.floating], str, str]]) -> str:
    """Show pictures in a grid: picture (H, W, 3) from 0 to 1, what to see, what is written below."""
    cells = [
        f'<figure><img src="{as_address(picture)}" alt="{escape(alt)}">'
        f"<figcaption>{escape(below)}</figcaption></figure>"
        for picture, alt, below in figures
    ]
    return f'<div class="pictures">{"".join(cells)}</div>'


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; what is in the columns after the first are numbers."""
    top = "".join(f'<th scope="col">{escape(word)}</th>' for word in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="number">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="table" role="group" aria-label="Table" tabindex="0">{table}</div>'  # scrolls on a phone


def outlined(picture: NDArray[np.floating], labels: NDArray[np.integer], thick: bool = False) -> NDArray[np.float64]:
    """Draw the outline of each class on a picture.

    Parameters
    ----------
    picture : (H, W) or (H, W, 3), from 0 to 1
    labels : (H, W) integers; numbers above the count of colours begin again with the first
    thick : two pixels wide

    Returns
    -------
    (H, W, 3)

    Introduced in chapter 25.
    """
    from scipy import ndimage

    colour = np.array(picture, dtype=float)
    if colour.ndim == 2:
        colour = np.repeat(colour[..., None], 3, axis=2)
    inner = ndimage.minimum_filter(labels, 3 + 2 * thick) == ndimage.maximum_filter(labels, 3 + 2 * thick)
    line = (labels > 0) & ~inner
    tints = np.array([[int(c[start : start + 2], 16) for start in (1, 3, 5)] for c in COLOURS]) / 255
    values = {value: place for place, value in enumerate(np.unique(labels[labels > 0]).tolist())}
    for value, place in values.items():
        number = value - 1 if value <= len(tints) else place
        colour[line & (labels == value)] = tints[(number + 1) % len(tints)]
    return colour


def as_address(picture: NDArray[np.floating]) -> str:
    """Put a picture (H, W, 3), from 0 to 1, into an address that needs no file."""
    from PIL import Image

    image = Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))
    grow = max(-(-WIDE // max(image.width, 1)), 1)
    stream = io.BytesIO()
    image.resize((image.width * grow, image.height * grow), Image.Resampling.NEAREST).save(stream, format="PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def write_page(path: Path, text: str) -> Path:
    """Write a page, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
    return path


def _fault(fault: Fault) -> str:
    todo = f"<p><b>What to do:</b> {escape(fault.todo)}</p>" if fault.todo else ""
    return f'<div class="{fault.level}"><p>{escape(fault.what)}</p>{todo}</div>'


def _case(look: Look, fault: Fault | None) -> tuple[NDArray[np.floating], str, str]:
    assert look.shown is not None
    picture: NDArray[Any] = look.shown if look.shown.ndim == 3 else np.repeat(look.shown[..., None], 3, axis=2)
    if look.drawn is not None and look.drawn.shape == picture.shape[:2]:
        picture = outlined(picture, look.drawn)
    size = size_of(look.image.size) if look.image else ""
    said = f"{look.name}, {size}"
    if look.values is not None:
        drawn = 1 - look.values.counts[0] / look.values.counts.sum() if look.values.values[0] == 0 else 1.0
        found = sorted(look.values.classes)
        values = ", ".join(map(str, found)) if len(found) < 7 else f"{len(found)} values from {found[0]} to {found[-1]}"
        said += f"; mask holds {values}, {drawn:.0%} drawn"
    below = said + (f". Look: {fault.name}." if fault else ".")
    return picture, f"The image {look.name} with the outline of its mask", below
