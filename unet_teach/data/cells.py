"""Phase-contrast fields of T98G cells with hand-drawn outlines (set `usiigaci`)."""

import numpy as np
from numpy.typing import NDArray
from skimage.io import imread
from skimage.measure import label

from unet_teach._checks import numbered
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.phantoms.cells import CellFields, cell_field
from unet_teach.data.splits import numbers_of
from unet_teach.data.standin import announce

# Fields 1-12 hold large cells, 13-15 and 46-50 small ones: each split has both.
SPLITS = {
    "train": (*range(1, 9), 13, 14, 15, 46),
    "validation": (9, 47),
    "test": (10, 11, 12, 48, 49, 50),
}
SPECK = 50  # pixels; smaller pieces of an instance are slips of the pen


def load_cells(split: str) -> CellFields:
    """Load phase-contrast fields of living cells, each cell outlined by hand.

    The fields are unrelated, and come from two populations: in 1-12 a cell covers about 3,700 pixels, in 13-15 and
    46-50 about 1,400. The splits are "train" (1-8, 13-15, 46), "validation" (9, 47) and "test" (10-12, 48-50), both
    populations in each.

    Parameters
    ----------
    split : "train", "validation" or "test"

    Returns
    -------
    CellFields
        images : (N, 1022, 1024) uint16, grey values
        instances : (N, 1022, 1024) int32, 0 between cells, one number from 1 on for each cell of the field; pieces
            under 50 pixels are dropped, and with them a few numbers
        numbers : (N,) int64, the fields' numbers in the set

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Raises
    ------
    ValueError
        If there is no such split.

    Source: Tsai et al. (2019), see `SETS["usiigaci"].citation`. Introduced in chapter 5.
    """
    numbers = numbers_of(split, SPLITS)
    try:
        folder = fetch("usiigaci")
    except FetchError as error:
        announce("usiigaci", error.reason)
        fields = [_standin(number) for number in numbers]
        images, instances = (np.stack(arrays) for arrays in zip(*fields, strict=True))
        return CellFields(images, instances, np.array(numbers))
    homes = [folder / ("train" if number < 46 else "val") / f"set{number:02}" for number in numbers]
    images = np.stack([imread(home / "raw.tif") for home in homes])
    instances = np.stack([without_specks(imread(home / "instances_ids.png")) for home in homes])
    return CellFields(images, instances.astype(np.int32), np.array(numbers))


def without_specks(instances: NDArray[np.integer]) -> NDArray[np.integer]:
    """Clear every connected piece of an instance that has fewer than 50 pixels.  (H, W) -> (H, W), same type

    Raises
    ------
    TypeError, ValueError
        If the instances are not (H, W) integers from 0 on.

    Introduced in chapter 5.
    """
    numbers = numbered("the instances", instances, "0 between cells, one number from 1 on for each")
    if numbers.ndim != 2 or not numbers.size:
        raise ValueError(f"the instances must be one field (H, W) with pixels, got {numbers.shape}")
    pieces = label(numbers, background=0, connectivity=2)
    small = np.bincount(pieces.ravel()) < SPECK
    return np.where(small[pieces], 0, instances).astype(instances.dtype)


def _standin(number: int) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    return cell_field(seed=number, large=number <= 12)
