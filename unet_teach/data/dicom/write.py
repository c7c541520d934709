"""Writing a volume as a DICOM series, so that a lesson can have folders whose truth it knows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, reals
from unet_teach.data.dicom.one_file import pydicom_or_advice
from unet_teach.data.dicom.series import LPS_TO_RAS

STORAGE = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4"}  # the classes of such pictures
HIGHEST = 32767  # of a signed number of 16 bits


def write_dicom(
    folder: Path,
    volume: NDArray[np.number],
    affine: NDArray[np.float64],
    *,
    modality: str = "CT",
    slope: float = 1.0,
    intercept: float = 0.0,
    thickness: float | None = None,
    padding: int | None = None,
    name: str = "Course^Phantom",
    series: int = 1,
) -> list[Path]:
    """Write a volume as a series: uncompressed, signed 16 bits, a file a slice, IM1.dcm, IM2.dcm ... along axis 2.

    Parameters
    ----------
    folder : made where it is missing
    volume : (X, Y, Z), in the unit that slope and intercept lead to; what the steps of the slope cannot hold is rounded
    affine : (4, 4), from voxel indices to millimetres to the right, the front and the head, as `read_nifti` returns it;
        its columns at right angles
    modality : "CT" or "MR"
    slope, intercept : how stored numbers become values
    thickness : mm of a slice; the distance of the slices if None
    padding : the stored number that means "not measured"
    name : of the patient, as in a file's header
    series : its number; UIDs follow from it, so that the same call writes the same bytes

    Returns
    -------
    the files, in the order of the slices

    Raises
    ------
    ImportError, ValueError
        If pydicom is not installed; if the volume is none, does not fit into 16 bits, or the affine is askew.

    Source: DICOM PS3.3, the CT and MR image modules. Introduced in chapter 14.
    """
    pydicom = pydicom_or_advice()
    values, lps = reals("the volume", volume, finite=True), LPS_TO_RAS @ reals("the affine", affine, finite=True)
    sizes = np.linalg.norm(lps[:3, :3], axis=0)
    directions = (lps[:3, :3] / sizes).T if sizes.all() else np.zeros((3, 3))
    if values.ndim != 3 or not values.size or modality not in STORAGE:
        raise ValueError(f"a volume (X, Y, Z) of CT or MR is wanted, got {values.shape} of {modality}")
    if np.abs(directions @ directions.T - np.eye(3)).max() > 1e-6:
        raise ValueError("the affine's axes are not at right angles, which a DICOM series cannot say: resample first")
    stored = np.rint((values - number("intercept", intercept)) / number("slope", slope))
    if not np.isfinite(stored).all() or np.abs(stored).max() > HIGHEST:
        raise ValueError(f"stored numbers must fit into 16 bits, got up to {np.abs(stored).max():g}: a larger slope")
    root = f"2.25.{14_000_000 + series}"
    header = _header(pydicom, modality, name, series, root)
    header.RescaleSlope, header.RescaleIntercept = float(slope), float(intercept)
    header.Columns, header.Rows, depth = stored.shape
    header.PixelSpacing = _decimals(pydicom, [sizes[1], sizes[0]])
    header.SliceThickness = _decimals(pydicom, [sizes[2] if thickness is None else thickness])[0]
    header.ImageOrientationPatient = _decimals(pydicom, directions[:2].ravel())
    if padding is not None:
        header.PixelPaddingValue = int(padding)
    # Slices are numbered along the normal of rows and columns; an affine of the other hand is written from its far end.
    order = range(depth) if np.cross(*directions[:2]) @ directions[2] > 0 else range(depth - 1, -1, -1)
    Path(folder).mkdir(parents=True, exist_ok=True)
    files = []
    for place, k in enumerate(order, start=1):
        header.InstanceNumber = place
        header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = f"{root}.{place}"
        header.ImagePositionPatient = _decimals(pydicom, (lps @ [0, 0, k, 1])[:3])
        header.PixelData = stored[..., k].T.astype("<i2").tobytes()
        files.append(Path(folder) / f"IM{place}.dcm")
        header.save_as(files[-1], enforce_file_format=True)
    return files


def _header(pydicom: Any, modality: str, name: str, series: int, root: str) -> Any:
    """Return what is the same in all files of a series."""
    header = pydicom.Dataset()
    header.file_meta = pydicom.dataset.FileMetaDataset()
    header.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    header.file_meta.MediaStorageSOPClassUID = header.SOPClassUID = STORAGE[modality]
    header.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL" if modality == "CT" else "OTHER"]
    header.Modality, header.PatientName, header.PatientID = modality, name, "0"
    header.PatientBirthDate = header.PatientSex = header.StudyDate = header.StudyTime = header.AccessionNumber = ""
    header.ReferringPhysicianName = header.Manufacturer = header.StudyID = header.PositionReferenceIndicator = ""
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.14", root
    header.FrameOfReferenceUID, header.SeriesNumber = "2.25.14.1", series
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated = header.BitsStored = 16
    header.HighBit, header.PixelRepresentation = 15, 1
    if modality == "CT":
        header.RescaleType, header.KVP, header.AcquisitionNumber = "HU", "", 1
    else:
        header.ScanningSequence, header.SequenceVariant, header.ScanOptions = "GR", "NONE", ""
        header.MRAcquisitionType, header.EchoTime, header.EchoTrainLength, header.RepetitionTime = "3D", "", "", ""
    return header


def _decimals(pydicom: Any, numbers: Sequence[float] | NDArray[np.float64]) -> list[Any]:
    """Write numbers in the 16 characters that DICOM allows them."""
    return [pydicom.valuerep.DSfloat(float(one), auto_format=True) for one in numbers]
