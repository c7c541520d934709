"""Normalising: bring every image to the same scale of grey values before a network sees it (chapter 9)."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unet_teach._checks import reals


def standardise(images: NDArray[np.number]) -> Tensor:
    """Shift and stretch each image by itself to mean 0 and standard deviation 1.

    Parameters
    ----------
    images : (N, H, W) or (N, D, H, W), any kind of number

    Returns
    -------
    the same shape, float32

    Raises
    ------
    TypeError
        If they are no numbers.
    ValueError
        If there is no image, an image is of one grey value throughout (but for rounding), or holds NaN or infinity.

    Introduced in chapter 9.
    """
    exact = reals("images", images)
    if exact.ndim < 3 or not exact.size:
        raise ValueError(f"images must be a stack (N, H, W), got {exact.shape}: for a single one pass images[None]")
    axes = tuple(range(1, exact.ndim))
    wrong = np.flatnonzero(~np.isfinite(exact).all(axes) | _flat(exact, np.asarray(images).dtype, axes)).tolist()
    if wrong:
        raise ValueError(f"images {wrong} are of one grey value throughout, or hold NaN: leave them out")
    with np.errstate(over="ignore"):  # the way out is below
        grey = torch.from_numpy(exact.astype(np.float32))
    mean, sd = grey.mean(axes, keepdim=True), grey.std(axes, correction=0, keepdim=True)
    if not ((mean.abs() < 100 * sd) & (sd > 1e-15) & (sd < 1e15)).all():  # what float32 would round away
        grey = torch.from_numpy(exact / np.abs(exact).max(axes, keepdims=True))
        mean, sd = grey.mean(axes, keepdim=True), grey.std(axes, correction=0, keepdim=True)
    return ((grey - mean) / sd).float()


def _flat(images: NDArray[np.float64], kind: np.dtype[Any], axes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Tell which images hold one value, or differ by no more than two steps of their own floating-point type."""
    ends = np.finfo(kind) if kind.kind == "f" else None
    step = 2 * np.maximum(ends.eps * np.abs(images).max(axes), ends.smallest_subnormal) if ends else 0
    with np.errstate(invalid="ignore"):  # infinity less infinity
        return np.asarray(np.ptp(images, axes) <= step)
