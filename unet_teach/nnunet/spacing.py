"""Rules about the grid: how far apart voxels shall be, which axis comes first, how large images become (chapter 18).

Source of all of them: Isensee et al. (2021), nnU-Net, Nature Methods 18, and its public planner, version 2.8.1.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ANISOTROPIC = 3  # an axis is coarse if it is worse than the others by more than this
FINER = 10  # the percentile of a coarse axis, where all others take the median, 50


def image_target_spacing(spacings: ArrayLike, shapes: ArrayLike) -> Floats:
    """Choose one spacing for all images: the median of each axis, and less for an axis that is coarse and short.

    Resampling such an axis to its median would throw away slices of the images that have more of them.

    Parameters
    ----------
    spacings : (cases, axes)
    shapes : (cases, axes) in voxels

    Returns
    -------
    (axes,)

    Introduced in chapter 18.
    """
    every = np.asarray(spacings, dtype=float)
    target = np.percentile(every, 50, axis=0)
    size = np.percentile(np.asarray(shapes), 50, axis=0)
    coarse = int(np.argmax(target))
    coarsest_other = np.delete(target, coarse).max()
    if target[coarse] > ANISOTROPIC * coarsest_other and size[coarse] * ANISOTROPIC < np.delete(size, coarse).min():
        finer = np.percentile(every[:, coarse], FINER)
        target[coarse] = finer if finer >= coarsest_other else coarsest_other + 1e-5  # but never finer than they are
    return target


def axis_order(target: Floats) -> list[int]:
    """Put the coarsest axis first, as slices of a stack: the 2-D network sees what stands behind it."""
    coarse = int(np.argmax(target))
    return [coarse, *(axis for axis in range(len(target)) if axis != coarse)]


def image_resampling(shape: Sequence[int], spacing: Sequence[float], target: Floats) -> list[int]:
    """Say how many voxels an image has once it is resampled to the target spacing."""
    return [round(old / new * side) for side, old, new in zip(shape, spacing, target.tolist(), strict=True)]
