"""The IBSI's digital phantom: 80 voxels with published values for every feature (chapter 23).

Designed by Alex Zwanenburg, CC BY 4.0 (github.com/theibsi/data_sets); the values are those of the reference manual
(arXiv 1612.07003), where a feature's tolerance is given beside it.
"""

import numpy as np
from numpy.typing import NDArray

PHANTOM_SPACING = (2.0, 2.0, 2.0)  # mm

# Level by level from the top: rows of a slice, a dot where a voxel is not in the region.
_SLICES = """
14411 14611 41641 44641
14411 11611 .1311 44611
144.. 11111 11.11 11611
144.. 11111 11111 11611
"""

# feature -> (value, tolerance); where no tolerance is published, half a unit of the last digit.
PUBLISHED: dict[str, tuple[float, float]] = {
    "volume (mesh)": (556, 4),
    "volume (voxels)": (592, 4),
    "surface": (388, 3),
    "surface to volume": (0.698, 0.004),
    "sphericity": (0.843, 0.005),
    "maximum diameter": (13.1, 0.1),
    "major axis": (11.4, 0.1),
    "minor axis": (9.31, 0.06),
    "least axis": (8.54, 0.05),
    "elongation": (0.816, 0.005),
    "flatness": (0.749, 0.005),
    "mean": (2.15, 0.005),
    "variance": (3.05, 0.005),
    "skewness": (1.08, 0.005),
    "kurtosis": (-0.355, 0.0005),
    "median": (1, 0.5),
    "minimum": (1, 0.5),
    "10th percentile": (1, 0.5),
    "90th percentile": (4, 0.5),
    "maximum": (6, 0.5),
    "interquartile range": (3, 0.5),
    "range": (5, 0.5),
    "mean absolute deviation": (1.55, 0.005),
    "energy": (567, 0.5),
    "root mean square": (2.77, 0.005),
    "entropy": (1.27, 0.005),
    "uniformity": (0.512, 0.0005),
    "joint maximum": (0.503, 0.0005),
    "joint average": (2.14, 0.005),
    "joint variance": (3.1, 0.05),
    "joint entropy": (2.4, 0.05),
    "difference average": (1.43, 0.005),
    "difference entropy": (1.56, 0.005),
    "sum average": (4.29, 0.005),
    "sum entropy": (1.92, 0.005),
    "angular second moment": (0.303, 0.0005),
    "contrast": (5.32, 0.005),
    "inverse difference": (0.677, 0.0005),
    "inverse difference moment": (0.618, 0.0005),
    "correlation": (0.157, 0.0005),
    "autocorrelation": (5.06, 0.005),
    "cluster tendency": (7.07, 0.005),
    "cluster shade": (16.6, 0.05),
    "cluster prominence": (145, 0.5),
}


def digital_phantom() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the phantom's grey levels and its region, (5, 4, 4) along x, y, z.

    Introduced in chapter 23.
    """
    slices = [line.split() for line in _SLICES.strip().splitlines()]
    letters = np.array([[list(row) for row in rows] for rows in slices]).transpose(2, 1, 0)
    mask = letters != "."
    return np.where(mask, letters, "0").astype(np.int64), mask
