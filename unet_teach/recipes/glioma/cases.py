"""Heads as a network gets them: voxels of 3 mm, each sequence on its own scale, three nested regions (chapter 22)."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch.nn import functional

from unet_teach._checks import reals
from unet_teach.data import load_brain_tumour
from unet_teach.data.phantoms import head
from unet_teach.predict.regions import REGIONS, regions_of

THICK = 3  # voxels of the scan along each side of one voxel of ours: 3 mm
RULE = "2012-2015"
SEQUENCES = ("FLAIR", "T1c")


class GliomaCase(NamedTuple):
    """One head, ready for a network.

    name : "patient 5", or "phantom 17"
    image : (2, X, Y, Z) float32, FLAIR and T1c by `as_sequences`, towards the left, the back and the head
    regions : (3, X, Y, Z) bool, WT, TC, ET
    brain : (X, Y, Z) bool
    """

    name: str
    image: NDArray[np.float32]
    regions: NDArray[np.bool_]
    brain: NDArray[np.bool_]


def as_sequences(sequences: ArrayLike, brain: ArrayLike) -> NDArray[np.float32]:
    """Bring each MR sequence to mean 0 and standard deviation 1 inside the brain, and to 0 outside.

    Parameters
    ----------
    sequences : (C, X, Y, Z) numbers, on any scale
    brain : (X, Y, Z) bool

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, the brain is empty, or a sequence is not finite in it or has one grey value throughout.

    Introduced in chapter 22.
    """
    grey, inside = np.asarray(sequences), np.asarray(brain)
    if inside.dtype != bool:
        raise TypeError(f"the brain is a boolean mask, got {inside.dtype}: compare first, as in `mask == 1`")
    if grey.ndim != 4 or grey.shape[1:] != inside.shape or not len(grey):
        raise ValueError(
            f"sequences are (C, X, Y, Z) and the brain (X, Y, Z), got {grey.shape} and {inside.shape}: a sequence that "
            "lies on another grid must be registered first"
        )
    if not inside.any():
        raise ValueError("the brain mask is empty: without it nobody knows what to scale the greys by")
    scaled = np.zeros(grey.shape, np.float32)
    for number, volume in enumerate(grey):
        values = reals(f"sequence {number}", volume[inside], finite=True)  # a head in float64 would be large
        if np.ptp(values) <= 1e-6 * max(np.abs(values).max(), 1e-30):
            raise ValueError(f"sequence {number} has one grey value throughout the brain: nothing can be seen in it")
        scaled[number, inside] = (values - values.mean()) / values.std()
    return scaled


def coarse(volume: NDArray[np.generic]) -> NDArray[np.float32]:
    """Average blocks of 3 x 3 x 3 voxels; what is missing at the far ends counts as 0.  (..., X, Y, Z)"""
    ends = [(0, 0)] * (volume.ndim - 3) + [(0, -length % THICK) for length in volume.shape[-3:]]
    padded = np.pad(volume.astype(np.float32), ends)
    *front, x, y, z = padded.shape
    blocks = padded.reshape(*front, x // THICK, THICK, y // THICK, THICK, z // THICK, THICK)
    return blocks.mean(axis=(-5, -3, -1), dtype=np.float32)


def fine(maps: NDArray[np.generic], size: tuple[int, ...]) -> NDArray[np.float32]:
    """Bring maps back to the scan's own voxels, mixing the nearest eight.  (C, x, y, z) -> (C, *size)"""
    stack = torch.from_numpy(np.ascontiguousarray(maps, dtype=np.float32))[None]
    grown = functional.interpolate(stack, scale_factor=THICK, mode="trilinear", align_corners=False)[0].numpy()
    return grown[:, : size[0], : size[1], : size[2]]


@lru_cache(6)
def real_case(patient: int) -> GliomaCase:
    """Load one patient of `brats2015`, and make it a case. Errors as `load_brain_tumour`."""
    scan = load_brain_tumour(patient)
    image = as_sequences(np.stack([scan.flair, scan.t1c]), scan.brain)
    regions = regions_of(scan.labels, RULE)
    return GliomaCase(f"patient {patient}", coarse(image), coarse(regions) >= 0.5, coarse(scan.brain) >= 0.5)


def true_regions(patient: int) -> NDArray[np.bool_]:
    """Load what the experts drew, voxel by voxel of 1 mm.  -> (3, 240, 240, 155), WT, TC, ET"""
    return regions_of(_labels(patient), RULE)


@lru_cache(6)
def _labels(patient: int) -> NDArray[np.uint8]:
    return load_brain_tumour(patient).labels


@lru_cache(128)
def phantom_case(seed: int) -> GliomaCase:
    """Draw a head that never was, with a tumour of any size, and make it a case.

    Introduced in chapter 22.
    """
    size = float(np.random.default_rng([seed, 22]).uniform(0.2, 1.0))
    drawn = head(seed, tumour=size, sequences=SEQUENCES, spacing=float(THICK), slices=42, size=(80, 80))
    brain = np.ascontiguousarray(drawn.brain.transpose(2, 1, 0))
    image = as_sequences(drawn.image.transpose(0, 3, 2, 1), brain)
    regions = np.stack([drawn.region(name).transpose(2, 1, 0) for name in REGIONS])
    return GliomaCase(f"phantom {seed}", image, np.ascontiguousarray(regions), brain)
