"""What chapter 14 looks at: thirty slices of the mirrored CT, as a scanner would deliver them."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.data import load_torso
from unet_teach.data.dicom.one_file import pydicom_or_advice

# TotalSegmentator's numbers of the organs that the chapter speaks of, in its order of size on these slices.
ORGANS = {"liver": 5, "spleen": 1, "right kidney": 2, "left kidney": 3, "gallbladder": 4, "left adrenal": 9}


class ScanPart(NamedTuple):
    """A piece of a CT; see `labelled_part` and `whole_ct`."""

    hu: NDArray[np.int16]
    organs: NDArray[np.uint8]
    affine: NDArray[np.float64]


def labelled_part() -> ScanPart:
    """Return the 30 slices of the CT on which the organs are known, turned to a scanner's usual axes.

    Returns
    -------
    ScanPart
        hu : (122, 101, 30) int16; x grows to the patient's left, y to the back, z to the head
        organs : (122, 101, 30) uint8, 0 or a class of `ORGANS`, or another of TotalSegmentator's
        affine : (4, 4), to millimetres to the right, the front and the head

    Introduced in chapter 14.
    """
    ct = load_torso()
    first = np.eye(4)
    first[2, 3] = ct.labelled.start
    return _turned(ct.hu[..., ct.labelled], ct.organs, ct.affine @ first)


def whole_ct() -> ScanPart:
    """Return all 112 slices, turned like `labelled_part`; `organs` holds the vertebrae.

    Introduced in chapter 14.
    """
    ct = load_torso()
    return _turned(ct.hu, ct.vertebrae, ct.affine)


def _turned(hu: NDArray[np.int16], labels: NDArray[np.uint8], affine: NDArray[np.float64]) -> ScanPart:
    """Let x and y run the other way, and the affine say so: nothing moves in the patient."""
    back = np.diag([-1.0, -1.0, 1.0, 1.0])
    back[:2, 3] = np.array(hu.shape[:2]) - 1
    return ScanPart(hu[::-1, ::-1], labels[::-1, ::-1], affine @ back)


def by_number(folder: Path) -> tuple[NDArray[np.integer], list[float]]:
    """Stack a folder's stored numbers in the order of their instance numbers, as many scripts do, and ask nothing.

    Returns
    -------
    stack : (X, Y, Z), as stored: neither slope nor intercept
    slopes : of the slices

    Introduced in chapter 14.
    """
    pydicom = pydicom_or_advice()
    headers = [pydicom.dcmread(path) for path in Path(folder).glob("*.dcm")]
    headers.sort(key=lambda header: (int(header.InstanceNumber), str(header.SeriesInstanceUID)))
    stack = np.stack([header.pixel_array.T for header in headers], axis=-1)
    return stack, [float(header.RescaleSlope) for header in headers]


def about_x(degrees: float) -> NDArray[np.float64]:
    """Return the (4, 4) matrix that tips a patient about the axis from left to right.

    Introduced in chapter 14.
    """
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(4)
    matrix[1:3, 1:3] = [[cosine, -sine], [sine, cosine]]
    return matrix
