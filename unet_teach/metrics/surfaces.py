"""Surfaces: how far apart the outlines of two masks are, in mm (chapter 6).

An overlap such as Dice does not know whether a wrong pixel lies beside the outline or at the other end of the image.
These scores do, and they speak in mm, so they need the spacing of the pixels. Swapping the two masks changes none.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import number, reals
from unet_teach.metrics.overlap import Mask, check_mask, check_masks

Distances = NDArray[np.float64]


def surface(mask: Mask) -> Mask:
    """Keep the mask's pixels that touch its outside across an edge (in 3-D a face), or lie on the image's border.

    Errors as `dice`. Introduced in chapter 6.
    """
    check_mask("the mask", mask)
    return mask & ~ndimage.binary_erosion(mask)


def surface_distances(predicted: Mask, true: Mask, spacing: Sequence[float]) -> tuple[Distances, Distances]:
    """Measure from each surface pixel of either mask to the nearest surface pixel of the other.

    Parameters
    ----------
    predicted, true : boolean arrays of the same shape
    spacing : mm between pixels, one number an axis in the order of the array's axes

    Returns
    -------
    from_predicted, from_true : mm, one number a surface pixel of the predicted and of the true mask; infinite where the
        other mask is empty, and no number at all for an empty mask

    Raises
    ------
    TypeError
        If a mask is not a boolean array, or the spacing holds no numbers.
    ValueError
        If the shapes differ, the masks have no pixel, or the spacing does not give one positive number an axis.

    Introduced in chapter 6.
    """
    check_masks(predicted, true)
    steps = reals("the spacing", spacing)
    if steps.shape != (predicted.ndim,) or not ((steps > 0) & np.isfinite(steps)).all():
        raise ValueError(f"the spacing must be {predicted.ndim} positive numbers of mm, one an axis, got {spacing}")
    surfaces = surface(predicted), surface(true)
    to_predicted, to_true = (
        ndimage.distance_transform_edt(~edge, sampling=steps) if edge.any() else np.full(edge.shape, math.inf)
        for edge in surfaces
    )
    return to_true[surfaces[0]], to_predicted[surfaces[1]]


def surface_dice(predicted: Mask, true: Mask, tolerance: float, spacing: Sequence[float]) -> float:
    """Return the share of both surfaces that lies within a tolerance of the other: the normalised surface distance.

    From 0 to 1: the pixels of either surface whose distance to the nearest pixel of the other is at most `tolerance`,
    divided by the pixels of both. Both masks empty: 1.0. One empty: 0.0. Masks, spacing and errors as
    `surface_distances`.

    Equal to `monai.metrics.compute_surface_dice` with its default `use_subvoxels=False`, but for two empty masks,
    where that returns NaN. Each surface pixel counts once, whatever its area: the paper weighs by area, which differs
    where voxels are far from cubes.

    Parameters
    ----------
    tolerance : mm, 0 or more: what two careful people may differ by. One part in a million is granted, so that a
        rounding error does not decide whether three steps of 0.1 mm are within 0.3 mm.

    Source: Nikolov et al. (2021), surface Dice; counted by pixels as in Seidlitz et al. (2022). Introduced in
    chapter 6.
    """
    tolerance = number("the tolerance", tolerance)
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"the tolerance must be a number of mm, 0 or more, got {tolerance}")
    distances = np.concatenate(surface_distances(predicted, true, spacing))  # mm, one a surface pixel
    return float((distances <= tolerance * (1 + 1e-6)).mean()) if distances.size else 1.0


def hausdorff95(predicted: Mask, true: Mask, spacing: Sequence[float]) -> float:
    """Return the larger of two distances in mm: what 95 % of either surface's pixels keep to, from the other surface.

    The Hausdorff distance proper is the largest distance of all; a single stray pixel decides it, and so 5 % of each
    surface are left out. Both masks empty: 0.0. One empty: infinity, so that a mean cannot hide it. Arguments and
    errors as `surface_distances`.

    Equal to `monai.metrics.compute_hausdorff_distance` with `percentile=95`, but for two empty masks, where that
    returns NaN. MedPy's `hd95`, which many papers use, takes one percentile of both surfaces' pixels together, and so
    is never larger; it raises where a mask is empty.

    Source: Taha and Hanbury (2015) compare it with other scores. Introduced in chapter 6.
    """
    distances = surface_distances(predicted, true, spacing)
    return max((_share_within(way, 0.95) for way in distances if way.size), default=0.0)


def mean_surface_distance(predicted: Mask, true: Mask, spacing: Sequence[float]) -> float:
    """Average the distance in mm from each surface pixel of either mask to the other surface.

    Both masks empty: 0.0. One empty: infinity. Equal to `monai.metrics.compute_average_surface_distance` with
    `symmetric=True`, but for two empty masks, where that returns NaN; some libraries average each surface by itself
    first. Arguments and errors as `surface_distances`. Introduced in chapter 6.
    """
    distances = np.concatenate(surface_distances(predicted, true, spacing))
    return float(distances.mean()) if distances.size else 0.0


def _share_within(distances: Distances, share: float) -> float:
    """Interpolate the quantile; `np.quantile` would make NaN of infinite distances."""
    return float(np.quantile(distances, share)) if np.isfinite(distances).all() else math.inf
