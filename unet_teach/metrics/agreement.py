"""Agreement: two ways to measure the same thing, and what a small number of right answers leaves possible."""

from typing import NamedTuple

from numpy.typing import ArrayLike
from scipy import stats

from unet_teach._checks import number, reals, whole

Interval = tuple[float, float]


class Agreement(NamedTuple):
    """How one measurement differs from another; see `bland_altman`."""

    bias: float
    lower: float
    upper: float
    bias_interval: Interval
    lower_interval: Interval
    upper_interval: Interval


def bland_altman(measured: ArrayLike, reference: ArrayLike, confidence: float = 0.95) -> Agreement:
    """Compare two measurements of the same cases by their differences.

    Parameters
    ----------
    measured, reference : (n,) numbers in one unit, at least three, one pair a patient
    confidence : of the intervals, between 0 and 1

    Returns
    -------
    bias : mean of measured minus reference
    lower, upper : limits of agreement, bias minus and plus 1.96 standard deviations: nine new cases of ten, and half of
        the tenth, lie between, if the differences are like a normal distribution and do not change with the size
    bias_interval, lower_interval, upper_interval : where bias and limits might be, for other patients

    Raises
    ------
    TypeError, ValueError
        If they are not two rows of at least three finite numbers.

    Source: Bland and Altman (1986). Introduced in chapter 24.
    """
    ours, theirs = reals("measured", measured, finite=True), reals("reference", reference, finite=True)
    if ours.ndim != 1 or ours.shape != theirs.shape or len(ours) < 3:
        raise ValueError(f"two rows of at least three numbers are wanted, got {ours.shape} and {theirs.shape}")
    level = _between_0_and_1(confidence)
    apart = ours - theirs
    bias, spread, n = float(apart.mean()), float(apart.std(ddof=1)), len(apart)
    lower, upper = bias - 1.96 * spread, bias + 1.96 * spread
    factor = float(stats.t.ppf(0.5 + level / 2, n - 1))
    near, far = factor * spread / n**0.5, factor * spread * (3 / n) ** 0.5
    around = [(middle - reach, middle + reach) for middle, reach in ((bias, near), (lower, far), (upper, far))]
    return Agreement(bias, lower, upper, *around)


def exact_interval(events: int, cases: int, confidence: float = 0.95) -> Interval:
    """Say between which bounds a rate may lie of which `events` of `cases` were seen.

    Exact, whatever the numbers: at a rate below the lower bound so many events, or more, would come in fewer than
    half of 1 - confidence of all studies, and above the upper bound so few.

    Parameters
    ----------
    events, cases : whole numbers, 0 <= events <= cases, at least one case; cases are independent, such as patients
    confidence : between 0 and 1

    Raises
    ------
    TypeError, ValueError
        If they are not.

    Source: Clopper and Pearson (1934). Introduced in chapter 24.
    """
    seen, of = whole("events", events), whole("cases", cases)
    if not 0 <= seen <= of or of < 1:
        raise ValueError(f"events are from 0 to the number of cases, and there is a case, got {seen} of {of}")
    tail = (1 - _between_0_and_1(confidence)) / 2
    low = float(stats.beta.ppf(tail, seen, of - seen + 1)) if seen else 0.0
    high = float(stats.beta.ppf(1 - tail, seen + 1, of - seen)) if seen < of else 1.0
    return low, high


def _between_0_and_1(confidence: float) -> float:
    level = number("confidence", confidence)
    if not 0 < level < 1:
        raise ValueError(f"the confidence is between 0 and 1, got {confidence}")
    return level
