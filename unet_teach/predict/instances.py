"""From a network's map to cells, each with a number of its own: connected pieces, a watershed, a flood (chapter 10)."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.feature import peak_local_max
from skimage.morphology import reconstruction
from skimage.segmentation import watershed

SPECK = 25  # pixels; a smaller piece is no cell
APART = 7  # pixels between two summits that are cells of their own

Mask = NDArray[np.bool_]
Map = NDArray[np.float32]
Instances = NDArray[np.int32]


def components(mask: Mask) -> Instances:
    """Number the connected pieces of a mask, without specks.  (H, W) -> (H, W)"""
    return _without_specks(ndimage.label(mask)[0])


def by_distance(mask: Mask) -> Instances:
    """Cut each piece where it is narrow: a watershed that starts where the outline is furthest.  (H, W) -> (H, W)"""
    depth = ndimage.gaussian_filter(ndimage.distance_transform_edt(mask), 1.5)
    peaks = peak_local_max(depth, min_distance=APART, threshold_abs=2, labels=ndimage.label(mask)[0])
    markers = np.zeros(mask.shape, dtype=np.int32)
    markers[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    return _without_specks(watershed(-depth, markers, mask=mask))


def by_border(inside: Map, cell_or_border: Map, threshold: float) -> Instances:
    """Number what is inside borders, then grow each piece over its border.  (H, W) twice -> (H, W)"""
    markers = components(inside > 0.5)
    grown = watershed(-inside, markers, mask=(cell_or_border > threshold) | (markers > 0))
    return _without_specks(grown)


def by_basin(wall: Map, sigma: float, depth: float) -> Instances:
    """Flood a map of the walls between cells from its basins; 0 is where two floods meet.  (H, W) -> (H, W)

    A threshold merges two cells through any gap in the wall between them. Water does not: it rises on both sides, and
    meets in the gap. What is cut is every wall that is higher than `depth`, wherever it starts.

    Parameters
    ----------
    wall : the probability of a wall at each pixel
    sigma : of the blur that comes first, in pixels: it bridges what is not much wider than itself
    depth : a basin is a place from which one must climb at least this much to get to a lower one, 0 to 1

    Raises
    ------
    ValueError
        If `sigma` is negative, or `depth` is not above 0.

    Source: Vincent and Soille (1991) for the flood; the basins are those of `skimage.morphology.h_minima`, in floats.
    Introduced in chapter 11.
    """
    if sigma < 0 or not depth > 0:
        raise ValueError(f"need sigma >= 0 and depth > 0, got {sigma} and {depth}")
    height = ndimage.gaussian_filter(np.asarray(wall, dtype=np.float64), sigma)
    filled = reconstruction(height + depth, height, method="erosion")  # basins less deep than `depth` are gone
    basins, _ = ndimage.label(filled - height >= depth - 1e-9)
    return watershed(height, basins, watershed_line=True).astype(np.int32)


def _without_specks(instances: Instances) -> Instances:
    kept = np.bincount(instances.ravel()) >= SPECK
    kept[0] = False
    return np.where(kept[instances], instances, 0).astype(np.int32)
