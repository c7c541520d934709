"""Phantom patches with small bright lesions, one pixel in a hundred: the laboratory for rare classes (chapter 6)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach._checks import whole
from unet_teach.data.phantoms.noise import seeded, smooth_noise

SIZE = 64  # pixels
TISSUE = 100  # Hounsfield units, about a liver's after contrast medium
LESIONS = 1.5  # a patch on average; one patch in four or five has none


class LesionPatches(NamedTuple):
    """Patches and where their lesions are; see `lesion_patches`."""

    hu: NDArray[np.int16]
    lesion: NDArray[np.bool_]


def lesion_patches(count: int, seed: int) -> LesionPatches:
    """Draw patches of tissue as a CT might show them: round lesions and long vessels, both brighter, and noise.

    Lesions are 3 to 9 pixels wide and 20 to 70 HU brighter than the tissue. Vessels are 20 to 50 HU brighter, so the
    grey value alone does not tell the two apart. The noise has a standard deviation of 12 HU.

    Parameters
    ----------
    count : patches, 1 or more
    seed : any integer from 0 on; each patch depends on the ones before it

    Returns
    -------
    LesionPatches
        hu : (count, 64, 64) int16, Hounsfield units
        lesion : (count, 64, 64) bool, about 1 % of all pixels

    Raises
    ------
    ValueError
        If count is below 1.

    Introduced in chapter 6.
    """
    count = whole("count", count)
    if count < 1:
        raise ValueError(f"the number of patches must be 1 or more, got {count}")
    rng = seeded(seed)
    drawn = [_patch(rng) for _ in range(count)]
    return LesionPatches(np.stack([hu for hu, _ in drawn]), np.stack([lesion for _, lesion in drawn]))


def _patch(rng: np.random.Generator) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    rows, columns = np.indices((SIZE, SIZE), dtype=np.float32)
    hu = TISSUE + 4 * smooth_noise(rng, (SIZE, SIZE), 8)
    for _ in range(rng.integers(1, 4)):
        angle, (row, column) = rng.uniform(0, np.pi), rng.uniform(0, SIZE, 2)
        bend = 3 * smooth_noise(rng, (SIZE, SIZE), 12)
        beside = (rows - row) * np.cos(angle) - (columns - column) * np.sin(angle) + bend  # pixels from the centre line
        hu[np.abs(beside) < rng.uniform(1, 3)] += rng.uniform(20, 50)
    lesion = np.zeros((SIZE, SIZE), dtype=bool)
    for _ in range(rng.poisson(LESIONS)):
        radius, stretch, (row, column) = rng.uniform(1.5, 4.5), rng.uniform(0.75, 1.33), rng.uniform(0, SIZE, 2)
        inside = np.hypot((rows - row) * stretch, (columns - column) / stretch) < radius
        hu[inside & ~lesion] += rng.uniform(20, 70)
        lesion |= inside
    measured = ndimage.gaussian_filter(hu, 0.8) + 12 * smooth_noise(rng, (SIZE, SIZE), 0.9)
    return np.rint(measured).astype(np.int16), lesion
