"""Whether numbers in masks count objects, or name classes (chapter 25)."""

from collections.abc import Sequence

import numpy as np

from unet_teach.recipes.folder.values import MaskValues

FEWEST = 4  # numbers in the fullest mask
ONE_PIECE = 0.75  # of the numbers are one connected piece
SCATTERED = 0.18  # of the picture's side: how far the middle of one number is from its mean place
SELDOM = 0.5  # of the images have a number, on average
FROM_ONE = 0.8  # of the masks hold 1, 2, 3 ... without a gap
REGULAR = 0.6  # standard deviation of the logarithm of sizes


def holds_instances(masks: Sequence[MaskValues]) -> bool:
    """Tell whether masks look as if each number were an object, such as a cell.

    Numbers of objects are each one connected piece, count from 1 in every image, and are more in one image than in
    another. Where that is not so, as in cuttings, objects are of similar size, and number 3 lies in another place each
    time; organs differ in size, and lie where they lie.

    Introduced in chapter 25.
    """
    filled = [one for one in masks if len(one.classes - {0})]
    counts = [len(one.classes - {0}) for one in filled]
    if not filled or max(counts) < FEWEST:
        return False
    whole = [one.one_piece for one, count in zip(filled, counts, strict=True) if count > 1]
    if not whole or np.mean(whole) < ONE_PIECE:
        return False
    counted = np.mean(
        [one.classes - {0} == set(range(1, count + 1)) for one, count in zip(filled, counts, strict=True)]
    )
    every = set().union(*(one.classes for one in filled)) - {0}
    usual = float(np.mean(counts)) / len(every)
    if counted >= FROM_ONE and max(counts) - min(counts) >= 2 and usual < 0.85:
        return _regular(filled) or max(counts) >= 15
    if usual < SELDOM:  # most numbers are in few images, as in cuttings
        return _elsewhere(filled)
    return _regular(filled) and _scattered(filled)


def _elsewhere(filled: Sequence[MaskValues]) -> bool:
    """Tell whether a number lies in another place in each image that has it."""
    places: dict[int, list[tuple[float, ...]]] = {}
    for one in filled:
        for number, centre in one.centres.items():
            places.setdefault(number, []).append(centre)
    apart = []
    for several in places.values():
        if len(several) > 1:
            each = np.array(several)
            apart.append(np.abs(each[:, None] - each[None]).sum(axis=(0, 1)).max() / (len(each) * (len(each) - 1)))
    return not apart or float(np.median(apart)) > SCATTERED


def _regular(filled: Sequence[MaskValues]) -> bool:
    spreads = [np.log(one.counts[one.values > 0]).std() for one in filled if len(one.classes) > 3]
    return bool(spreads) and float(np.median(spreads)) < REGULAR * 1.7


def _scattered(filled: Sequence[MaskValues]) -> bool:
    if len(filled) < 2:
        return len(filled[0].classes) > 7
    apart = []
    for number in set.intersection(*(set(one.centres) for one in filled)):
        places = np.array([one.centres[number] for one in filled])
        apart.append(places.std(axis=0).max())
    return bool(apart) and float(np.median(apart)) > SCATTERED
