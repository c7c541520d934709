"""Several networks, each for some of the classes, and one label map of all they say (chapter 20)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import label_map

Labels = NDArray[np.integer]


def merge_parts(parts: Sequence[Labels], numbers: Sequence[Mapping[int, int]]) -> NDArray[np.int64]:
    """Merge the label maps of part-models: where several claim a voxel, the last one has it.

    That is the rule of TotalSegmentator, whose parts are written one over the other in a fixed order.

    Parameters
    ----------
    parts : label maps of one shape, whole numbers, 0 where a part says nothing
    numbers : for each part, the number that each of its own numbers becomes, such as {1: 5}

    Returns
    -------
    the same shape, int64

    Raises
    ------
    TypeError, ValueError
        If shapes or kinds do not fit, a number of a part has no new one, a new one is below 1, or two are alike.

    Source: `totalsegmentator/nnunet.py`, 2.18.0. Introduced in chapter 20.
    """
    said = _checked(parts)
    if len(said) != len(numbers):
        raise ValueError(f"each part needs its new numbers: {len(said)} parts, {len(numbers)} lists of numbers")
    new = [int(number) for table in numbers for number in table.values()]
    if len(set(new)) != len(new) or min(new, default=1) < 1:
        raise ValueError(f"new numbers start at 1, and no two are alike, got {sorted(new)}")
    merged = np.zeros_like(said[0])
    for part, table in zip(said, numbers, strict=True):
        if unknown := set(np.unique(part).tolist()) - {0, *table}:
            raise ValueError(f"a part says {min(unknown)}, and its list has {', '.join(map(str, table))} only")
        for own, number in table.items():
            merged[part == own] = number
    return merged


def contested(parts: Sequence[Labels]) -> NDArray[np.bool_]:
    """Return where more than one part says something.  label maps of one shape -> that shape, bool

    Raises `TypeError` or `ValueError` if shapes or kinds do not fit. Introduced in chapter 20.
    """
    return np.sum([part != 0 for part in _checked(parts)], axis=0) > 1


def _checked(parts: Sequence[Labels]) -> list[NDArray[np.int64]]:
    said = [label_map("a part", part) for part in parts]
    if not said:
        raise ValueError("there is no part to merge")
    if len({part.shape for part in said}) > 1:
        raise ValueError(f"parts have one shape, got {', '.join(str(part.shape) for part in said)}")
    return said
