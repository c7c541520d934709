"""The interval is Student's where there is one source of chance, covers what it promises, and refuses the rest."""

import numpy as np
import pytest
from scipy import stats

from unet_teach.metrics import coverage, in_blocks, interval


def test_neighbours_are_averaged_in_order():
    np.testing.assert_array_equal(in_blocks(np.array([[1, 3, 5, 7, 9, 11]]), 2), [[2, 6, 10]])
    with pytest.raises(ValueError, match="5 sections do not divide into blocks of 2"):
        in_blocks(np.zeros(5), 2)


@pytest.mark.parametrize("shape", [(1, 12), (12, 1)])
def test_one_source_of_chance_is_students_interval(shape):
    scores = np.random.default_rng(1).normal(size=12)
    mean, low, high = interval(scores.reshape(shape), 0.9)
    reference = stats.ttest_1samp(scores, 0).confidence_interval(0.9)
    assert mean == pytest.approx(scores.mean())
    assert (low, high) == pytest.approx(tuple(reference))


def test_both_sources_add_and_the_fewer_decide_how_wide():
    scores = np.array([[0.9, 0.95, 0.93], [0.8, 0.97, 0.91], [0.92, 0.9, 0.96], [0.88, 0.9, 0.97]])
    mean, low, high = interval(scores)
    variance = scores.mean(axis=1).var(ddof=1) / 4 + scores.mean(axis=0).var(ddof=1) / 3
    assert mean == pytest.approx(scores.mean())
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 2, scores.mean(), np.sqrt(variance)))
    assert interval(scores.T) == pytest.approx((mean, low, high))


@pytest.mark.parametrize(("seeds", "blocks", "correlation"), [(3, 3, 0), (5, 3, 0), (5, 3, 0.5), (10, 10, 0)])
def test_it_covers_the_truth_at_least_about_as_often_as_it_says(seeds, blocks, correlation):
    generator = np.random.default_rng(3)
    covered = []
    for _ in range(400):
        of_blocks = [generator.normal()]
        while len(of_blocks) < blocks:
            of_blocks.append(correlation * of_blocks[-1] + np.sqrt(1 - correlation**2) * generator.normal())
        scores = generator.normal(size=(seeds, 1)) + of_blocks + generator.normal(size=(seeds, blocks))
        _, low, high = interval(scores)
        covered.append(low <= 0 <= high)
    assert np.mean(covered) >= 0.93
    assert coverage(seeds, blocks, correlation=correlation) == pytest.approx(np.mean(covered), abs=0.03)


def test_coverage_knows_the_easy_cases():
    assert coverage(12, 1) == pytest.approx(0.95, abs=0.01)  # Student's own case
    assert coverage(1, 12, confidence=0.5) == pytest.approx(0.5, abs=0.02)
    assert coverage(3, 12, seed_sd=0, correlation=1) < coverage(3, 12, seed_sd=0, correlation=0.5)
    assert coverage(5, 3, block_sd=5, correlation=0.9) < 0.9  # blocks that repeat each other are fewer than they seem


def test_the_percentile_bootstrap_holds_less_than_it_promises():
    # The reason for a t interval: three blocks drawn again with repetition cannot leave the range of the three.
    generator = np.random.default_rng(5)
    covered = []
    for blocks in generator.normal(size=(300, 3)):
        drawn = stats.bootstrap((blocks,), np.mean, method="percentile", n_resamples=999, random_state=1)
        covered.append(drawn.confidence_interval.low <= 0 <= drawn.confidence_interval.high)
    assert np.mean(covered) < 0.85


@pytest.mark.parametrize(
    ("scores", "confidence", "message"),
    [
        (np.zeros(3), 0.95, "must be \\(seeds, blocks\\)"),
        (np.zeros((1, 1)), 0.95, "at least two of either"),
        (np.array([[0.5, np.nan]]), 0.95, "finite"),
        (np.zeros((2, 2)), 95, "between 0 and 1"),
    ],
)
def test_what_cannot_be_judged_is_refused(scores, confidence, message):
    with pytest.raises(ValueError, match=message):
        interval(scores, confidence)


@pytest.mark.parametrize(
    "arguments",
    [(1, 1), (0, 5), (40, 40), (3, 3, -1), (3, 3, 1, np.inf), (3, 3, 1, 1, 2), (3, 3, 1, 1, 0, 1)],
)
def test_a_simulation_of_nothing_is_refused(arguments):
    with pytest.raises(ValueError, match=r"need two seeds|too many|finite and not negative"):
        coverage(*arguments)
