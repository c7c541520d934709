"""Tissues of a CT's slices: turned to the network's view, resampled, named, and brought back (chapter 21)."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.data.dicom import DicomVolume
from unet_teach.recipes.torso import SPACING, tissue_logits, within_ranges
from unet_teach.transforms import grid_of, resample

OUTSIDE = -1024.0  # HU of what was not measured


class TissueSlices(NamedTuple):
    """Slices as radiologists look at them, and what their pixels are; see `segment_slices`."""

    hu: NDArray[np.float32]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float, float]
    numbers: range


def seen_from_the_feet(volume: NDArray[Any], affine: NDArray[np.float64]) -> NDArray[Any]:
    """Turn a volume so that slices run to the head, rows to the back, columns to the patient's left.

    Whole axes are turned round, and nothing is resampled; `as_stored` undoes it.

    Parameters
    ----------
    volume : (X, Y, Z), nearly axial
    affine : (4, 4), to mm to the right, the front and the head

    Returns
    -------
    (Z, Y, X)

    Introduced in chapter 21.
    """
    return volume[_turns(affine)].transpose(2, 1, 0)


def as_stored(slices: NDArray[Any], affine: NDArray[np.float64]) -> NDArray[Any]:
    """Undo `seen_from_the_feet`.  (Z, Y, X) -> (X, Y, Z)"""
    return slices.transpose(2, 1, 0)[_turns(affine)]


def _turns(affine: NDArray[np.float64]) -> tuple[slice, slice, slice]:
    wanted = (-1, -1, 1)  # x to the left, y to the back, z to the head
    steps = [slice(None, None, 1 if affine[axis, axis] * sign > 0 else -1) for axis, sign in enumerate(wanted)]
    return steps[0], steps[1], steps[2]


def segment_slices(network: nn.Module, scan: DicomVolume, chosen: range, ranges: bool = True) -> TissueSlices:
    """Name the tissues of some slices of a CT, on its own pixels.

    The network sees pixels of 3 mm. What it says of each class is brought back to the scan's own pixels before the
    largest is taken, so that no mask is resampled; and a tissue stays only where the CT's number is in its range. No
    blur comes before the coarser pixels: with one, the network agreed less with the maps of the slice that this chapter
    was developed on.

    Parameters
    ----------
    network : of `load_body_network`
    scan : as `read_dicom` returns it, axial
    chosen : numbers of slices, counted from 0 at the feet
    ranges : keep a tissue only where the CT's number is in its range; False leaves what the network says

    Returns
    -------
    TissueSlices
        hu : (N, H, W) float32, Hounsfield units, seen from the feet; -1024 where nothing was measured
        labels : (N, H, W) uint8, 0 or a number of `TISSUES`
        spacing : mm between slices, rows, columns
        numbers : as chosen

    Raises
    ------
    ValueError
        If there is no such slice.

    Introduced in chapter 21.
    """
    if not len(chosen) or chosen[0] < 0 or chosen[-1] >= scan.array.shape[2]:
        raise ValueError(f"the scan has slices 0 to {scan.array.shape[2] - 1}, got {chosen}")
    known = np.where(scan.padding, OUTSIDE, np.maximum(scan.array, OUTSIDE))
    hu = seen_from_the_feet(known, scan.affine)[chosen[0] : chosen[-1] + 1].astype(np.float32)  # (N, H, W)
    column, row, between = scan.spacing
    spacing = (between, row, column)
    own = np.diag([*spacing, 1.0])
    grid, seen = grid_of(hu.shape, own, (between, SPACING, SPACING))
    small = resample(hu, own, grid, seen, outside=OUTSIDE)  # (N, h, w), pixels of 3 mm
    logits = tissue_logits(network, small)  # (N, 4, h, w)
    back = [resample(one, seen, hu.shape, own, outside=_nearest(one)) for one in np.moveaxis(logits, 1, 0)]
    labels = np.argmax(back, axis=0).astype(np.uint8)
    return TissueSlices(hu, within_ranges(labels, hu) if ranges else labels, spacing, chosen)


def _nearest(logits: NDArray[np.float32]) -> float:
    """Return what stands for a class beyond the network's picture, half a pixel at most: what it says of a corner."""
    return float(logits[0, 0, 0])
