"""Metrics: how much two masks agree (chapter 6).

Masks are boolean arrays of the same shape, of any number of dimensions; a class of a label image is the mask
`labels == number`, and a class that is absent is an empty mask. V-Rand, which scores a map of borders by the
regions between them, is in `unet_teach.vrand`.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]


def dice(predicted: Mask, true: Mask) -> float:
    """Divide twice the pixels that two masks share by the pixels that they have.

    Both masks empty: 1.0, for the prediction is right. One empty: 0.0. Averages over many images depend on this
    choice, and papers differ: the evaluation code of TransUNet and Swin-Unet returns 0 where both are empty, and 1
    where something was predicted though nothing is there.

    Parameters
    ----------
    predicted, true : boolean arrays of the same shape

    Returns
    -------
    float from 0 to 1. Swapping the two changes nothing.

    Raises
    ------
    TypeError
        If a mask is not a boolean array.
    ValueError
        If the shapes differ, or the masks have no pixel.

    Source: Dice (1945), the "coincidence index". Introduced in chapter 6.
    """
    _check(predicted, true)
    total = int(predicted.sum()) + int(true.sum())
    return 2 * int((predicted & true).sum()) / total if total else 1.0


def iou(predicted: Mask, true: Mask) -> float:
    """Divide the pixels that two masks share by the pixels that either has: intersection over union.

    Also called the Jaccard index; equal to D / (2 - D) for a Dice of D, so the two rank predictions of one image alike.
    Both masks empty: 1.0. One empty: 0.0.

    Parameters
    ----------
    predicted, true : boolean arrays of the same shape

    Returns
    -------
    float from 0 to 1. Swapping the two changes nothing.

    Raises
    ------
    TypeError, ValueError
        As `dice` does.

    Source: Jaccard (1912). Introduced in chapter 6.
    """
    _check(predicted, true)
    union = int((predicted | true).sum())
    return int((predicted & true).sum()) / union if union else 1.0


def surface_dice(predicted: Mask, true: Mask, tolerance: float, spacing: Sequence[float]) -> float:
    """Return the share of both surfaces that lies within a tolerance of the other: the normalised surface distance.

    A surface is the mask's pixels that have a neighbour across an edge (in 3-D a face) outside the mask, or lie on the
    border of the image. The score counts the pixels of either surface whose distance to the nearest pixel of the other
    is at most `tolerance`, and divides by the pixels of both surfaces. Both masks empty: 1.0. One empty: 0.0.

    Equal to `monai.metrics.compute_surface_dice` with its default `use_subvoxels=False`, but for two empty masks,
    where that returns NaN. Each surface pixel counts once, whatever its area: the paper weighs by area, which differs
    where voxels are far from cubes.

    Parameters
    ----------
    predicted, true : boolean arrays of the same shape
    tolerance : mm, 0 or more: what two careful people may differ by. One part in a million is granted, so that a
        rounding error does not decide whether three steps of 0.1 mm are within 0.3 mm.
    spacing : mm between pixels, one number an axis in the order of the array's axes

    Returns
    -------
    float from 0 to 1. Swapping the two changes nothing.

    Raises
    ------
    TypeError
        If a mask is not a boolean array.
    ValueError
        If shapes differ, the masks have no pixel, the tolerance is negative or not finite, or the spacing does not
        give one positive number an axis.

    Source: Nikolov et al. (2021), surface Dice; counted by pixels as in Seidlitz et al. (2022). Introduced in
    chapter 6.
    """
    _check(predicted, true)
    if not (math.isfinite(tolerance) and tolerance >= 0):
        raise ValueError(f"the tolerance must be a number of mm, 0 or more, got {tolerance}")
    if len(spacing) != predicted.ndim or not all(math.isfinite(step) and step > 0 for step in spacing):
        raise ValueError(f"the spacing must be {predicted.ndim} positive numbers of mm, one an axis, got {spacing}")
    if not predicted.any() or not true.any():
        return float(predicted.any() == true.any())
    surfaces = [mask & ~ndimage.binary_erosion(mask) for mask in (predicted, true)]
    to_predicted, to_true = (ndimage.distance_transform_edt(~surface, sampling=spacing) for surface in surfaces)
    distances = np.concatenate([to_true[surfaces[0]], to_predicted[surfaces[1]]])  # mm, one a surface pixel
    return float((distances <= tolerance * (1 + 1e-6)).mean())


def _check(predicted: Mask, true: Mask) -> None:
    for name, mask in (("predicted", predicted), ("true", true)):
        if not isinstance(mask, np.ndarray) or mask.dtype != bool:
            kind = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
            raise TypeError(
                f"the {name} mask must be a boolean numpy array, got {kind}: compare first, as in "
                "`labels == 1` or `probability > 0.5`"
            )
    if predicted.shape != true.shape:
        raise ValueError(f"the masks must have one shape, got {predicted.shape} and {true.shape}")
    if predicted.size == 0:
        raise ValueError("the masks have no pixel")
