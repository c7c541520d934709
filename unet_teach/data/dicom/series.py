"""One folder of DICOM files, one series, one volume."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.dicom._header import DicomFault
from unet_teach.data.dicom._together import SHOWN, refuse_strangers
from unet_teach.data.dicom.one_file import DicomSlice, read_slice
from unet_teach.data.nifti import spacing_of

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])  # DICOM counts to the left and the back, NIfTI to the right and the front
UNEVEN = 0.01  # of the distance between slices: how far a slice may be from its place, and their tilt from none


class DicomVolume(NamedTuple):
    """One series as one volume; see `read_dicom`."""

    array: NDArray[np.float32]
    affine: NDArray[np.float64]
    spacing: tuple[float, float, float]
    modality: str
    padding: NDArray[np.bool_]
    thickness: float
    files: tuple[Path, ...]


def read_dicom(folder: Path) -> DicomVolume:
    """Read a folder that holds one series, a file a slice, or say what is wrong with it.

    Slices are put in order by where they lie, along the normal of their plane, whatever their names and numbers say.
    Each is scaled by its own slope and intercept. Names that begin with a dot, and `DICOMDIR`, are passed over.

    Returns
    -------
    DicomVolume
        array : (X, Y, Z) float32, [column, row, slice] of the files; Hounsfield units for a CT
        affine : (4, 4) float64, from voxel indices to millimetres in the directions that `read_nifti` has: x to the
            patient's right, y to the front, z to the head ("RAS"; DICOM's own x and y run the other way)
        spacing : mm along each axis; along the third it is the distance of the slices, not their thickness
        modality : "CT", "MR" ...
        padding : (X, Y, Z) bool, where nothing was measured: leave it out of every mean
        thickness : mm of a slice, NaN where the files do not say or differ
        files : the files, in the order of the slices

    Raises
    ------
    FileNotFoundError, ImportError
        If there is no such folder, or no file in it; if pydicom is not installed.
    DicomFault (a ValueError)
        If a file is refused by `read_slice`; if the files are of several series or shapes, only one, two at one
        place, not stacked straight, or not evenly spaced, as where a slice is missing. One that is missing at an end
        cannot be seen from the others.

    Source: DICOM PS3.3, C.7.6.2.1.1, the equation of the image plane. Introduced in chapter 14.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder.name} in {folder.parent}")
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "DICOMDIR")
    deeper = [path.name for path in entries if path.is_dir()]
    if deeper:
        raise DicomFault("folders inside", f"{folder.name} holds the folder {deeper[0]}: pass a folder of files only")
    if not entries:
        raise FileNotFoundError(f"there is no file in {folder.name}: pass the folder of one series")
    slices = [read_slice(path) for path in entries]
    refuse_strangers(slices)
    ordered = _stacked(slices)
    step = (ordered[-1].position - ordered[0].position) / (len(ordered) - 1)
    rows, columns = ordered[0].spacing
    along, down = ordered[0].directions
    lps = np.eye(4)
    lps[:3] = np.column_stack([along * columns, down * rows, step, ordered[0].position])
    affine = LPS_TO_RAS @ lps
    thick = {one.thickness for one in ordered}
    return DicomVolume(
        np.stack([one.values.T for one in ordered], axis=-1),
        affine,
        spacing_of(affine),
        ordered[0].modality,
        np.stack([one.padding.T for one in ordered], axis=-1),
        thick.pop() if len(thick) == 1 else float("nan"),
        tuple(one.file for one in ordered),
    )


def _in_plane(
    shift: NDArray[np.float64], heights: NDArray[np.float64], normal: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the usual way of slices aside, (3,): the median, which a few odd ones do not change."""
    return np.asarray(np.median(shift - np.outer(heights - heights[0], normal), axis=0))


def _stacked(slices: Sequence[DicomSlice]) -> list[DicomSlice]:
    """Order slices along their normal; refuse two at one place, a tilted stack, and uneven distances."""
    normal = np.cross(*slices[0].directions)
    ordered = sorted(slices, key=lambda one: float(one.position @ normal))
    heights = np.array([one.position @ normal for one in ordered])  # mm along the normal
    steps = np.diff(heights)
    usual = float(np.median(steps))
    for number, step in enumerate(steps.tolist()):
        before, after = (one.file.name for one in ordered[number : number + 2])
        if step <= 1e-3 or step < UNEVEN * usual:
            raise DicomFault("two at one place", f"{before} and {after} show the same slice: keep one of them")
    shift = np.array([one.position for one in ordered]) - ordered[0].position
    apart = np.linalg.norm(shift - np.outer(heights - heights[0], normal) - _in_plane(shift, heights, normal), axis=1)
    beside = [one.file.name for one, far in zip(ordered, apart.tolist(), strict=True) if far > UNEVEN * usual]
    if 0 < len(beside) < len(ordered) / 4:
        lie, it = ("lies", "it") if len(beside) == 1 else ("lie", "them")
        names = ", ".join(beside[:SHOWN]) + (f" and {len(beside) - SHOWN} more" if len(beside) > SHOWN else "")
        raise DicomFault("tilted stack", f"{names} {lie} beside the others, which are straight: move {it} out")
    sideways = float(np.linalg.norm(shift - np.outer(heights - heights[0], normal), axis=1).max())
    if sideways > UNEVEN * (heights[-1] - heights[0]):
        angle = np.degrees(np.arctan2(sideways, heights[-1] - heights[0]))
        ends = f"{ordered[0].file.name} and {ordered[-1].file.name}"
        raise DicomFault(
            "tilted stack",
            f"between {ends} the slices drift aslant by {angle:.0f} degrees (a tilted gantry): resample first",
        )
    for number, step in enumerate(steps.tolist()):
        if abs(step - usual) > UNEVEN * usual:
            before, after = (one.file.name for one in ordered[number : number + 2])
            lacking = round(step / usual) - 1
            if lacking > 0 and abs(step - (lacking + 1) * usual) <= UNEVEN * step:
                raise DicomFault(
                    "missing slice",
                    f"{lacking} between {before} and {after}, {step:g} mm apart, others {usual:g}: export it again",
                )
            raise DicomFault(
                "uneven slices", f"{before} and {after} are {step:g} mm apart, others {usual:g}: keep one spacing"
            )
    return ordered
