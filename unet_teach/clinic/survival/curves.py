"""The share that is still without the event: Kaplan and Meier's curve, and the log-rank test of two (chapter 23)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from unet_teach._checks import number, reals
from unet_teach.clinic.survival.outcomes import Events, Numbers, outcomes


class SurvivalCurve(NamedTuple):
    """A stair: at each time of an event, who was still there, how many events came, and the share that is left."""

    times: Numbers
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    survival: Numbers
    low: Numbers
    high: Numbers

    def at(self, time: float) -> float:
        """Read the curve at a time: the share without the event then."""
        before = self.survival[self.times <= number("the time", time)]
        return float(before[-1]) if before.size else 1.0

    @property
    def median(self) -> float:
        """The first time at which half or fewer are left; infinite where the curve never gets there."""
        reached = self.times[self.survival <= 0.5 + 1e-12]
        return float(reached[0]) if reached.size else float("inf")


def kaplan_meier(times: Numbers, events: Events, confidence: float = 0.95) -> SurvivalCurve:
    """Estimate the share without the event from times of which some were cut off.

    At each time of an event the share is multiplied by 1 - events / at risk; who was censored counts as at risk until
    then, at the very time of an event, too.

    Parameters
    ----------
    times, events : as `outcomes` takes them
    confidence : of the pointwise interval, from Greenwood's variance on the scale of log(-log)

    Returns
    -------
    SurvivalCurve : one entry a time of an event; the interval is NaN where the share is 0, which has none

    Raises
    ------
    TypeError, ValueError
        As `outcomes`; also if the confidence is not within 0 and 1.

    Source: Kaplan and Meier (1958); Greenwood's variance, on the scale of Kalbfleisch and Prentice. Introduced in
    chapter 23.
    """
    lasted, came = outcomes(times, events)
    confidence = number("the confidence", confidence)
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence must lie between 0 and 1, got {confidence:g}")
    when = np.unique(lasted[came])
    at_risk = np.array([(lasted >= time).sum() for time in when], dtype=np.int64)
    died = np.array([(came & (lasted == time)).sum() for time in when], dtype=np.int64)
    survival: Numbers = np.cumprod((at_risk - died) / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(died / (at_risk * (at_risk - died)))
        reach = stats.norm.ppf((1 + confidence) / 2) * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(reach), survival ** np.exp(-reach)
    nothing = survival == 0
    low[nothing], high[nothing] = np.nan, np.nan
    return SurvivalCurve(when, at_risk, died, survival, low, high)


def log_rank(times: Numbers, events: Events, group: NDArray[np.bool_]) -> tuple[float, float]:
    """Test whether two groups share one curve: at each event, how many came in the group, and how many should have.

    Parameters
    ----------
    times, events : as `outcomes` takes them
    group : (patients,), True for one group and False for the other; fixed before the times were seen

    Returns
    -------
    statistic, p : chi-squared with one degree of freedom, and the probability of so much by chance

    Raises
    ------
    TypeError, ValueError
        As `outcomes`; also if a group is empty or not boolean, or no event tells the groups apart.

    Source: Mantel (1966). Introduced in chapter 23.
    """
    lasted, came = outcomes(times, events)
    numbers = reals("the group", group)
    if numbers.shape != lasted.shape or not np.isin(numbers, (0, 1)).all():
        raise ValueError("the group must be True or False for each patient")
    first = numbers == 1
    if first.all() or not first.any():
        raise ValueError("both groups need patients: everybody is in one")
    excess = variance = 0.0
    for time in np.unique(lasted[came]):
        there = lasted >= time
        now = came & (lasted == time)
        n, d, share = there.sum(), now.sum(), first[there].mean()
        excess += (now & first).sum() - d * share
        variance += d * share * (1 - share) * (n - d) / max(n - 1, 1)
    if not variance > 0:
        raise ValueError("no event came while both groups had patients at risk: nothing to compare")
    statistic = float(excess**2 / variance)
    return statistic, float(stats.chi2.sf(statistic, 1))
