"""V-Rand: score a map of membranes by the regions that it separates (chapter 9).

A gap of one pixel in a membrane hardly changes Dice, and merges two cells. The Rand score asks of any two pixels
whether they are rightly in one region or in two. The 2012 challenge on electron microscopy ranks by it, after the
predicted membranes have been thinned, so that their width does not matter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from unet_teach._checks import number, numbered, reals
from unet_teach.metrics.overlap import check_mask

Labels = NDArray[np.integer]
Probability = NDArray[np.floating]

THRESHOLDS = tuple(step / 10 for step in range(11))  # the challenge's: 0, 0.1 ... 1


def regions(membrane: NDArray[np.bool_]) -> Labels:
    """Number the regions between membranes; pixels that touch only at a corner are not connected.

    (H, W) booleans, True on membrane -> (H, W) integers: 0 on membrane, 1, 2 ... in the 4-connected regions between.

    Raises
    ------
    TypeError, ValueError
        If the membrane is not an array of booleans, not two-dimensional, or has no pixel.

    Introduced in chapter 9.
    """
    check_mask("the membrane", membrane)
    if membrane.ndim != 2:
        raise ValueError(f"the membrane must be one section (H, W), got {membrane.shape}: take one at a time")
    found: Labels = ndimage.label(~membrane)[0]
    return found


def thin(membrane: NDArray[np.bool_]) -> Labels:
    """Let the regions grow until one pixel of membrane is between them: a 4-connected watershed of the binary map.

    Membrane with the same region on all sides goes away, for there is nothing that it separates. So does all of it
    where the map has no region: a landscape without a valley is one basin, and the result is one region. Where the
    line runs in an even width is up to the order of flooding: against the flooding of the official plugin (32 maps of
    four sections) `v_rand` differed by at most 0.004, and by at most 0.0003 where it was above 0.9. Argument, result
    and errors as `regions`, with 0 on the thin membrane.

    Source: Arganda-Carreras et al. (2015), border thinning. Introduced in chapter 9.
    """
    valleys = regions(membrane)
    if not valleys.any():
        return np.ones_like(valleys)
    basins = watershed(membrane.astype(np.uint8), valleys, connectivity=1, watershed_line=True)
    return regions(basins == 0)  # a line may cut off a corner of its own basin, which is then a region of its own


def rand_f_score(predicted: Labels, true: Labels) -> float:
    """Return the F-score of two ways to divide pixels into regions: 2 sum(p²) / (sum(s²) + sum(t²)).

    Only pixels inside a true region count, n of them. p is the share of these pixels in one predicted and one true
    region together, s in a predicted region, t in a true region; squares count pairs of pixels. Each of the n pixels
    with the predicted label 0, border, is a region of its own. Merging lowers sum(p²) / sum(s²), splitting lowers
    sum(p²) / sum(t²). `skimage.metrics.adapted_rand_error` differs: it leaves out the n pairs of a pixel with
    itself, and takes the predicted border as one region.

    Parameters
    ----------
    predicted, true : (H, W) integers from 0, regions numbered from 1, border 0; the numbers need not be consecutive

    Returns
    -------
    float above 0, up to 1 where the two agree on every pair. True region and prediction one and the same: 1.

    Raises
    ------
    TypeError, ValueError
        If an array is not of integers, shapes differ, a label is negative, or there is no true region to score.

    Source: Arganda-Carreras et al. (2015), foreground-restricted Rand scoring, as in `RandError` of the Fiji plugin
    Trainable Segmentation. Introduced in chapter 9.
    """
    hint = "`regions(membrane)` makes them"
    here, there = numbered("the predicted labels", predicted, hint), numbered("the true labels", true, hint)
    if here.shape != there.shape:
        raise ValueError(f"the labels must have one shape, got {here.shape} and {there.shape}")
    inside = there > 0
    if not inside.any():
        raise ValueError("there is no true region, so nothing to score: leave this section out")
    s, t = here[inside], there[inside]  # (n,)
    border = s == 0
    s[border] = s.max() + 1 + np.arange(border.sum())  # each border pixel is its own region
    p = t * (s.max() + 1) + s  # (n,), one number for each pair of regions
    pairs_p, pairs_s, pairs_t = (_pairs(region) for region in (p, s, t))
    return 2 * pairs_p / (pairs_s + pairs_t)


def v_rand(membrane_probability: Probability, true_labels: Labels, threshold: float) -> float:
    """Score one section as the 2012 challenge does: threshold, thin the prediction, compare regions.

    Membrane is where the probability is at least `threshold`; the official script keeps the regions where one minus
    it is above t, which is the same for t = 1 - threshold. Only the prediction is thinned. The truth is not: its
    border pixels are left out. The score of several sections is the mean of theirs. The challenge reports the best
    threshold of 0, 0.1 ... 1; choose it on validation sections and say so.

    A prediction without membrane is one region, and so is one that is membrane everywhere (see `thin`): both score
    2 sum(t²) / (1 + sum(t²)), with t the shares of the true regions; 1 where there is a single true region.

    Parameters
    ----------
    membrane_probability : (H, W) floats from 0 to 1, after sigmoid or softmax
    true_labels : (H, W) integers, 0 on the border, a number for each region; for the official score
        `regions(membrane)`, whose regions are 4-connected
    threshold : 0 to 1

    Raises
    ------
    TypeError, ValueError
        As `rand_f_score` does; ValueError also if the map is not (H, W), or a probability or the threshold not in 0..1.

    Source: Arganda-Carreras et al. (2015), V-Rand after border thinning. Introduced in chapter 9.
    """
    reals("the map", membrane_probability)
    probability, threshold = np.asarray(membrane_probability), number("the threshold", threshold)
    if probability.ndim != 2:
        raise ValueError(f"the map must be one section (H, W), got {probability.shape}: average the sections' scores")
    if not ((probability >= 0) & (probability <= 1)).all():  # NaN fails both
        raise ValueError("the map must hold probabilities from 0 to 1: apply sigmoid or softmax to logits")
    if not 0 <= threshold <= 1:
        raise ValueError(f"the threshold must lie between 0 and 1, got {threshold}")
    # As a plain float the threshold takes the map's precision: 0.7 in a float32 map counts as reaching 0.7.
    return rand_f_score(thin(probability >= threshold), true_labels)


def v_rand_curve(
    probability: Probability, truth: Labels, thresholds: Sequence[float] = THRESHOLDS
) -> NDArray[np.float64]:
    """Compute `v_rand` at T thresholds, by default the challenge's 0, 0.1 ... 1; arguments and errors are its own.

    A stack's curve, (T,) floats, is the mean of its sections' curves, and its score the largest value of that mean.
    Introduced in chapter 9.
    """
    each = reals("the thresholds", thresholds).ravel()
    return np.array([v_rand(probability, truth, threshold) for threshold in each], dtype=np.float64)


def _pairs(region: Labels) -> int:
    """Count ordered pairs of pixels within one region, a pixel with itself included."""
    return int((np.unique(region, return_counts=True)[1] ** 2).sum())
