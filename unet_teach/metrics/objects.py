"""Scores for objects: which cells were found, missed, made up, merged and split (chapters 5 and 10)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, numbered

Instances = NDArray[np.integer]


@dataclass(frozen=True)
class Match:
    """What became of the objects of an image; `+` pools several images. See `match`."""

    matched: int = 0
    missed: int = 0
    false: int = 0
    merged: int = 0
    split: int = 0

    def __add__(self, other: "Match") -> "Match":
        return Match(
            self.matched + other.matched,
            self.missed + other.missed,
            self.false + other.false,
            self.merged + other.merged,
            self.split + other.split,
        )

    @property
    def average_precision(self) -> float:
        """The share matched / (matched + missed + false); 1.0 where there is nothing, neither true nor predicted.

        Cell segmentation calls this number average precision at one IoU. In the detection of objects in photographs
        the same name means an area under a curve of precision and recall.
        """
        everything = self.matched + self.missed + self.false
        return self.matched / everything if everything else 1.0


def overlaps(predicted: Instances, true: Instances) -> NDArray[np.int64]:
    """Count the pixels that each predicted and each true object have in common.

    Parameters
    ----------
    predicted, true : integers of one shape, 0 between objects; numbers need not be consecutive

    Returns
    -------
    (1 + P, 1 + T) counts; row 0 and column 0 are what lies between objects, the others in rising order of the numbers.

    Raises
    ------
    TypeError
        If an array is not of integers.
    ValueError
        If shapes differ or a number is negative.

    Introduced in chapter 5.
    """
    hint = "`scipy.ndimage.label(mask)[0]` makes them"
    rows, columns = numbered("the predicted objects", predicted, hint), numbered("the true objects", true, hint)
    if rows.shape != columns.shape:
        raise ValueError(f"the objects must have one shape, got {rows.shape} and {columns.shape}")
    p, t = int(rows.max(initial=0)), int(columns.max(initial=0))
    table = np.bincount((rows * (1 + t) + columns).ravel(), minlength=(1 + p) * (1 + t))
    return table.reshape(1 + p, 1 + t).astype(np.int64)


def match(predicted: Instances, true: Instances, iou: float = 0.5) -> Match:
    """Find out what became of each object.

    A predicted and a true object match where their intersection over union is above `iou`. From 0.5 on no object can
    match two, so nothing has to be assigned. A true object without a match is missed, a predicted one is false.
    Besides: a predicted object that covers more than half of each of two or more true ones has merged them, and a true
    object that covers more than half of each of two or more predicted ones was split, a speck counting as a piece.

    Parameters
    ----------
    predicted, true : (H, W) integers, 0 between objects, one number from 1 on for each object
    iou : 0.5 or more, below 1

    Returns
    -------
    Match
        matched, missed, false : matched + missed true objects, matched + false predicted ones
        merged : predicted objects that merge true ones
        split : true objects that were split

    Raises
    ------
    TypeError, ValueError
        As `overlaps` does; ValueError also if `iou` is not in 0.5..1.

    Source: Kirillov et al. (2019) for the unique match above one half. Introduced in chapter 5.
    """
    iou = number("iou", iou)
    if not 0.5 <= iou < 1:
        raise ValueError(f"iou must be at least 0.5 and below 1, so that no object matches two; got {iou}")
    table = overlaps(predicted, true)
    p, t = table.sum(axis=1)[1:, None], table.sum(axis=0)[None, 1:]  # (P, 1) and (1, T), pixels
    both = table[1:, 1:]
    matched = int((both / (p + t - both) > iou).sum())  # a quotient is rounded as the number in the call is
    return Match(
        matched,
        t.size - matched,
        p.size - matched,
        merged=int(((2 * both > t).sum(axis=1) >= 2).sum()),
        split=int(((2 * both > p).sum(axis=0) >= 2).sum()),
    )
