"""What a head is made of, and how bright each tissue is in a sequence: computed from relaxation times.

A spin echo's signal is density x (1 - exp(-TR / T1)) x exp(-TE / T2). FLAIR turns the spins over first and waits until
water is dark: density x |1 - 2 exp(-TI / T1) + exp(-TR / T1)| x exp(-TE / T2). Contrast agent shortens T1: 1 / T1 grows
by the relaxivity times the agent's concentration. Grey and white matter at 3 T are as Wansapura et al. (1999) measured
them; the tumour's are of the order that relaxometry reports, longer than the brain's, overlapping; the rest is round.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RELAXIVITY = 4.0  # of a gadolinium agent, a second and mmol/l


class HeadTissue(NamedTuple):
    """A row of the table: density of protons (water 1), T1 and T2 in ms, mmol/l of agent taken up, texture."""

    density: float
    t1: float
    t2: float
    uptake: float = 0.0
    texture: float = 0.02  # standard deviation of its signal, as a share


TISSUES = {
    "air": HeadTissue(0.0, 1000, 10, 0, 0),
    "skin": HeadTissue(0.6, 1000, 40, 0.05, 0.1),
    "fat": HeadTissue(0.9, 380, 70, 0, 0.06),
    "bone": HeadTissue(0.07, 1000, 20, 0, 0.1),
    "marrow": HeadTissue(0.4, 420, 60, 0.02, 0.15),
    "dura": HeadTissue(0.5, 900, 40, 0.12, 0.1),
    "muscle": HeadTissue(0.8, 1400, 42, 0.05, 0.06),
    "water": HeadTissue(1.0, 4300, 1500, 0, 0),
    "grey": HeadTissue(0.82, 1331, 110, 0.02, 0.03),
    "deep_grey": HeadTissue(0.8, 1200, 88, 0.02, 0.03),
    "white": HeadTissue(0.70, 832, 80, 0.01, 0.02),
    "vessel": HeadTissue(0.8, 1700, 80, 0.6, 0.1),
    "plexus": HeadTissue(0.9, 1800, 200, 0.3, 0.1),
    "oedema": HeadTissue(0.82, 1550, 195, 0.02, 0.05),
    "necrosis": HeadTissue(0.95, 2600, 420, 0.06, 0.1),
    "tumour": HeadTissue(0.83, 1500, 145, 0.06, 0.08),
    "rim": HeadTissue(0.83, 1450, 130, 0.5, 0.16),
}
NUMBER = {name: number for number, name in enumerate(TISSUES)}
SEQUENCES = ("FLAIR", "T1c", "T1", "T2")


class Times(NamedTuple):
    """One scanner's settings, ms, and how much contrast agent its T1c finds."""

    t1_repeat: float
    t1_echo: float
    t2_repeat: float
    t2_echo: float
    flair_repeat: float
    flair_echo: float
    flair_wait: float
    agent: float  # how much of it is there at that moment, as a share of the table's

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Times":
        """Draw settings as hospitals differ in them."""
        low = (450, 8, 4000, 80, 8000, 100, 2350, 0.35)
        high = (650, 14, 6000, 110, 10000, 140, 2600, 1.1)
        return cls(*rng.uniform(low, high).tolist())


def signal(sequence: str, times: Times) -> NDArray[np.float32]:
    """Return the signal of every tissue in one of the four sequences.  (tissues,), the white matter's is 1"""
    rows = np.array(list(TISSUES.values()))
    density, t1, t2, uptake = rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]
    if sequence == "T1c":
        t1 = 1 / (1 / t1 + uptake * times.agent * RELAXIVITY / 1000)
    if sequence == "FLAIR":
        recovered = 1 - 2 * np.exp(-times.flair_wait / t1) + np.exp(-times.flair_repeat / t1)
        found = density * np.abs(recovered) * np.exp(-times.flair_echo / t2)
    else:
        repeat, echo = (times.t2_repeat, times.t2_echo) if sequence == "T2" else (times.t1_repeat, times.t1_echo)
        found = density * (1 - np.exp(-repeat / t1)) * np.exp(-echo / t2)
    scaled: NDArray[np.float32] = (found / found[NUMBER["white"]]).astype(np.float32)
    return scaled


def textures() -> NDArray[np.float32]:
    """Return how uneven each tissue is.  (tissues,)"""
    return np.array([tissue.texture for tissue in TISSUES.values()], dtype=np.float32)
