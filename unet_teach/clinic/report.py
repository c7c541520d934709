"""Reports: measures as JSON, labels as a DICOM segmentation, and pictures to look at before anything is believed.

Teaching code: nothing here is for diagnosis, and each report says so.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import image as picture_file
from numpy.typing import NDArray

import unet_teach
from unet_teach.clinic.body.compose import BodyComposition, as_report
from unet_teach.clinic.body.dicom_seg import write_segmentation
from unet_teach.clinic.body.segment import as_stored
from unet_teach.draw import COLOURS, overlay
from unet_teach.recipes.torso import RANGES, TISSUES
from unet_teach.transforms import window

NOTE = "Teaching code: nothing here is for diagnosis."


def overlay_tissue(
    hu: NDArray[np.floating], labels: NDArray[np.integer], names: Mapping[str, int] = TISSUES
) -> NDArray[np.float64]:
    """Tint the tissues of a slice, each in a colour of its own.

    Parameters
    ----------
    hu : (H, W), Hounsfield units, shown through the window of soft tissue
    labels : (H, W) integers
    names : of the tissues, and their numbers; at most four

    Returns
    -------
    (H, W, 3) colour from 0 to 1

    Introduced in chapter 21.
    """
    picture: NDArray[Any] = window(hu, 40, 400)
    for (_, number), colour in zip(names.items(), (COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[3]), strict=False):
        picture = overlay(picture, labels == number, colour, opacity=0.55, limits=(0, 1))
    return np.asarray(picture, dtype=float)


def write_report(found: BodyComposition, folder: Path) -> list[Path]:
    """Write `report.json`, `segmentation.dcm`, and `overlay-N.png` for each measured slice.

    Parameters
    ----------
    found : of `body_composition`
    folder : made where it is missing; not the scan's own, whose files it would mix with

    Returns
    -------
    the files

    Raises
    ------
    ValueError
        If the folder is the scan's, or is in it.
    ImportError
        If highdicom is not installed.

    Introduced in chapter 21.
    """
    folder, scans = Path(folder), found.scan.files[0].parent.resolve()
    if scans in (folder.resolve(), *folder.resolve().parents):
        raise ValueError(f"the report must not go into the scan's own folder {scans.name}: choose another")
    folder.mkdir(parents=True, exist_ok=True)
    labels = as_stored(_among_all(found), found.scan.affine).transpose(2, 1, 0)  # (all slices, rows, columns)
    chosen = [number for number in range(len(labels)) if labels[number].any()]
    segmentation = write_segmentation(
        folder / "segmentation.dcm", labels[chosen], [found.scan.files[number] for number in chosen], TISSUES
    )
    report = {"note": NOTE, **as_report(found), "ranges_hu": RANGES, "unet_teach": unet_teach.__version__}
    text = folder / "report.json"
    text.write_text(json.dumps(report, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    pictures = []
    for number, hu, marked in zip(found.tissue.numbers, found.tissue.hu, found.tissue.labels, strict=True):
        pictures.append(folder / f"overlay-{number}.png")
        picture_file.imsave(pictures[-1], overlay_tissue(hu, marked))
    return [text, segmentation, *pictures]


def _among_all(found: BodyComposition) -> NDArray[np.uint8]:
    """Put the labels of the measured slices among all slices of the scan, seen from the feet.  -> (Z, Y, X)"""
    columns, rows, slices = found.scan.array.shape
    labels = np.zeros((slices, rows, columns), np.uint8)
    labels[found.tissue.numbers[0] : found.tissue.numbers[-1] + 1] = found.tissue.labels
    return labels
