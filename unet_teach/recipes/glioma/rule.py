"""The rule without learning: what is bright on FLAIR in one piece, and what is bright on T1c inside it (chapter 22)."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.metrics import dice
from unet_teach.recipes.glioma.cases import GliomaCase, fine

FLAIRS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
BLURS = (0.0, 0.5, 1.0)
CONTRASTS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
CLOSINGS = (0, 1, 2, 3, 4)

Volume = NDArray[np.float32]
Mask = NDArray[np.bool_]


class TumourRule(NamedTuple):
    """What the rule leaves open: standard deviations above the brain's mean, and voxels of 3 mm.

    flair : threshold on FLAIR, of the whole tumour
    blur : sigma of the blur before it, in voxels
    t1c : threshold on T1c, of the enhancing tumour
    closing : by how many voxels the enhancing tumour is closed before its holes are filled: the core
    """

    flair: float
    blur: float
    t1c: float
    closing: int


def bright_piece(image: Volume, brain: Mask, threshold: float, blur: float) -> Mask:
    """Blur, take what is brighter than a threshold inside the brain, keep the largest piece, and fill its holes.

    Introduced in chapter 22.
    """
    smooth = ndimage.gaussian_filter(image, blur) if blur else image
    pieces, count = ndimage.label((smooth > threshold) & brain)
    if not count:
        return np.zeros(brain.shape, bool)
    largest = pieces == np.bincount(pieces.ravel())[1:].argmax() + 1
    return np.asarray(ndimage.binary_fill_holes(largest))


def enhancing_part(t1c: Volume, tumour: Mask, threshold: float) -> Mask:
    """Take what is brighter than a threshold on T1c inside the whole tumour."""
    return np.asarray((t1c > threshold) & tumour)


def core_around(enhancing: Mask, tumour: Mask, closing: int) -> Mask:
    """Close the gaps of the enhancing tumour, and fill what it encloses, slice by slice and in all."""
    closed = enhancing
    if closing:
        grown = ndimage.binary_dilation(np.pad(enhancing, closing), iterations=closing)
        closed = ndimage.binary_erosion(grown, iterations=closing)[(slice(closing, -closing),) * 3]
    by_slice = np.stack([ndimage.binary_fill_holes(part) for part in np.moveaxis(closed, 2, 0)], axis=2)
    return np.asarray((ndimage.binary_fill_holes(by_slice) & tumour) | enhancing)


def rule_regions(case: GliomaCase, rule: TumourRule) -> NDArray[np.bool_]:
    """Segment a head by the rule.  -> (3, X, Y, Z), WT, TC, ET, nested

    Introduced in chapter 22.
    """
    flair, t1c = case.image
    tumour = bright_piece(flair, case.brain, rule.flair, rule.blur)
    enhancing = enhancing_part(t1c, tumour, rule.t1c)
    return np.stack([tumour, core_around(enhancing, tumour, rule.closing), enhancing])


def choose_rule(cases: Sequence[GliomaCase]) -> TumourRule:
    """Find the settings with the best mean overlap on these cases, one region after the other.

    Introduced in chapter 22.
    """
    if not cases:
        raise ValueError("there is no case to choose the rule on")

    def best(options: Sequence[tuple[float, ...]], scores: Callable[..., list[float]]) -> tuple[float, ...]:
        return max(options, key=lambda option: float(np.mean(scores(*option))))

    flair, blur = best(
        list(product(FLAIRS, BLURS)),
        lambda flair, blur: [dice(bright_piece(c.image[0], c.brain, flair, blur), c.regions[0]) for c in cases],
    )
    tumours = [bright_piece(case.image[0], case.brain, flair, blur) for case in cases]
    (t1c,) = best(
        [(threshold,) for threshold in CONTRASTS],
        lambda t: [dice(enhancing_part(c.image[1], m, t), c.regions[2]) for c, m in zip(cases, tumours, strict=True)],
    )
    bright = [enhancing_part(case.image[1], tumour, t1c) for case, tumour in zip(cases, tumours, strict=True)]
    (closing,) = best(
        [(voxels,) for voxels in CLOSINGS],
        lambda n: [
            dice(core_around(e, m, int(n)), c.regions[1]) for c, m, e in zip(cases, tumours, bright, strict=True)
        ],
    )
    return TumourRule(flair, blur, t1c, int(closing))


def at_full_size(regions: NDArray[np.bool_], size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Bring masks of 3-mm voxels to a scan's own, with smooth edges.  (3, x, y, z) -> (3, *size)"""
    return fine(regions, size) > 0.5
