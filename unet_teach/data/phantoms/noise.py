"""Smooth random fields, the clay of the phantoms."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Field = NDArray[np.float32]


def smooth_noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float | tuple[float, ...]) -> Field:
    """Draw noise of mean 0 and standard deviation 1 that is alike over about `sigma` pixels; its edges fit together."""
    field = ndimage.gaussian_filter(rng.standard_normal(shape, dtype=np.float32), sigma, mode="wrap")
    field -= field.mean()
    scaled: Field = field / field.std()
    return scaled


def enlarged(field: Field, size: int) -> Field:
    """Interpolate a square field to `size` pixels a side.  (h, h) -> (size, size)"""
    wide: Field = ndimage.zoom(field, size / len(field), order=1, grid_mode=True, mode="nearest")
    return wide
