"""Texture of a region: which greys lie side by side, and what that table says (chapter 23).

Source of every definition: Haralick et al. (1973); Zwanenburg et al., the reference manual of the IBSI
(arXiv 1612.07003).
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import reals, whole
from unet_teach.clinic.radiomics.intensity import checked_levels

Numbers = NDArray[np.float64]


def co_occurrences(levels: NDArray[np.integer], distance: int = 1) -> NDArray[np.int64]:
    """Count, for each direction, how often a level lies beside a level; both ways, so every table is symmetric.

    Parameters
    ----------
    levels : whole numbers from 1, 0 outside of the region; 2-D or 3-D. A pair counts where both are inside
    distance : in voxels along the direction

    Returns
    -------
    (directions, levels, levels) counts: 4 directions in a slice, 13 in a volume

    Raises
    ------
    TypeError, ValueError
        If levels are not whole numbers from 0, not 2-D or 3-D, or the distance is not positive.

    Introduced in chapter 23.
    """
    greys, distance = checked_levels(levels), whole("the distance", distance)
    if greys.ndim not in (2, 3) or distance < 1:
        raise ValueError(f"levels must be 2-D or 3-D and the distance at least 1, got {greys.ndim}-D and {distance}")
    greys = greys[ndimage.find_objects((greys > 0).astype(np.int8))[0]]  # what is far around counts for nothing
    count = int(greys.max())
    tables = []
    for step in directions(greys.ndim):
        here, there = _shifted(greys, step, distance)
        both = (here > 0) & (there > 0)
        pairs = (here[both] - 1) * count + there[both] - 1
        table = np.bincount(pairs, minlength=count**2).reshape(count, count)
        tables.append(table + table.T)
    return np.stack(tables)


def directions(dims: int) -> list[tuple[int, ...]]:
    """List the ways from a voxel to its neighbours, one of each opposite pair: 4 in a slice, 13 in a volume.

    Raises
    ------
    TypeError, ValueError
        If dims is neither 2 nor 3.

    Introduced in chapter 23.
    """
    dims = whole("the number of dimensions", dims)
    if dims not in (2, 3):
        raise ValueError(f"directions are known in 2 and 3 dimensions, not in {dims}")
    return [step for step in product((-1, 0, 1), repeat=dims) if step > (0,) * dims]


def matrix_features(table: NDArray[np.integer]) -> dict[str, float]:
    """Read Haralick's features off one table of co-occurrences.

    Correlation is 1 where all pairs are of one level: then neighbours cannot be more alike.

    Parameters
    ----------
    table : (levels, levels) counts or shares, symmetric

    Raises
    ------
    TypeError, ValueError
        If the table is not square, holds negative numbers, or no pair.

    Introduced in chapter 23.
    """
    counts = reals("the table", table, finite=True)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ValueError(f"the table must be square and hold no negative number, got the shape {counts.shape}")
    if not counts.sum() > 0:
        raise ValueError("the table holds no pair: no two voxels of the region are neighbours in this direction")
    p = counts / counts.sum()
    i, j = np.indices(p.shape) + 1
    apart, together = np.abs(i - j), i + j
    mean = (i * p).sum()
    variance = ((i - mean) ** 2 * p).sum()
    around = together - 2 * mean
    return {
        "joint maximum": float(p.max()),
        "joint average": float(mean),
        "joint variance": float(variance),
        "joint entropy": _entropy(p),
        "difference average": float((apart * p).sum()),
        "difference entropy": _entropy(np.bincount(apart.ravel(), p.ravel())),
        "sum average": float((together * p).sum()),
        "sum entropy": _entropy(np.bincount(together.ravel(), p.ravel())),
        "angular second moment": float((p**2).sum()),
        "contrast": float((apart**2 * p).sum()),
        "inverse difference": float((p / (1 + apart)).sum()),
        "inverse difference moment": float((p / (1 + apart**2)).sum()),
        "correlation": float((((i - mean) * (j - mean)) * p).sum() / variance) if variance > 0 else 1.0,
        "autocorrelation": float((i * j * p).sum()),
        "cluster tendency": float((around**2 * p).sum()),
        "cluster shade": float((around**3 * p).sum()),
        "cluster prominence": float((around**4 * p).sum()),
    }


def texture_features(levels: NDArray[np.integer], merged: bool = False, distance: int = 1) -> dict[str, float]:
    """Read the texture of a region: features of each direction, averaged, or of the sum of all tables.

    Parameters
    ----------
    levels : whole numbers from 1, 0 outside of the region; 2-D or 3-D
    merged : add up the tables of all directions first, instead of averaging features after
    distance : in voxels along the direction

    Raises
    ------
    TypeError, ValueError
        As `co_occurrences`; also where no two voxels of the region are neighbours. A direction without a pair is left
        out of an average.

    Introduced in chapter 23.
    """
    if not isinstance(merged, bool | np.bool_):
        raise TypeError(f"merged must be True or False, got {type(merged).__name__}")
    tables = co_occurrences(levels, distance)
    filled = [table for table in tables if table.any()]
    if not filled:
        raise ValueError("no two voxels of the region are neighbours: single voxels have no texture")
    if merged:
        return matrix_features(tables.sum(axis=0))
    each = [matrix_features(table) for table in filled]
    return {name: float(np.mean([features[name] for features in each])) for name in each[0]}


def _entropy(shares: NDArray[np.floating | np.integer]) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log2(some)).sum())


def _shifted(greys: NDArray[np.int64], step: tuple[int, ...], distance: int) -> tuple[NDArray[np.int64], ...]:
    """Cut out the voxels that have a partner in this direction, and their partners."""
    here, there = [], []
    for size, one in zip(greys.shape, step, strict=True):
        far = one * distance
        here.append(slice(max(0, -far), max(0, size - max(0, far))))
        there.append(slice(max(0, far), max(0, size - max(0, -far))))
    return greys[tuple(here)], greys[tuple(there)]
