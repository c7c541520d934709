"""MR crops around the hippocampus, task 4 of the Medical Segmentation Decathlon (set `hippocampus`)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.manifest import SETS
from unet_teach.data.nifti import read_labels, read_nifti, spacing_of
from unet_teach.data.phantoms.hippocampus import hippocampus_box
from unet_teach.data.splits import numbers_of
from unet_teach.data.standin import announce

NUMBERS = sorted(int(file.path[-10:-7]) for file in SETS["hippocampus"].files if file.path.startswith("images/"))


def group_of(number: int) -> int:
    """Return the group of a case: ceil(number / 2), so that 2k - 1 and 2k fall together.

    Introduced in chapter 15.
    """
    return (whole("the number of a case", number) + 1) // 2


# By the group's own number, so that a case keeps its split whichever of the others are there.
SPLITS = {
    "train": [number for number in NUMBERS if group_of(number) % 3 == 2],
    "validation": [number for number in NUMBERS if group_of(number) % 3 == 1],
    "test": [number for number in NUMBERS if group_of(number) % 3 == 0],
}


class HippocampusCase(NamedTuple):
    """One crop; see `load_hippocampus`."""

    number: int
    image: NDArray[np.float32]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float, float]


def load_hippocampus(split: str) -> list[HippocampusCase]:
    """Load T1-weighted MR crops around the hippocampus with its anterior and posterior part.

    Cases 2k - 1 and 2k look like the two sides of one person, so they form a group and share a split. Groups 3, 6, 9,
    ... are "test", the group after each (1, 4, 7, ...) is "validation", and the others are "train". A chapter that
    chooses nothing on validation data may add that split to the training data.

    Parameters
    ----------
    split : "train", "validation" or "test"

    Returns
    -------
    list of HippocampusCase, in order of their numbers; sizes differ from case to case
        number : the case's number in the set
        image : (X, Y, Z) float32, about (35, 50, 36), the grey values of the file: their scale differs wildly between
            cases (the largest is 122 in one and over a million in another), so normalise each by itself
        labels : (X, Y, Z) uint8, 0 background, 1 anterior, 2 posterior
        spacing : mm along x (towards the patient's right), y (front) and z (head); 1 mm everywhere

    A stand-in of the same kinds is returned, and announced, where the real set cannot be had.

    Raises
    ------
    ValueError
        If there is no such split.

    Source: Antonelli et al. (2022), see `SETS["hippocampus"].citation`. Introduced in chapter 15.
    """
    numbers = numbers_of(split, SPLITS)
    try:
        folder = fetch("hippocampus")
    except FetchError as error:
        announce("hippocampus", error.reason)
        return [HippocampusCase(number, *hippocampus_box(number), (1.0, 1.0, 1.0)) for number in numbers]
    cases = []
    for number in numbers:
        name = f"hippocampus_{number:03}.nii.gz"
        image, affine = read_nifti(folder / "images" / name)
        cases.append(HippocampusCase(number, image, read_labels(folder / "labels" / name), spacing_of(affine)))
    return cases
