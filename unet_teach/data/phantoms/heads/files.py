"""A patient's four files, drawn: the stand-in for one folder of set `brats2015`."""

import tempfile
from functools import lru_cache
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.heads.scan import head

AFFINE = np.diag([-1.0, -1.0, 1.0, 1.0])  # the axes run to the left, the back and the head, as in the real files
MISSING = ((0, 0), (0, 0), (2, 3))  # mm below and above the drawn head, up to the 155 slices of the set
COARSE = 2  # mm; drawn at 1 mm a patient would take 1.6 GB


@lru_cache(1)
def _room() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="unet_teach-")  # goes with the process


@lru_cache(6)
def drawn_patient(patient: int, names: tuple[str, ...]) -> Path:
    """Draw a head with a tumour and write it as a patient of the set, for as long as the process lives.

    Parameters
    ----------
    patient : 1 or more, the seed of the head
    names : of the files of FLAIR, T1c, the brain and the labels

    Returns
    -------
    the folder with the four files, (240, 240, 155) voxels of 1 mm, drawn at 2 mm

    Introduced in chapter 22.
    """
    size = float(np.random.default_rng([patient, 22]).uniform(0.3, 0.8))
    drawn = head(patient, tumour=size, spacing=float(COARSE), slices=75, size=(120, 120), level=15.0)
    folder = Path(_room().name, f"patient_{patient}")
    folder.mkdir(exist_ok=True)
    for name, volume in zip(names, (*drawn.image, drawn.brain.view(np.uint8), drawn.labels), strict=True):
        nibabel.save(nibabel.Nifti1Image(_finer(volume), AFFINE), folder / name)
    return folder


def _finer(volume: NDArray[np.generic]) -> NDArray[np.generic]:
    """Halve the voxels: greys are mixed, kinds are not.  (75, 120, 120) -> (240, 240, 155)"""
    mixed = int(volume.dtype.kind == "f")
    fine = ndimage.zoom(volume, COARSE, order=mixed, grid_mode=True, mode="nearest").transpose(2, 1, 0)
    return np.pad(fine, MISSING, constant_values=volume.min())
