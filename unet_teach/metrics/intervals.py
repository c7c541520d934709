"""Intervals: how far a score may be from what other sections and other seeds would have given (chapter 9)."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

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
    """Say between which bounds a mean lies if seeds and blocks had been others: a t interval for two sources of chance.

    The variance of the mean is that between the seeds' means plus that between the blocks' means, each divided by how
    many there are; Student's t has one degree of freedom less than the smaller number of the two. With few seeds and
    few blocks that is wide, and has to be: `coverage` simulates what it holds. One seed is taken as it is, and the
    interval then speaks of other blocks only; so is one block, such as the mean of all sections: other seeds only.

    Parameters
    ----------
    scores : (seeds, blocks); for a difference, the differences of pairs
    confidence : how often the bounds should hold; of one of several comparisons 1 - 0.05 / (their number)

    Returns
    -------
    mean, low, high

    Raises
    ------
    ValueError
        If scores are not (seeds, blocks) with at least two of either, are not finite, or confidence is not in 0..1.

    Source: Cameron, Gelbach and Miller (2011), two-way clustering, without their third term, which would narrow it; the
    variance is that of Owen (2007). Introduced in chapter 9.
    """
    scores, confidence = reals("scores", scores), number("the confidence", confidence)
    if scores.ndim != 2 or not scores.size or max(scores.shape) < 2:
        raise ValueError(f"scores must be (seeds, blocks) with at least two of either, got {scores.shape}")
    if not np.isfinite(scores).all() or not 0 < confidence < 1:
        raise ValueError("scores must be finite, and the confidence between 0 and 1")
    mean, reach = _mean_and_reach(scores, confidence)
    return float(mean), float(mean - reach), float(mean + reach)


def coverage(
    seeds: int, blocks: int, seed_sd: float = 1, block_sd: float = 1, correlation: float = 0, confidence: float = 0.95
) -> float:
    """Simulate how often `interval` holds the true mean, in 10,000 made-up tables of normal scores.

    Parameters
    ----------
    seeds, blocks : the table's sides, at least two of either and at most 1,000 scores; a single one is taken as it is
    seed_sd, block_sd : how much seeds and blocks differ, in standard deviations of what is left when both are known
    correlation : of neighbouring blocks, 0 to 1; it fades by this factor from block to block
    confidence : what the interval promises

    Returns
    -------
    share of the intervals that hold the truth, 0 to 1

    Raises
    ------
    ValueError
        If a number is out of its range.

    Introduced in chapter 9.
    """
    seeds, blocks = whole("seeds", seeds), whole("blocks", blocks)
    seed_sd, block_sd = number("seed_sd", seed_sd), number("block_sd", block_sd)
    correlation, confidence = number("the correlation", correlation), number("the confidence", confidence)
    if min(seeds, blocks) < 1 or max(seeds, blocks) < 2 or not (0 <= correlation <= 1 and 0 < confidence < 1):
        raise ValueError("need two seeds or two blocks, and a correlation and a confidence between 0 and 1")
    if seeds * blocks > 1_000:
        raise ValueError(f"{seeds} x {blocks} scores are too many to make up {DRAWS} times: take at most 1,000")
    if not (0 <= seed_sd < np.inf and 0 <= block_sd < np.inf):
        raise ValueError(f"standard deviations are finite and not negative, got {seed_sd} and {block_sd}")
    generator = np.random.default_rng(0)
    apart = np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks)))
    # With a trace of independence, since a matrix of ones alone has no root.
    mix = np.linalg.cholesky(correlation**apart + 1e-12 * np.eye(blocks)).T
    of_seeds = (seeds > 1) * seed_sd * generator.normal(size=(DRAWS, seeds, 1))
    of_blocks = (blocks > 1) * block_sd * generator.normal(size=(DRAWS, 1, blocks)) @ mix
    mean, reach = _mean_and_reach(
        of_seeds + of_blocks + generator.normal(size=(DRAWS, seeds, blocks)) @ mix, confidence
    )
    return float((np.abs(mean) <= reach).mean())  # the truth is 0


def _mean_and_reach(scores: NDArray[np.float64], confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find mean and half width of one table, or of many.  (..., seeds, blocks) -> (...) twice"""
    sides = scores.shape[-2:]
    variance = np.zeros(scores.shape[:-2])
    for other, count in zip((-1, -2), sides, strict=True):
        if count > 1:
            variance = variance + scores.mean(axis=other).var(axis=-1, ddof=1) / count
    freedom = min(count for count in sides if count > 1) - 1
    return scores.mean(axis=(-2, -1)), stats.t.ppf((1 + confidence) / 2, freedom) * np.sqrt(variance)
