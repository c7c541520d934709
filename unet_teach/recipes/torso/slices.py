"""Slices of torsos as a network gets them: Hounsfield units through a window, tissues as numbers (chapter 21)."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unet_teach._checks import reals, whole
from unet_teach.data.phantoms import torso
from unet_teach.transforms import window

TISSUES = {"subcutaneous_fat": 1, "torso_fat": 2, "skeletal_muscle": 3}  # 0 is all the rest
SIZE = (128, 160)  # pixels of a slice, rows and columns
SPACING = 3.0  # mm of the pixels that the network sees
CENTRE, WIDTH = 0.0, 500.0  # HU: what it sees of the scale, -250 to 250

# People are numbers, and a number is in one of these groups only.
PEOPLE = {"train": range(1000, 1800), "validation": range(2000, 2040), "test": range(3000, 3008)}


class TissueSlice(NamedTuple):
    """One slice of a torso that never was; see `tissue_slice`."""

    hu: NDArray[np.int16]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float]


def as_hu_input(hu: ArrayLike) -> NDArray[np.float32]:
    """Bring Hounsfield units to what the network sees: -250 HU and less is -1, 250 HU and more is 1.

    A CT has a unit, so no slice is brought to a scale of its own: that would make fat of whatever is dark in it.

    Parameters
    ----------
    hu : (..., H, W), Hounsfield units

    Returns
    -------
    the same shape, float32

    Raises
    ------
    TypeError, ValueError
        If it holds no finite numbers.

    Introduced in chapter 21.
    """
    return 2 * window(reals("the slice", hu, finite=True), CENTRE, WIDTH) - 1


def tissue_slice(
    person: int, shape: float | None = None, level: float | None = None, spacing: float = SPACING
) -> TissueSlice:
    """Draw a slice of one person's torso: a number is a person, whose shape and height may be asked for.

    What is not asked for follows from the number: a shape anywhere from thin to obese, a height from 70 mm below to
    110 mm above the kidneys' stalks, and in three of ten people the arms beside the trunk.

    Parameters
    ----------
    person : from 0 on; `PEOPLE` says who is trained on, who chooses, who is scored
    shape : 0 thin to 1 obese
    level : mm above the kidneys' stalks

    Returns
    -------
    TissueSlice
        hu : (128, 160) int16, seen from the feet: rows to the back, columns to the patient's left
        labels : (128, 160) uint8, 0 or a number of `TISSUES`
        spacing : 3 mm, 3 mm

    Raises
    ------
    TypeError, ValueError
        As `unet_teach.data.phantoms.torso`.

    Introduced in chapter 21.
    """
    number = whole("person", person)
    drawn = np.random.default_rng([number, 21]).uniform(size=3)
    scan = torso(
        number,
        shape=float(drawn[0]) if shape is None else shape,
        level=float(-70 + 180 * drawn[1]) if level is None else level,
        arms="down" if drawn[2] < 0.3 else "up",
        spacing=spacing,
        size=SIZE,
    )
    labels = np.zeros(scan.labels.shape, np.uint8)
    for name, tissue in TISSUES.items():
        labels[scan.mask(name)] = tissue
    return TissueSlice(scan.hu, labels, (scan.spacing[0], scan.spacing[1]))


@lru_cache(4)
def slices_of(group: str) -> tuple[TissueSlice, ...]:
    """Draw a slice of everybody in a group of `PEOPLE`, each of a shape and at a height of their own.

    Raises
    ------
    ValueError
        If there is no such group.

    Introduced in chapter 21.
    """
    if group not in PEOPLE:
        raise ValueError(f"there is no group {group!r}: {', '.join(PEOPLE)}")
    sizes = np.random.default_rng(21).uniform(2.5, 3.5, len(PEOPLE[group])).tolist()
    return tuple(
        tissue_slice(person, spacing=size if group == "train" else SPACING)
        for person, size in zip(PEOPLE[group], sizes, strict=True)
    )
