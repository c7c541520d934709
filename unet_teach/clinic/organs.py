"""Volumes and grey values of the regions of a label map, and which of them the scan cuts off (chapter 20)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import label_map, reals


class MeasuredOrgan(NamedTuple):
    """One region of a label map; see `measure_organs`."""

    name: str
    volume: float
    grey: float
    cut_off: bool


def measure_organs(
    labels: NDArray[np.integer],
    values: NDArray[np.number],
    spacing: Sequence[float],
    names: Mapping[int, str],
) -> list[MeasuredOrgan]:
    """Measure every region of a label map.

    Parameters
    ----------
    labels : (X, Y, Z), whole numbers, 0 where there is nothing
    values : the same shape, for a CT in Hounsfield units
    spacing : mm along each axis
    names : of the numbers that may occur

    Returns
    -------
    for each number that occurs, in their order:
        name : of the region
        volume : ml
        grey : mean of its values
        cut_off : whether it touches the edge of the volume, and so may go on outside: its volume is then a part's

    Raises
    ------
    TypeError, ValueError
        If shapes or kinds do not fit, a spacing is not above 0, a value is not finite, or a number has no name.

    Introduced in chapter 20.
    """
    found = label_map("labels", labels)
    grey = reals("values", values, finite=True)
    if found.ndim != 3 or grey.shape != found.shape:
        raise ValueError(f"labels and values are volumes of one shape, got {found.shape} and {grey.shape}")
    steps = reals("spacing", spacing, finite=True)
    if steps.shape != (3,) or not (steps > 0).all():
        raise ValueError(f"spacing is three numbers of mm above 0, got {spacing!r}")
    numbers = [int(number) for number in np.unique(found) if number]
    if unknown := [number for number in numbers if number not in names]:
        raise ValueError(f"no name is given for label {unknown[0]}: is this the list of the task that made the labels?")
    return [_measured(names[n], found == n, grey, float(steps.prod())) for n in numbers]


def _measured(name: str, mask: NDArray[np.bool_], grey: NDArray[np.float64], voxel: float) -> MeasuredOrgan:
    edges = (mask.take((0, -1), axis=axis).any() for axis in range(3))
    return MeasuredOrgan(name, int(mask.sum()) * voxel / 1000, float(grey[mask].mean()), any(edges))
