"""A phantom of MR slices through a head with a tumour: the stand-in for slices of `brats2015`.

Two sequences of one brain. Every seed has grey values of its own, for an MR scanner has no unit: what is bright in one
slice, and how bright, says nothing about the next.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.noise import Field, enlarged, seeded, smooth_noise

SIZE = 240  # pixels of 1 mm
WHITE, GREY, WATER, OEDEMA, RIM = range(5)  # kinds of tissue
BRIGHTNESS = ((0.9, 1.15, -0.9, 2.3, 2.0), (1.3, 1.0, 0.1, 0.8, 2.6))  # of each kind: FLAIR, T1 after contrast agent


class MRSlice(NamedTuple):
    """One slice of one patient; see `load_mr_slice`."""

    patient: int
    flair: NDArray[np.float32]
    t1c: NDArray[np.float32]
    brain: NDArray[np.bool_]
    tumour: NDArray[np.bool_]


def mr_slice(patient: int) -> MRSlice:
    """Draw an axial slice through a brain that never was; the same number gives the same slice.

    Parameters
    ----------
    patient : any integer from 0 on: seed of anatomy, tumour and scale

    Returns
    -------
    MRSlice
        patient : the number
        flair, t1c : (240, 240) float32, grey without a unit; outside the brain one negative number
        brain : (240, 240) bool
        tumour : (240, 240) bool, oedema included

    Introduced in chapter 5.
    """
    rng = seeded(patient)
    rows, columns = np.indices((SIZE, SIZE), dtype=np.float32)
    rows, columns = (line + 4 * enlarged(smooth_noise(rng, (48, 48), 3), SIZE) for line in (rows, columns))
    y, x = (rows - 122) / rng.uniform(76, 84), (columns - 120) / rng.uniform(58, 66)
    brain = y**2 + x**2 < 1
    depth = ndimage.distance_transform_edt(brain)  # mm below the surface
    folds = enlarged(smooth_noise(rng, (120, 120), 2.2), SIZE)
    kinds = np.where(depth < 5 + 3 * folds, GREY, WHITE)
    kinds[(np.abs(x) < 0.025) & (np.abs(y) > 0.3)] = WATER  # the fissure between the halves
    for side in (-1, 1):
        kinds[((x - side * 0.16) / 0.09) ** 2 + ((y + 0.05) / 0.3) ** 2 < 1] = WATER  # the ventricles
    centre = rng.uniform(-0.45, 0.35), rng.choice([-1, 1]) * rng.uniform(0.35, 0.6)
    away = np.hypot(y - centre[0], x - centre[1]) + 0.06 * enlarged(smooth_noise(rng, (60, 60), 3), SIZE)
    core, oedema = rng.uniform(0.13, 0.22), rng.uniform(0.3, 0.42)
    kinds[away < oedema] = OEDEMA
    kinds[away < core] = RIM
    kinds[away < 0.6 * core] = WATER  # dead tissue within
    flair, t1c = (_sequence(np.take(bright, kinds), brain, rng) for bright in BRIGHTNESS)
    return MRSlice(patient, flair, t1c, brain, (away < oedema) & brain)


def _sequence(grey: NDArray[np.float64], brain: NDArray[np.bool_], rng: np.random.Generator) -> Field:
    """Return one sequence: tissues in its greys, an uneven coil, noise, and a scale that is this patient's alone."""
    coil = 1 + 0.12 * enlarged(smooth_noise(rng, (30, 30), 8), SIZE)
    grey = ndimage.gaussian_filter(grey * coil, 0.8) + 0.12 * smooth_noise(rng, grey.shape, 0.7)
    scaled = rng.uniform(1.4, 3.6) * (grey - rng.uniform(0.3, 1.2))
    return np.where(brain, scaled, scaled[brain].min() - 0.1).astype(np.float32)
