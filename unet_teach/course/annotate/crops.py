"""The two crops that everybody annotates, fixed in one place, both from training data."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach import data


class CropPlace(NamedTuple):
    """Where a crop lies: a section of "em" or a field of "cells", its top left pixel, its side in pixels."""

    split: str
    number: int
    row: int
    column: int
    size: int


class Crop(NamedTuple):
    """A crop; see `crop`."""

    image: NDArray[np.number]
    labels: NDArray[Any]  # booleans or int32


CROPS = {
    "em": CropPlace("train", number=2, row=96, column=384, size=128),
    "cells": CropPlace("train", number=46, row=640, column=700, size=200),
}


def place_of(name: str) -> CropPlace:
    """Look up a crop; the `ValueError` for a name that is none lists the names there are."""
    if name not in CROPS:
        raise ValueError(f"there is no crop {name!r}; the crops are {', '.join(map(repr, CROPS))}")
    return CROPS[name]


def crop(name: str) -> Crop:
    """Cut out one of the two crops, with the experts' labels.

    Parameters
    ----------
    name : "em", 128 x 128 pixels of a section, or "cells", 200 x 200 of a phase-contrast field

    Returns
    -------
    Crop
        image : (S, S) grey values, uint8 for "em" and uint16 for "cells"
        labels : (S, S), for "em" booleans, True on membrane; for "cells" int32, 0 between cells and 1, 2 ... in them

    Raises
    ------
    ValueError
        If there is no such crop.

    Introduced in chapter 5.
    """
    place_of(name)
    image, labels = _cut_out(name, data.data_folder())
    return Crop(image.copy(), labels.copy())


@lru_cache(2 * len(CROPS))  # whole fields are read for it, or drawn where a stand-in takes their place
def _cut_out(name: str, folder: Path) -> Crop:
    place = CROPS[name]
    window = np.s_[place.row : place.row + place.size, place.column : place.column + place.size]
    if name == "em":
        sections = data.load_em(place.split)
        index = int(np.flatnonzero(sections.numbers == place.number)[0])
        return Crop(sections.images[index][window], sections.membrane[index][window])
    fields = data.load_cells(place.split)
    index = int(np.flatnonzero(fields.numbers == place.number)[0])
    labels = fields.instances[index][window]
    numbered = np.searchsorted(np.unique(np.append(labels, 0)), labels)  # without the cells that lie elsewhere
    return Crop(fields.images[index][window], numbered.astype(np.int32))
