"""What a DICOM file's header says of its picture: its kind, its place, its scale (chapter 14)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SQUARE = 1e-3  # how far the directions of rows and columns may be from unit length, and from a right angle


class DicomFault(ValueError):
    """What is wrong with a DICOM file or folder: `fault` names it, the text says where and what to do.

    Introduced in chapter 14.
    """

    def __init__(self, fault: str, what: str) -> None:
        super().__init__(f"{fault}: {what}")
        self.fault = fault


def values_of(header: Any, name: str) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """Return a picture's values, and its stored numbers."""
    slope, intercept = _scale(header, name)
    stored = header.pixel_array  # (rows, columns) integers, signed as the header says
    values = (stored * np.float64(slope) + intercept).astype(np.float32)
    if not np.isfinite(values).all():
        raise DicomFault("no scale", f"{name} has a slope of {slope:g}, beyond all numbers: export it again")
    return values, stored


def refuse_other_pictures(header: Any, name: str) -> None:
    """Refuse what is no single, uncompressed grey picture of a patient.

    Raises
    ------
    DicomFault
        That says what it is.
    """
    if "PixelData" not in header:
        raise DicomFault("no picture", f"{name} is a file ({header.get('Modality')}) without pixels: move it out")
    if header.file_meta.TransferSyntaxUID.is_compressed:
        how = header.file_meta.TransferSyntaxUID.name
        raise DicomFault(
            "compressed pixels",
            f"{name} is stored as {how}: decompress it (pydicom: header.decompress(), then header.save_as(...))",
        )
    if header.SamplesPerPixel != 1 or header.PhotometricInterpretation not in ("MONOCHROME1", "MONOCHROME2"):
        raise DicomFault(
            "colour", f"{name} is {header.PhotometricInterpretation}, not one grey value a pixel: move it out"
        )
    if header.get("Modality") in ("SEG", "RTSTRUCT"):
        raise DicomFault(
            "segmentation", f"{name} is a DICOM segmentation, not a scan: save it as NIfTI, as 3D Slicer does"
        )
    if int(header.get("NumberOfFrames") or 1) != 1:
        raise DicomFault("many frames", f"{name} holds {header.NumberOfFrames} pictures: convert it, as dcm2niix does")
    if "LOCALIZER" in (header.get("ImageType") or ()):
        raise DicomFault("localiser", f"{name} is an overview from which the scan was planned: move it out")
    if header.PhotometricInterpretation == "MONOCHROME1":
        raise DicomFault("MONOCHROME1", f"in {name} small numbers are bright, as in X-ray plates: export it again")
    if header.BitsAllocated not in (8, 16):
        raise DicomFault("other pixels", f"{name} has {header.BitsAllocated} bits a pixel, this reader takes 8 or 16")
    wanted = header.Rows * header.Columns * header.BitsAllocated // 8
    if not wanted or len(header.PixelData) != wanted + wanted % 2:  # odd lengths are filled up
        raise DicomFault("damaged file", f"{name} has {len(header.PixelData)} bytes for {wanted}: copy it again")


def place_of(header: Any, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[float, float]]:
    """Say where the picture lies in the patient: directions (2, 3), position (3,), spacing of rows and of columns."""
    numbers = []
    for tag, count in (("ImageOrientationPatient", 6), ("ImagePositionPatient", 3), ("PixelSpacing", 2)):
        given = header.get(tag)
        values = np.array([] if given is None or given == "" else given, dtype=float).ravel()
        if len(values) != count or not np.isfinite(values).all():
            raise DicomFault("no place", f"{name} has no {tag}, so nobody knows where it lies: export it again")
        numbers.append(values)
    directions, position, spacing = numbers[0].reshape(2, 3), numbers[1], numbers[2]
    if np.abs(directions @ directions.T - np.eye(2)).max() > SQUARE:
        raise DicomFault("no place", f"in {name} rows and columns are not at right angles: export it again")
    if not (spacing > 0).all():
        raise DicomFault("no place", f"{name} has pixels of {spacing[0]:g} x {spacing[1]:g} mm: export it again")
    return directions, position, (float(spacing[0]), float(spacing[1]))


def _scale(header: Any, name: str) -> tuple[float, float]:
    """Return slope and intercept; what is no CT may go without."""
    given = [header.get(tag) for tag in ("RescaleSlope", "RescaleIntercept")]
    if given == [None, None] and header.Modality != "CT" and "ModalityLUTSequence" not in header:
        return 1.0, 0.0
    if None in given:
        raise DicomFault("no scale", f"{name} has no slope and intercept, so its numbers are no HU: export it again")
    slope, intercept = map(float, given)
    if not (np.isfinite([slope, intercept]).all() and slope):
        raise DicomFault("no scale", f"{name} has slope {slope:g} and intercept {intercept:g}: export it again")
    if header.Modality == "CT" and header.get("RescaleType", "HU") not in ("HU", "", None):
        raise DicomFault(
            "no scale", f"{name} is a CT in {header.RescaleType}, not in Hounsfield units: export it again"
        )
    return slope, intercept


def padding_of(header: Any, stored: NDArray[Any]) -> NDArray[np.bool_]:
    """Mark the stored numbers that mean "not measured": one value, or all from it to a limit."""
    value, limit = header.get("PixelPaddingValue"), header.get("PixelPaddingRangeLimit")
    if value is None:
        return np.zeros(stored.shape, dtype=bool)
    ends = [int(value), int(value if limit is None else limit)]  # some write -2000 as 63536: wrap as the pixels do
    low, high = sorted(np.array(ends).astype(stored.dtype).tolist())
    return np.asarray((stored >= low) & (stored <= high))
