"""Which slices are measured: those that somebody names, or those of a vertebra in a mask (chapter 21)."""

import re
from pathlib import Path

import numpy as np

from unet_teach.clinic.body.gate import Refused
from unet_teach.clinic.body.segment import seen_from_the_feet
from unet_teach.data.dicom import DicomVolume
from unet_teach.data.nifti import read_labels, read_nifti
from unet_teach.transforms import resample

# TotalSegmentator's numbers of the lumbar vertebrae, task `total`, version 2.
LUMBAR = {"L5": 27, "L4": 28, "L3": 29, "L2": 30, "L1": 31}


def slices_named(text: str, scan: DicomVolume) -> range:
    """Read "86-103": numbers of slices, both included, counted from 0 at the feet.

    Parameters
    ----------
    text : two numbers with a hyphen between them, or one
    scan : as `read_dicom` returns it

    Raises
    ------
    Refused (a ValueError)
        If it is something else, or the scan has no such slices.

    Introduced in chapter 21.
    """
    match = re.fullmatch(r"\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?", text, re.ASCII)
    if not match:
        raise Refused([f'Slices are given as "86-103", counted from 0 at the feet, not as "{text}".'])
    first, last = int(match[1]), int(match[2] or match[1])
    count = scan.array.shape[2]
    if not first <= last < count:
        raise Refused([f"There are no slices {first}-{last}: the scan has 0-{count - 1}, counted from the feet."])
    return range(first, last + 1)


def slices_of_vertebra(mask: Path, level: str, scan: DicomVolume) -> range:
    """Look up which slices a vertebra takes, in a mask with TotalSegmentator's numbers.

    Mask and scan are compared in millimetres: they may run in other directions, but have to cover the same box.

    Parameters
    ----------
    mask : a NIfTI file
    level : "L1" to "L5"
    scan : as `read_dicom` returns it

    Returns
    -------
    numbers of slices, counted from 0 at the feet

    Raises
    ------
    Refused (a ValueError)
        If the file is no such mask, covers another box, or has no such vertebra, or one that reaches its end.

    Introduced in chapter 21.
    """
    if level not in LUMBAR:
        raise Refused([f"A level is one of {', '.join(LUMBAR)}, not {level}."])
    try:
        labels = read_labels(Path(mask))
        affine = read_nifti(Path(mask))[1]
        apart = np.abs(ends_of(labels.shape, affine) - ends_of(scan.array.shape, scan.affine)).max()
        found = resample(labels, affine, scan.array.shape, scan.affine, order=0) if apart <= 0.5 else labels
    except (OSError, ValueError, TypeError) as error:
        raise Refused([f"The mask of vertebrae cannot be used: {error}"]) from error
    if apart > 0.5:  # mm
        raise Refused([f"The mask of vertebrae belongs to another scan: its box lies up to {apart:.0f} mm off."])
    there = np.flatnonzero(seen_from_the_feet(found == LUMBAR[level], scan.affine).any(axis=(1, 2)))
    if not there.size:
        seen = [name for name, number in LUMBAR.items() if (found == number).any()]
        raise Refused([f"{level} is not in the mask of vertebrae; in it are {', '.join(seen) or 'none of L1 to L5'}."])
    first, last = int(there[0]), int(there[-1])
    if first == 0 or last == scan.array.shape[2] - 1:
        raise Refused([f"{level} reaches the end of the scan, so part of it may be missing."])
    if last - first + 1 != there.size:
        raise Refused([f"{level} is in pieces in the mask of vertebrae (slices {first}-{last}): look at the mask."])
    return range(first, last + 1)


def ends_of(shape: tuple[int, ...], affine: np.ndarray) -> np.ndarray:
    """Return the lowest and the highest corner of a volume, in mm.  -> (2, 3)"""
    ends = np.array(np.meshgrid(*[(-0.5, count - 0.5) for count in shape])).reshape(3, -1)
    corners = affine[:3, :3] @ ends + affine[:3, 3:]
    return np.stack([corners.min(axis=1), corners.max(axis=1)])
