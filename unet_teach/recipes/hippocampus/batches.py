"""What one training step sees: two cuts from the middle of boxes, each turned, stretched and bent (chapter 15).

No two boxes have one size, and a batch needs one. What lies beyond a box is mirrored.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from unet_teach.recipes.hippocampus.cases import InputBox
from unet_teach.transforms import shift_grey
from unet_teach.transforms.augment import displacement

SIZE = (28, 44, 28)  # voxels of a cut: most of a hippocampus fits in
COUNT = 2  # cuts a batch
TURN, STRETCH, BEND, GRID = 4.0, 0.04, 0.5, 5  # sd: degrees about each axis, log of the size, voxels; vectors an axis
NOBODY_SAID = -1  # the label of a voxel that nobody annotated


def crop_batch(
    cases: Sequence[InputBox],
    generator: torch.Generator,
    bent: bool = True,
    mirrored: bool = False,
    every: int = 1,
    size: tuple[int, int, int] = SIZE,
) -> tuple[Tensor, Tensor]:
    """Draw cases, and cut a piece of each from about its middle.

    Parameters
    ----------
    cases : what to draw from, with replacement
    generator : where the chance comes from
    bent : turn, stretch and bend each cut, and vary its grey values
    mirrored : exchange left and right in half of the cuts
    every : only one coronal slice in so many (the box's second axis) was annotated; elsewhere labels are -1

    Returns
    -------
    (2, 1, *size) float32 and (2, *size) int64

    Introduced in chapter 15.
    """
    images, truths = [], []
    for number in torch.randint(len(cases), (COUNT,), generator=generator).tolist():
        case = cases[number]
        where = places(case.image.shape, size, generator, bent, mirrored)
        image = torch.from_numpy(look_up(case, where))[None]
        images.append(shift_grey(image, generator) if bent else image)
        truths.append(torch.from_numpy(nearest_labels(annotated(case, every), where)))
    return torch.stack(images), torch.stack(truths)


def places(
    shape: Sequence[int], size: Sequence[int], generator: torch.Generator, bent: bool, mirrored: bool
) -> NDArray[np.float64]:
    """Draw where in a box each voxel of a cut lies.  -> (3, *size), in voxels"""
    room = np.subtract(shape, size)
    start = np.floor(torch.rand(3, generator=generator).numpy() * (np.abs(room) + 1)) * np.sign(room)
    middle = start + (np.array(size) - 1) / 2
    grid = np.stack(np.meshgrid(*(np.arange(n) - (n - 1) / 2 for n in size), indexing="ij"))  # about the middle
    if bent:
        angles = np.radians(TURN) * torch.randn(3, generator=generator).numpy()
        sizes = np.exp(STRETCH * torch.randn(3, generator=generator).numpy())
        x, y, z = size
        grid = np.einsum("ij,j,j...->i...", turned(angles), sizes, grid)
        grid = grid + displacement(y, z, generator, BEND, GRID, depth=x).numpy()
    if mirrored and torch.rand((), generator=generator) < 0.5:
        grid[0] = -grid[0]
    return np.asarray(grid + middle[:, None, None, None])


def turned(angles: Sequence[float] | NDArray[np.floating]) -> NDArray[np.float64]:
    """Build the matrix that turns about the three axes, one after the other, by angles in radians.  -> (3, 3)"""
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        i, j = (other for other in range(3) if other != axis)
        step = np.eye(3)
        step[i, i] = step[j, j] = np.cos(angle)
        step[i, j], step[j, i] = -np.sin(angle), np.sin(angle)
        matrix = step @ matrix
    return matrix


def look_up(case: InputBox, where: NDArray[np.floating]) -> NDArray[np.float32]:
    """Read grey values between the voxels by cubic splines, which hardly blur; a box goes on as in a mirror."""
    smooth = _spline(case.number, case.image.tobytes(), case.image.shape)
    return ndimage.map_coordinates(smooth, where, order=3, mode="mirror", prefilter=False).astype(np.float32)


def nearest_labels(labels: NDArray[np.integer], where: NDArray[np.floating]) -> NDArray[np.int64]:
    """Read labels at the nearest voxels, so that no new ones appear; a box goes on as in a mirror."""
    found = ndimage.map_coordinates(labels.astype(np.int64), where, order=0, mode="mirror")
    return np.asarray(found, dtype=np.int64)


def annotated(case: InputBox, every: int) -> NDArray[np.int64]:
    """Keep the labels of one coronal slice in so many, and put -1 elsewhere."""
    labels = case.labels.astype(np.int64)
    said = np.arange(labels.shape[1]) % every == (every // 2)
    return np.where(said[None, :, None], labels, NOBODY_SAID)


@lru_cache(128)
def _spline(number: int, grey: bytes, shape: tuple[int, ...]) -> NDArray[np.float64]:
    image = np.frombuffer(grey, np.float32).reshape(shape)
    return np.asarray(ndimage.spline_filter(image, order=3, mode="mirror"))
