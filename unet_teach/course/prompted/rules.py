"""Rules without learning for a click, and for a box: what a promptable network has to beat (chapter 27)."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import sobel
from skimage.segmentation import watershed

from unet_teach.course.prompted.asking import Asked, overlap_of
from unet_teach.course.prompted.clicks import RADIUS, Click
from unet_teach.course.prompted.pointing import correction

Mask = NDArray[np.bool_]
Grey = NDArray[np.floating]


def from_click(shape: tuple[int, int], click: Click) -> NDArray[np.float64]:
    """Say how far each pixel is from a click.  -> (H, W)

    Introduced in chapter 27.
    """
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.hypot(rows - click.row, columns - click.column)


def disc(picture: Grey, click: Click, radius: float) -> Mask:
    """Answer a disc around the click, whatever the picture shows.  (H, W) -> (H, W)

    Introduced in chapter 27.
    """
    return from_click((picture.shape[0], picture.shape[1]), click) <= radius


def flooded(picture: Grey, click: Click, radius: float, sigma: float) -> Mask:
    """Grow a watershed from the click, against one that starts `radius` pixels away.  (H, W) -> (H, W)

    The slopes (Sobel) of the picture, smoothed by a Gaussian of `sigma` pixels, are the walls.

    Introduced in chapter 27.
    """
    far = from_click((picture.shape[0], picture.shape[1]), click)
    markers = np.where(far <= RADIUS, 1, np.where(far >= radius, 2, 0))
    return watershed(sobel(ndimage.gaussian_filter(picture, sigma)), markers) == 1


def best_settings(rule: Callable[..., Mask], asked: Sequence[Asked], *ranges: Sequence[float]) -> tuple[float, ...]:
    """Choose the settings with the best mean IoU on these cells, which should be validation cells.

    Introduced in chapter 27.
    """
    ways = list(product(*ranges))
    return max(ways, key=lambda way: np.mean([overlap_of(rule(a.picture, a.click, *way), a.cell) for a in asked]))


def corrected_blindly(asked: Sequence[Asked], radius: float, brush: float, most: int = 4) -> NDArray[np.float64]:
    """Answer a disc, then add or take away a smaller one at each correction, and never look.  -> (clicks, cells)

    Parameters
    ----------
    asked : cells, whose truths the simulated person sees, and nobody else
    radius, brush : of the first disc, and of those that correct it, in pixels
    most : clicks, the first and corrections

    Returns
    -------
    the IoU of each cell after each click

    Introduced in chapter 27.
    """
    scores = np.zeros((most, len(asked)))
    for place, one in enumerate(asked):
        mask = disc(one.picture, one.click, radius)
        for number in range(most):
            scores[number, place] = overlap_of(mask, one.cell)
            if click := correction(mask, one.cell):
                spot = disc(one.picture, click, brush)
                mask = mask | spot if click.inside else mask & ~spot
    return scores


def ellipse_in(box: tuple[slice, slice], shape: tuple[int, int]) -> Mask:
    """Fill the ellipse that touches the four sides of a box.  -> (H, W)

    A pixel is in if its middle is.

    Introduced in chapter 27.
    """
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    across = [
        (2 * (places + 0.5) - side.start - side.stop) / (side.stop - side.start)
        for places, side in zip((rows, columns), box, strict=True)
    ]
    return np.asarray(across[0] ** 2 + across[1] ** 2 <= 1)


def loosened(box: tuple[slice, slice], by: Sequence[int], shape: tuple[int, int]) -> tuple[slice, slice]:
    """Move the four sides of a box outwards (or inwards, below 0): top, bottom, left, right; inside the picture.

    Raises
    ------
    ValueError
        If nothing is left of the box.

    Introduced in chapter 27.
    """
    top, bottom, left, right = by
    moved = (
        slice(max(box[0].start - top, 0), min(box[0].stop + bottom, shape[0])),
        slice(max(box[1].start - left, 0), min(box[1].stop + right, shape[1])),
    )
    if any(side.stop <= side.start for side in moved):
        raise ValueError(f"moving the sides by {tuple(by)} leaves nothing of the box {box}")
    return moved
