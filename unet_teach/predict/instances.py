"""From a network's map to cells, each with a number of its own: connected pieces, or a watershed (chapter 10)."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.feature import peak_local_max
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


def _without_specks(instances: Instances) -> Instances:
    kept = np.bincount(instances.ravel()) >= SPECK
    kept[0] = False
    return np.where(kept[instances], instances, 0).astype(np.int32)
