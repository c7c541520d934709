"""Which organ lies where: one row for each part, painted in this order.

Places are for an average person, in mm: from the middle of the spine to the patient's left, to the back, and up from
the height of the kidneys' stalks (between the first two lumbar vertebrae).
"""

from typing import NamedTuple

import numpy as np

from unet_teach.data.phantoms.bodies.outline import Build

TALL = 1000.0  # mm: through all slices


class Organ(NamedTuple):
    """An ellipsoid of one material."""

    material: str
    left: float
    back: float
    head: float
    half_left: float
    half_back: float
    half_head: float
    lean_left: float = 0.0  # mm to the left for each mm upwards
    lean_back: float = 0.0
    turn: float = 0.0  # degrees in the plane of a slice
    gas: str = ""  # what collects in its highest part: its front, for the patient lies on the back
    full: float = 0.0  # how high the gas's level lies, from -1 the back to 1 the front
    both: bool = False  # is there in a torso whose sides are alike
    core: str = ""  # another material in its middle
    core_size: float = 0.8
    free: bool = False  # may leave the cavity
    coat: float = 0.0  # mm of fat around it

    def placed(self, build: Build, rng: np.random.Generator) -> "Organ":
        """Move and resize it: fat pushes organs to the sides and to the front, and no two people are alike."""
        wider = 0.86 + 0.3 * build.inner_fat
        deeper = wider**1.6 if self.back < -15 else 1.0
        moved = rng.normal(0, 3, 3) * (self.half_head < TALL or self.both is False)
        larger = build.size * rng.normal(1, 0.05, 3)
        aside = wider if abs(self.left) > 30 else 1.0
        return self._replace(
            left=self.left * aside + moved[0] * (not self.free),
            back=self.back * deeper + moved[1] * (not self.free),
            head=self.head + 2 * moved[2],
            half_left=self.half_left * larger[0],
            half_back=self.half_back * larger[1],
            half_head=self.half_head * larger[2],
            full=self.full + rng.normal(0, 0.2),
            coat=self.coat * (0.4 + 1.3 * build.inner_fat),
        )


BACK_MUSCLES = (
    Organ("plane", 37, 42, 0, 32, 22, TALL, turn=8, both=True, free=True, core="back", core_size=0.95),
    Organ("plane", 13, 46, 0, 13, 20, TALL, both=True, free=True, core="back", core_size=0.9),
    Organ("psoas", 68, 30, -60, 24, 11, 95, lean_left=-0.18, turn=-20, both=True, free=True),
    Organ("psoas", 37, 6, -95, 17, 23, 150, lean_left=-0.11, both=True, free=True),
)
LIVER = (
    Organ("liver", -74, -20, 60, 66, 80, 90, lean_left=0.1),
    Organ("liver", -22, -64, 82, 74, 36, 48, turn=-8),
)
ORGANS = (
    Organ("heart", 22, -62, 150, 54, 42, 54, lean_left=-0.2, turn=25),
    Organ("spleen", 93, 14, 62, 29, 52, 60, turn=-24),
    Organ("stomach", 54, -42, 70, 42, 34, 56, 0.25, 0.1, gas="stomach_gas", full=0.25, core="meal", core_size=0.86),
    Organ("gallbladder", -52, -62, 14, 14, 22, 24, turn=20),
    Organ("pancreas", -14, -30, 10, 22, 15, 22),
    Organ("pancreas", 26, -28, 22, 40, 10, 13, turn=-22),
    Organ("bowel", -36, -36, -8, 14, 13, 34, gas="bowel_gas", full=0.5, core="drink", core_size=0.7),
    Organ("bowel", -88, -12, -58, 22, 22, 62, gas="bowel_gas", full=0.35, core="faeces", core_size=0.85),
    Organ("bowel", 92, 0, -48, 15, 15, 86, gas="bowel_gas", full=0.55, core="faeces", core_size=0.8, both=True),
    Organ("bowel", 34, -80, -6, 62, 15, 19, turn=6, gas="bowel_gas", full=0.3, core="faeces", core_size=0.82),
    Organ("bowel", -52, -70, -22, 34, 19, 20, turn=-10, gas="bowel_gas", full=0.2, core="faeces", core_size=0.82),
    Organ("kidney", 60, 4, -3, 27, 27, 56, -0.2, 0.14, turn=-28, both=True, core="medulla", core_size=0.72, coat=5),
    Organ("inner_fat", 46, -5, -3, 13, 7, 23, -0.2, 0.14, turn=-28, both=True),  # the sinus of the kidney
    Organ("kidney", -60, 4, -14, 27, 27, 54, 0.2, 0.14, turn=28, core="medulla", core_size=0.72, coat=5),
    Organ("inner_fat", -46, -5, -14, 13, 7, 22, 0.2, 0.14, turn=28),
)
VESSELS = (
    Organ("cava", -19, -25, 0, 12, 9, TALL, free=True),
    Organ("aorta", 9, -27, 0, 10, 10, TALL, free=True),
)
MIDLINE_AORTA = Organ("aorta", 0, -27, 0, 10, 10, TALL, both=True, free=True)


def plan(build: Build, rng: np.random.Generator, liver: bool, symmetric: bool) -> tuple[Organ, ...]:
    """List the parts of one person, in the order in which they are painted.

    With sides that are alike only pairs and what lies in the midline are left: no liver, spleen, stomach or heart.
    """
    parts = [(part, part.placed(build, rng)) for part in (*LIVER, *ORGANS, *VESSELS, MIDLINE_AORTA)]
    kept = [
        placed
        for part, placed in parts
        if (part.both if symmetric else part is not MIDLINE_AORTA) and (liver or part not in LIVER)
    ]
    return tuple(kept)
