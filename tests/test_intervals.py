"""The interval covers what it should, narrows with more seeds and blocks, and refuses what it cannot judge."""

import numpy as np
import pytest
from scipy import stats

from unet_teach.metrics import in_blocks, interval


def test_neighbours_are_averaged_in_order():
    np.testing.assert_array_equal(in_blocks(np.array([[1, 3, 5, 7, 9, 11]]), 2), [[2, 6, 10]])
    with pytest.raises(ValueError, match="5 sections do not divide into blocks of 2"):
        in_blocks(np.zeros(5), 2)


def test_one_seed_equals_scipys_percentile_bootstrap_over_blocks():
    blocks = np.random.default_rng(1).normal(size=12)
    mean, low, high = interval(blocks[None])
    drawn = stats.bootstrap((blocks,), np.mean, method="percentile", n_resamples=20_000, random_state=2)
    reference = drawn.confidence_interval
    assert mean == pytest.approx(blocks.mean())
    assert (low, high) == pytest.approx(tuple(reference), abs=0.03)


def test_seeds_and_blocks_both_widen_it():
    generator = np.random.default_rng(0)
    seeds, blocks = generator.normal(size=(8, 1)), generator.normal(size=(1, 8))

    def width(scores):
        _, low, high = interval(scores)
        return high - low

    only_blocks, only_seeds = width(blocks + 0 * seeds), width(seeds + 0 * blocks)
    assert width(seeds + blocks) == pytest.approx(np.hypot(only_blocks, only_seeds), rel=0.1)


def test_it_covers_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(3)
    covered = []
    for _ in range(200):
        scores = generator.normal(size=(10, 1)) + generator.normal(size=(1, 10)) + generator.normal(size=(10, 10))
        _, low, high = interval(scores)
        covered.append(low <= 0 <= high)
    assert 0.87 <= np.mean(covered) <= 1


def test_it_is_the_same_twice_and_never_leaves_the_range():
    scores = np.array([[0.9, 0.95, 0.93], [0.8, 0.97, 0.91], [0.92, 0.9, 0.96]])
    mean, low, high = interval(scores)
    assert interval(scores) == (mean, low, high)
    assert scores.min() <= low <= mean <= high <= scores.max()


@pytest.mark.parametrize(
    ("scores", "confidence", "message"),
    [
        (np.zeros(3), 0.95, "must be \\(seeds, blocks\\)"),
        (np.zeros((3, 1)), 0.95, "at least two blocks"),
        (np.array([[0.5, np.nan]]), 0.95, "finite"),
        (np.zeros((2, 2)), 95, "between 0 and 1"),
    ],
)
def test_what_cannot_be_judged_is_refused(scores, confidence, message):
    with pytest.raises(ValueError, match=message):
        interval(scores, confidence)
