"""Checkers for chapter 5, "What counts as a region?"; those of the drawings stand in `drawings`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach import data
from unet_teach.course.exercises import FUNCTION, checker, generator, numbers
from unet_teach.course.exercises.drawings import cells, membranes
from unet_teach.course.exercises.judging import judge

__all__ = ["band", "cells", "count_objects", "count_regions", "membranes", "otsu_by_hand"]

Mask = NDArray[np.bool_]
SEED = (250, 60)  # in the fat under the skin
_A_BAND_TOO = "many bands do; the ends of the working ones are some 15 HU apart"
EQUIVALENT = {
    "Exercise 2: `check.band((-150, -70))` -> ...": _A_BAND_TOO,
    "Exercise 2: [0] -150 -> ...": _A_BAND_TOO,
    "Exercise 2: [1] -70 -> ...": _A_BAND_TOO,
    "Exercise 2: all a tenth larger": _A_BAND_TOO,
    "Exercise 2: all turned upside down": "a single number cannot be turned",
    "Exercise 2: all transposed": "a single number cannot be transposed",
    "Exercise 3: `np.argwhere(left)[0]` -> `np.argwhere(left)[-1]`": "any pixel that is left may be the seed",
}


@checker("Exercise 1", "A single pixel, if it is far enough away, is a side of its own.")
def otsu_by_hand(answer: Any) -> str | None:
    """The best split of 1, 1, 4, 10: how many numbers lie below it, and n_below * n_above * distance²."""
    given = numbers(answer)
    if given.shape != (2,):
        return "Give two numbers, as in (2, 100): how many lie below the best border, and its product."
    below, product = given.tolist()
    hints = {
        (2, 144): "That is a good border, but not the best: the halves need not be equal. Try the one before the 10.",
        (3, 24): "The right border. Now square the distance of the means before you multiply.",
        (3, 64): "The right border. The squared distance is 64; how many numbers are on each side?",
        (3, 12): "The right border. Divided by 16, the square of the pixels' number; give the product itself.",
        (1, 192): "The product is right. Count the numbers below the border, not above.",
        (192, 3): "First how many lie below, then the product.",
    }
    if (below, product) in hints:
        return hints[below, product]
    if below == 1:
        return "Two equal numbers cannot lie on two sides of a threshold."
    if (below, product) != (3, 192):
        return "For each border: the mean below, the mean above, their distance squared, times both counts."
    return None


@checker("Exercise 2", "The gap was made of pixels that are part fat, part muscle: their mean is neither's.")
def band(answer: Any) -> str | None:
    """A band (low, high) in HU that grows through the fat under the skin, and not into that among the organs."""
    given = numbers(answer)
    if given.shape != (2,):
        return "Give two numbers of HU, as in (-190, -30)."
    low, high = given.tolist()
    ct = data.load_ct_slice()
    if low > high:
        return "The lower end comes first: -190 is below -30."
    if not low <= ct.hu[SEED] <= high:
        return f"The seed has {ct.hu[SEED]} HU, and the band from {low:g} to {high:g} does not hold it."
    if abs(low + 190) < 1 and abs(high + 60) < 1:
        return "That band is tried above. Find another: which end matters, and how far may it move?"
    pieces = ndimage.label((ct.hu >= low) & (ct.hu <= high))[0]
    region = pieces == pieces[SEED]  # what grow_region finds, in a hundredth of its time
    skin, organs = ((region & (ct.tissue == number)).sum() / (ct.tissue == number).sum() for number in (255, 128))
    if (ct.tissue[region] == 0).mean() > 0.2:
        return "The region has run out of the body: air, or the skin, is in the band."
    if organs > 0.1:
        return f"It leaks: {organs:.0%} of the fat among the organs is in the region. Which end lets it through?"
    if skin < 0.9:
        return f"No leak, but only {skin:.0%} of the fat under the skin is in the region. Widen the band a little."
    return None


def _pieces(mask: Mask, neighbours: Any = None) -> int:
    return int(ndimage.label(mask, neighbours)[1])


@checker("Exercise 3", "Growing, taking away, counting: that is all that labelling does.", wants=FUNCTION)
def count_regions(answer: Any) -> str | None:
    """A function mask (H, W) of booleans -> how many regions it has, connected across edges."""
    draw = generator()
    ring = np.ones((5, 5), dtype=bool)
    ring[1:4, 1:4] = False
    masks = [np.zeros((3, 4), dtype=bool), np.ones((1, 1), dtype=bool), np.ones((3, 4), dtype=bool), np.eye(4) > 0]
    masks += [ring, np.roll(ring, 2, axis=1), np.roll(ring, 2, axis=0)]  # cut in two by the image's border
    masks += [draw.random(shape) < share for shape, share in (((1, 7), 0.6), ((6, 1), 0.6), ((9, 12), 0.5))]
    masks += [draw.random((17, 14)) < 0.6, draw.random((17, 14)) < 0.6]  # winding ones
    row, column = np.array([[0, 0, 0], [1, 1, 1], [0, 0, 0]]), np.array([[0, 1, 0]] * 3)
    sides = "Pixels on top of each other are neighbours, and so are pixels side by side: look in all four directions."
    background = "One too many. Is the ground, what is False, counted as well?"
    mistakes = (
        (np.count_nonzero, "You count pixels. After growing a region, take all of it away before the next seed."),
        (
            lambda mask: int(mask.any()),
            "Always 1, where there is anything: a return inside the loop ends it after the first region.",
        ),
        (lambda mask: max(_pieces(mask), 1), "A mask without any True has no region: 0."),
        (
            lambda mask: _pieces(mask, np.ones((3, 3))),
            "Pixels that touch at a corner only are no neighbours here: `grow_region` goes across edges.",
        ),
        (lambda mask: _pieces(mask, row), sides),
        (lambda mask: _pieces(mask, column), sides),
        (lambda mask: _pieces(mask) + _pieces(~mask), "You count the regions of False, too."),
        (lambda mask: _pieces(~mask), "You count the regions of False instead of those of True."),
        (lambda mask: _pieces(mask) + 1, background),
        (lambda mask: _pieces(mask) + int(not mask.all()), background),
        (lambda mask: _pieces(mask) - 1, "Always one too few: begin with a count of 0, and add one for each region."),
    )

    def otherwise(given: Any, wanted: Any, mask: Mask) -> str:
        return f"This mask has {wanted:.0f}, yours says {given:g}:\n{mask.astype(int)}"

    return judge(answer, _pieces, [(mask,) for mask in masks], mistakes, otherwise)


@checker("Exercise 4", "Pixels can look fine while the count of cells is wrong.")
def count_objects(answer: Any) -> str | None:
    """What became of the toy's four cells: (matched, missed, false, merged, split)."""
    given = numbers(answer)
    if given.shape != (5,):
        return "Give five numbers: (matched, missed, false, merged, split)."
    wanted = {"matched": 1, "missed": 3, "false": 4, "merged": 1, "split": 1}
    hints = {
        "matched": "A match needs more than half of what either covers. Cell 1 is one; go through the others.",
        "missed": "Every true cell that is not matched is missed, the merged and the split ones too.",
        "false": "Every predicted region that is not matched is false.",
        "merged": "How many predicted regions cover more than half of each of two or more true cells?",
        "split": "How many true cells cover more than half of each of two or more predicted regions?",
    }
    for count, (name, right) in zip(given, wanted.items(), strict=True):
        if count != right:
            return f"Look at `{name}` again. {hints[name]}"
    return None
