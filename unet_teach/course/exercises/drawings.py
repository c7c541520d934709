"""Checkers for the drawings of chapter 5: what is missing in them, and what is too much.

The bounds were tried on the real crops. Of the course's own lines nothing strays, and 3 % where each point is moved
about by 3 pixels; most of a mitochondrion's rim adds 25 %, in one piece 84 pixels long, three vesicles 19 % in pieces
of 23. Lines of 2 to 9 pixels pass. Of the course's outlines each has at least 78 % of its pixels on cells.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.course import annotate
from unet_teach.course.exercises import Hint, NotAnsweredYet, Wants, checker
from unet_teach.metrics import match

Mask = NDArray[np.bool_]
Labels = NDArray[np.integer]
TEXT = Wants(lambda answer: isinstance(answer, str), "Give the text from the box, between three quotation marks.")


@checker("Exercise 5", "You have labelled membranes. Now see how close you came to the experts.", wants=TEXT)
def membranes(answer: Any) -> str | None:
    """Lines near most of the experts' membranes, near little else, and about as broad."""
    true = annotate.crop("em").labels
    drawn = _drawn(annotate.membrane, answer, true.shape)
    # Where lines run is judged with one pen for all of them, and by itself how broad they are.
    lines = _drawn(annotate.membrane, re.sub(r"line[^:\n]*:", "line 4:", answer), true.shape)
    stray = lines & ~_around(true)
    share = stray.sum() / lines.sum()
    if share > 0.3:
        _turned(lines, lambda other: bool((other & ~_around(true)).sum() < 0.1 * other.sum()))
    length, row, column = _longest(stray)
    if share <= 0.5 and length > 30:
        return (
            f"Around {column},{row} you follow something for {length:.0f} pixels that is no membrane to the experts. "
            "Mitochondria and vesicles have rims of their own; leave them out."
        )
    if share > 0.2:
        return (
            f"{share:.0%} of what you drew is more than 3 pixels from any membrane of the experts. "
            "Are mitochondria or vesicles among it?"
        )
    broad = drawn.sum() / (true & _around(lines)).sum()
    if broad > 1.6 or broad < 0.3:
        return (
            f"Your lines run in the right places, and cover {broad:.1f} times as much as the membranes there: "
            f"{'too broad' if broad > 1 else 'too thin'}. A membrane is about 5 pixels wide here."
        )
    found = _around(lines)[true].mean()
    if found < 0.7:
        return f"A good beginning: {found:.0%} of the experts' membranes have a line within 3 pixels. There are more."
    return None


@checker("Exercise 6", "You have labelled cells. Now see how close you came to the expert.", wants=TEXT)
def cells(answer: Any) -> str | None:
    """Outlines of which at least three match a cell of the expert's, and hardly any is none."""
    true = annotate.crop("cells").labels
    drawn = _drawn(annotate.instances, answer, true.shape)
    found = match(drawn, true)
    if found.matched < 3:
        _turned(drawn, lambda other: match(other, true).matched >= 3)
    if found.merged:
        return "One of your outlines goes round two of the expert's cells. Look for the bright seam between them."
    numbers = np.unique(drawn[drawn > 0])
    on_cells = ndimage.mean(true > 0, drawn, numbers)
    lines = [annotate.shapes(answer)[number - 1].number for number in numbers[on_cells < 0.2]]
    if len(lines) > 1:
        return (
            f"There is no cell of the expert's in {len(lines)} of your outlines, those of lines {lines}: bare ground."
        )
    ground = (drawn > 0)[true == 0].sum() / (drawn > 0).sum()
    if ground > 0.5:
        return (
            f"{ground:.0%} of what you outlined is ground. Stay close to the cells: their halo is bright, and narrow."
        )
    if found.split and (found.matched < 3 or found.false > 2):
        return "You cut a cell of the expert's in pieces. Outline each cell once, as one closed shape."
    if found.matched < 3:
        fit = "matches" if found.matched == 1 else "match"
        return f"{found.matched} of your outlines {fit} a cell: more than half of what either covers. Draw on."
    if found.false > 2:
        return f"{found.matched} outlines match a cell, {found.false} do not. Take away what is no cell of its own."
    return None


def _drawn(read: Callable[..., Any], text: str, shape: tuple[int, int]) -> Any:
    """Read a drawing; an empty one is no answer yet, and what is no shape gets its hint."""
    try:
        drawn = read(text, shape)
    except ValueError as error:
        what = "shape" if read is annotate.membrane else "outline of a cell"
        raise Hint(f"Something in the text is no {what}. {error}") from None
    if not annotate.shapes(text):
        raise NotAnsweredYet
    if not drawn.any():
        raise Hint("What you drew is so small that no pixel's middle lies inside.")
    return drawn


def _around(mask: Mask) -> Mask:
    """The pixels within 3 of a mask."""
    return ndimage.distance_transform_edt(~mask) <= 3 if mask.any() else mask


def _longest(mask: Mask) -> tuple[float, int, int]:
    """How far the longest piece of a mask reaches, in pixels, and a row and a column in its middle."""
    pieces, _ = ndimage.label(mask, np.ones((3, 3)))
    longest = (0.0, 0, 0)
    for number, place in enumerate(ndimage.find_objects(pieces), start=1):
        row, column = np.median(np.argwhere(pieces == number), axis=0).astype(int)
        longest = max(longest, (math.hypot(*(side.stop - side.start for side in place)), row, column))
    return longest


def _turned(drawn: Any, fits: Callable[[Any], bool]) -> None:
    """Raise a hint where a drawing would fit with x and y swapped, or upside down."""
    if drawn.shape[0] == drawn.shape[1] and fits(drawn.T):
        raise Hint("Your shapes fit with x and y swapped. A point is x,y: first how far right, then how far down.")
    if fits(drawn[::-1]):
        raise Hint("Your shapes fit upside down. In a picture y runs downwards, from 0 at the top.")
