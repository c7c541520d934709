"""The sign-flip test, Holm's correction and the Pareto front: by hand, by scipy, and by counting."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from unet_teach.metrics import holm, pareto_front, sign_flip_test

RNG = np.random.default_rng


@pytest.mark.parametrize("count", range(1, 9))
def test_always_ahead_is_as_good_as_it_gets(count):
    assert sign_flip_test(RNG(0).random(count) + 0.1) == min(1, 2 / 2**count)


@pytest.mark.parametrize("seed", range(20))
def test_all_patterns_are_counted(seed):
    differences = RNG(seed).normal(0.5, 1, size=2 + seed % 7).round(seed % 3 + 1)
    means = [np.mean(signs * differences) for signs in product((-1, 1), repeat=len(differences))]
    wanted = np.mean([abs(mean) >= abs(differences.mean()) - 1e-12 for mean in means])
    assert sign_flip_test(differences) == wanted
    reference = stats.permutation_test(
        (differences,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert sign_flip_test(differences) == pytest.approx(reference.pvalue)


def test_on_ranks_it_is_wilcoxons():
    differences = np.array([0.3, -0.1, 0.8, 0.5, -0.2, 0.9, 0.05])
    ranks = np.sign(differences) * stats.rankdata(np.abs(differences))
    assert sign_flip_test(ranks) == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue)


def test_a_tie_by_rounding_is_a_tie():
    assert sign_flip_test([0.1, 0.2, -0.3]) == 1  # their sum is 0 but for the last digit
    assert sign_flip_test([0.1, 0.2, 0.3, -0.3]) == 0.75
    assert sign_flip_test([0, 0, 0]) == 1
    assert sign_flip_test([1, 0]) == 1


def test_where_nothing_differs_p_is_at_most_alpha_as_often_as_it_says():
    found = np.array([sign_flip_test(RNG(seed).standard_cauchy(8)) for seed in range(600)])
    for alpha in (2 / 2**8, 0.05, 0.2):
        assert (found <= alpha).mean() <= alpha + 0.03


def test_holm_by_hand():
    np.testing.assert_allclose(holm([0.04, 0.01, 0.03, 0.005]), [0.06, 0.03, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.5, 0.6, 0.01]), [1, 1, 0.03])
    np.testing.assert_allclose(holm([0.2]), [0.2])
    assert holm([]).shape == (0,)


@pytest.mark.parametrize("seed", range(5))
def test_holm_finds_what_stepping_down_finds(seed):
    p_values = RNG(seed).random(7) ** 3
    corrected = holm(p_values)
    for alpha in np.linspace(0.001, 0.999, 150):
        left, found = sorted(p_values), set()
        while left and left[0] <= alpha / len(left):
            found.add(left.pop(0))
        assert {p for p, c in zip(p_values, corrected, strict=True) if c <= alpha} == found


@pytest.mark.parametrize("seed", range(20))
def test_nobody_on_the_front_is_beaten_in_both(seed):
    costs, scores = RNG(seed).integers(0, 6, size=(2, 9))
    pairs = list(zip(costs, scores, strict=True))
    wanted = [not any(c <= cost and s >= score and (c, s) != (cost, score) for c, s in pairs) for cost, score in pairs]
    assert pareto_front(costs, scores).tolist() == wanted


@pytest.mark.parametrize("bad", [[], np.zeros(21), np.zeros((2, 2)), [np.nan], ["a"]])
def test_what_is_no_row_of_differences_is_refused(bad):
    with pytest.raises((TypeError, ValueError), match="differences"):
        sign_flip_test(bad)


def test_what_is_no_probability_and_no_pair_is_refused():
    for bad in ([1.5], [np.nan], [[0.1]], 0.5):
        with pytest.raises(ValueError, match="from 0 to 1"):
            holm(bad)
    with pytest.raises(ValueError, match="of one length"):
        pareto_front([1, 2], [1])
    with pytest.raises(ValueError, match="finite"):
        pareto_front([1, np.nan], [1, 2])
