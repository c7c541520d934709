"""Smooth random fields, the clay of the phantoms."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import whole

Field = NDArray[np.float32]


def seeded(seed: int, *more: int) -> np.random.Generator:
    """Make a generator from a whole number, 0 or more, and others that tell its uses apart.

    Raises
    ------
    TypeError, ValueError
        If the seed is no such number.
    """
    number = whole("the seed", seed)
    if number < 0:
        raise ValueError(f"a seed is 0 or more, got {number}")
    return np.random.default_rng([number, *more] if more else number)


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
