"""What every function of survival takes: how long a patient was followed, and whether the event came (chapter 23)."""

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals

Numbers = NDArray[np.float64]
Events = NDArray[np.bool_]


def outcomes(times: Numbers, events: NDArray[np.bool_]) -> tuple[Numbers, Events]:
    """Return times as floats and events as booleans, or say what is wrong with them.

    Parameters
    ----------
    times : (patients,), how long each was followed, in one unit; positive
    events : (patients,), True or 1 where the event came at that time, False or 0 where the patient was censored then

    Raises
    ------
    TypeError, ValueError
        If there is no patient, the lengths differ, a time is not a positive number, or an event not 0 or 1.

    Introduced in chapter 23.
    """
    lasted, came = reals("the times", times), reals("the events", events)
    if lasted.ndim != 1 or lasted.shape != came.shape or not lasted.size:
        raise ValueError(f"give one time and one event a patient; the shapes are {lasted.shape} and {came.shape}")
    if not (np.isfinite(lasted) & (lasted > 0)).all():
        raise ValueError(
            "times must be positive numbers: who is still alive has the time of the last visit, and event 0"
        )
    if not np.isin(came, (0, 1)).all():
        raise ValueError("events must be 1 (it came) or 0 (censored)")
    return lasted, came == 1


def risks(name: str, values: Numbers, patients: int) -> Numbers:
    """Return one finite number a patient, or say what is wrong.

    Raises
    ------
    TypeError, ValueError
        If there is not one finite number a patient.

    Introduced in chapter 23.
    """
    numbers = reals(name, values, finite=True)
    if numbers.shape != (patients,):
        raise ValueError(f"{name} must be one number for each of {patients} patients, got the shape {numbers.shape}")
    return numbers
