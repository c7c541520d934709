"""What all readers return: an array with its scale, and what was noticed (chapter 25)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MICROMETRE = "µm"
ROUNDED = 0.01  # how far whole numbers may be from themselves after scaling, as 8 bits scale 4 classes
LARGEST = 2**32  # bytes that a file may take once it is unpacked: a small one may swell a thousandfold
UNITS = {  # a word in a file -> how many micrometres
    "µm": 1.0,
    "μm": 1.0,
    "um": 1.0,
    "micron": 1.0,
    "microns": 1.0,
    "micrometer": 1.0,
    "micrometre": 1.0,
    "\\u00b5m": 1.0,
    "nm": 1e-3,
    "mm": 1e3,
    "cm": 1e4,
}


class Unreadable(ValueError):
    """Why a file cannot be used, in a sentence that says what to do."""


@dataclass(frozen=True)
class Picture:
    """What one file holds.

    file : where it was read
    array : (C, H, W), or (C, Z, Y, X) of a stack or a volume, in the file's own type of number
    spacing : the distance of pixels along the axes after the first, in `unit`; () where the file does not say
    unit : "µm", "mm", or "pixel"
    facts : what was noticed: "lossy", "turned", "palette", "alpha", "grey as colour", "affine", "modality" ...

    Introduced in chapter 25.
    """

    file: Path
    array: NDArray[Any]
    spacing: tuple[float, ...] = ()
    unit: str = "pixel"
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, ...]:
        """Its size without the channels."""
        return self.array.shape[1:]


def without_rounding(picture: Picture) -> Picture:
    """Make numbers whole that all but are: a file that scales integers holds 1.00002 where 1 was written."""
    array = picture.array
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        return picture
    whole = np.rint(array)
    return replace(picture, array=whole) if 0 < np.abs(array - whole).max(initial=0) < ROUNDED else picture


def not_too_large(file: Path, size: int) -> None:
    """Say so where a file would fill the memory.

    Raises
    ------
    Unreadable
        Above 4 GiB.
    """
    if size > LARGEST:
        raise Unreadable(f"{file.name} would take {size / 1e9:.1f} GB of memory: cut it into smaller pieces")


def with_channels_first(file: Path, array: NDArray[Any], last: bool) -> NDArray[Any]:
    """Put the channels first; a picture without an axis for them gets one.

    last : whether there is an axis for them, and it is the last
    """
    if array.ndim - last not in (2, 3):
        raise Unreadable(f"{file.name} holds an array of {array.shape}: save one picture or one stack a file")
    if not array.size:
        raise Unreadable(f"{file.name} holds no pixel, its size is {array.shape}: export it again")
    if array.dtype.names:
        kinds = ", ".join(array.dtype.names)
        raise Unreadable(f"{file.name} holds colours ({kinds}), not one number a voxel: export it again as grey values")
    if array.dtype.kind not in "buif":
        raise Unreadable(f"{file.name} holds {array.dtype}, not grey values: export it again")
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    return np.moveaxis(array, -1, 0) if last else array[None]


def without_alpha(array: NDArray[Any], facts: dict[str, Any]) -> NDArray[Any]:
    """Take the transparency off, and note whether it says something.  (C, ...) -> (C - 1, ...)"""
    alpha = array[-1]
    facts["alpha"] = "opaque" if alpha.min() == alpha.max() else "varies"
    return array[:-1]


def grey_if_equal(array: NDArray[Any], facts: dict[str, Any]) -> NDArray[Any]:
    """Make three equal channels one.  (3, ...) -> (1, ...)"""
    if len(array) == 3 and np.array_equal(array[0], array[1]) and np.array_equal(array[0], array[2]):
        facts["grey as colour"] = True
        return array[:1]
    return array
