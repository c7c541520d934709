"""Other numbers for those in masks: 0 for a 255 that means "not drawn", 2 for a 4 (chapter 25)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import listed
from unet_teach.recipes.folder.reading import Picture, read_picture

HIGHEST = 65535  # of the numbers that are written


def renumbered(
    contents: Contents, numbers: Mapping[int, int]
) -> Iterator[tuple[str, tuple[Path, ...], NDArray[np.integer], Picture]]:
    """Read masks, and change their numbers, all at once: 1=2,2=1 exchanges two.

    Returns
    -------
    for each case: its name, the files of its image, labels, and the mask as it was

    Raises
    ------
    ValueError
        If a mask holds no whole numbers; if none holds a number that is to be changed; if a number is left below 0.

    Introduced in chapter 25.
    """
    other = [look.name for look in contents.looks if contents.kinds[look.name] not in ("classes", "negative")]
    if other:
        raise ValueError(f"the masks of {listed(other)} hold no whole numbers: see what check says of them")
    held = sorted({value for look in contents.looks if look.values for value in look.values.classes})
    absent = [number for number in numbers if number not in held]
    if absent:
        raise ValueError(f"no mask holds {listed(absent)}: masks hold {listed(held)}")
    left = sorted({numbers.get(number, number) for number in held})
    if left[0] < 0 or left[-1] > HIGHEST:
        odd = left[0] if left[0] < 0 else left[-1]
        raise ValueError(f"{odd} cannot be written: numbers go from 0 to {HIGHEST}; name another number for it, too")
    return _each(contents, numbers)


def renamed(contents: Contents, numbers: Mapping[int, int], wanted: Sequence[int]) -> tuple[str, ...]:
    """Name the numbers that are left as dataset.json named them, where it names all; () if not."""
    known = contents.label_names
    names = {numbers[number]: name for number, name in known.items() if number in numbers}
    names |= {number: name for number, name in known.items() if number not in numbers}
    return tuple(names[number] for number in wanted) if all(number in names for number in wanted) else ()


def _each(
    contents: Contents, numbers: Mapping[int, int]
) -> Iterator[tuple[str, tuple[Path, ...], NDArray[np.integer], Picture]]:
    for look in contents.looks:
        picture = read_picture(look.pair.mask, mask=True, size=look.image.size if look.image else ())
        before = np.asarray(picture.array[0], dtype=np.int64)
        labels = before.copy()
        for old, new in numbers.items():
            labels[before == old] = new
        yield look.name, look.pair.images, labels, picture
