"""From a label map to numbers: areas, volumes, Hounsfield units, and one ratio (chapter 21)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unet_teach._checks import reals


def measure_tissue(
    labels: NDArray[np.integer], hu: ArrayLike, spacing: Sequence[float], names: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Measure each tissue of some slices.

    Parameters
    ----------
    labels : (N, H, W) integers
    hu : (N, H, W), Hounsfield units
    spacing : mm between slices, rows, columns
    names : of the tissues, and their numbers in the labels

    Returns
    -------
    by name: "area_cm2", the mean over the slices; "volume_ml" of all slices; "mean_hu"

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, a spacing is not above 0, or a tissue has no pixel: a mean of nothing is no number.

    Introduced in chapter 21.
    """
    grey, sizes = reals("hu", hu, finite=True), reals("spacing", spacing, finite=True)
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "ui" or labels.ndim != 3:
        raise TypeError("labels must be an array (N, H, W) of integers")
    if grey.shape != labels.shape:
        raise ValueError(f"labels {labels.shape} and hu {grey.shape} must be of one shape")
    if sizes.shape != (3,) or not (sizes > 0).all():
        raise ValueError(f"spacing is three numbers above 0, in mm, got {sizes.tolist()}")
    absent = [name for name, number in names.items() if not (labels == number).any()]
    if absent:
        raise ValueError(f"no pixel was named {' or '.join(absent)}: look at the slices, something went wrong")
    measures = {}
    for name, number in names.items():
        mask = labels == number
        pixels = int(mask.sum())
        measures[name] = {
            "area_cm2": float(pixels * sizes[1] * sizes[2] / 100 / len(labels)),
            "volume_ml": float(pixels * sizes.prod() / 1000),
            "mean_hu": float(grey[mask].mean()),
        }
    return measures
