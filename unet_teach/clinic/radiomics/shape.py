"""Shape of a region: volume, surface, and how far it is from a ball, by a mesh of triangles (chapter 23).

Source of every definition: Zwanenburg et al., the reference manual of the IBSI (arXiv 1612.07003).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, spatial
from skimage.measure import marching_cubes

from unet_teach._checks import number, reals

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def surface_mesh(mask: Mask, spacing: Sequence[float] = (1, 1, 1)) -> tuple[Numbers, NDArray[np.int64]]:
    """Wrap a region in triangles, half-way between its voxels and those outside: the marching cubes.

    Parameters
    ----------
    mask : boolean, 3-D, with at least one voxel
    spacing : mm between voxels, one number an axis

    Returns
    -------
    corners : (n, 3), in mm
    triangles : (m, 3), the numbers of three corners each

    Raises
    ------
    TypeError
        If the mask is not a boolean array, or the spacing holds no numbers.
    ValueError
        If the mask is not 3-D or is empty, or the spacing is not three positive numbers.

    Introduced in chapter 23.
    """
    steps = _checked(mask, spacing)
    box = ndimage.find_objects(mask.astype(np.int8))[0]  # what is far around costs time and changes nothing
    corners, triangles, _, _ = marching_cubes(np.pad(mask[box], 1).astype(np.float32), 0.5)
    first = np.array([part.start for part in box]) - 1
    return (corners.astype(float) + first) * steps, triangles.astype(np.int64)


def mesh_volume(corners: Numbers, triangles: NDArray[np.integer]) -> float:
    """Add up the pyramids between each triangle and the origin; those on the far side count as negative.

    The triangles must close a surface and turn the same way, as those of `surface_mesh`: then it is exact.

    Raises
    ------
    TypeError, ValueError
        If corners or triangles are not of three numbers each.

    Introduced in chapter 23.
    """
    a, b, c = _three(corners, triangles)
    return float(abs((a * np.cross(b, c)).sum()) / 6)


def mesh_area(corners: Numbers, triangles: NDArray[np.integer]) -> float:
    """Add up the areas of the triangles, each half of a parallelogram.

    Errors as `mesh_volume`. Introduced in chapter 23.
    """
    a, b, c = _three(corners, triangles)
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def sphericity(volume: float, area: float) -> float:
    """Divide the surface of a ball of this volume by the surface there is: 1 for a ball, less for anything else.

    Raises
    ------
    ValueError
        If volume or area is not a positive number, or if no body has so little surface around so much volume.

    Source: the manual of the IBSI, "sphericity". Introduced in chapter 23.
    """
    volume, area = number("the volume", volume), number("the area", area)
    if not (0 < volume < math.inf and 0 < area < math.inf):
        raise ValueError(f"volume and area must be positive numbers, got {volume:g} and {area:g}")
    ball = (36 * math.pi * volume**2) ** (1 / 3)
    if ball > area * (1 + 1e-9):
        raise ValueError(
            f"a volume of {volume:g} cannot have a surface of only {area:g}: a ball has {ball:g}; look at the units"
        )
    return ball / area


def shape_features(mask: Mask, spacing: Sequence[float] = (1, 1, 1)) -> dict[str, float]:
    """Measure a region: volumes, surface, roundness, and its longest ways, in mm.

    Axes are four times the standard deviations of its voxels along their principal directions, which is the length of
    an even ellipsoid; elongation and flatness are the second and the third in shares of the first.

    Parameters
    ----------
    mask : boolean, 3-D, with at least two voxels
    spacing : mm between voxels, one number an axis

    Returns
    -------
    names and numbers : volume by mesh and by voxels (mm3), surface (mm2), surface to volume (1/mm), sphericity,
        maximum diameter (mm), three axes (mm), elongation, flatness

    Raises
    ------
    TypeError, ValueError
        As `surface_mesh`; also where there is one voxel only, which has no long side.

    Introduced in chapter 23.
    """
    steps = _checked(mask, spacing)
    voxels = np.argwhere(mask) * steps
    if len(voxels) < 2:
        raise ValueError("one voxel alone has no shape: measure regions of at least two")
    corners, triangles = surface_mesh(mask, spacing)
    volume, area = mesh_volume(corners, triangles), mesh_area(corners, triangles)
    spread = np.linalg.eigvalsh(np.cov(voxels, rowvar=False))[::-1]
    axes = 4 * np.sqrt(np.clip(spread, 0, None))
    return {
        "volume (mesh)": volume,
        "volume (voxels)": float(mask.sum() * steps.prod()),
        "surface": area,
        "surface to volume": area / volume,
        "sphericity": sphericity(volume, area),
        "maximum diameter": _diameter(corners),
        "major axis": float(axes[0]),
        "minor axis": float(axes[1]),
        "least axis": float(axes[2]),
        "elongation": float(axes[1] / axes[0]),
        "flatness": float(axes[2] / axes[0]),
    }


def _diameter(corners: Numbers) -> float:
    """Find the two corners farthest apart; they stand on the convex hull."""
    hull = corners[spatial.ConvexHull(corners).vertices]
    return float(spatial.distance.pdist(hull).max())


def _checked(mask: Mask, spacing: Sequence[float]) -> Numbers:
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        kind = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(f"the mask must be a boolean array, got {kind}: write mask > 0, or labels == 4")
    if mask.ndim != 3:
        raise ValueError(f"the mask must be 3-D, got {mask.ndim}-D: a slice has an area, not a volume")
    if not mask.any():
        raise ValueError("the mask is empty: a region that is not there has no shape")
    steps = reals("the spacing", spacing)
    if steps.shape != (3,) or not ((steps > 0) & np.isfinite(steps)).all():
        raise ValueError(f"the spacing must be three positive numbers of mm, one an axis, got {spacing}")
    return steps


def _three(corners: Numbers, triangles: NDArray[np.integer]) -> Numbers:
    points, faces = reals("the corners", corners, finite=True), reals("the triangles", triangles, finite=True)
    if points.ndim != 2 or points.shape[1] != 3 or faces.ndim != 2 or faces.shape[1] != 3 or not len(faces):
        raise ValueError(f"corners and triangles must be (n, 3) and (m, 3), got {points.shape} and {faces.shape}")
    if (faces % 1).any() or faces.min() < 0 or faces.max() >= len(points):
        raise ValueError(f"triangles must be numbers of corners, 0 to {len(points) - 1}")
    return points[faces.astype(np.int64)].transpose(1, 0, 2)  # (3, m, 3)
