"""Comparisons: is one of two really better, how many were asked, and who is worth its price (chapter 19)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unet_teach._checks import reals

MOST = 20  # differences; more than a million sign patterns are too many to go through


def sign_flip_test(differences: ArrayLike) -> float:
    """Say how often chance alone, flipping the sign of each difference, gives a mean as far from zero: a p-value.

    If neither of two networks is better, each difference could as well have come with the other sign. All 2**n patterns
    of signs are gone through, so the p-value is exact, whatever the differences' distribution, and never below
    2 / 2**n. It speaks of what differs from pair to pair, such as seeds, and of nothing else.

    Parameters
    ----------
    differences : (n,), of pairs, 1 to 20 of them

    Returns
    -------
    p, above 0 and at most 1; two-sided

    Raises
    ------
    TypeError, ValueError
        If they are not 1 to 20 finite numbers in a row.

    Source: Fisher (1935), The design of experiments, chapter III. Introduced in chapter 19.
    """
    differences = reals("differences", differences, finite=True)
    if differences.ndim != 1 or not 1 <= len(differences) <= MOST:
        raise ValueError(f"differences must be (n,) with 1 to {MOST} of them, got {differences.shape}")
    sums = np.zeros(1)
    for size in np.abs(differences):
        sums = np.concatenate([sums + size, sums - size])  # twice as many patterns
    rounding = 1e-12 * np.abs(differences).sum()
    return float((np.abs(sums) >= abs(differences.sum()) - rounding).mean())


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Correct p-values for how many were asked: the smallest counts m times, the next m - 1 times, and so on.

    Whoever calls a comparison found where its corrected value is at most 0.05 makes a false finding in at most one of
    twenty such lists, however the comparisons hang together. A corrected value is never below that of a smaller one.

    Parameters
    ----------
    p_values : (m,), in any order

    Returns
    -------
    (m,), in the same order, at most 1

    Raises
    ------
    TypeError, ValueError
        If they are not numbers from 0 to 1 in a row.

    Source: Holm (1979), section 3. Introduced in chapter 19.
    """
    p_values = reals("p-values", p_values)
    if p_values.ndim != 1 or not ((p_values >= 0) & (p_values <= 1)).all():
        raise ValueError(f"p-values must be (m,) numbers from 0 to 1, got {p_values.tolist()}")
    order = np.argsort(p_values, kind="stable")
    times = np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.maximum.accumulate(np.minimum(times * p_values[order], 1))
    return corrected


def pareto_front(costs: ArrayLike, scores: ArrayLike) -> NDArray[np.bool_]:
    """Mark who is worth a look: nobody else costs at most as much and scores at least as high, one of them truly so.

    Parameters
    ----------
    costs : (n,), the lower the better
    scores : (n,), the higher the better

    Returns
    -------
    (n,), True for those on the front; two that are equal in both are on it together

    Raises
    ------
    TypeError, ValueError
        If the two are not finite numbers in rows of one length.

    Introduced in chapter 19.
    """
    costs, scores = reals("costs", costs, finite=True), reals("scores", scores, finite=True)
    if costs.ndim != 1 or costs.shape != scores.shape:
        raise ValueError(f"costs and scores must be (n,) of one length, got {costs.shape} and {scores.shape}")
    no_dearer, no_worse = costs[:, None] <= costs, scores[:, None] >= scores  # [other, one]
    truly = (costs[:, None] < costs) | (scores[:, None] > scores)
    return np.logical_not((no_dearer & no_worse & truly).any(axis=0))
