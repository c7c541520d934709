"""Calibration, temperature and doubt, each beside another way to compute it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from unet_teach.metrics import area_under_curve, calibration_error, reliability, temperature_of


def test_reliability_by_hand():
    found = reliability(np.array([0.05, 0.15, 0.95, 1.0]), np.array([False, True, True, False]), 4)
    assert found == [(2, pytest.approx(0.1), 0.5), (0, 0.375, 0.0), (0, 0.625, 0.0), (2, 0.975, 0.5)]
    assert calibration_error([0.05, 0.15, 0.95, 1.0], np.array([False, True, True, False]), 4) == pytest.approx(0.4375)


@given(st.integers(0, 1000), st.integers(1, 20))
def test_the_error_is_a_weighted_mean_of_gaps(seed, bins):
    rng = np.random.default_rng(seed)
    probability, happened = rng.random(50), rng.random(50) < 0.4
    sums = stats.binned_statistic(probability, probability - happened, "sum", bins, (0, 1)).statistic
    assert calibration_error(probability, happened, bins) == pytest.approx(np.abs(sums).sum() / 50)


def test_a_constant_share_is_calibrated():
    happened = np.arange(10) < 3
    assert calibration_error(np.full(10, 0.3), happened) == pytest.approx(0)


@pytest.mark.parametrize("factor", [0.4, 1.0, 2.5])
def test_temperature_finds_the_factor(factor):
    generator = torch.Generator().manual_seed(1)
    logits = 2 * torch.randn(20000, 3, generator=generator)
    labels = torch.distributions.Categorical(logits=logits)
    drawn = torch.multinomial(labels.probs, 1, generator=generator)[:, 0]
    assert temperature_of(factor * logits, drawn) == pytest.approx(factor, rel=0.05)


def test_temperature_is_torchs_minimum():
    generator = torch.Generator().manual_seed(2)
    logits = torch.randn(4, 3, 5, 6, generator=generator) * 3
    noise = 2 * torch.randn(4, 3, 5, 6, generator=generator)
    labels = (logits + noise).argmax(dim=1)
    exponent = torch.zeros((), requires_grad=True, dtype=torch.float64)
    descent = torch.optim.LBFGS([exponent], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        descent.zero_grad()
        cost = torch.nn.functional.cross_entropy(logits.double() / exponent.exp(), labels)
        cost.backward()
        return cost

    descent.step(closure)
    assert temperature_of(logits, labels) == pytest.approx(float(exponent.detach().exp()), rel=1e-3)


@given(st.integers(0, 1000))
def test_the_area_counts_pairs(seed):
    rng = np.random.default_rng(seed)
    doubt, failed = rng.integers(0, 6, 20).astype(float), rng.random(20) < 0.4
    failed[:2] = True, False
    wins = [(a > b) + 0.5 * (a == b) for a in doubt[failed] for b in doubt[~failed]]
    assert area_under_curve(doubt, failed) == pytest.approx(np.mean(wins))
    expected = stats.mannwhitneyu(doubt[failed], doubt[~failed]).statistic / (failed.sum() * (~failed).sum())
    assert area_under_curve(doubt, failed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: reliability([0.2, 1.2], np.array([True, False])), "from 0 to 1"),
        (lambda: reliability([0.2], np.array([True, False])), "one shape"),
        (lambda: reliability([], np.array([], bool)), "one shape"),
        (lambda: reliability([0.2], np.array([1])), "boolean"),
        (lambda: reliability([np.nan], np.array([True])), "finite"),
        (lambda: reliability([0.2], np.array([True]), 0), "at least 1"),
        (lambda: temperature_of(np.zeros((1, 2)), torch.zeros(1).long()), "tensor of floats"),
        (lambda: temperature_of(torch.zeros(2, 2), torch.zeros(3).long()), "logits are"),
        (lambda: temperature_of(torch.zeros(2, 2), torch.full((2,), 2)), "from 0 to 1"),
        (lambda: temperature_of(torch.full((2, 2), torch.nan), torch.zeros(2).long()), "finite"),
        (lambda: area_under_curve([1, 2], np.array([True, True])), "not"),
        (lambda: area_under_curve([1, 2, 3], np.array([True, False])), "each"),
        (lambda: area_under_curve([1, 2], np.array([1, 0])), "boolean"),
    ],
)
def test_misfits_are_named(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()
