"""Clusters have numbers and no names: which label is which cluster? (chapter 16)"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from unet_teach._checks import whole

Numbers = NDArray[np.integer] | NDArray[np.bool_]


def contingency(clusters: Numbers, labels: Numbers, sizes: tuple[int, int]) -> NDArray[np.int64]:
    """Count the pixels of each cluster that have each label.

    Parameters
    ----------
    clusters, labels : integers of one shape, from 0 on
    sizes : how many clusters there are, and how many labels, also where some do not occur

    Returns
    -------
    (clusters, labels) counts

    Raises
    ------
    TypeError
        If an array is not of integers.
    ValueError
        If shapes differ, there is no pixel, or a number is out of range.

    Introduced in chapter 16.
    """
    rows, columns = whole("the number of clusters", sizes[0]), whole("the number of labels", sizes[1])
    both = (("clusters", clusters, rows), ("labels", labels, columns))
    for name, values, _ in both:
        if not isinstance(values, np.ndarray) or values.dtype.kind not in "bui":
            raise TypeError(f"{name} must be an array of integers, got {type(values).__name__}: take the argmax first")
    for name, values, count in both:
        if not values.size or values.shape != clusters.shape:
            raise ValueError(f"clusters and labels need one shape with pixels, got {clusters.shape}, {labels.shape}")
        if values.min() < 0 or values.max() >= count:
            raise ValueError(f"{name} must lie in 0..{count - 1}, got {values.min()}..{values.max()}")
    pairs = clusters.astype(np.int64) * columns + labels.astype(np.int64)
    return np.bincount(pairs.ravel(), minlength=rows * columns).reshape(rows, columns)


def match_clusters(clusters: Numbers, labels: Numbers, count: int) -> NDArray[np.int64]:
    """Give each cluster a label of its own, so that as many pixels as possible are right (one to one).

    Parameters
    ----------
    clusters, labels : integers of one shape, from 0 to count - 1
    count : how many clusters there are, and labels

    Returns
    -------
    (count,) the label of each cluster: `match_clusters(...)[clusters]` are labels

    Raises
    ------
    TypeError, ValueError
        As `contingency` does.

    Solved by `scipy.optimize.linear_sum_assignment`, the assignment problem. Introduced in chapter 16.
    """
    table = contingency(clusters, labels, (count, count))
    _, names = linear_sum_assignment(table, maximize=True)  # rows come back in their order
    return names.astype(np.int64)


def best_union(clusters: Numbers, mask: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """Find the clusters that, taken together, have the best Dice with a mask (many to one).

    Sorted by the share of their pixels that lie in the mask, the best set is one of the first, the first two, ...:
    whatever is in it is purer than whatever is not. At least one cluster is taken.

    Parameters
    ----------
    clusters : integers from 0 to count - 1
    mask : booleans of the same shape
    count : how many clusters there are

    Returns
    -------
    (count,) true where the cluster belongs to the union: `best_union(...)[clusters]` is a mask

    Raises
    ------
    TypeError, ValueError
        As `contingency` does; ValueError also if the mask is not of booleans.

    Introduced in chapter 16.
    """
    if not isinstance(mask, np.ndarray) or mask.dtype.kind != "b":
        raise ValueError("the mask must hold booleans: compare first, as in labels > 0")
    outside, inside = contingency(clusters, mask, (count, 2)).T
    size = inside + outside
    order = np.argsort(-inside / np.maximum(size, 1), kind="stable")  # a cluster that does not occur comes last
    dice = 2 * inside[order].cumsum() / (size[order].cumsum() + inside.sum()).clip(min=1)
    chosen = np.zeros(count, dtype=bool)
    chosen[order[: dice.argmax() + 1]] = True
    return chosen
