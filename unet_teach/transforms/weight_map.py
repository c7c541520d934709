"""The U-Net paper's weight map: networks learn to keep neighbours apart from the gap between them (chapter 10)."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import number, numbered

Instances = NDArray[np.integer]
MOST = 1e30  # float32 ends at 3e38
REACH = 6  # in sigmas: where two cells are further away together, the extra weight is below 1e-7 of w0


def with_seams(instances: Instances) -> NDArray[np.bool_]:
    """Return the mask of all cells, with background between those that touch.  (H, W) -> (H, W)

    A pixel becomes background where its 3 x 3 neighbourhood holds two different cells: two pixels along each contact.
    Without it the mask of two cells that touch would be one region, and nothing in it would say that there are two.

    Raises
    ------
    TypeError, ValueError
        If the instances are not (H, W) integers, or one is negative.

    Source: Ronneberger et al. (2015), section 3, separate touching cells by morphological operations. Introduced in
    chapter 10.
    """
    cells = _cells(instances)
    highest = ndimage.maximum_filter(cells, 3)
    above_all = cells.max(initial=0) + 1  # background, lest it be the lowest
    lowest = ndimage.minimum_filter(np.where(cells > 0, cells, above_all), 3)
    return np.asarray((cells > 0) & (lowest == highest))


def two_nearest(instances: Instances, reach: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure how far every pixel is from the nearest and from the second nearest cell.

    Parameters
    ----------
    instances : (H, W) integers, 0 between cells, one number from 1 on for each
    reach : pixels; what is further away than this counts as infinitely far

    Returns
    -------
    d1, d2 : (H, W) distances in pixels, 0 on a cell itself; infinite where there is no such cell within reach

    One distance transform a cell, each in the cell's own box, wide enough for the reach: no loop over pixels.

    Raises
    ------
    TypeError, ValueError
        As `with_seams` does; ValueError also if the reach is negative.

    Introduced in chapter 10.
    """
    cells = _cells(instances)
    reach = number("reach", reach)
    if not reach >= 0:
        raise ValueError(f"reach must be 0 pixels or more, got {reach}")
    first = np.full(cells.shape, math.inf)
    second = np.full(cells.shape, math.inf)
    margin = math.ceil(min(reach, sum(cells.shape)))
    for cell, box in enumerate(ndimage.find_objects(cells), start=1):
        rows, columns = (slice(max(side.start - margin, 0), side.stop + margin) for side in box)
        away = ndimage.distance_transform_edt(cells[rows, columns] != cell)
        away[away > reach] = math.inf
        one, two = first[rows, columns], second[rows, columns]  # views: what is written into them stays
        np.minimum(two, np.maximum(one, away), out=two)
        np.minimum(one, away, out=one)
    return first, second


def weight_map(instances: Instances, w0: float = 10, sigma: float = 5) -> NDArray[np.float32]:
    """Weigh every pixel for the loss: 1, and more in the narrow gaps between cells.

    w = 1 + w0 exp(-(d1 + d2)² / (2 sigma²)) on background, d1 and d2 the distances to the nearest and to the second
    nearest cell; 1 on cells. Background is what `with_seams` leaves, so the seam of cells that touch weighs most. The
    paper's first term balances classes; here it is 1 for both, so that the map adds nothing but the gaps.

    Parameters
    ----------
    instances : (H, W) integers, 0 between cells, one number from 1 on for each
    w0 : the weight that a gap of no width would have on top of 1
    sigma : pixels

    Returns
    -------
    (H, W) float32, from 1 to 1 + w0

    Raises
    ------
    TypeError, ValueError
        As `with_seams` does; ValueError also if w0 is negative or sigma not positive.

    Source: Ronneberger et al. (2015), section 3, equation 2: w0 = 10, sigma about 5 pixels. Introduced in chapter 10.
    """
    w0, sigma = number("w0", w0), number("sigma", sigma)
    if not (0 <= w0 <= MOST and 0 < sigma < math.inf):
        raise ValueError(f"w0 must be 0 or more (up to {MOST:g}) and sigma above 0, got {w0} and {sigma}")
    cells = with_seams(instances)
    d1, d2 = two_nearest(np.where(cells, instances, 0), REACH * sigma)
    extra = w0 * np.exp(-((d1 + d2) ** 2) / (2 * sigma**2))  # exp(-inf) is 0: no second cell, nothing to keep apart
    return np.where(cells, 1, 1 + extra).astype(np.float32)


def _cells(instances: Instances) -> NDArray[np.int64]:
    """Number the cells of one image without gaps, whatever the type of their numbers."""
    cells = numbered("the cells", instances, "one number a cell, as `scipy.ndimage.label(mask)[0]` gives")
    if cells.ndim != 2 or not cells.size:
        raise ValueError(f"the cells must be one image (H, W) with pixels, got {cells.shape}")
    return cells
