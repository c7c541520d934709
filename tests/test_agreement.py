"""Limits of agreement by hand, and exact intervals beside scipy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from unet_teach.metrics import bland_altman, exact_interval


def test_by_hand():
    found = bland_altman([12, 15, 9, 20], [10, 16, 10, 16])
    apart = np.array([2, -1, -1, 4])
    assert found.bias == 1
    assert found.upper == pytest.approx(1 + 1.96 * apart.std(ddof=1))
    assert found.lower + found.upper == pytest.approx(2)
    assert found.bias_interval == pytest.approx(stats.t.interval(0.95, 3, 1, stats.sem(apart)))
    reach = found.upper_interval[1] - found.upper
    assert reach / (found.bias_interval[1] - 1) == pytest.approx(3**0.5)
    assert found.lower - found.lower_interval[0] == pytest.approx(reach)


def test_limits_hold_what_they_promise():
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(400):
        found = bland_altman(rng.normal(3, 10, 60), np.zeros(60))
        new = rng.normal(3, 10, 100)
        inside.append(((new > found.lower) & (new < found.upper)).mean())
    assert np.mean(inside) == pytest.approx(0.95, abs=0.01)


@given(st.integers(1, 400), st.data())
def test_exact_interval_is_scipys(cases, data):
    events = data.draw(st.integers(0, cases))
    level = data.draw(st.sampled_from([0.8, 0.95, 0.99]))
    expected = stats.binomtest(events, cases).proportion_ci(level, method="exact")
    assert exact_interval(events, cases, level) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_six_of_six():
    assert exact_interval(0, 6)[1] == pytest.approx(1 - 0.025 ** (1 / 6))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bland_altman([1, 2], [1, 2]), "at least three"),
        (lambda: bland_altman([1, 2, 3], [1, 2]), "two rows"),
        (lambda: bland_altman([1, 2, np.nan], [1, 2, 3]), "finite"),
        (lambda: bland_altman([1, 2, 3], [1, 2, 3], 1.0), "between 0 and 1"),
        (lambda: exact_interval(7, 6), "7 of 6"),
        (lambda: exact_interval(-1, 6), "-1 of 6"),
        (lambda: exact_interval(0, 0), "there is a case"),
        (lambda: exact_interval(0.5, 6), "whole number"),
        (lambda: exact_interval(0, 6, 0), "between 0 and 1"),
    ],
)
def test_misfits_are_named(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call()
