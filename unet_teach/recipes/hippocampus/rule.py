"""The rule without looking: where the hippocampus lay in the boxes of others, there it lies in this (chapter 15)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach.recipes.hippocampus.cases import InputBox

CLASSES = 3

Shape = NDArray[np.float64]  # (classes, *grid): the share of cases that have a class there


def mean_shape(cases: Sequence[InputBox], grid: tuple[int, int, int] = (36, 50, 36)) -> Shape:
    """Stretch the labels of all cases to one box, and count the votes at each voxel.

    Returns
    -------
    (3, *grid): the share of the cases that say background, anterior, posterior

    Raises
    ------
    ValueError
        If there is no case.

    Introduced in chapter 15.
    """
    if not cases:
        raise ValueError("there is no case to take a mean of")
    stretched = np.stack([stretch(case.labels, grid) for case in cases])  # (cases, *grid)
    return np.stack([(stretched == number).mean(axis=0) for number in range(CLASSES)])


def place_shape(shape: Shape, size: tuple[int, ...]) -> NDArray[np.uint8]:
    """Stretch the mean shape to a box of this size: each voxel's class is the one with most votes. No image is seen.

    Introduced in chapter 15.
    """
    votes = np.stack([stretch(share, size) for share in shape])
    return votes.argmax(axis=0).astype(np.uint8)


def stretch(volume: NDArray[np.generic], size: Sequence[int]) -> NDArray[np.generic]:
    """Stretch or shrink a volume to a size, each voxel taking the value at the same relative place."""
    where = [((np.arange(n) + 0.5) * old / n).astype(int) for n, old in zip(size, volume.shape, strict=True)]
    return volume[np.ix_(*where)]
