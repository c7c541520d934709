"""Features that are noise, a choice among them, and a model of what was chosen (chapter 23)."""

import numpy as np
from numpy.typing import NDArray

from unet_teach.clinic.survival import Cox, concordances, cox, simulate_times

Numbers = NDArray[np.float64]
Events = NDArray[np.bool_]
PATIENTS, COLUMNS, KEPT = 60, 1000, 5


def noise_cohort(seed: int, patients: int = PATIENTS, columns: int = COLUMNS) -> tuple[Numbers, Numbers, Events]:
    """Draw features and times that know nothing of each other.

    Returns
    -------
    features (patients, columns), times and events (patients,): months, simulated, with the same hazard for everybody

    Introduced in chapter 23.
    """
    features = np.random.default_rng([seed, 23]).normal(size=(patients, columns))
    return features, *simulate_times(np.zeros(patients), seed)


def best_columns(features: Numbers, times: Numbers, events: Events, kept: int = KEPT) -> NDArray[np.int64]:
    """Choose the features whose C-index alone is farthest from 0.5, on either side.

    Introduced in chapter 23.
    """
    return np.argsort(-np.abs(concordances(times, events, features) - 0.5), kind="stable")[:kept]


def learn_risk(features: Numbers, times: Numbers, events: Events) -> Cox:
    """Fit Cox's model with a small ridge of 1, as the features are of variance 1.

    Introduced in chapter 23.
    """
    return cox(features, times, events, ridge=1)
