"""The C-index: of two patients of whom one is known to have had the event first, how often a risk says so."""

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals
from unet_teach.clinic.survival.outcomes import Events, Numbers, outcomes, risks

Places = NDArray[np.intp]


def concordance(times: Numbers, events: Events, risk: Numbers) -> float:
    """Count the pairs that a risk puts in the right order: 1 all, 0.5 a coin's share, 0 all the wrong way round.

    A pair counts if it is known who was first: the shorter time ends with an event, or both are equal and only one
    ends with an event. A pair with equal risks counts half.

    Parameters
    ----------
    times, events : as `outcomes` takes them
    risk : (patients,), higher for whom the event should come sooner

    Raises
    ------
    TypeError, ValueError
        As `outcomes`; also if there is not one finite risk a patient, or no pair counts.

    Source: Harrell et al. (1982). Introduced in chapter 23.
    """
    lasted, came = outcomes(times, events)
    first, second = _pairs(lasted, came)
    score = risks("the risk", risk, len(lasted))
    apart = score[first] - score[second]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())


def concordances(times: Numbers, events: Events, features: Numbers) -> Numbers:
    """Give the C-index of each of many features, as if it were the risk.

    Parameters
    ----------
    times, events : as `outcomes` takes them
    features : (patients, features)

    Returns
    -------
    (features,)

    Raises
    ------
    TypeError, ValueError
        As `concordance`.

    Introduced in chapter 23.
    """
    lasted, came = outcomes(times, events)
    columns = reals("the features", features, finite=True)
    if columns.ndim != 2 or columns.shape[0] != len(lasted) or not columns.shape[1]:
        raise ValueError(f"features must be ({len(lasted)}, features), a row a patient, got {columns.shape}")
    first, second = _pairs(lasted, came)
    total = np.zeros(columns.shape[1])
    for some in np.array_split(np.arange(len(first)), max(1, len(first) * columns.shape[1] // 2_000_000)):
        apart = columns[first[some]] - columns[second[some]]
        total += (apart > 0).sum(axis=0) + 0.5 * (apart == 0).sum(axis=0)
    return total / len(first)


def _pairs(lasted: Numbers, came: Events) -> tuple[Places, Places]:
    """List the pairs of which it is known who was first: the first, and the second."""
    later = lasted[:, None] < lasted
    later |= (lasted[:, None] == lasted) & ~came  # censored at the very time: the event came no sooner than after it
    first, second = np.nonzero(came[:, None] & later)
    if not len(first):
        raise ValueError("no pair can be compared: of no two patients it is known who had the event first")
    return first, second
