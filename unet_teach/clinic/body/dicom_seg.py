"""Labels as a DICOM segmentation: a file that a viewer lays over the scan that it belongs to (chapter 21)."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import unet_teach
from unet_teach._checks import needed
from unet_teach.data.dicom.one_file import pydicom_or_advice

MAKER = "a course on U-Nets, not for diagnosis"
# What the segments are, in the words of SNOMED CT: scheme, number, meaning.
TISSUE = ("85756007", "SCT", "Tissue")
KINDS = {
    "subcutaneous_fat": ("55603005", "SCT", "Adipose tissue"),
    "torso_fat": ("55603005", "SCT", "Adipose tissue"),
    "skeletal_muscle": ("127954009", "SCT", "Skeletal muscle"),
}


def write_segmentation(file: Path, labels: NDArray[np.uint8], sources: Sequence[Path], names: dict[str, int]) -> Path:
    """Write labels as one DICOM segmentation, which names the pictures that it belongs to.

    Parameters
    ----------
    file : to write; a folder that is missing is made
    labels : (N, rows, columns) uint8, as the pictures are stored: row by row, picture by picture
    sources : the N files of the pictures
    names : of the segments, of `KINDS`, and their numbers in the labels, 1, 2, 3 ...

    Returns
    -------
    the file: each segment has a frame, of one bit a pixel, for each picture that holds it

    Raises
    ------
    ImportError
        If highdicom is not installed.
    ValueError
        If labels and pictures are not equally many, or not of one size.

    Source: DICOM PS3.3, A.51; Bridge et al. (2022), highdicom. Introduced in chapter 21.
    """
    pydicom, highdicom = pydicom_or_advice(), _highdicom_or_advice()
    headers = [pydicom.dcmread(source) for source in sources]
    if labels.ndim != 3 or len(headers) != len(labels) or labels.shape[1:] != (headers[0].Rows, headers[0].Columns):
        raise ValueError(f"labels {labels.shape} do not fit the {len(headers)} pictures: as they are stored")
    method = highdicom.AlgorithmIdentificationSequence(
        name="chapter 21's U-Net",
        version=unet_teach.__version__,
        family=pydicom.sr.codedict.codes.DCM.ArtificialIntelligence,
    )
    segments = [
        highdicom.seg.SegmentDescription(
            segment_number=number,
            segment_label=name.replace("_", " "),
            segmented_property_category=highdicom.sr.CodedConcept(*TISSUE),
            segmented_property_type=highdicom.sr.CodedConcept(*KINDS[name]),
            algorithm_type="AUTOMATIC",
            algorithm_identification=method,
        )
        for name, number in names.items()
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about entries that the scan itself left empty
        segmentation = highdicom.seg.Segmentation(
            source_images=headers,
            pixel_array=labels,
            segmentation_type="BINARY",
            segment_descriptions=segments,
            series_instance_uid=highdicom.UID(),
            series_number=int(headers[0].get("SeriesNumber") or 0) + 1000,
            sop_instance_uid=highdicom.UID(),
            instance_number=1,
            manufacturer=MAKER,
            manufacturer_model_name="unet_teach",
            software_versions=unet_teach.__version__,
            device_serial_number="0",
            series_description="Tissues, by a course's network: not for diagnosis",
        )
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    segmentation.save_as(file)
    return file


def _highdicom_or_advice() -> Any:
    """Import highdicom, which only DICOM segmentations need, or say how to get it."""
    return needed("highdicom", "DICOM segmentations are written with", "unet_teach[clinic]")
