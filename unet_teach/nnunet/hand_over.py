"""A data set in the folders that nnU-Net itself reads (chapter 18).

Source: nnU-Net's public documentation of its dataset format, version 2.
"""

import json
import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import nibabel as nib
import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole
from unet_teach.nnunet.dataset import Case, Dataset

ENDING = ".nii.gz"


def hand_over(
    dataset: Dataset,
    folder: str | PathLike[str],
    number: int = 1,
    folds: Sequence[Sequence[str]] | None = None,
    test: Dataset | None = None,
) -> Path:
    """Write a data set for nnU-Net: images, labels, and what they are; its planner then finds what `plan` finds.

    Parameters
    ----------
    dataset : what it may train on; its name and those of its cases become names of files
    folder : the raw folder, which the environment variable nnUNet_raw names
    number : of the data set, 1 to 999
    folds : the names of the cases that each fold holds back; if None, nnU-Net draws five folds itself
    test : cases whose images are written without their labels, to be predicted

    Returns
    -------
    Path of the new folder, such as Dataset001_Hippocampus

    Raises
    ------
    FileExistsError
        If it is there already, since two data sets in one folder would be planned as one.
    ValueError
        If a name cannot be that of a file, the number is out of range, or a fold names a case that is not there.

    Introduced in chapter 18.
    """
    if not 1 <= whole("number", number) <= 999:
        raise ValueError(f"nnU-Net numbers its data sets from 1 to 999, got {number}")
    cases = [*dataset.cases, *(test.cases if test else [])]
    odd = [name for name in (dataset.name, *(case.name for case in cases)) if not re.fullmatch(r"[\w-]+", name)]
    if odd:
        raise ValueError(f"names become those of files, so letters, digits, - and _ only; not {odd}")
    names = [case.name for case in dataset.cases]
    unknown = sorted({name for fold in folds or () for name in fold} - set(names))
    if unknown:
        raise ValueError(f"the folds hold back {unknown}, which are not among the cases {names}")
    place = Path(folder, f"Dataset{number:03}_{dataset.name}")
    if place.exists():
        raise FileExistsError(f"{place} is there already: take another number, or remove it first")
    for case in dataset.cases:
        _write_images(place / "imagesTr", case)
        _write(place / "labelsTr" / f"{case.name}{ENDING}", case.labels.astype(np.uint8), case.spacing)
    for case in test.cases if test else []:
        _write_images(place / "imagesTs", case)
    description = {
        "channel_names": {str(channel): name for channel, name in enumerate(dataset.channel_names)},
        "labels": {"background" if label == 0 else name: label for label, name in enumerate(dataset.labels)},
        "numTraining": len(names),
        "file_ending": ENDING,
    }
    (place / "dataset.json").write_text(json.dumps(description, indent=1), encoding="utf-8")
    if folds is not None:
        splits = [{"train": [name for name in names if name not in fold], "val": list(fold)} for fold in folds]
        (place / "splits_final.json").write_text(json.dumps(splits, indent=1), encoding="utf-8")
    return place


def _write_images(folder: Path, case: Case) -> None:
    for channel, image in enumerate(case.image):
        _write(folder / f"{case.name}_{channel:04}{ENDING}", image, case.spacing)


def _write(path: Path, array: NDArray[np.float32] | NDArray[np.uint8], spacing: Sequence[float]) -> None:
    """Write an array so that nnU-Net, which reads the axes of a file from the last to the first, gets it back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    affine, axes = np.eye(4), array.ndim
    affine[:axes, :axes] = np.diag(spacing)[:, ::-1]  # the file's first axis is our last
    image = nib.Nifti1Image(array.T, affine)
    image.header.set_xyzt_units("mm")
    nib.save(image, path)
