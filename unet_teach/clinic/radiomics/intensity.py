"""Intensities of a region, whatever their places: first-order features, and greys sorted into bins (chapter 23).

Source of every definition: Zwanenburg et al., the reference manual of the IBSI (arXiv 1612.07003).
"""

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals, whole

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def intensity_features(values: Numbers) -> dict[str, float]:
    """Describe the intensities of a region by mean, spread, skew and the like: places do not count.

    Parameters
    ----------
    values : the region's intensities, as `image[mask]` gives them

    Returns
    -------
    names and numbers; skewness and kurtosis are 0 where all intensities are the same, as the IBSI lays down

    Raises
    ------
    TypeError, ValueError
        If there is no value, or one is NaN or infinite.

    Introduced in chapter 23.
    """
    x = _some(values)
    apart = x - x.mean()
    variance = float((apart**2).mean())
    even = variance <= (1e-12 * np.abs(x).max()) ** 2  # equal but for rounding
    tenth, quarter, middle, three_quarters, ninetieth = np.percentile(x, [10, 25, 50, 75, 90])
    return {
        "mean": float(x.mean()),
        "variance": variance,
        "skewness": 0.0 if even else float((apart**3).mean() / variance**1.5),
        "kurtosis": 0.0 if even else float((apart**4).mean() / variance**2 - 3),
        "median": float(middle),
        "minimum": float(x.min()),
        "10th percentile": float(tenth),
        "90th percentile": float(ninetieth),
        "maximum": float(x.max()),
        "interquartile range": float(three_quarters - quarter),
        "range": float(np.ptp(x)),
        "mean absolute deviation": float(np.abs(apart).mean()),
        "energy": float((x**2).sum()),
        "root mean square": float(np.sqrt((x**2).mean())),
    }


def discretise(image: Numbers, mask: Mask, bins: int = 32) -> NDArray[np.int64]:
    """Sort the intensities of a region into so many bins of equal width, from its lowest to its highest.

    Parameters
    ----------
    image : intensities, of any shape
    mask : boolean, of the same shape
    bins : how many, at least 2: the IBSI's *fixed bin number*

    Returns
    -------
    levels 1 to `bins` in the region, 0 outside; the highest intensity counts to the highest bin

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, the mask is empty or not boolean, the region holds NaN or infinity, or one value only,
        which has no bins.

    Introduced in chapter 23.
    """
    grey, bins = reals("the image", image), whole("the number of bins", bins)
    if not isinstance(mask, np.ndarray) or mask.dtype != bool or mask.shape != grey.shape:
        raise ValueError(f"the mask must be a boolean array of the image's shape, {grey.shape}")
    if not 2 <= bins <= 1024:
        raise ValueError(f"take 2 to 1024 bins, got {bins}")
    inside = _some(grey[mask])
    low, high = inside.min(), inside.max()
    if not high > low:
        raise ValueError(f"all intensities in the region are {low:g}: one grey has no texture")
    levels = np.zeros(grey.shape, dtype=np.int64)
    levels[mask] = np.minimum(np.floor(bins * (inside - low) / (high - low)) + 1, bins)
    return levels


def histogram_features(levels: NDArray[np.integer]) -> dict[str, float]:
    """Say how evenly a region's levels are spread: entropy in bits, and uniformity.

    Parameters
    ----------
    levels : whole numbers from 1, 0 outside of the region, as `discretise` gives them

    Raises
    ------
    TypeError, ValueError
        If levels are not whole numbers from 0, or no voxel is in the region.

    Introduced in chapter 23.
    """
    shares = np.bincount(checked_levels(levels).ravel())[1:] / np.count_nonzero(levels)
    shares = shares[shares > 0]
    return {"entropy": float(-(shares * np.log2(shares)).sum()), "uniformity": float((shares**2).sum())}


def checked_levels(levels: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return levels as int64, or say why they are none.

    Raises
    ------
    TypeError, ValueError
        If levels are not whole numbers from 0 to 1024, or no voxel is in the region.

    Introduced in chapter 23.
    """
    if not isinstance(levels, np.ndarray) or levels.dtype.kind not in "ui":
        kind = levels.dtype if isinstance(levels, np.ndarray) else type(levels).__name__
        raise TypeError(f"levels must be an array of whole numbers, got {kind}: sort greys into bins with discretise")
    if not levels.any():
        raise ValueError("no voxel is in the region: levels are 1, 2 ... inside, and 0 outside")
    if levels.min() < 0 or levels.max() > 1024:
        raise ValueError(f"levels must lie within 0 and 1024, got {levels.min()} to {levels.max()}: use discretise")
    return levels.astype(np.int64)


def _some(values: Numbers) -> Numbers:
    x = reals("the intensities", values, finite=True).ravel()
    if not x.size:
        raise ValueError("there are no intensities: the region is empty")
    return x
