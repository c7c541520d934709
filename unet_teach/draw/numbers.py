"""Grids of numbers: small arrays as one can check them by hand, as inline SVG.

SVG that stands in the page's HTML takes the page's text colour (`currentColor`), so it is right in dark mode, and a
screen reader reads its title. (An SVG stored as an image would be a closed box that knows neither.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from unet_teach.draw.style import VERMILLION

CELL, GAP, TOP = 34, 42, 26  # pixels: a cell's side, the room between grids, the room for a caption
Window = tuple[int, int, int, int]  # row, column, height, width


@dataclass(frozen=True)
class Drawing:
    """A drawing that a notebook shows as inline SVG."""

    svg: str

    def _repr_html_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return "a drawing; a notebook shows it"


def number_grids(
    grids: Mapping[str, ArrayLike],
    *,
    title: str,
    between: Sequence[str] = (),
    marked: Mapping[str, Window] | None = None,
) -> Drawing:
    """Draw small arrays side by side, each cell with its number.

    Parameters
    ----------
    grids : caption -> array (H, W) of whole or short decimal numbers
    title : what the drawing says, in a sentence, for a reader who cannot see it
    between : signs such as "∗" and "=" that stand between neighbouring grids
    marked : caption -> (row, column, height, width), a window to outline

    Raises
    ------
    ValueError
        If an array is not two-dimensional, or a mark names no grid or lies outside it.

    Introduced in chapter 1, section "A filter in two dimensions".
    """
    arrays = {caption: np.asarray(grid) for caption, grid in grids.items()}
    for caption, array in arrays.items():
        if array.ndim != 2:
            raise ValueError(f"grid {caption!r} has the shape {array.shape}; expected (H, W)")
    for caption, (row, column, height, width) in (marked or {}).items():
        if caption not in arrays:
            raise ValueError(f"marked {caption!r}, but the grids are {list(arrays)}")
        if (
            row < 0
            or column < 0
            or row + height > arrays[caption].shape[0]
            or column + width > arrays[caption].shape[1]
        ):
            raise ValueError(f"the marked window {row, column, height, width} leaves grid {caption!r}")
    tallest = max(array.shape[0] for array in arrays.values()) * CELL
    parts, x = [], 1
    room = {caption: max(array.shape[1] * CELL, 7 * len(caption)) for caption, array in arrays.items()}
    for index, (caption, array) in enumerate(arrays.items()):
        y = TOP + (tallest - array.shape[0] * CELL) // 2
        middle = x + room[caption] / 2
        x += (room[caption] - array.shape[1] * CELL) // 2  # a caption may be wider than its grid
        parts.append(f'<text x="{middle:g}" y="{y - 9}" font-size="13">{escape(caption)}</text>')
        parts += _cells(array, x, y)
        if marked and caption in marked:
            row, column, height, width = marked[caption]
            parts.append(
                f'<rect x="{x + column * CELL}" y="{y + row * CELL}" width="{width * CELL}" height="{height * CELL}" '
                f'fill="{VERMILLION}" fill-opacity="0.18" stroke="{VERMILLION}" stroke-width="3"/>'
            )
        x += (room[caption] + array.shape[1] * CELL) // 2
        if index + 1 < len(arrays):
            sign = between[index] if index < len(between) else ""
            parts.append(f'<text x="{x + GAP // 2}" y="{TOP + tallest // 2 + 8}" font-size="22">{escape(sign)}</text>')
            x += GAP
    return Drawing(
        f'<svg role="img" viewBox="0 0 {x + 1} {TOP + tallest + 2}" style="width:100%;max-width:{x + 1}px;height:auto" '
        'fill="currentColor" text-anchor="middle" font-family="sans-serif" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _cells(array: np.ndarray, x: int, y: int) -> list[str]:
    parts = []
    texts = [f"{value:.4g}".replace("-", "\N{MINUS SIGN}") for value in array.flat]
    size = 15 if max(map(len, texts), default=0) < 4 else 12  # one for all numbers of a grid
    for (row, column), text in zip(np.ndindex(array.shape), texts, strict=True):
        left, top = x + column * CELL, y + row * CELL
        parts.append(
            f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" fill="none" stroke="currentColor" '
            'stroke-opacity="0.4"/>'
            f'<text x="{left + CELL // 2}" y="{top + CELL // 2 + 5}" font-size="{size}">{text}</text>'
        )
    return parts
