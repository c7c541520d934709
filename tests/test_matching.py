"""Clusters and labels: the best assignment, and the best union, against trying them all."""

from itertools import permutations, product

import numpy as np
import pytest

from unet_teach.metrics import best_union, contingency, dice, match_clusters


@pytest.mark.parametrize("seed", range(8))
def test_no_permutation_gets_more_pixels_right(seed):
    rng = np.random.default_rng(seed)
    count = 2 + seed % 4
    clusters, labels = rng.integers(0, count, (2, 7, 9))
    clusters[:2] = (labels[:2] + 1) % count
    names = match_clusters(clusters, labels, count)
    assert sorted(names) == list(range(count))
    right = [(np.array(p)[clusters] == labels).sum() for p in permutations(range(count))]
    assert (names[clusters] == labels).sum() == max(right)


@pytest.mark.parametrize("seed", range(8))
def test_no_union_has_a_better_dice(seed):
    rng = np.random.default_rng(seed)
    count = 1 + seed % 5
    clusters, mask = rng.integers(0, count, (11, 6)), rng.random((11, 6)) < 0.1 + 0.1 * seed
    chosen = best_union(clusters, mask, count)
    every = [np.array(p) for p in product((False, True), repeat=count) if any(p)]
    assert dice(chosen[clusters], mask) == max(dice(p[clusters], mask) for p in every)


def test_clusters_renumbered_get_the_same_names():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 4, (20, 20))
    order = np.array([2, 0, 3, 1])
    np.testing.assert_array_equal(match_clusters(order[labels], labels, 4)[order], range(4))
    np.testing.assert_array_equal(best_union(order[labels], labels > 1, 4)[order], [False, False, True, True])


def test_clusters_and_labels_that_do_not_occur():
    clusters, labels = np.array([[0, 0, 2]]), np.array([[1, 1, 0]])
    table = contingency(clusters, labels, (4, 3))
    np.testing.assert_array_equal(table, [[0, 2, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0]])
    names = match_clusters(clusters, labels, 4)
    assert (names[0], names[2]) == (1, 0)
    assert sorted(names) == [0, 1, 2, 3]
    np.testing.assert_array_equal(best_union(clusters, labels == 1, 4), [True, False, False, False])
    assert best_union(clusters, np.zeros((1, 3), bool), 4).sum() == 1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((np.zeros((2, 2)), np.zeros((2, 2), int), 2), TypeError, "argmax"),
        ((np.zeros((2, 2), int), np.zeros((2, 3), int), 2), ValueError, "one shape"),
        ((np.zeros((0, 2), int), np.zeros((0, 2), int), 2), ValueError, "one shape"),
        ((np.array([2]), np.array([0]), 2), ValueError, r"clusters must lie in 0..1"),
        ((np.array([0]), np.array([-1]), 2), ValueError, r"labels must lie in 0..1"),
        ((np.array([0]), np.array([0]), 1.5), TypeError, "whole"),
    ],
)
def test_what_cannot_be_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        match_clusters(*arguments)


def test_a_mask_is_of_booleans():
    with pytest.raises(ValueError, match="booleans"):
        best_union(np.zeros(3, int), np.array([0, 1, 1]), 1)
