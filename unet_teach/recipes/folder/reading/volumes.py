"""NIfTI and DICOM, as arrays (Z, Y, X) (chapter 25)."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from unet_teach.data.dicom import DicomFault, read_dicom, read_flat
from unet_teach.data.nifti import TooLargeError, unpacked
from unet_teach.recipes.folder.reading.picture import Picture, Unreadable, with_channels_first


def read_volume(path: Path, mask: bool = False) -> Picture:
    """Read a NIfTI file; a fourth axis holds channels, and slices of one are flat pictures.

    Raises
    ------
    Unreadable
        If it is damaged, or holds something else than an image or a volume.

    Introduced in chapter 25.
    """
    import nibabel

    try:
        image = nibabel.Nifti1Image.from_bytes(unpacked(path))
    except TooLargeError as error:
        raise Unreadable(f"{path.name} {error}") from error
    array, affine = np.asarray(image.dataobj), np.asarray(image.affine, dtype=float)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-12:
        raise Unreadable(f"{path.name} does not say how large a voxel is (its affine is no map): export it again")
    while array.ndim > 3 and array.shape[-1] == 1:
        array = array[..., 0]
    channels_last = array.ndim == 4
    flat = array.ndim == 2 or array.shape[2] == 1
    if array.ndim == 3 and flat:
        array = array[..., 0]
    facts: dict[str, Any] = {"format": "NIfTI", "affine": affine}
    steps = np.linalg.norm(affine[:3, :3], axis=0)[::-1].tolist()
    channels = with_channels_first(path, array, channels_last)
    space = channels.transpose(0, *range(channels.ndim - 1, 0, -1))
    return Picture(path, space, tuple(steps[-(space.ndim - 1) :]), "mm", facts)


def drawn_in_dicom(path: Path) -> list[str]:
    """Name the files, of a DICOM folder or this one, that hold what was drawn: contours (RTSTRUCT) or a SEG.

    Introduced in chapter 25.
    """
    import pydicom

    found = []
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                header = pydicom.dcmread(file, specific_tags=["Modality"], stop_before_pixels=True)
            if header.get("Modality") in ("RTSTRUCT", "SEG"):
                found.append(file.name)
        except Exception:  # it is no DICOM file, or a damaged one, which is said when it is read
            continue
    return found


def read_series(path: Path, mask: bool = False) -> Picture:
    """Read the folder of one DICOM series, or one file of it, as a flat picture.

    Raises
    ------
    Unreadable
        In the words of chapter 14's reader.

    Introduced in chapter 25.
    """
    try:
        if path.is_dir():
            scan = read_dicom(path)
            facts: dict[str, Any] = {"format": "DICOM", "affine": scan.affine, "modality": scan.modality}
            z, y, x = scan.spacing[::-1]
            return Picture(path, scan.array.transpose(2, 1, 0)[None], (z, y, x), "mm", facts)
        one = read_flat(path)
    except DicomFault as fault:
        raise Unreadable(str(fault)) from fault
    facts = {"format": "DICOM", "modality": one.modality}
    return Picture(path, one.values[None], one.spacing, "mm", facts)
