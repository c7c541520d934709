"""The rule to beat: fat is what a CT's number says, and which fat it is, its depth below the skin (chapter 21)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from unet_teach._checks import number, reals
from unet_teach.metrics import dice
from unet_teach.recipes.torso.slices import TISSUES, TissueSlice

# HU, both ends included: Yoshizumi et al. (1999) for fat, Aubrey et al. (2014) for muscle.
RANGES = {"subcutaneous_fat": (-190, -30), "torso_fat": (-190, -30), "skeletal_muscle": (-29, 150)}
SKIN = -300.0  # HU: between air and everything else
DEPTHS = tuple(range(2, 81, 2))  # mm, what the rule's depths are chosen from


def body_of(hu: ArrayLike) -> NDArray[np.bool_]:
    """Find the body in a slice: the largest piece that is no air, its holes filled. Table and arms are left out.

    Parameters
    ----------
    hu : (H, W), Hounsfield units

    Raises
    ------
    TypeError, ValueError
        If it is no slice of finite numbers, or holds air alone.

    Introduced in chapter 21.
    """
    grey = reals("the slice", hu, finite=True)
    if grey.ndim != 2:
        raise ValueError(f"a slice is (H, W), got {grey.shape}")
    pieces, count = ndimage.label(ndimage.binary_opening(grey > SKIN, iterations=1))
    if not count:
        raise ValueError(f"nothing in the slice is above {SKIN:g} HU: is it in Hounsfield units?")
    largest = 1 + int(np.argmax(ndimage.sum_labels(np.ones_like(grey), pieces, range(1, count + 1))))
    return np.asarray(ndimage.binary_fill_holes(pieces == largest))


def depth_below_skin(hu: ArrayLike, spacing: Sequence[float]) -> NDArray[np.float64]:
    """Measure how far each pixel of the body is from the nearest one outside it.

    Parameters
    ----------
    hu : (H, W), Hounsfield units
    spacing : mm between rows, mm between columns

    Returns
    -------
    (H, W) mm, 0 outside the body

    Raises
    ------
    TypeError, ValueError
        As `body_of`.

    Introduced in chapter 21.
    """
    padded = np.pad(body_of(hu), 1)  # what the picture cuts off has no skin there, but ends there
    return np.asarray(ndimage.distance_transform_edt(padded, sampling=spacing)[1:-1, 1:-1])


def by_depth(hu: ArrayLike, spacing: Sequence[float], skin_to_wall: float, wall_to_inside: float) -> NDArray[np.uint8]:
    """Name tissues without learning: by Hounsfield units and by the depth below the skin.

    Fat down to the first depth lies under the skin, deeper fat in the torso. Muscle is what has a muscle's number down
    to the second depth; what is deeper and as dense is taken for an organ.

    Parameters
    ----------
    hu : (H, W), Hounsfield units
    spacing : mm between rows, mm between columns
    skin_to_wall, wall_to_inside : the two depths, mm

    Returns
    -------
    (H, W) uint8, 0 or a number of `TISSUES`

    Raises
    ------
    TypeError, ValueError
        As `body_of`, or if a depth is no number.

    Introduced in chapter 21.
    """
    shallow, deep = number("skin_to_wall", skin_to_wall), number("wall_to_inside", wall_to_inside)
    return _named(reals("the slice", hu), depth_below_skin(hu, spacing), shallow, deep)


def best_depths(slices: Sequence[TissueSlice]) -> tuple[float, float]:
    """Choose the rule's two depths: the first by the mean Dice of both fats, the second by that of muscle.

    Parameters
    ----------
    slices : of known tissues, such as `slices_of("validation")`

    Returns
    -------
    two of `DEPTHS`, mm; the smallest of those that are equally good

    Raises
    ------
    ValueError
        If there is no slice.

    Introduced in chapter 21.
    """
    if not slices:
        raise ValueError("there is no slice to choose a depth on")
    fats, muscle = np.zeros(len(DEPTHS)), np.zeros(len(DEPTHS))
    for one in slices:
        depth = depth_below_skin(one.hu, one.spacing)
        for place, most in enumerate(DEPTHS):
            said = _named(one.hu.astype(float), depth, most, most)
            scores = [dice(said == tissue, one.labels == tissue) for tissue in TISSUES.values()]
            fats[place] += scores[0] + scores[1]
            muscle[place] += scores[2]
    return float(DEPTHS[int(fats.argmax())]), float(DEPTHS[int(muscle.argmax())])


def within_ranges(labels: NDArray[np.uint8], hu: ArrayLike) -> NDArray[np.uint8]:
    """Keep a tissue only where the CT's number is in its range: how areas are usually reported.

    What is between the fibres of a muscle and as dark as fat is then no muscle; a vessel in the fat is no fat.

    Parameters
    ----------
    labels : of any shape, 0 or a number of `TISSUES`
    hu : the same shape, Hounsfield units

    Introduced in chapter 21.
    """
    grey, kept = reals("the slice", hu), np.zeros_like(labels)
    for name, tissue in TISSUES.items():
        low, high = RANGES[name]
        kept[(labels == tissue) & (grey >= low) & (grey <= high)] = tissue
    return kept


def _named(grey: NDArray[np.float64], depth: NDArray[np.float64], shallow: float, deep: float) -> NDArray[np.uint8]:
    labels = np.zeros(grey.shape, np.uint8)
    labels[(depth > 0) & (depth <= shallow)] = TISSUES["subcutaneous_fat"]
    labels[depth > shallow] = TISSUES["torso_fat"]
    low, high = RANGES["skeletal_muscle"]
    labels[(depth > 0) & (depth <= deep) & (grey >= low) & (grey <= high)] = TISSUES["skeletal_muscle"]
    return within_ranges(labels, grey)
