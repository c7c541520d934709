"""The real CT and MR in the laboratory's form: slices of 6 mm seen from the feet, and the six organs by name."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach.clinic.classes import TOTAL, TOTAL_MR
from unet_teach.course.everything.slices import ORGANS
from unet_teach.data import load_torso, load_torso_mr

SIZE = (64, 80)  # pixels, as the phantoms' slices


class RealSlices(NamedTuple):
    """Slices of a real scan.

    grey : (N, 64, 80), HU or an MR's own values
    labels : (N, 64, 80) int64, the laboratory's organs, as TotalSegmentator saw them
    """

    grey: NDArray[np.float64]
    labels: NDArray[np.int64]


def real_ct() -> RealSlices:
    """Load the CT's labelled slices: every second pixel of 3 mm, columns to the left, rows to the back."""
    ct = load_torso()
    return RealSlices(
        _laid_out(ct.hu[..., ct.labelled][::-1, ::-1], -1000), by_organ(_laid_out(ct.organs[::-1, ::-1], 0), TOTAL)
    )


def real_mr() -> RealSlices:
    """Load the MR likewise, whose axes run that way already."""
    mr = load_torso_mr()
    return RealSlices(_laid_out(mr.image, 0), by_organ(_laid_out(mr.organs, 0), TOTAL_MR))


def by_organ(labels: NDArray[np.number], names: Mapping[int, str]) -> NDArray[np.int64]:
    """Renumber a task's classes: each of the laboratory's organs is the classes whose names begin like it."""
    found = np.zeros(labels.shape, dtype=np.int64)
    for number, organ in enumerate(ORGANS, start=1):
        found[np.isin(labels, [key for key, name in names.items() if name.startswith(organ)])] = number
    return found


def as_if_ct(grey: NDArray[np.number]) -> NDArray[np.float64]:
    """Spread an MR's values, which have no unit, over the HU that the network sees: 0 to the brightest percent."""
    return np.interp(grey, [0, np.percentile(grey, 99)], [-210, 290])


def _laid_out(volume: NDArray[np.number], outside: float) -> NDArray[np.float64]:
    """(columns, rows, slices) -> (slices, 64, 80), every second pixel, in the middle"""
    slices = volume.transpose(2, 1, 0)[:, ::2, ::2]
    room = [wanted - there for wanted, there in zip(SIZE, slices.shape[1:], strict=True)]
    if min(room) < 0:
        raise ValueError(f"slices have at most {SIZE} pixels of 6 mm, got {slices.shape[1:]}")
    edges = [(0, 0), *((more // 2, more - more // 2) for more in room)]
    return np.pad(slices.astype(float), edges, constant_values=outside)
