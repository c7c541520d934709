"""Survival: curves, ranks and Cox's model against lifelines where it is installed, and against hand and brute force."""

import math

import numpy as np
import pytest

from unet_teach.clinic.survival import (
    concordance,
    concordances,
    cox,
    kaplan_meier,
    log_rank,
    outcomes,
    simulate_times,
)
from unet_teach.clinic.survival.cox import log_likelihood

TIMES, EVENTS = np.array([3.0, 5, 8, 8, 11, 14]), np.array([1, 0, 1, 0, 1, 0])


def cohort(seed):
    """Random patients; every other cohort has many ties."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(15, 60))
    x = rng.normal(size=(count, int(rng.integers(1, 4)))) * 3
    times = rng.exponential(10, count) * np.exp(-0.2 * x[:, 0]) + 0.01
    events = rng.random(count) < 0.7
    events[:3] = True
    return x, np.ceil(times) if seed % 2 else times, events


def table(x, times, events):
    pandas = pytest.importorskip("pandas", reason="lifelines is not installed")
    return pandas.DataFrame(x).add_prefix("x").assign(time=times, event=events)


def test_six_patients_by_hand():
    curve = kaplan_meier(TIMES, EVENTS)
    assert curve.times.tolist() == [3, 8, 11]
    assert curve.at_risk.tolist() == [6, 4, 2]
    assert curve.events.tolist() == [1, 1, 1]
    assert curve.survival.tolist() == pytest.approx([5 / 6, 5 / 8, 5 / 16])
    assert [curve.at(time) for time in (2.9, 3, 10.9, 11, 99)] == pytest.approx([1, 5 / 6, 5 / 8, 5 / 16, 5 / 16])
    assert curve.median == 11
    assert kaplan_meier(TIMES, np.zeros(6)).median == math.inf
    last = kaplan_meier([1, 2], [1, 1])
    assert last.survival.tolist() == [0.5, 0]
    assert np.isnan([last.low[1], last.high[1]]).all()


@pytest.mark.parametrize("seed", range(6))
def test_kaplan_meier_equals_lifelines(seed):
    lifelines = pytest.importorskip("lifelines")
    _, times, events = cohort(seed)
    theirs, ours = lifelines.KaplanMeierFitter().fit(times, events), kaplan_meier(times, events)
    assert np.allclose(theirs.survival_function_at_times(ours.times), ours.survival, atol=1e-9)
    bounds = theirs.confidence_interval_.loc[ours.times].to_numpy()
    known = ours.survival > 0
    assert np.allclose(bounds[known], np.c_[ours.low, ours.high][known], atol=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_log_rank_equals_lifelines(seed):
    statistics = pytest.importorskip("lifelines.statistics")
    x, times, events = cohort(seed)
    group = x[:, 0] > 0
    theirs = statistics.logrank_test(times[group], times[~group], events[group], events[~group])
    assert log_rank(times, events, group) == pytest.approx((theirs.test_statistic, theirs.p_value), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_concordance_equals_lifelines_and_brute_force(seed):
    x, times, events = cohort(seed)
    risk = np.round(x[:, 0])
    points = pairs = 0
    for i in range(len(times)):
        for j in range(len(times)):
            if events[i] and (times[i] < times[j] or (times[i] == times[j] and not events[j])):
                pairs += 1
                points += 0.5 if risk[i] == risk[j] else risk[i] > risk[j]
    assert concordance(times, events, risk) == pytest.approx(points / pairs)
    assert concordances(times, events, np.c_[risk, -risk]) == pytest.approx([points / pairs, 1 - points / pairs])
    utils = pytest.importorskip("lifelines.utils")
    assert concordance(times, events, risk) == pytest.approx(utils.concordance_index(times, -risk, events))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ridge", [0, 0.1])
def test_cox_equals_lifelines(seed, ridge):
    lifelines = pytest.importorskip("lifelines")
    x, times, events = cohort(seed)
    z = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)  # lifelines penalises features that it has standardised
    exact = {"precision": 1e-11, "r_precision": 1e-16}  # its usual steps stop at 1e-4
    fitter = lifelines.CoxPHFitter(penalizer=ridge)
    theirs = fitter.fit(table(z, times, events), "time", "event", fit_options=exact)
    ours = cox(z, times, events, ridge=ridge * len(times))
    assert np.abs(theirs.params_.to_numpy() - ours.coefficients).max() < 1e-6
    if not ridge:
        assert np.abs(theirs.standard_errors_.to_numpy() - ours.standard_errors).max() < 1e-6
        assert theirs.log_likelihood_ == pytest.approx(ours.log_likelihood, abs=1e-6)


def test_cox_of_three_patients_by_hand():
    """Risks x, events in the order of the rows: the likelihood is a/(a+b+c) * b/(b+c)."""
    x, times, events = np.array([[1.0], [0], [2]]), np.array([1.0, 2, 3]), np.array([True, True, True])
    for beta in (-1.0, 0.0, 0.5):
        a, b, c = np.exp(beta * x[:, 0])
        value, slope, bend = log_likelihood(x, times, events, np.array([beta]))
        assert value == pytest.approx(np.log(a / (a + b + c) * b / (b + c)))
        step = 1e-5
        up, down = (log_likelihood(x, times, events, np.array([beta + s])) for s in (step, -step))
        assert slope[0] == pytest.approx((up[0] - down[0]) / 2 / step, abs=1e-6)
        assert bend[0, 0] == pytest.approx(-(up[1][0] - down[1][0]) / 2 / step, abs=1e-6)


def test_efrons_ties_by_hand():
    x, times = np.array([[1.0], [0], [2]]), np.array([1.0, 1, 3])
    a, b, c = np.exp(0.5 * x[:, 0])
    value, _, _ = log_likelihood(x, times, np.array([True, True, False]), np.array([0.5]))
    assert value == pytest.approx(np.log(a / (a + b + c) * b / ((a + b) / 2 + c)))


def test_the_slope_is_zero_where_newton_stops_and_risks_add_up():
    x, times, events = cohort(3)
    for ridge in (0, 2.0):
        fitted = cox(x, times, events, ridge)
        _, slope, _ = log_likelihood(x, times, events, fitted.coefficients)
        assert np.abs(slope - ridge * fitted.coefficients).max() < 1e-6
        assert fitted.risk(x) == pytest.approx(x @ fitted.coefficients)
    units = cox(x * 1000, times, events)
    assert units.coefficients * 1000 == pytest.approx(cox(x, times, events).coefficients, rel=1e-6)


def test_a_simulated_hazard_is_found_again():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 2))
    times, events = simulate_times(0.7 * x[:, 0], 1)
    fitted = cox(x, times, events)
    assert np.abs(fitted.coefficients - [0.7, 0]).max() < 4 * fitted.standard_errors.max()
    assert np.array_equal(times, simulate_times(0.7 * x[:, 0], 1)[0])
    assert times.max() <= 48
    assert 0.3 < events.mean() < 0.9
    plain, came = simulate_times(np.zeros(20000), 5, median=10, follow_up=1e6, lost=0)
    assert came.mean() > 0.99
    assert np.median(plain) == pytest.approx(10, rel=0.03)


X = np.c_[np.arange(6.0)]
BAD = [
    (lambda: outcomes([], []), "one time and one event"),
    (lambda: outcomes([1, 2], [1]), "one time and one event"),
    (lambda: outcomes([1, -2], [1, 0]), "positive"),
    (lambda: outcomes([1, np.nan], [1, 0]), "positive"),
    (lambda: outcomes([1, 2], [1, 2]), "1 .* or 0"),
    (lambda: outcomes(["a", "b"], [1, 0]), "numbers"),
    (lambda: kaplan_meier(TIMES, EVENTS, 95), "between 0 and 1"),
    (lambda: log_rank(TIMES, EVENTS, np.ones(6, bool)), "everybody is in one"),
    (lambda: log_rank(TIMES, EVENTS, np.arange(6)), "True or False"),
    (lambda: log_rank([1, 2, 9], [0, 0, 1], [True, False, False]), "nothing to compare"),
    (lambda: concordance(TIMES, np.zeros(6), np.arange(6)), "no pair"),
    (lambda: concordance(TIMES, EVENTS, np.arange(5)), "each of 6 patients"),
    (lambda: concordance(TIMES, EVENTS, [np.nan] * 6), "finite"),
    (lambda: concordances(TIMES, EVENTS, np.zeros((5, 2))), "a row a patient"),
    (lambda: cox(X[:5], TIMES, EVENTS), "a row a patient"),
    (lambda: cox(X, TIMES, np.zeros(6)), "no event"),
    (lambda: cox(X, TIMES, EVENTS), "no finite coefficient"),
    (lambda: cox(np.ones((6, 1)), TIMES, EVENTS), "the same for everybody"),
    (lambda: cox(np.c_[X**0.5 % 1, X**0.5 % 1], TIMES, EVENTS), "no finite coefficient"),
    (lambda: cox(X, TIMES, EVENTS, -1), "not be negative"),
    (lambda: cox(X, TIMES, EVENTS, 1).risk(np.zeros((2, 3))), r"\(patients, 1\)"),
    (lambda: simulate_times([], 0), "one number a patient"),
    (lambda: simulate_times([100.0], 0), "logarithm"),
    (lambda: simulate_times([0.0], 0, median=0), "positive months"),
    (lambda: simulate_times([0.0], 0.5), "whole number"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_bad_input_ends_in_a_sentence(number):
    call, words = BAD[number]
    with pytest.raises((TypeError, ValueError), match=words):
        call()
