"""An annotator who never was: draws outlines at a constant speed, and corrects what is wrong enough to be seen.

How fast people draw is an assumption, stated here, and no measurement: 5 mm a second, and 4 seconds to look at each
organ. Chapter 20 varies it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from skimage.measure import label, perimeter

Labels = NDArray[np.int64]
SPEED, LOOK = 5.0, 4.0  # mm of outline a second; seconds for each organ of a slice
SEEN = 4  # pixels: smaller faults are overlooked


class Drawn(NamedTuple):
    """What the annotator did to one slice.

    labels : (H, W) as they are now
    drawn : mm of outline that were drawn
    looks : how many organs were looked at
    """

    labels: Labels
    drawn: float
    looks: int

    def minutes(self, speed: float = SPEED, look: float = LOOK) -> float:
        """Return the time it took, at a speed in mm a second and seconds a look."""
        return (self.drawn / speed + self.looks * look) / 60


def outline_length(mask: NDArray[np.bool_], spacing: float) -> float:
    """Return the length of a mask's outline, mm.  (H, W) bool, pixels of `spacing` mm"""
    return float(perimeter(np.pad(mask, 1), neighborhood=8)) * spacing if mask.any() else 0.0


def correct(said: Labels, truth: Labels, count: int, spacing: float) -> Drawn:
    """Correct a slice, organ by organ, where a fault is large enough to be seen.

    Each fault that is one piece costs its outline; an organ that would cost more than its own outline is drawn anew.
    Nothing said, `said` all 0, is drawing from scratch.

    Parameters
    ----------
    said, truth : (H, W), organs numbered 1 to count
    spacing : mm of a pixel
    """
    mended, drawn = said.copy(), 0.0
    for number in range(1, count + 1):
        right, wrong = truth == number, (truth == number) != (mended == number)
        anew = outline_length(right, spacing)
        pieces = label(wrong, connectivity=2)
        seen = [pieces == piece for piece in range(1, pieces.max() + 1)]
        seen = [piece for piece in seen if piece.sum() >= SEEN]
        each = sum(outline_length(piece, spacing) for piece in seen)
        if right.any() and each > anew:
            seen, each = [wrong], anew
        for piece in seen:
            mended[piece] = truth[piece]
        drawn += each
    looks = len((set(np.unique(said)) | set(np.unique(truth))) - {0})
    return Drawn(mended, drawn, looks)
