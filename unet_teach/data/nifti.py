"""Reading NIfTI files: an array, the size of its voxels, and which way its axes run."""

import gzip
import io
import math
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals

HEADER = 348  # bytes
LARGEST = 2**31  # bytes that a volume may take once unpacked: a small file may swell a thousandfold
BEHIND = 2**20  # bytes behind the last voxel that are let pass
ROUNDING = 1e-3  # what a label may be away from a whole number: files that were resampled or scaled store 0.99999997


def read_nifti(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Read a volume and its affine.

    Returns
    -------
    volume : (X, Y, Z) float32, scaled as the header says
    affine : (4, 4) float64, from voxel indices to millimetres, where x grows to the patient's right, y to
        the front and z to the head ("RAS")

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file; if it is no whole NIfTI volume of real numbers that float32 can hold; if it would
        take more than 2 GiB unpacked, or more than its header says. A compressed file carries its own checksum, which
        is compared; in one that is not, a wrong grey value cannot be seen.

    Introduced in chapter 14.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in {path.parent}")
    try:
        image = nibabel.Nifti1Image.from_bytes(unpacked(path))
        if image.get_data_dtype().kind not in "buif":
            raise ValueError("complex numbers or colours")
        volume, affine = np.asarray(image.dataobj, dtype=np.float32), np.asarray(image.affine, dtype=np.float64)
    except TooLargeError as error:
        raise ValueError(f"{path.name} {error}") from error
    except Exception as error:  # each of five libraries has errors of its own for damaged files
        raise ValueError(
            f"{path.name} is damaged, or no NIfTI file of real numbers: copy or download it again"
        ) from error
    if volume.ndim != 3 or not volume.size:
        raise ValueError(f"{path.name} holds an array of {volume.shape}, not a volume (X, Y, Z): take one out of it")
    if np.isinf(volume).any() or not np.isfinite(affine).all():
        raise ValueError(f"{path.name} holds infinite numbers, or some beyond float32: it may be damaged")
    return volume, affine


class TooLargeError(ValueError):
    """A file that holds more than a reader should unpack.

    Introduced in chapter 25.
    """


def unpacked(path: Path) -> bytes:
    """Return a file's bytes, unpacked where they are compressed, but never more than their own header announces.

    Raises
    ------
    TooLargeError (a ValueError)
        If that is more than 2 GiB, or the file holds far more than it announces.

    Introduced in chapter 25.
    """
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else path.open("rb") as stream:
        head = stream.read(HEADER)
        header = nibabel.Nifti1Header.from_fileobj(io.BytesIO(head), check=False)
        announced = int(header.get_data_offset()) + header.get_data_dtype().itemsize * math.prod(
            int(side) for side in header.get_data_shape()
        )
        if announced > LARGEST:
            raise TooLargeError(
                f"would take {announced / 1e9:.1f} GB unpacked, this reader takes {LARGEST / 1e9:.1f}: crop it first"
            )
        rest = stream.read(max(announced, HEADER) - HEADER + BEHIND + 1)
        if len(head) + len(rest) > max(announced, HEADER) + BEHIND:
            raise TooLargeError("holds far more than its header says: it is damaged, or was made to fill a memory")
        return head + rest


def read_labels(path: Path) -> NDArray[np.uint8]:
    """Read a volume of labels, rounded: some files store 1 as 0.99999997, and a plain cast would make that 0.

    Returns
    -------
    (X, Y, Z) uint8

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_nifti` does; ValueError also for values that are not whole numbers from 0 to 255.

    Introduced in chapter 14.
    """
    volume = read_nifti(path)[0]
    whole = np.rint(volume)
    wrong = np.unique(volume[~((np.abs(volume - whole) <= ROUNDING) & (whole >= 0) & (whole <= 255))])
    if wrong.size:
        some = ", ".join(f"{value:g}" for value in wrong[:5]) + (" ..." if wrong.size > 5 else "")
        raise ValueError(f"{Path(path).name} holds {some}: labels are whole numbers from 0 to 255; is it an image?")
    return whole.astype(np.uint8)


def spacing_of(affine: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the size of a voxel along each axis, in mm.

    Raises
    ------
    TypeError, ValueError
        If the affine is not (4, 4) finite numbers.

    Introduced in chapter 14.
    """
    matrix = reals("the affine", affine, finite=True)
    if matrix.shape != (4, 4):
        raise ValueError(f"the affine must be (4, 4), got {matrix.shape}: `read_nifti` returns it")
    x, y, z = np.linalg.norm(matrix[:3, :3], axis=0).tolist()
    return x, y, z
