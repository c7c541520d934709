"""A tumour: where it grows, how it pushes the brain aside, and its four kinds of tissue, one inside the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.phantoms.heads.brain import Anatomy
from unet_teach.data.phantoms.heads.tissue import NUMBER
from unet_teach.data.phantoms.noise import Field
from unet_teach.data.phantoms.places import Places, clay

NECROSIS, OEDEMA, NOT_ENHANCING, ENHANCING = 1, 2, 3, 4  # as in the challenge of 2015


@dataclass(frozen=True)
class Growth:
    """One tumour: its middle (to the left, back and top), and sizes in mm."""

    middle: NDArray[np.float64]
    core: float  # radius
    reach: float  # of the oedema beyond the core
    rim: float  # share of the core's radius that enhances
    stretch: NDArray[np.float64]
    dull: NDArray[np.float64]  # where, seen from its middle, the rim does not enhance: a direction

    @classmethod
    def drawn(cls, rng: np.random.Generator, size: float) -> "Growth":
        """Draw one of a size from 0 to 1: cores of about 1 to 100 ml."""
        side = rng.choice((-1, 1))
        left, back, top = rng.uniform((24, -42, 2), (40, 44, 34))
        core = (8 + 18 * size) * rng.uniform(0.9, 1.1)
        reach = (5 + 15 * size) * rng.uniform(0.7, 1.3)
        ratios, dull = rng.uniform(0.8, 1.25, 3), rng.normal(size=3)
        ratios, dull = ratios / ratios.prod() ** (1 / 3), dull / np.linalg.norm(dull)
        middle = np.array((side * left, back, top))
        return cls(middle, core, reach, rng.uniform(0.24, 0.42), ratios, dull)

    def away(self, x: Field, y: Field, z: Field) -> Field:
        """Distance from its middle in mm, longer or shorter along each axis."""
        left, back, top = self.middle.tolist()
        wide, long, high = self.stretch.tolist()
        found: Field = np.sqrt(((x - left) / wide) ** 2 + ((y - back) / long) ** 2 + ((z - top) / high) ** 2)
        return found

    def towards_dull(self, x: Field, y: Field, z: Field) -> Field:
        """Cosine between the way from the middle to a place and the direction in which the rim does not enhance."""
        x, y, z = (line - at for line, at in zip((x, y, z), self.middle.tolist(), strict=True))
        left, back, top = self.dull.tolist()
        along: Field = (x * left + y * back + z * top) / (np.sqrt(x**2 + y**2 + z**2) + 1e-3)
        return along

    def pushed(self, x: Field, y: Field, z: Field) -> tuple[Field, Field, Field]:
        """Return where the tissue at each place was before the tumour grew: nearer to its middle."""
        far = self.away(x, y, z) / (1.25 * self.core)
        less = 1 - 0.42 * np.exp(-(far**2))
        a, b, c = (at + (line - at) * less for line, at in zip((x, y, z), self.middle.tolist(), strict=True))
        return a, b, c


def grown(
    growth: Growth, head: Anatomy, places: Places, at: tuple[Field, Field, Field], seed: int
) -> NDArray[np.uint8]:
    """Change the tissues of a head where a tumour grows in it, and return the labels.  (slices, rows, columns) uint8

    Necrosis lies in the middle, with an enhancing rim around it that is thick here and thin there; tumour that does not
    enhance lies in and beside the rim, all within the core. Oedema runs from there along the white matter; it spares
    most of the grey matter, and water stays water.
    """
    wide, fine, third = (clay((seed, use), places, knots) for use, knots in ((31, 26), (32, 9), (33, 17)))
    away, dull = growth.away(*at), growth.towards_dull(*at)
    uneven = away * (1 + 0.16 * wide + 0.05 * fine)
    core = head.brain & (head.depth > 0.5) & (uneven < growth.core)
    rim = growth.core * growth.rim * (1 + 0.45 * third)
    inner = core & (uneven < growth.core - np.maximum(rim, 1.6))
    across = np.clip(-np.sign(growth.middle[0]) * places.left, 0, None).astype(np.float32)  # mm beyond the midline
    labels = np.zeros(places.shape, np.uint8)
    white = head.tissue == NUMBER["white"]
    soft = white | (head.tissue == NUMBER["deep_grey"]) | (head.tissue == NUMBER["grey"])
    ragged = np.minimum(away, 26) * (0.16 * wide - 0.2 * third + 0.06 * fine)
    spread = away + ragged - growth.core + 1.2 * across
    labels[(white & (spread < growth.reach)) | (soft & head.brain & (spread < 0.35 * growth.reach))] = OEDEMA
    labels[core] = ENHANCING
    labels[inner] = NECROSIS
    labels[core & (dull + 0.15 * third > 0.62)] = NOT_ENHANCING
    labels[inner & (dull + 0.35 * fine > 0.6)] = NOT_ENHANCING
    for label, name in ((NECROSIS, "necrosis"), (OEDEMA, "oedema"), (NOT_ENHANCING, "tumour"), (ENHANCING, "rim")):
        head.tissue[labels == label] = NUMBER[name]
    return labels
