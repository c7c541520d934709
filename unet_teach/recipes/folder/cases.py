"""From files to what chapter 18's machinery takes: cases with class numbers 0, 1, 2 ... (chapter 25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.nnunet import Case, Dataset
from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.images import is_ct
from unet_teach.recipes.folder.looking import Look, read_case
from unet_teach.transforms import with_seams

COLOUR = ("red", "green", "blue")


@dataclass(frozen=True)
class Meaning:
    """What the numbers mean, in files and in the network.

    values : of the masks' files, by class: 0 first
    names : of the classes, the background first
    channels : names of the images' channels
    spacing : of the median image; () where no file says it
    unit : of the spacing
    instances : whether masks count objects
    smallest : pixels of the smallest thing that is taken for an object

    Introduced in chapter 25.
    """

    values: tuple[int, ...]
    names: tuple[str, ...]
    channels: tuple[str, ...]
    spacing: tuple[float, ...] = ()
    unit: str = "pixel"
    instances: bool = False
    smallest: int = 0


def meaning_of(contents: Contents) -> Meaning:
    """Decide what masks and channels mean, from what was understood of a folder.

    Introduced in chapter 25.
    """
    looks = [look for look in contents.looks if look.image is not None]
    channels = max(look.image.channels for look in looks if look.image)
    if channels == 1:
        named: tuple[str, ...] = ("CT" if looks and all(is_ct(look) for look in looks) else "grey",)
    else:
        named = COLOUR if channels == 3 else tuple(f"channel {number + 1}" for number in range(channels))
    steps = [look.image.spacing for look in looks if look.image and look.image.spacing]
    usual = tuple(np.median(np.array(steps), axis=0).tolist()) if steps and len({len(s) for s in steps}) == 1 else ()
    unit = next((look.image.unit for look in looks if look.image and look.image.spacing), "pixel")
    if contents.instances:
        areas = [n for look in contents.good if look.values for n in look.values.counts[look.values.values > 0]]
        smallest = int(np.percentile(areas, 5) / 4) if areas else 0
        return Meaning((0, 1), ("background", "object"), named, usual, unit, True, smallest)
    values = (0, *contents.classes)
    names = tuple("background" if not value else contents.label_names.get(value, f"class {value}") for value in values)
    return Meaning(values, names, named, usual, unit)


def classes_of(mask: NDArray[Any], meaning: Meaning) -> NDArray[np.uint8]:
    """Turn a mask's values into class numbers; objects that touch get a seam of background between them."""
    if meaning.instances:
        whole = np.asarray(mask, dtype=np.int64)
        if whole.ndim == 2:
            return np.asarray(with_seams(whole), dtype=np.uint8)
        return np.stack([with_seams(one) for one in whole]).astype(np.uint8)
    classes = np.zeros(mask.shape, dtype=np.uint8)
    for number, value in enumerate(meaning.values):
        classes[mask == value] = number
    return classes


def case_of(look: Look, meaning: Meaning) -> Case:
    """Read a case, with class numbers.

    Raises
    ------
    Unreadable (a ValueError)
        If a file has gone, or changed since it was looked at.

    Introduced in chapter 25.
    """
    image, mask = read_case(look.pair)
    grey = with_all_channels(image.array, len(meaning.channels))
    spacing = image.spacing or meaning.spacing or (1.0,) * (grey.ndim - 1)
    return Case(look.name, grey, classes_of(mask.array[0], meaning), spacing)


def with_all_channels(array: NDArray[Any], channels: int) -> NDArray[Any]:
    """Show a grey picture as one in colour, where the others are. (C, ...) -> (channels, ...)

    Raises
    ------
    ValueError
        If that cannot be.
    """
    if len(array) == channels:
        return array
    if len(array) == 1 and channels == 3:
        return np.repeat(array, 3, axis=0)
    raise ValueError(f"an image has {len(array)} channels, and {channels} were learned: save it as the others")


def dataset_of(contents: Contents, meaning: Meaning, names: Sequence[str]) -> Dataset:
    """Read cases by their names into a data set, in this order.

    Introduced in chapter 25.
    """
    looks = {look.name: look for look in contents.looks}
    return Dataset([case_of(looks[name], meaning) for name in names], meaning.channels, meaning.names)
