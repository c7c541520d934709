"""Resampling: the same piece of the patient on another grid of voxels (chapter 14)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import number, reals, whole

LARGEST = 2**28  # voxels, more than 1,000 slices of 512 x 512; a slip in the unit of a spacing asks for more
ROUNDING = 1e-6  # of a voxel: what may lie outside by rounding lies inside


def resample(
    volume: NDArray[Any],
    affine: NDArray[np.float64],
    shape: Sequence[int],
    new_affine: NDArray[np.float64],
    order: int = 1,
    outside: float = 0,
) -> NDArray[Any]:
    """Look up a volume at the voxels of another grid, by way of the millimetres in which both lie.

    No blur comes first: on a coarser grid, what is finer than a new voxel is seen or missed by chance.

    Parameters
    ----------
    volume : (X, Y, Z), finite numbers or booleans
    affine : (4, 4), from its voxel indices to millimetres
    shape : three numbers of voxels, of the new grid
    new_affine : (4, 4), of the new grid, to the same millimetres
    order : 1 for images, which mixes the eight voxels around a place; 0 for masks and labels, which takes the nearest
    outside : what stands where the volume does not reach, beyond the outer faces of its voxels

    Returns
    -------
    the new shape: float32 for order 1, the volume's own type for order 0

    Raises
    ------
    TypeError, ValueError
        If something is no number or of a wrong shape, an affine cannot be inverted, or the order is another.

    Introduced in chapter 14.
    """
    order, filler = whole("order", order), number("outside", outside)
    if order not in (0, 1):
        raise ValueError(f"order is 1 for images or 0 for masks, got {order}")
    grey = reals("the volume", volume, finite=True)
    if grey.ndim != 3 or not grey.size:
        raise ValueError(f"a volume (X, Y, Z) is wanted, got {grey.shape}")
    if order and np.asarray(volume).dtype == bool:
        raise ValueError("a mask is resampled with order=0: between yes and no there is nothing to mix")
    own = np.dtype(np.float32) if order else np.asarray(volume).dtype.newbyteorder("=")
    if max(np.abs(grey).max(), abs(filler)) > (float(np.finfo(np.float32).max) if order else 2**53):
        raise ValueError(
            f"volume and outside must not hold numbers that {own if order else 'float64'} would round away"
        )
    if not order and not np.isnan(filler) and np.array(filler).astype(own) != filler:
        raise ValueError(f"outside={filler:g} is no {own}, and the mask is: choose another number, or convert the mask")
    size = _three(shape)
    old, new = _affine("affine", affine), _affine("new_affine", new_affine)
    from_new = np.linalg.solve(old, new)  # from the new voxel indices to the old ones
    found = ndimage.affine_transform(grey, from_new[:3, :3], from_new[:3, 3], size, order=order, mode="nearest")
    for axis, count in enumerate(grey.shape):
        place = np.full((1, 1, 1), from_new[axis, 3])
        for other, length in enumerate(size):
            place = place + from_new[axis, other] * np.arange(length).reshape(
                [-1 if n == other else 1 for n in range(3)]
            )
        found[np.broadcast_to((place < -0.5 - ROUNDING) | (place > count - 0.5 + ROUNDING), size)] = filler
    return found.astype(own)


def grid_of(
    shape: Sequence[int], affine: NDArray[np.float64], spacing: Sequence[float]
) -> tuple[tuple[int, int, int], NDArray[np.float64]]:
    """Return shape and affine of a grid with other voxels over the same box, for `resample`.

    The outer corner of the first voxel stays where it is, so the *centre* of the first voxel moves. Where the box is no
    whole number of new voxels long, the grid ends up to half a voxel early or late.

    Parameters
    ----------
    shape : three numbers of voxels
    affine : (4, 4), from voxel indices to millimetres
    spacing : three sizes of the new voxels, mm

    Raises
    ------
    TypeError, ValueError
        If something is no number or of a wrong shape, a spacing is not above 0, or the voxels would be too many.

    Introduced in chapter 14.
    """
    size, old = _three(shape), _affine("affine", affine)
    wanted = reals("spacing", spacing, finite=True)
    if wanted.shape != (3,) or not (wanted > 0).all():
        raise ValueError(f"spacing is three numbers above 0, in mm, got {wanted.tolist()}")
    now = np.linalg.norm(old[:3, :3], axis=0)
    counts = np.maximum(np.rint(np.array(size) * now / wanted), 1)
    if not counts.prod() <= LARGEST:
        raise ValueError(f"that makes {counts.prod():.0g} voxels: are all spacings in mm?")
    new = old.copy()
    new[:3, :3] = old[:3, :3] / now * wanted
    new[:3, 3] = old[:3, 3] + (new[:3, :3] - old[:3, :3]).sum(axis=1) / 2  # from centre to corner, and back to a centre
    x, y, z = counts.astype(int).tolist()
    return (x, y, z), new


def same_grid(
    shape: Sequence[int],
    affine: NDArray[np.float64],
    other_shape: Sequence[int],
    other_affine: NDArray[np.float64],
    within: float = 0.01,
) -> bool:
    """Say whether two volumes have their voxels at the same places: an image and its mask, before anything else.

    Parameters
    ----------
    shape, other_shape : three numbers of voxels each
    affine, other_affine : (4, 4) each, from voxel indices to millimetres
    within : mm, how far two corners may be apart

    Raises
    ------
    TypeError, ValueError
        If something is no number or of a wrong shape.

    Introduced in chapter 14.
    """
    size, other_size = _three(shape), _three(other_shape)
    difference = _affine("affine", affine) - _affine("other_affine", other_affine)
    near = number("within", within)
    if not near >= 0:
        raise ValueError(f"within is a number of mm, 0 or more, got {near:g}")
    ends = np.array(np.meshgrid(*[(0, count - 1) for count in size])).reshape(3, -1)  # the eight corners
    apart = np.linalg.norm(difference[:3, :3] @ ends + difference[:3, 3:], axis=0)
    return size == other_size and bool(apart.max() <= near)


def _three(shape: Sequence[int]) -> tuple[int, int, int]:
    try:
        x, y, z = (whole("shape", count) for count in shape)
    except (TypeError, ValueError) as error:
        raise TypeError(f"shape is three whole numbers (X, Y, Z), got {shape!r}") from error
    if not (min(x, y, z) > 0 and x * y * z <= LARGEST):
        raise ValueError(f"shape is three numbers of voxels above 0, of a volume that can be held, got {(x, y, z)}")
    return x, y, z


def _affine(name: str, affine: NDArray[np.float64]) -> NDArray[np.float64]:
    matrix = reals(name, affine, finite=True)
    if matrix.shape != (4, 4) or matrix[3].tolist() != [0, 0, 0, 1]:
        raise ValueError(f"{name} must be (4, 4), its last row 0 0 0 1, got {matrix.shape}: readers return it")
    if not np.linalg.cond(matrix[:3, :3]) < 1e6:
        raise ValueError(f"{name} squeezes the volume flat: look at its columns, which are steps in mm")
    return matrix
