"""Checkers for chapter 5, "What counts as a region?"."""

from typing import Any

import numpy as np
from scipy import ndimage

from unet_teach import data
from unet_teach.classical import grow_region
from unet_teach.course import annotate
from unet_teach.course.exercises import NotAnsweredYet, Verdict, checker
from unet_teach.metrics import dice, match

SEED = (250, 60)  # in the fat under the skin


@checker("Exercise 1", "A single pixel, if it is far enough away, is a side of its own.")
def otsu_by_hand(answer: Any) -> str | None:
    """The best split of 1, 1, 4, 10: how many numbers lie below it, and n_below * n_above * distance²."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "Give two numbers, as in (2, 100): how many lie below the best border, and its product."
    below, product = answer
    if (below, product) == (2, 144):
        return "That is a good border, but not the best: the halves need not be equal. Try the one before the 10."
    if (below, product) == (3, 24):
        return "The right border. Now square the distance of the means before you multiply."
    if (below, product) == (3, 64):
        return "The right border. The squared distance is 64; how many numbers are on each side?"
    if (below, product) == (1, 192):
        return "The product is right. Count the numbers below the border, not above."
    if below == 1:
        return "Two equal numbers cannot lie on two sides of a threshold."
    if (below, product) != (3, 192):
        return "For each border: the mean below, the mean above, their distance squared, times both counts."
    return None


@checker("Exercise 2", "The gap was made of pixels that are part fat, part muscle: their mean is neither's.")
def band(answer: Any) -> str | None:
    """A band (low, high) in HU that grows through the fat under the skin, and not into that among the organs."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        return "Give two numbers of HU, as in (-190, -30)."
    low, high = (float(number) for number in answer)
    ct = data.load_ct_slice()
    if not low <= ct.hu[SEED] <= high:
        return f"The seed has {ct.hu[SEED]} HU, and the band from {low:g} to {high:g} does not hold it."
    region = grow_region(ct.hu, SEED, low, high)
    skin, organs = ((region & (ct.tissue == number)).sum() / (ct.tissue == number).sum() for number in (255, 128))
    if (ct.tissue[region] == 0).mean() > 0.2:
        return "The region has run out of the body: air, or the skin, is in the band."
    if organs > 0.1:
        return f"It leaks: {organs:.0%} of the fat among the organs is in the region. Which end lets it through?"
    if skin < 0.9:
        return f"No leak, but only {skin:.0%} of the fat under the skin is in the region. Widen the band a little."
    return None


@checker("Exercise 3", "Growing, taking away, counting: that is all that labelling does.")
def count_regions(answer: Any) -> str | None:
    """A function mask (H, W) of booleans -> how many regions it has, connected across edges."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    generator = np.random.default_rng(5)
    ring = np.ones((5, 5), dtype=bool)
    ring[1:4, 1:4] = False
    cases = [
        np.zeros((3, 4), dtype=bool),
        np.ones((3, 4), dtype=bool),
        np.eye(4, dtype=bool),
        ring,
        *(generator.random((2, 12, 9)) < 0.5),
    ]
    for mask in cases:
        before = mask.copy()
        given = answer(mask)
        if given is None or given is ...:
            raise NotAnsweredYet
        if not np.array_equal(mask, before):
            return "Your function changes the mask that it was given. Work on a copy: mask.copy()."
        wanted = ndimage.label(mask)[1]
        if given == wanted:
            continue
        if not mask.any():
            return "A mask without any True has no region: 0."
        if given == mask.sum():
            return "You count pixels. After growing a region, take all of it away before the next seed."
        if given == ndimage.label(mask, np.ones((3, 3)))[1]:
            return "Pixels that touch at a corner only are no neighbours here: `grow_region` goes across edges."
        if given == wanted + ndimage.label(~mask)[1]:
            return "You count the regions of False, too."
        return f"A mask has {wanted} regions, and yours says {given}:\n{mask.astype(int)}"
    return None


@checker("Exercise 4", "Pixels can look fine while the count of cells is wrong.")
def count_objects(answer: Any) -> str | None:
    """What became of the toy's four cells: (matched, missed, false, merged, split)."""
    if not isinstance(answer, tuple | list) or len(answer) != 5:
        return "Give five numbers: (matched, missed, false, merged, split)."
    names = ("matched", "missed", "false", "merged", "split")
    wanted = (1, 3, 4, 1, 1)
    hints = {
        "matched": "A match needs more than half of what either covers. Cell 1 is one; go through the others.",
        "missed": "Every true cell that is not matched is missed, the merged and the split ones too.",
        "false": "Every predicted region that is not matched is false.",
        "merged": "How many predicted regions cover more than half of each of two or more true cells?",
        "split": "How many true cells cover more than half of each of two or more predicted regions?",
    }
    for name, given, right in zip(names, answer, wanted, strict=True):
        if given != right:
            return f"Look at `{name}` again. {hints[name]}"
    return None


def membranes(answer: Any) -> Verdict:
    """The text of a drawing of the EM crop; see `near`."""
    return _membranes(... if _blank(answer) else answer)


def cells(answer: Any) -> Verdict:
    """The text of a drawing of the crop of cells."""
    return _cells(... if _blank(answer) else answer)


def _blank(answer: Any) -> bool:
    """Tell whether a text holds no shape yet, only empty lines and comments."""
    return isinstance(answer, str) and not any(line.partition("#")[0].strip() for line in answer.splitlines())


@checker("Exercise 5", "You have labelled membranes. Now see how close you came to the experts.")
def _membranes(answer: Any) -> str | None:
    """Lines near most of the experts' membranes, and near little else."""
    if not isinstance(answer, str):
        return "Give the text from the box, between three quotation marks."
    crop = annotate.crop("em")
    try:
        drawn = annotate.membrane(answer, crop.labels.shape)
    except ValueError as error:
        return f"Something in the text is no shape. {error}"
    found, right = near(crop.labels, drawn, 3), near(drawn, crop.labels, 3)
    if right < 0.7:
        return (
            f"{1 - right:.0%} of what you drew is more than 3 pixels from any membrane of the experts. "
            "Are mitochondria or vesicles among it?"
        )
    if found < 0.7:
        return f"A good beginning: {found:.0%} of the experts' membranes have a line within 3 pixels. There are more."
    return None


@checker("Exercise 6", "You have labelled cells. Now see how close you came to the expert.")
def _cells(answer: Any) -> str | None:
    """Outlines of which at least three match a cell of the expert's."""
    if not isinstance(answer, str):
        return "Give the text from the box, between three quotation marks."
    crop = annotate.crop("cells")
    try:
        drawn = annotate.instances(answer, crop.labels.shape)
    except ValueError as error:
        return f"Something in the text is no outline of a cell. {error}"
    found = match(drawn, crop.labels)
    if found.merged:
        return "One of your outlines goes round two of the expert's cells. Look for the bright seam between them."
    if found.matched < 3:
        overlap = dice(drawn > 0, crop.labels > 0)
        return f"{found.matched} of your outlines match a cell; as a whole the Dice score is {overlap:.2f}. Draw on."
    return None


def near(mask: np.ndarray, other: np.ndarray, tolerance: float) -> float:
    """The share of a mask's pixels that lie within so many pixels of the other; 0 where a mask is empty."""
    if not mask.any() or not other.any():
        return 0.0
    return float((ndimage.distance_transform_edt(~other)[mask] <= tolerance).mean())
