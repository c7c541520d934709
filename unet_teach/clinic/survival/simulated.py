"""Simulated times, said plainly: drawn from a hazard that we state, so that the right answer is known (chapter 23)."""

import math

import numpy as np

from unet_teach._checks import number, reals, whole
from unet_teach.clinic.survival.outcomes import Events, Numbers


def simulate_times(
    risk: Numbers, seed: int, median: float = 15, follow_up: float = 48, lost: float = 0.01
) -> tuple[Numbers, Events]:
    """Draw survival times in months for simulated patients; nobody has ever lived them.

    The hazard is constant in time, log(2) / median * exp(risk): whoever has a risk of 0 lives the median in half of all
    draws. Patients enter evenly over the study, which ends for all at one day, and some are lost before.

    Parameters
    ----------
    risk : (patients,), the logarithm of the hazard ratio
    seed : of the draw
    median : months, at a risk of 0
    follow_up : months from the first patient's entry to the end of the study
    lost : hazard of being lost, a month

    Returns
    -------
    times, events : months followed, and whether the event came then (True) or the patient was censored (False)

    Raises
    ------
    TypeError, ValueError
        If risks are not one finite number a patient, or months are not positive numbers.

    Source: Bender, Augustin and Blettner (2005), for the exponential hazard. Introduced in chapter 23.
    """
    score = reals("the risk", risk, finite=True)
    seed, median, follow_up = whole("the seed", seed), number("the median", median), number("follow_up", follow_up)
    lost = number("lost", lost)
    if score.ndim != 1 or not score.size or np.abs(score).max() > 50:
        raise ValueError("the risk must be one number a patient, a logarithm within -50 and 50")
    if not (0 < median < math.inf and 0 < follow_up < math.inf and 0 <= lost < math.inf) or seed < 0:
        raise ValueError("median and follow_up must be positive months, lost and seed must not be negative")
    rng = np.random.default_rng(seed)
    alive = rng.exponential(size=score.shape) * median / math.log(2) * np.exp(-score)
    leaves = follow_up * (1 - rng.random(score.shape))  # who enters last is followed for the shortest time
    if lost:
        leaves = np.minimum(leaves, rng.exponential(1 / lost, score.shape))
    return np.maximum(np.minimum(alive, leaves), 1e-3), alive <= leaves
