"""One DICOM file: a picture with its place in the patient, or the name of what is wrong with it."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import needed
from unet_teach.data.dicom._header import DicomFault, padding_of, place_of, refuse_other_pictures, values_of
from unet_teach.data.dicom.swelling import swells


class DicomSlice(NamedTuple):
    """One picture of a series; see `read_slice`."""

    values: NDArray[np.float32]
    padding: NDArray[np.bool_]
    position: NDArray[np.float64]
    directions: NDArray[np.float64]
    spacing: tuple[float, float]
    thickness: float
    modality: str
    series: str
    identity: str
    file: Path


class DicomFlat(NamedTuple):
    """One picture without its place; see `read_flat`."""

    values: NDArray[np.float32]
    spacing: tuple[float, ...]
    modality: str


Made = TypeVar("Made")


def pydicom_or_advice() -> Any:
    """Import pydicom, which only DICOM needs, or say how to get it."""
    return needed("pydicom", "DICOM files are read with", "pydicom>=3")


def read_slice(path: Path) -> DicomSlice:
    """Read one DICOM file that holds one grey picture of a patient.

    Returns
    -------
    DicomSlice
        values : (rows, columns) float32, stored numbers x slope + intercept: Hounsfield units for a CT
        padding : (rows, columns) bool, where the file says that nothing was measured
        position : (3,) mm, the centre of the first pixel; x grows to the patient's left, y to the back, z to
            the head ("LPS"), as DICOM has it
        directions : (2, 3) unit vectors, along a row and down a column
        spacing : mm between the rows, mm between the columns
        thickness : mm, NaN where the file does not say; not the distance to the next slice
        modality, series, identity : "CT"; the UID of the series, and of this picture
        file : where it was read

    Raises
    ------
    FileNotFoundError, ImportError
        If there is no such file; if pydicom is not installed.
    DicomFault (a ValueError)
        If it is no DICOM file, damaged, without a picture, compressed, in colour, of several frames, MONOCHROME1, a
        localiser, or does not say where in the patient it lies, or how its numbers are scaled.

    Introduced in chapter 14.
    """
    return _read(Path(path), _slice)


def read_flat(path: Path) -> DicomFlat:
    """Read one DICOM file as a flat picture, wherever in the patient it lies: X-ray plates do not say it.

    Returns
    -------
    DicomFlat
        values : (rows, columns) float32
        spacing : mm between the rows, mm between the columns; () where the file does not say
        modality : "DX", "CR", "MR" ...

    Raises
    ------
    FileNotFoundError, ImportError, DicomFault
        As `read_slice` does, but for the place.

    Introduced in chapter 25.
    """
    return _read(Path(path), _flat)


def _read(path: Path, make: Callable[[Any, Path], Made]) -> Made:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in {path.parent}")
    pydicom = pydicom_or_advice()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about spellings; what matters is looked at below
            if swells(path):
                raise DicomFault("damaged file", f"{path.name} is small, and swells beyond all memory: export it again")
            return make(pydicom.dcmread(path), path)
    except pydicom.errors.InvalidDicomError as error:
        raise DicomFault(
            "not DICOM", f"{path.name} is no DICOM file, or its beginning is damaged: move it out"
        ) from error
    except DicomFault:
        raise
    except Exception as error:  # a damaged header can make any part of pydicom stumble
        raise DicomFault("damaged file", f"pydicom cannot read {path.name}: copy or export it again") from error


def _flat(header: Any, path: Path) -> DicomFlat:
    refuse_other_pictures(header, path.name)
    values, _ = values_of(header, path.name)
    given = header.get("PixelSpacing") or header.get("ImagerPixelSpacing") or ()
    steps = tuple(float(step) for step in given)
    known = len(steps) == 2 and np.isfinite(steps).all() and min(steps) > 0
    return DicomFlat(values, steps if known else (), str(header.Modality))


def _slice(header: Any, path: Path) -> DicomSlice:
    refuse_other_pictures(header, path.name)
    directions, position, spacing = place_of(header, path.name)
    values, stored = values_of(header, path.name)
    return DicomSlice(
        values,
        padding_of(header, stored),
        position,
        directions,
        spacing,
        float(header.get("SliceThickness") or "nan"),
        str(header.Modality),
        str(header.SeriesInstanceUID),
        str(header.SOPInstanceUID),
        path,
    )
