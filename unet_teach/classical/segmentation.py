"""Rules that find regions without learning: Otsu's threshold and region growing (chapter 5)."""

from collections import deque

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unet_teach._checks import number, prepared, reals


@prepared(lambda values: (reals("the values", values),))
def otsu(values: ArrayLike) -> float:
    """Find the threshold that puts the means of the two sides furthest apart, weighed by how many are on each.

    The values are sorted into 256 bins; at each border between two bins the between-class variance, without its
    constant factor, is n_below * n_above * (mean_below - mean_above)². "Above the threshold" is what is greater.

    Parameters
    ----------
    values : numbers of any shape, such as an image or the pixels inside a mask

    Returns
    -------
    The middle of the last bin below the best border (so values in the upper half of that bin count as above it); the
    value itself where all are equal, but for rounding. The same as `skimage.filters.threshold_otsu` of floats.

    Raises
    ------
    TypeError, ValueError
        If there is no value, or one is not finite or no number.

    Source: Otsu (1979). Introduced in chapter 5, section "Otsu by hand".
    """
    values = np.asarray(values, dtype=float).ravel()
    if values.size == 0 or not np.isfinite(values).all():
        raise ValueError("Otsu needs at least one value, and none that is NaN")
    if np.ptp(values) <= 1e-12 * np.abs(values).max():  # all equal
        return float(values[0])
    counts, edges = np.histogram(values, bins=256)
    centres = (edges[:-1] + edges[1:]) / 2
    sums = (counts * centres).cumsum()
    below = counts.cumsum()[:-1]  # how many lie below each border between two bins
    above = counts.sum() - below
    apart = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
    return float(centres[(below * above * apart**2).argmax()])


def _grid_seed_and_band(
    image: NDArray[np.number], seed: tuple[int, int], low: float, high: float
) -> tuple[NDArray[np.float64], tuple[int, ...], float, float]:
    grid, place = reals("the image", image), reals("the seed", seed)
    if grid.ndim != 2:
        raise ValueError(f"the image must be (H, W), got {grid.shape}: take one grey channel")
    if place.shape != (2,) or not (np.isfinite(place) & (place == np.rint(place))).all():
        raise ValueError(f"the seed must be the row and the column of a pixel, two whole numbers, got {seed}")
    return grid, tuple(place.astype(int).tolist()), number("low", low), number("high", high)


@prepared(_grid_seed_and_band)
def grow_region(image: NDArray[np.number], seed: tuple[int, int], low: float, high: float) -> NDArray[np.bool_]:
    """Grow a region from a seed: take every neighbour whose grey value is in the band, and its neighbours in turn.

    Parameters
    ----------
    image : (H, W) grey values
    seed : (row, column) of a pixel inside the region
    low, high : the band, both ends included

    Returns
    -------
    (H, W) booleans, True in the region, which is connected across the edges of pixels (not their corners).

    Raises
    ------
    TypeError, ValueError
        If the image is not (H, W) numbers, the seed is outside it, or its own grey value outside the band.

    Introduced in chapter 5, section "Region growing".
    """
    height, width = image.shape
    if not (0 <= seed[0] < height and 0 <= seed[1] < width):
        raise ValueError(f"the seed {seed} is outside the image of {height} x {width}")
    if not low <= image[seed] <= high:
        raise ValueError(f"the seed has {image[seed]}, outside {low} to {high}")
    region = np.zeros(image.shape, dtype=bool)
    region[seed] = True
    waiting = deque([seed])
    while waiting:
        row, column = waiting.popleft()
        for r, c in (
            (row - 1, column),
            (row + 1, column),
            (row, column - 1),
            (row, column + 1),
        ):
            inside = 0 <= r < height and 0 <= c < width
            if inside and not region[r, c] and low <= image[r, c] <= high:
                region[r, c] = True
                waiting.append((r, c))
    return region
