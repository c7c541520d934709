"""What the drawn pieces of a mask look like: upright boxes, or outlines with nothing in them (chapter 25)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

FULL, SMALLEST, MOST = 0.98, 16, 200  # of its box that a box covers; pixels of a piece; pieces that are looked at
HOLLOW = 1.5  # times: what an outline covers once it is filled


class Forms(NamedTuple):
    """How many pieces were looked at, how many of them are upright boxes, and how many are outlines."""

    pieces: int
    boxes: int
    outlines: int


def forms_of(labels: NDArray[np.integer]) -> Forms:
    """Look at the connected pieces of each number of a flat mask.  (H, W)

    Introduced in chapter 25.
    """
    pieces = boxes = outlines = 0
    for value in np.unique(labels[labels > 0])[:MOST]:
        numbered, count = ndimage.label(labels == value, structure=np.ones((3, 3)))
        for number, place in enumerate(ndimage.find_objects(numbered)[:MOST], start=1):
            piece = numbered[place] == number
            if piece.sum() < SMALLEST or count == 0:
                continue
            pieces += 1
            boxes += min(piece.shape) > 2 and piece.mean() > FULL and piece.size < labels.size
            whole = ndimage.binary_fill_holes(piece)
            holes = ndimage.label(whole & ~piece)[1]
            outlines += holes in (1, 2) and whole.sum() > HOLLOW * piece.sum()  # a net of membranes has many
    return Forms(pieces, int(boxes), int(outlines))
