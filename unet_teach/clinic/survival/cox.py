"""Cox's model: how a feature multiplies the hazard, without a word about the hazard itself (chapter 23)."""

from typing import NamedTuple

import numpy as np

from unet_teach._checks import number, reals
from unet_teach.clinic.survival.outcomes import Events, Numbers, outcomes

STEPS = 100


class Cox(NamedTuple):
    """What was fitted: a coefficient a feature, the logarithm of its hazard ratio for one unit more."""

    coefficients: Numbers
    standard_errors: Numbers
    log_likelihood: float
    steps: int

    def risk(self, features: Numbers) -> Numbers:
        """Add up coefficients times features: the log hazard ratio of each patient, (patients,)."""
        columns = reals("the features", features, finite=True)
        if columns.ndim != 2 or columns.shape[1] != len(self.coefficients):
            raise ValueError(f"features must be (patients, {len(self.coefficients)}), got {columns.shape}")
        return columns @ self.coefficients


def cox(features: Numbers, times: Numbers, events: Events, ridge: float = 0) -> Cox:
    """Fit Cox's model by Newton's method; ties by Efron.

    Parameters
    ----------
    features : (patients, features); standardise them first where a ridge should weigh all alike
    times, events : as `outcomes` takes them
    ridge : penalty of half this times the sum of squared coefficients, subtracted from the log-likelihood

    Returns
    -------
    Cox : its log-likelihood is without the penalty

    Raises
    ------
    TypeError, ValueError
        As `outcomes`; also if features do not fit, no event came, or no finite coefficient is best without a ridge,
        since a feature orders all events, is constant, or is the sum of others.

    Source: Cox (1972), Efron (1977). Introduced in chapter 23.
    """
    lasted, came = outcomes(times, events)
    columns, ridge = reals("the features", features, finite=True), number("the ridge", ridge)
    if columns.ndim != 2 or columns.shape[0] != len(lasted) or not columns.shape[1]:
        raise ValueError(f"features must be ({len(lasted)}, features), a row a patient, got {columns.shape}")
    if not came.any():
        raise ValueError("no event came: nothing can be learned about what brings it")
    if not 0 <= ridge < np.inf:
        raise ValueError(f"the ridge must not be negative, got {ridge:g}")
    x = columns - columns.mean(axis=0)
    scale = x.std(axis=0)
    scale[scale <= 1e-12 * np.abs(columns).max(axis=0, initial=0)] = 0
    if not scale.all() and not ridge:
        raise ValueError(f"feature {int(np.argmin(scale))} is the same for everybody: leave it out")
    penalty = ridge * np.eye(x.shape[1])
    beta = np.zeros(x.shape[1])
    value, slope, bend = log_likelihood(x, lasted, came, beta)
    for step in range(1, STEPS + 1):  # noqa: B007
        move = _solved(bend + penalty, slope - penalty @ beta)
        for _ in range(30):  # halve a step that goes too far
            new = beta + move
            better = log_likelihood(x, lasted, came, new)
            if better[0] - new @ penalty @ new / 2 >= value - beta @ penalty @ beta / 2 - 1e-12:
                break
            move = move / 2
        beta, (value, slope, bend) = new, better
        if np.abs(new * scale).max() > 30:
            raise ValueError(_INFINITE)
        if np.abs(move * np.maximum(scale, 1e-300)).max() < 1e-10:
            break
    if np.linalg.matrix_rank(bend + penalty) < len(beta) or (not ridge and np.abs(beta * scale).max() > 15):
        raise ValueError(_INFINITE)
    return Cox(beta, np.sqrt(np.diag(np.linalg.inv(bend + penalty))), float(value), step)


def log_likelihood(x: Numbers, times: Numbers, events: Events, beta: Numbers) -> tuple[float, Numbers, Numbers]:
    """Return Efron's partial log-likelihood, its slope (features,), and its bend, the negative second derivative.

    Errors as `cox`. Introduced in chapter 23.
    """
    with np.errstate(over="ignore"):
        score = x @ beta
        weight = np.exp(score - score.max())
    value, slope, bend = 0.0, np.zeros(x.shape[1]), np.zeros((x.shape[1], x.shape[1]))
    for time in np.unique(times[events]):
        there, now = times >= time, events & (times == time)
        w, v, n = weight[there], weight[now], int(now.sum())
        a, b = x[there], x[now]
        all_0, all_1, all_2 = w.sum(), w @ a, (a * w[:, None]).T @ a
        now_0, now_1, now_2 = v.sum(), v @ b, (b * v[:, None]).T @ b
        value += score[now].sum() - n * score.max()
        slope += b.sum(axis=0)
        for share in np.arange(n) / n:  # of those who went at the same time, each counts as partly gone
            total, first = all_0 - share * now_0, all_1 - share * now_1
            value -= np.log(total)
            slope -= first / total
            bend += (all_2 - share * now_2) / total - np.outer(first, first) / total**2
    return float(value), slope, bend


_INFINITE = (
    "no finite coefficient is best: a feature orders all events, or is made of others, or there are too many features "
    "for so few events. Leave features out, or give a ridge"
)


def _solved(matrix: Numbers, right: Numbers) -> Numbers:
    try:
        solved: Numbers = np.linalg.solve(matrix, right).astype(np.float64)
        return solved
    except np.linalg.LinAlgError as error:
        raise ValueError(_INFINITE) from error
