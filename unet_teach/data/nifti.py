"""Reading NIfTI files: an array, the size of its voxels, and which way its axes run."""

from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray


def read_nifti(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Read a volume and its affine.

    Returns
    -------
    volume : (X, Y, Z) float32, scaled as the header says
    affine : (4, 4) float64, from voxel indices to millimetres, where x grows to the patient's right, y to
        the front and z to the head ("RAS")

    Introduced in chapter 14.
    """
    image = nibabel.Nifti1Image.from_filename(path)
    return np.asarray(image.dataobj, dtype=np.float32), np.asarray(image.affine, dtype=np.float64)


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Read a volume of labels, rounded: some files store 1 as 0.99999997, and a plain cast would make that 0.

    Returns
    -------
    (X, Y, Z) uint8

    Introduced in chapter 14.
    """
    return np.rint(read_nifti(path)[0]).astype(np.uint8)


def spacing_of(affine: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the size of a voxel along each axis, in mm.

    Introduced in chapter 14.
    """
    x, y, z = np.linalg.norm(affine[:3, :3], axis=0).tolist()
    return x, y, z
