"""A stand-in for the person with the mouse: where it clicks first, and how it corrects (chapter 27).

A person aims at the middle and misses a little; then looks for the largest mistake and clicks into its middle. Source
of the second rule: Xu et al. (2016), and much of what came after.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.course.prompted.clicks import Click

Mask = NDArray[np.bool_]


def depth_in(region: Mask) -> NDArray[np.float64]:
    """Say how far each pixel is from the next one outside, beyond the picture too.  (H, W) -> (H, W)

    Introduced in chapter 27.
    """
    return ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]


def point_into(region: Mask, generator: torch.Generator | None = None) -> tuple[int, int]:
    """Choose a pixel of a region: its deepest, or by chance one at least half as deep.

    Raises
    ------
    ValueError
        If the region is empty.

    Introduced in chapter 27.
    """
    if not region.any():
        raise ValueError("an empty region has no pixel to point at")
    depth = depth_in(region)
    if generator is None:
        row, column = np.unravel_index(depth.argmax(), depth.shape)
        return int(row), int(column)
    places = np.argwhere(depth >= depth.max() / 2)
    row, column = places[int(torch.randint(len(places), (), generator=generator))]
    return int(row), int(column)


def correction(found: Mask, true: Mask, generator: torch.Generator | None = None) -> Click | None:
    """Click into the largest connected mistake, missed or wrongly taken; None if there is none.  (H, W) twice

    Pieces hold together across edges, not corners; of equal ones a missed one comes first.

    Introduced in chapter 27.
    """
    pieces = []
    for wrong, inside in ((true & ~found, True), (found & ~true, False)):
        numbers, _ = ndimage.label(wrong)
        sizes = np.bincount(numbers.ravel())
        sizes[0] = 0
        if sizes.any():
            pieces.append((int(sizes.max()), inside, numbers == sizes.argmax()))
    if not pieces:
        return None
    _, inside, region = max(pieces, key=lambda piece: piece[:2])
    return Click(*point_into(region, generator), inside)
