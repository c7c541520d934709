"""The classic faults of a DICOM folder, done on purpose to a healthy copy, and what is legal and trips programs up.

Each function is handed the headers of a series (`pydicom.Dataset`s, in the order of their slices), and changes them in
place, as a scanner, an export or a colleague would have.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from unet_teach.data.dicom.one_file import pydicom_or_advice

Headers = list[Any]


def missing_slice(headers: Headers) -> None:
    """Lose the slice in the middle."""
    del headers[len(headers) // 2]


def two_series(headers: Headers) -> None:
    """Put three slices of another series into the folder."""
    others = copy.deepcopy(headers[:3])
    for header in others:
        header.SeriesInstanceUID += ".2"
        header.SOPInstanceUID += ".2"
    headers += others


def localiser(headers: Headers) -> None:
    """Put an overview into the folder, seen from the side."""
    overview = copy.deepcopy(headers[0])
    overview.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    overview.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    overview.SeriesInstanceUID += ".9"
    headers.append(overview)


def two_at_one_place(headers: Headers) -> None:
    """Copy a slice under another name, as where a patient was scanned twice under one number."""
    again = copy.deepcopy(headers[len(headers) // 2])
    again.SOPInstanceUID += ".3"
    again.InstanceNumber = len(headers) + 1
    headers.append(again)


def uneven_slices(headers: Headers) -> None:
    """Move the upper half by half a slice, as where two scans were joined."""
    middle = len(headers) // 2
    step = headers[1].ImagePositionPatient[2] - headers[0].ImagePositionPatient[2]
    for header in headers[middle:]:
        header.ImagePositionPatient[2] += step / 2


def tilted_stack(headers: Headers) -> None:
    """Shift each slice a little further to the back, as a tilted gantry does."""
    for number, header in enumerate(headers):
        header.ImagePositionPatient[1] += number


def monochrome1(headers: Headers) -> None:
    """Say that small numbers are bright."""
    for header in headers:
        header.PhotometricInterpretation = "MONOCHROME1"


def compressed_pixels(headers: Headers) -> None:
    """Compress the pixels, without loss."""
    rle = pydicom_or_advice().uid.RLELossless
    for header in headers:
        header.compress(rle, generate_instance_uid=False)


def no_picture(headers: Headers) -> None:
    """Put a file without pixels into the folder, as a report is one."""
    report = copy.deepcopy(headers[0])
    del report.PixelData
    headers.append(report)


def no_scale(headers: Headers) -> None:
    """Lose slope and intercept."""
    for header in headers:
        del header.RescaleSlope
        del header.RescaleIntercept


def no_place(headers: Headers) -> None:
    """Lose where the slices lie."""
    for header in headers:
        del header.ImagePositionPatient


FAULTS: dict[str, Callable[[Headers], None]] = {
    "missing slice": missing_slice,
    "several series": two_series,
    "localiser": localiser,
    "two at one place": two_at_one_place,
    "uneven slices": uneven_slices,
    "tilted stack": tilted_stack,
    "MONOCHROME1": monochrome1,
    "compressed pixels": compressed_pixels,
    "no picture": no_picture,
    "no scale": no_scale,
    "no place": no_place,
}


def own_slopes(headers: Headers) -> None:
    """Store every second slice in steps of 2, every third in steps of 3, and say so."""
    for number, header in enumerate(headers):
        slope = 1 + number % 3
        header.PixelData = np.rint(header.pixel_array / slope).astype("<i2").tobytes()
        header.RescaleSlope = slope


def padded(headers: Headers) -> None:
    """Keep what lies in a circle, as a scanner's field of view does, and fill the corners with -2000."""
    rows, columns = headers[0].Rows, headers[0].Columns
    y, x = np.mgrid[:rows, :columns]
    outside = np.hypot(y - (rows - 1) / 2, x - (columns - 1) / 2) > max(rows, columns) / 2
    for header in headers:
        header.PixelData = np.where(outside, -2000, header.pixel_array).astype("<i2").tobytes()
        header.add_new("PixelPaddingValue", "SS", -2000)


def backwards(headers: Headers) -> None:
    """Number the slices from the other end, as another scanner would."""
    for number, header in enumerate(headers):
        header.InstanceNumber = len(headers) - number


LEGAL: dict[str, Callable[[Headers], None]] = {
    "a slope of its own": own_slopes,
    "padding": padded,
    "numbers backwards": backwards,
}

# Folders of pydicom's own test files: a series, an overview, a gap, an X-ray plate, three series, projections.
TRAPS = ("98892001/CT5N", "98892001/CT2N", "77654033/CT2", "77654033/CR1", "98892003/MR1", "98892003/MR700")


def spoil(folder: Path, target: Path, change: Callable[[Headers], None]) -> Path:
    """Copy a series of `write_dicom` into another folder, with one change.

    Returns
    -------
    the folder of the copy, whose files are named IM1.dcm, IM2.dcm ... in the order in which `change` left them

    Raises
    ------
    ImportError, FileNotFoundError
        If pydicom is not installed; if there is no series in the folder.

    Introduced in chapter 14.
    """
    pydicom = pydicom_or_advice()
    headers = [pydicom.dcmread(file) for file in Path(folder).glob("*.dcm")]
    if not headers:
        raise FileNotFoundError(f"there is no series in {Path(folder).name}: write one with `write_dicom`")
    headers.sort(key=lambda header: int(header.InstanceNumber))
    change(headers)
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.dcm"):
        old.unlink()
    for number, header in enumerate(headers, start=1):
        header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
        header.save_as(target / f"IM{number}.dcm", enforce_file_format=True)
    return target
