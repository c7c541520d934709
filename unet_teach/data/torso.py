"""A CT and an MR with what TotalSegmentator made of them (set `totalsegmentator`).

Nothing here is ever trained on. The tissue masks have a function of their own, because they are the exam of
chapter 21: whoever develops a method does not look at them before the end.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.nifti import read_labels, read_nifti, spacing_of
from unet_teach.data.phantoms.ellipsoids import torso_ct, torso_mr
from unet_teach.data.standin import announce

# The organs and the tissue masks cover these slices of the CT. Their files repeat the CT's origin, which is wrong
# by 82 slices: trust the indices, not the header.
LABELLED = slice(82, 112)


class TorsoCT(NamedTuple):
    """A CT of a torso; see `load_torso`."""

    hu: NDArray[np.int16]
    vertebrae: NDArray[np.uint8]
    organs: NDArray[np.uint8]
    labelled: slice
    affine: NDArray[np.float64]
    spacing: tuple[float, float, float]


class TorsoMR(NamedTuple):
    """An MR of a torso; see `load_torso_mr`."""

    image: NDArray[np.int16]
    organs: NDArray[np.uint8]
    affine: NDArray[np.float64]
    spacing: tuple[float, float, float]


class TorsoTissue(NamedTuple):
    """The exam; see `load_torso_tissue`."""

    subcutaneous_fat: NDArray[np.bool_]
    torso_fat: NDArray[np.bool_]
    skeletal_muscle: NDArray[np.bool_]


def load_torso() -> TorsoCT:
    """Load a CT at 3 mm with the vertebrae and organs that TotalSegmentator found: a model's labels, not a person's.

    Returns
    -------
    TorsoCT
        hu : (122, 101, 112) int16, Hounsfield units; x towards the patient's right, y to the front, z to the head
        vertebrae : (122, 101, 112) uint8, 0 or TotalSegmentator's class of a vertebra
        organs : (122, 101, 30) uint8, 0 or TotalSegmentator's class, on the slices `labelled` of the CT only
        labelled : slice(82, 112), so that `organs` belongs to `hu[..., labelled]`
        affine : (4, 4) float64, from voxel indices to mm
        spacing : mm along each axis

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Source: Wasserthal et al. (2023), see `SETS["totalsegmentator"].citation`. Introduced in chapter 14.
    """
    try:
        folder = fetch("totalsegmentator")
    except FetchError as error:
        announce("totalsegmentator", error.reason)
        hu, vertebrae, organs = torso_ct(seed=0)
        return TorsoCT(hu, vertebrae, organs[..., LABELLED], LABELLED, np.diag([3.0, 3, 3, 1]), (3.0, 3.0, 3.0))
    volume, affine = read_nifti(folder / "example_ct.nii.gz")
    vertebrae, organs = (read_labels(folder / f"example_{name}.nii.gz") for name in ("ct_vertebrae", "seg"))
    return TorsoCT(np.rint(volume).astype(np.int16), vertebrae, organs, LABELLED, affine, spacing_of(affine))


def load_torso_mr() -> TorsoMR:
    """Load an MR at 3 mm with the organs that TotalSegmentator found: a model's labels, not a person's.

    Returns
    -------
    TorsoMR
        image : (117, 91, 20) int16, grey values without a unit; x to the patient's left, y to the back, z to
            the head
        organs : (117, 91, 20) uint8, 0 or a class of TotalSegmentator's MR task
        affine : (4, 4) float64, from voxel indices to mm
        spacing : mm along each axis

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Source: Wasserthal et al. (2023), see `SETS["totalsegmentator"].citation`. Introduced in chapter 14.
    """
    try:
        folder = fetch("totalsegmentator")
    except FetchError as error:
        announce("totalsegmentator", error.reason)
        return TorsoMR(*torso_mr(seed=0), np.diag([-3.0, -3, 3, 1]), (3.0, 3.0, 3.0))
    volume, affine = read_nifti(folder / "example_mr_sm.nii.gz")
    organs = read_labels(folder / "example_seg_mr.nii.gz")
    return TorsoMR(np.rint(volume).astype(np.int16), organs, affine, spacing_of(affine))


def load_torso_tissue() -> TorsoTissue:
    """Open the exam of chapter 21: TotalSegmentator's tissue masks on `load_torso().hu[..., 82:112]`.

    Never train on them, choose nothing by them, and look at them once, at the end. `torso_fat` also holds fat inside
    the chest, so it is not the same as visceral fat.

    Returns
    -------
    TorsoTissue
        subcutaneous_fat, torso_fat, skeletal_muscle : (122, 101, 30) bool

    Raises
    ------
    FetchError
        If the set is not there and cannot be fetched.

    Source: Wasserthal et al. (2023), see `SETS["totalsegmentator"].citation`. Introduced in chapter 21.
    """
    folder = fetch("totalsegmentator") / "example_seg_tissue_types"
    names = ("subcutaneous_fat", "torso_fat", "skeletal_muscle")
    return TorsoTissue(*(read_labels(folder / f"{name}.nii.gz") == 1 for name in names))
