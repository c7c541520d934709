"""What has to happen to an MR before a network sees it, by the plainest means: skull off, coil evened, shift undone.

Real pipelines use HD-BET, N4 and ANTs; these three show on phantoms what those are for. Introduced in chapter 22.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from unet_teach._checks import number, reals, whole

Volume = NDArray[np.floating]
Mask = NDArray[np.bool_]


def strip_skull(volume: ArrayLike, depth: int = 1) -> Mask:
    """Find the brain in an MR with its skull: what is no air, cut off at the dark bone, in one piece.

    Half of the middle grey of what is not air is the threshold. What is brighter is eroded by some voxels, which parts
    skin and brain, the largest piece is kept, grown back, and its holes are filled.

    Parameters
    ----------
    volume : (X, Y, Z), 0 or more, the scanner's greys
    depth : voxels to erode and to grow, 1 or more; about a third of the bone's thickness

    Returns
    -------
    (X, Y, Z) bool, empty if nothing is left

    Raises
    ------
    TypeError, ValueError
        If the volume is not (X, Y, Z) finite numbers of 0 or more, or of one grey value; or the depth is below 1.

    Introduced in chapter 22.
    """
    grey, depth = _volume("the volume", volume), whole("depth", depth)
    if depth < 1 or grey.min() < 0 or np.ptp(grey) == 0:
        raise ValueError("need a depth of 1 or more, and greys of 0 or more that differ: was it stripped before?")
    body = grey > 0.1 * np.percentile(grey, 99)
    bright = grey > 0.5 * np.median(grey[body])
    pieces, count = ndimage.label(ndimage.binary_erosion(bright, iterations=depth))
    if not count:
        return np.zeros(grey.shape, bool)
    largest = pieces == np.bincount(pieces.ravel())[1:].argmax() + 1
    room = 2 * depth + 2
    padded = np.pad(largest, room)
    closed = ndimage.binary_dilation(padded, iterations=2 * depth + 1)
    back = ndimage.binary_erosion(closed, iterations=depth + 1)
    inner = back[(slice(room, -room),) * 3]
    return np.asarray(ndimage.binary_fill_holes(inner))


def even_out(volume: ArrayLike, brain: Mask, sigma: float = 8.0) -> NDArray[np.float32]:
    """Divide a volume by its own slow changes inside the brain: a coil's unevenness, and some of the anatomy's.

    The mean of the logarithms around each voxel, weighted by a Gaussian, stands for the coil. N4 fits a smooth field
    instead, again and again, to what makes the histogram sharpest.

    Parameters
    ----------
    volume : (X, Y, Z), 0 or more, the scanner's greys
    brain : (X, Y, Z) bool
    sigma : of the Gaussian, voxels

    Raises
    ------
    TypeError, ValueError
        If shapes differ, a number is out of range, or the brain is empty.

    Introduced in chapter 22.
    """
    grey, inside, sigma = _volume("the volume", volume), _mask(brain), number("sigma", sigma)
    if grey.shape != inside.shape or not inside.any() or not 0 < sigma < np.inf or grey.min() < 0:
        raise ValueError("need greys of 0 or more, a brain of the same shape that is not empty, and a sigma above 0")
    lowest = max(float(np.percentile(grey[inside], 5)), 1e-6)
    logs = np.where(inside, np.log(np.maximum(grey, lowest)), 0)
    slow = ndimage.gaussian_filter(logs, sigma, mode="constant")
    weight = ndimage.gaussian_filter(inside.astype(float), sigma, mode="constant")
    field = np.exp(slow / np.maximum(weight, 1e-6) - logs[inside].mean())
    return np.asarray(np.where(inside, grey / field, grey), dtype=np.float32)


def mutual_information(one: ArrayLike, other: ArrayLike, bins: int = 24) -> float:
    """Say how much the greys of one image tell about those of another at the same places, in nats.

    Two sequences need not be bright in the same places: it is enough that one grey goes with another. 0 where they know
    nothing of each other.

    Raises
    ------
    TypeError, ValueError
        If they are not finite numbers of one shape, or there are fewer than two bins.

    Programs that register make it as large as they can. Introduced in chapter 22.
    """
    first, second = reals("one", one, finite=True), reals("other", other, finite=True)
    if first.shape != second.shape or not first.size or whole("bins", bins) < 2:
        raise ValueError(f"need two images of one shape, and two bins, got {first.shape}, {second.shape} and {bins}")
    together = np.histogram2d(first.ravel(), second.ravel(), bins=bins)[0] / first.size
    apart = together.sum(axis=1, keepdims=True) * together.sum(axis=0, keepdims=True)
    seen = together > 0
    return float((together[seen] * np.log(together[seen] / apart[seen])).sum())


def find_shift(fixed: ArrayLike, moving: ArrayLike, reach: int = 4) -> tuple[int, int, int]:
    """Try all shifts of whole voxels, and return the one by which two volumes know most of each other.

    Parameters
    ----------
    fixed, moving : (X, Y, Z) of one shape
    reach : voxels to try along each axis, either way

    Returns
    -------
    by how many voxels along each axis `moving` has to be rolled

    Raises
    ------
    TypeError, ValueError
        If shapes differ, or the reach is not from 0 to below half of the shortest side.

    Introduced in chapter 22.
    """
    one, other, reach = _volume("fixed", fixed), _volume("moving", moving), whole("reach", reach)
    if one.shape != other.shape or not 0 <= reach < min(one.shape) / 2:
        raise ValueError(f"need volumes of one shape and a reach below half a side, got {one.shape}, {other.shape}")
    inner = tuple(slice(reach, length - reach) for length in one.shape)
    steps = range(-reach, reach + 1)
    return max(
        ((a, b, c) for a in steps for b in steps for c in steps),
        key=lambda step: mutual_information(one[inner], np.roll(other, step, axis=(0, 1, 2))[inner]),
    )


def _volume(name: str, values: ArrayLike) -> NDArray[np.float64]:
    grey = reals(name, values, finite=True)
    if grey.ndim != 3 or not grey.size:
        raise ValueError(f"{name} must be (X, Y, Z), got {grey.shape}")
    return grey


def _mask(brain: Mask) -> Mask:
    inside = np.asarray(brain)
    if inside.dtype != bool:
        raise TypeError(f"the brain is a boolean mask, got {inside.dtype}: compare first")
    return inside
