"""Nested regions: from labels to yes and no, and back from three maps of yes and no to labels (chapter 22).

WT is the whole tumour, TC its core, ET the part that takes up contrast agent; each lies inside the one before.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole

REGIONS = ("WT", "TC", "ET")  # from the outermost to the innermost
# Which labels make a region, by the years of the challenge. The numbers changed twice.
LABEL_RULES: dict[str, dict[str, tuple[int, ...]]] = {
    "2012-2015": {"WT": (1, 2, 3, 4), "TC": (1, 3, 4), "ET": (4,)},
    "2017-2022": {"WT": (1, 2, 4), "TC": (1, 4), "ET": (4,)},
    "2023": {"WT": (1, 2, 3), "TC": (1, 3), "ET": (3,)},
}
CODES = {"WT": 2, "TC": 1, "ET": 4}  # what a voxel is called whose innermost region is this

Mask = NDArray[np.bool_]


def regions_of(labels: NDArray[np.integer], rule: str, names: Sequence[str] = REGIONS) -> Mask:
    """Put labels together to nested regions, by the rule of the years they come from.

    Parameters
    ----------
    labels : (*size) whole numbers, 0 where there is no tumour
    rule : "2012-2015", "2017-2022" or "2023"
    names : which regions, in which order

    Returns
    -------
    (len(names), *size) bool

    Raises
    ------
    TypeError
        If the labels are no array of whole numbers.
    ValueError
        If there is no such rule or region, or a label stands there that the rule does not know: it belongs to other
        years, and its tissue would be lost without a word.

    Source: Menze et al. (2015) for the first; the challenge's later years for the others. Introduced in chapter 22.
    """
    if rule not in LABEL_RULES:
        raise ValueError(f"the rules are those of {', '.join(LABEL_RULES)}; got {rule!r}")
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "ui":
        kind = labels.dtype if isinstance(labels, np.ndarray) else type(labels).__name__
        raise TypeError(f"labels are an array of whole numbers, got {kind}: read them with `read_labels`")
    if not labels.size:
        raise ValueError(f"labels of {labels.shape} hold no voxel")
    known = LABEL_RULES[rule]
    strange = sorted(set(np.unique(labels).tolist()) - {0, *known["WT"]})
    if strange:
        raise ValueError(
            f"label {', '.join(map(str, strange[:5]))} is unknown to the rule of {rule}, whose tumour is "
            f"{', '.join(map(str, known['WT']))}: take the rule of the years from which the labels come"
        )
    return np.stack([np.isin(labels, known[name]) for name in _named(names)])


def sum_and_remap(regions: Mask) -> NDArray[np.uint8]:
    """Add three maps of yes and no, and rename the sums: 1 to oedema, 2 to core, 3 to enhancing.  -> (*size) uint8

    It is right where the regions lie inside each other, and nothing makes a network's do so: a voxel in ET alone has a
    sum of 1, and is called oedema. `decode_regions` does not fail there. The order of the maps is never looked at.

    Raises
    ------
    TypeError, ValueError
        As `decode_regions` does.

    Introduced in chapter 22.
    """
    _require_three(regions)
    return np.array([0, CODES["WT"], CODES["TC"], CODES["ET"]], np.uint8)[regions.sum(axis=0)]


def decode_regions(
    regions: Mask, order: Sequence[str] = REGIONS, codes: Mapping[str, int] = CODES
) -> NDArray[np.uint8]:
    """Name each voxel after the innermost region that claims it, whatever the others say.

    The regions of what comes out are nested for all eight combinations: a claim of ET makes a voxel part of TC and WT.

    Parameters
    ----------
    regions : (3, *size) bool, such as sigmoid > 0.5
    order : which map is which; networks differ: MONAI's order is TC, WT, ET
    codes : the label of a voxel by its innermost region; another rule has other numbers

    Returns
    -------
    (*size) uint8, 0 where nobody claims a voxel

    Raises
    ------
    TypeError
        If the maps are not boolean.
    ValueError
        If they are not three, the order does not name each region once, or codes are not three numbers from 1 to 255.

    Source: the order of classes in nnU-Net's region-based training, which is the same idea. Introduced in chapter 22.
    """
    maps = _by_name(regions, order)
    numbers = {name: whole(f"the code of {name}", codes[name]) for name in REGIONS if name in codes}
    if len(numbers) != 3 or len(set(numbers.values())) != 3 or not all(0 < n < 256 for n in numbers.values()):
        raise ValueError(f"codes are three different numbers from 1 to 255, for {', '.join(REGIONS)}; got {codes}")
    labels = np.zeros(regions.shape[1:], np.uint8)
    for name in REGIONS:  # the innermost last: it has the last word
        labels[maps[name]] = numbers[name]
    return labels


def not_nested(regions: Mask, order: Sequence[str] = REGIONS) -> Mask:
    """Mark the voxels where an inner region sticks out of an outer one.  (3, *size) -> (*size)

    Raises
    ------
    TypeError, ValueError
        As `decode_regions` does.

    Introduced in chapter 22.
    """
    maps = _by_name(regions, order)
    whole_tumour, core, enhancing = maps.values()
    return np.asarray((core & ~whole_tumour) | (enhancing & ~core))


def _named(names: Sequence[str]) -> Sequence[str]:
    strange = [name for name in names if name not in REGIONS]
    if strange or not len(names):
        raise ValueError(f"regions are {', '.join(REGIONS)}; got {strange[0] if strange else 'none'!r}")
    return names


def _require_three(regions: Mask) -> None:
    if not isinstance(regions, np.ndarray) or regions.dtype != bool:
        kind = regions.dtype if isinstance(regions, np.ndarray) else type(regions).__name__
        raise TypeError(f"the maps are a boolean array, got {kind}: compare first, as in `sigmoid > 0.5`")
    if regions.ndim < 2 or len(regions) != 3 or not regions.size:
        raise ValueError(f"three maps are (3, *size), got {regions.shape}")


def _by_name(regions: Mask, order: Sequence[str]) -> dict[str, Mask]:
    """Take three maps apart by their names, the whole tumour first."""
    _require_three(regions)
    if sorted(_named(order)) != sorted(REGIONS):
        raise ValueError(f"the order names each of {', '.join(REGIONS)} once, got {', '.join(map(str, order))}")
    return {name: regions[list(order).index(name)] for name in REGIONS}
