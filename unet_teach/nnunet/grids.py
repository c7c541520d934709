"""Grids of a plan: how large a case becomes at the plan's spacing, and back, as nnU-Net resamples (chapter 18).

Grey values go by cubic splines, labels and logits linearly, and where slices are more than three times as thick as
their pixels are wide, slice by slice: what lies between two thick slices is never invented, but taken from the nearest.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.transform import resize

ANISOTROPIC = 3.0  # a spacing more than this many times the finest is that of slices
TIE = 1e-9  # by so much the nearest label is ahead

Floats = NDArray[np.floating]
Labels = NDArray[np.integer]


def planned_size(size: Sequence[int], spacing: Sequence[float], wanted: Sequence[float]) -> tuple[int, ...]:
    """Return how many voxels an axis needs at another spacing, halves to the even number as Python rounds.

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    return tuple(round(old / new * n) for n, old, new in zip(size, spacing, wanted, strict=True))


def slices_of(spacing: Sequence[float], wanted: Sequence[float]) -> int | None:
    """Return the axis whose slices are thick, before or after, and no other's are; None where there is none."""
    for steps in (spacing, wanted):
        if max(steps) / min(steps) > ANISOTROPIC:
            thick = [axis for axis, step in enumerate(steps) if step == max(steps)]
            return thick[0] if len(thick) == 1 else None
    return None


def resized(volume: Floats, size: Sequence[int], order: int, across: int | None = None) -> Floats:
    """Stretch or shrink a volume to a size by splines; voxels are boxes, and the outermost repeat beyond the border.

    Parameters
    ----------
    volume : (X, Y, Z) floats
    size : of the result
    order : of the splines: 0 takes the nearest voxel, 1 is linear, 3 cubic
    across : an axis whose slices are resized one by one, and then repeated or left out, never blended

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    if volume.shape == tuple(size):
        return volume
    if across is not None:
        return _slice_by_slice(resized, volume, size, order, across)
    return np.asarray(resize(volume.astype(float), tuple(size), order, mode="edge", anti_aliasing=False))


def resized_labels(labels: Labels, size: Sequence[int], order: int = 1, across: int | None = None) -> Labels:
    """Resize labels, each as a mask of its own; the largest has the voxel, and of equals the nearest.

    Arguments as of `resized`. Introduced in chapter 18.
    """
    if labels.shape == tuple(size):
        return labels
    if across is not None:
        return _slice_by_slice(resized_labels, labels, size, order, across)
    numbers, nearest = np.unique(labels), resized(labels.astype(float), size, 0)
    shares = np.stack([resized((labels == n).astype(float), size, order) + TIE * (nearest == n) for n in numbers])
    return np.asarray(numbers[shares.argmax(axis=0)])


def _slice_by_slice(one: Callable[..., Any], volume: Any, size: Sequence[int], order: int, across: int) -> Any:
    flat = [n for axis, n in enumerate(size) if axis != across]
    slices = np.stack([one(part, flat, order) for part in np.moveaxis(volume, across, 0)])
    nearest = np.floor(len(slices) / size[across] * (np.arange(size[across]) + 0.5)).astype(int)
    return np.moveaxis(slices[nearest], 0, across)
