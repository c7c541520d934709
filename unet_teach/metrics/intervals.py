"""Intervals: how far a score may be from what other sections and other seeds would have given (chapter 9)."""

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, reals, whole

DRAWS = 10_000


def in_blocks(scores: NDArray[np.floating], size: int) -> NDArray[np.float64]:
    """Average neighbouring sections, which look alike, so that what is left depends less on each other.

    Parameters
    ----------
    scores : (..., sections), in the order of the sections
    size : sections a block

    Returns
    -------
    (..., sections / size)

    Raises
    ------
    ValueError
        If the sections do not divide into blocks of this size.

    Introduced in chapter 9.
    """
    scores, size = reals("scores", scores), whole("size", size)
    if scores.ndim < 1:
        raise ValueError("scores must be (..., sections), got a single number")
    sections = scores.shape[-1]
    if size < 1 or not sections or sections % size:
        raise ValueError(f"{sections} sections do not divide into blocks of {size}")
    return scores.reshape(*scores.shape[:-1], sections // size, size).mean(axis=-1)


def interval(scores: NDArray[np.floating], confidence: float = 0.95) -> tuple[float, float, float]:
    """Say between which bounds a mean lies if seeds and blocks had been others: the pigeonhole bootstrap.

    Seeds and blocks are drawn again with replacement, independently of each other, 10,000 times; the bounds are
    percentiles of the means. With as few as three blocks the bounds cannot leave the range of the three and are, if
    anything, too narrow. One seed is taken as it is: the interval then speaks of other blocks only.

    Parameters
    ----------
    scores : (seeds, blocks)
    confidence : share of the means between the bounds

    Returns
    -------
    mean, low, high

    Raises
    ------
    ValueError
        If scores are not (seeds, blocks) with at least two blocks, are not finite, or confidence is not in 0..1.

    Source: Owen (2007), the pigeonhole bootstrap; Owen and Eckles (2012). Introduced in chapter 9.
    """
    scores, confidence = reals("scores", scores), number("the confidence", confidence)
    if scores.ndim != 2 or scores.shape[0] < 1 or scores.shape[1] < 2:
        raise ValueError(f"scores must be (seeds, blocks) with at least two blocks, got {scores.shape}")
    if not np.isfinite(scores).all() or not 0 < confidence < 1:
        raise ValueError("scores must be finite, and the confidence between 0 and 1")
    seeds, blocks = scores.shape
    generator = np.random.default_rng(0)  # the same scores give the same interval
    which_seeds = generator.integers(seeds, size=(DRAWS, seeds, 1))
    which_blocks = generator.integers(blocks, size=(DRAWS, 1, blocks))
    means = scores[which_seeds, which_blocks].mean(axis=(1, 2))
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(scores.mean()), float(low), float(high)
