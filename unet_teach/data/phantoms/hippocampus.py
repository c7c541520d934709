"""A bent tube with a thick end in a box of grey tissue: the stand-in for set `hippocampus`."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import whole
from unet_teach.data.phantoms.noise import Field, seeded, smooth_noise

POINTS = 120  # of the tube's middle line, from the tail to the head
HEAD = 0.62  # where along it the anterior part begins
TISSUE = (0.12, 1.0, 1.3)  # grey of fluid, of what lies around, and of white matter; the tube has GREY
GREY = 0.72


def hippocampus_box(number: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Draw one box, as `load_hippocampus` returns it.

    Numbers 2k - 1 and 2k are alike in shape, size and scale of grey, as in the real set.

    Parameters
    ----------
    number : 1 or more

    Returns
    -------
    image : (X, Y, Z) float32, about (36, 50, 36), of a scale that differs from pair to pair
    labels : (X, Y, Z) uint8, 0 background, 1 anterior, 2 posterior

    Raises
    ------
    TypeError, ValueError
        If the number is no whole number from 1 on.

    Introduced in chapter 15.
    """
    number = whole("the number of a case", number)
    if number < 1:
        raise ValueError(f"cases are numbered from 1, got {number}")
    person, side = seeded((number + 1) // 2, 15), seeded(number, 15, 1)
    labels = _tube(person, side)
    grey = np.where(labels > 0, GREY, _surroundings(side, labels.shape))
    image = ndimage.gaussian_filter(grey, 0.6) + side.normal(0, 0.06, labels.shape)
    scale = 10 ** person.uniform(1.8, 3.5)
    return (scale * np.clip(image, 0, None)).astype(np.float32), labels


def _tube(person: np.random.Generator, side: np.random.Generator) -> NDArray[np.uint8]:
    """Number each voxel by the part of the tube around it: the tail lies high and behind, the head low and in front."""
    shape = person.integers((33, 47, 33), (39, 54, 40)) + side.integers(-1, 2, 3)
    thickness, bow = person.uniform(0.92, 1.08), person.uniform(1.5, 3.5)
    along = np.linspace(0, 1, POINTS)
    middle = 13 + 3 * along + bow * np.sin(np.pi * along), 8 + 34 * along, 11 + 15 * (1 - along) ** 1.4
    line = np.stack(middle, axis=1)
    line += (shape - (36, 50, 36)) / 2 + side.normal(0, 0.5, 3)
    radius = thickness * (4.3 + 2 / (1 + np.exp(-16 * (along - HEAD))) - 2 * along**12 - 1.2 * (1 - along) ** 4)
    nearest, labels = np.full(shape, np.inf), np.zeros(shape, np.uint8)
    for point, reach, part in zip(line, radius, np.where(along >= HEAD, 1, 2), strict=True):
        box = tuple(slice(max(0, int(x - reach)), int(x + reach) + 2) for x in point)
        offsets = (np.arange(axis.start, min(axis.stop, n)) - x for axis, n, x in zip(box, shape, point, strict=True))
        away = sum(offset**2 for offset in np.ix_(*offsets)) / reach**2
        closer = (away <= 1) & (away < nearest[box])
        nearest[box][closer], labels[box][closer] = away[closer], part
    return labels


def _surroundings(side: np.random.Generator, shape: tuple[int, ...]) -> Field:
    hills = smooth_noise(side, shape, 3)
    return np.select([hills < -1.1, hills < 0.3], TISSUE[:2], TISSUE[2]).astype(np.float32)
