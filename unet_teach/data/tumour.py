"""MR of patients with glioma, from the BraTS challenge of 2015 (set `brats2015`)."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.manifest import SETS
from unet_teach.data.nifti import read_labels, read_nifti, spacing_of
from unet_teach.data.phantoms.heads.files import drawn_patient
from unet_teach.data.standin import announce

# patient -> folder; the folder names "validation" and "test" are another project's, not this course's splits
_FOLDERS = {
    int(file.path.split("brats_2013_pat")[1][:4]): file.path.rpartition("/")[0]
    for file in SETS["brats2015"].files
    if file.path.endswith("brainmask.nii.gz")
}
PATIENTS = tuple(sorted(_FOLDERS))
_FILES = {
    "FLAIR": "Flair_subtrMeanDivStd.nii.gz",
    "T1c": "T1c_subtrMeanDivStd.nii.gz",
    "brain": "brainmask.nii.gz",
    "labels": "OTMultiClass.nii.gz",
}


class BrainTumour(NamedTuple):
    """One patient; see `load_brain_tumour`."""

    patient: int
    flair: NDArray[np.float32]
    t1c: NDArray[np.float32]
    brain: NDArray[np.bool_]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float, float]


def load_brain_tumour(patient: int) -> BrainTumour:
    """Load the two MR sequences of one patient, with the brain and four kinds of tumour tissue.

    The labels are those of the challenge's years 2012-2015. From 2017 on there is no 3, and from 2023 on 3 means
    enhancing tumour, so code for later years silently loses tissue here. In this set the whole tumour is {1, 2, 3, 4},
    its core {1, 3, 4}, and the enhancing tumour {4}. With six patients the only honest split is to leave one patient
    out at a time: see `leave_one_patient_out`.

    Parameters
    ----------
    patient : 1 to 6

    Returns
    -------
    BrainTumour
        patient : its number
        flair, t1c : (240, 240, 155) float32, scaled by others: the mean inside the brain is about 0, the standard
            deviation 1.3 to 1.8, and outside stands one negative number; t1c is T1 after contrast agent
        brain : (240, 240, 155) bool; a few hundred voxels of tumour at most lie outside it
        labels : (240, 240, 155) uint8, 0 none, 1 necrosis, 2 oedema, 3 non-enhancing tumour, 4 enhancing tumour
        spacing : mm along x (towards the patient's left), y (back) and z (head); 1 mm everywhere

    A stand-in of the same kinds is returned, and announced, where the real set cannot be had.

    Raises
    ------
    ValueError
        If there is no such patient.

    Source: Menze et al. (2015), see `SETS["brats2015"].citation`. Introduced in chapter 22.
    """
    files = brain_tumour_files(patient)
    flair, affine = read_nifti(files["FLAIR"])
    t1c, _ = read_nifti(files["T1c"])
    brain = read_labels(files["brain"]) == 1
    labels = read_labels(files["labels"])
    return BrainTumour(patient_numbered(patient), flair, t1c, brain, labels, spacing_of(affine))


def brain_tumour_files(patient: int) -> dict[str, Path]:
    """Return where the files of one patient lie: "FLAIR", "T1c", "brain", "labels". Errors and stand-in as in
    `load_brain_tumour`.

    Introduced in chapter 22.
    """
    number = patient_numbered(patient)
    try:
        folder = fetch("brats2015") / _FOLDERS[number]
    except FetchError as error:
        announce("brats2015", error.reason)
        folder = drawn_patient(number, tuple(_FILES.values()))
    return {name: folder / file for name, file in _FILES.items()}


def patient_numbered(patient: int) -> int:
    """Return the number of a patient of the set, or say which there are.

    Raises
    ------
    TypeError, ValueError
        If there is no such patient.
    """
    number = whole("the number of a patient", patient)
    if number not in _FOLDERS:
        raise ValueError(f"there is no patient {patient!r}; choose one of {', '.join(map(str, PATIENTS))}")
    return number


def leave_one_patient_out() -> list[tuple[tuple[int, ...], int]]:
    """List the six splits: the patients to train on, and the one that is left out for the test.

    Introduced in chapter 22.
    """
    return [(tuple(other for other in PATIENTS if other != patient), patient) for patient in PATIENTS]
