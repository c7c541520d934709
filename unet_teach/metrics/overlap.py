"""Metrics: how much two masks agree (chapter 6).

Masks are boolean arrays of the same shape, of any number of dimensions; a class of a label image is the mask
`labels == number`, and a class that is absent is an empty mask. Scores by the distance of surfaces are in `surfaces`;
V-Rand, which scores a map of borders by the regions between them, is in `vrand`.
"""

import numpy as np
from numpy.typing import NDArray

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
    check_masks(predicted, true)
    total = int(predicted.sum()) + int(true.sum())
    return 2 * int((predicted & true).sum()) / total if total else 1.0


def iou(predicted: Mask, true: Mask) -> float:
    """Divide the pixels that two masks share by the pixels that either has: intersection over union, Jaccard index.

    Both masks empty: 1.0; one empty: 0.0. Equal to D / (2 - D) for a Dice of D; arguments and errors as `dice`.
    Source: Jaccard (1912). Introduced in chapter 6.
    """
    check_masks(predicted, true)
    union = int((predicted | true).sum())
    return int((predicted & true).sum()) / union if union else 1.0


def precision(predicted: Mask, true: Mask) -> float:
    """Divide the pixels that were rightly predicted by all that were predicted, the positive predictive value.

    TP / (TP + FP). Nothing predicted: 1.0 if the truth is empty too, else 0.0; libraries differ. Swapping the masks
    gives `recall`; arguments and errors as `dice`. Introduced in chapter 6.
    """
    check_masks(predicted, true)
    said = int(predicted.sum())
    return int((predicted & true).sum()) / said if said else float(not true.any())


def recall(predicted: Mask, true: Mask) -> float:
    """Divide the pixels that were rightly predicted by all that are true, the sensitivity.

    TP / (TP + FN). Nothing true: 1.0 if nothing was predicted either, else 0.0; libraries differ. `dice` is the
    harmonic mean of precision and recall where one of them is above 0; arguments and errors as there. Introduced in
    chapter 6.
    """
    check_masks(predicted, true)
    return precision(true, predicted)


def check_masks(predicted: Mask, true: Mask) -> None:
    """Raise what `dice` says it raises, unless the two are boolean arrays of one shape with at least one pixel."""
    check_mask("the predicted mask", predicted)
    check_mask("the true mask", true)
    if predicted.shape != true.shape:
        raise ValueError(f"the masks must have one shape, got {predicted.shape} and {true.shape}")


def check_mask(name: str, mask: Mask) -> None:
    """Raise unless this is a boolean array with at least one pixel."""
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        kind = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(
            f"{name} must be a boolean numpy array, got {kind}: compare first, as in `labels == 1` or "
            "`probability > 0.5`, and call .numpy() on a tensor"
        )
    if mask.size == 0:
        raise ValueError(f"{name} has no pixel, its shape is {mask.shape}")
