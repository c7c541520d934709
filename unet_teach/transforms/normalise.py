"""Normalising: bring every image to the same scale of grey values before a network sees it (chapter 9)."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


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
    ValueError
        If there is no image, an image is of one grey value throughout, or holds NaN or infinity.

    Introduced in chapter 9.
    """
    if images.ndim < 3 or not images.size:
        raise ValueError(f"images must be a stack (N, H, W), got {images.shape}: for a single one pass images[None]")
    grey = torch.from_numpy(np.ascontiguousarray(images, dtype=np.float32))
    axes = tuple(range(1, grey.ndim))
    mean, sd = grey.mean(axes, keepdim=True), grey.std(axes, correction=0, keepdim=True)
    wrong = ((sd == 0) | ~sd.isfinite()).flatten().nonzero().flatten().tolist()
    if wrong:
        raise ValueError(f"images {wrong} are of one grey value throughout, or hold NaN: leave them out")
    return (grey - mean) / sd
