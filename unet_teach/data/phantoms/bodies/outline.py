"""How wide a body is in every direction, at every height: skin, outer and inner face of the muscle wall.

All three are distances from one axis through the trunk, a table over height and angle each, and every next one is the
last plus a thickness: so they never cross, and more fat moves the skin outwards everywhere.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.noise import Field
from unet_teach.data.phantoms.places import Places

ANGLES = 1440  # entries a turn; angle 0 points to the front, a quarter turn to the patient's left
SKIN = 2.0  # mm
BACK = 68.0  # mm from the middle of the spine to the back of its muscles
MEAN_SHAPE = 0.4


@dataclass(frozen=True)
class Build:
    """What makes one person unlike another, beside the shape: drawn once a seed, numbers without a unit or in mm."""

    shape: float  # 0 thin, 1 obese
    under_skin: float  # how much of the fat lies under the skin: 0.75 little, 1.25 much
    muscle: float  # 1: an average wall
    contrast: float  # 0: no contrast agent, 1: much of it
    size: float  # 1: an average skeleton
    fat: float  # HU that this person's fat is denser than the average

    @classmethod
    def drawn(cls, rng: np.random.Generator, shape: float) -> "Build":
        """Draw a person of this shape."""
        under_skin, muscle, contrast, size = rng.uniform((0.75, 0.75, 0, 0.95), (1.25, 1.15, 1, 1.05)).tolist()
        return cls(shape, under_skin, muscle, contrast, size, float(rng.normal(0, 3)))

    @property
    def inner_fat(self) -> float:
        """How much fat lies among the organs: 0 hardly any, 1 very much."""
        return self.shape * (2 - self.under_skin)


@dataclass(frozen=True)
class Outline:
    """Distances from the trunk's axis, each (slices, rows, columns) in mm, and where on the way a voxel is."""

    axis: float  # mm in front of the spine's middle
    turn: Field  # (rows, columns), angle of each voxel, 0 front, pi back; negative on the patient's right
    radius: Field  # (rows, columns), its distance from the axis
    steep: Field  # cosine of the wall's slant: millimetres along a radius become millimetres of depth
    skin: Field
    outer: Field
    inner: Field

    @property
    def within(self) -> Field:
        """Depth below the outer face of the wall, mm; negative in the fat under the skin."""
        return (self.outer - self.radius) * self.steep

    @property
    def cavity(self) -> Field:
        """Depth below the inner face of the wall, mm."""
        return (self.inner - self.radius) * self.steep

    @property
    def below_skin(self) -> Field:
        """Depth below the skin's surface, mm."""
        return (self.skin - self.radius) * self.steep


def outline(build: Build, places: Places, x: Field, y: Field, seed: int, mirrored: bool) -> Outline:
    """Lay the tables and read them at every voxel.

    Parameters
    ----------
    build : the person
    places : the voxels; of them only the heights count here
    x, y : (rows, columns) mm to the left and the back, in the body's own frame
    seed : of what is uneven
    mirrored : make both sides alike
    """
    half_wide, front = _sizes(build, places.head)
    axis = -(np.interp(build.inner_fat, (0, 1), (90, 150)) - BACK) / 2  # one for all heights: an axis is straight
    angle = np.arange(-ANGLES // 2, ANGLES // 2, dtype=np.float64) * (2 * np.pi / ANGLES)
    uneven = _bands(seed, places.head, np.abs(angle) if mirrored else angle)
    outer = _superellipse(angle, half_wide, front + axis, BACK - axis) * (1 + 0.012 * uneven[0])
    steep = _steep(outer)
    skin = outer + (SKIN + _fat(build, seed, places.head, angle) * (1 + 0.1 * uneven[1])) / steep
    skin = np.maximum(_flattened(skin, angle, table_height(build) - axis), outer + (SKIN + 2) / steep)
    thick = _wall(build, places.head, angle) * (1 + 0.12 * uneven[2])
    inner = np.maximum(outer - thick / steep, 20)
    turn = np.arctan2(x, -(y - axis)).astype(np.float32)
    steps = np.rint(np.abs(turn) * (ANGLES / (2 * np.pi)))
    at = (ANGLES // 2 + np.sign(turn) * steps).astype(np.int64) % ANGLES
    tables = [table.astype(np.float32)[:, at] for table in (steep, skin, outer, inner)]
    return Outline(float(axis), turn, np.hypot(x, y - axis).astype(np.float32), *tables)


def table_height(build: Build) -> float:
    """How far behind the spine's middle the table lies, mm: the fat of the back is pressed flat on it."""
    return float(BACK + SKIN + 4 + 0.55 * _thickness(build))


def _thickness(build: Build) -> float:
    """Millimetres of fat under the skin, on average around the waist."""
    return float((5 + 34 * build.shape**1.25) * build.under_skin)


def _sizes(build: Build, head: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Half the width of the muscle wall, and how far its front lies before the spine's middle.  (heights,)"""
    inner = build.inner_fat
    waist, chest, hips = (118 + 38 * inner, 134 + 16 * inner, 130 + 24 * inner)
    belly, breast, groin = (80 + 85 * inner, 106 + 34 * inner, 78 + 72 * inner)
    heights = (-130, -20, 120, 200)
    wide = np.interp(head, heights, (hips, waist, chest, chest - 2))
    deep = np.interp(head, heights, (groin, belly, breast, breast - 4))
    return build.size * wide, build.size * deep


def _superellipse(
    angle: NDArray[np.float64], wide: NDArray[np.float64], front: NDArray[np.float64], back: float
) -> NDArray[np.float64]:
    """Distance to a closed curve, rounder in front than behind.  (heights, angles)"""
    ahead = np.cos(angle) > 0
    deep = np.where(ahead, front[:, None], back)
    power = np.where(ahead, 2.25, 2.7)
    across, along = np.abs(np.sin(angle)) / wide[:, None], np.abs(np.cos(angle)) / deep
    radius: NDArray[np.float64] = (across**power + along**power) ** (-1 / power)
    return radius


def _steep(radius: NDArray[np.float64]) -> NDArray[np.float64]:
    slope = (np.roll(radius, -8, axis=1) - np.roll(radius, 8, axis=1)) / (16 * 2 * np.pi / ANGLES)
    steep: NDArray[np.float64] = 1 / np.sqrt(1 + (slope / radius) ** 2)
    return steep


def _fat(build: Build, seed: int, head: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Millimetres of fat under the skin: most on flanks and loins, least over spine, ribs and the midline."""
    degrees = np.abs(np.degrees(angle))
    front, side, loin = np.random.default_rng([seed, 12]).lognormal(0, 0.3, 3)  # where this person puts it on
    marks = (0, 8, 30, 60, 90, 120, 148, 165, 180)
    around = np.interp(
        degrees,
        marks,
        (0.7 * front, 0.85 * front, 0.9 * front, 0.6, 0.7 * side, 1.3 * side, 2.0 * loin, 1.3 * loin, 0.42),
    )
    around = ndimage.gaussian_filter1d(around, ANGLES / 80, mode="wrap")
    height = np.interp(head, (-130, -60, 20, 110, 200), (1.35, 1.2, 1, 0.62, 0.5))
    return _thickness(build) * height[:, None] * around


def _wall(build: Build, head: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Millimetres of the muscle wall: thin in the midline, thick at the sides; the back's muscles come later."""
    degrees = np.abs(np.degrees(angle))
    edges = (0, 2, 5, 20, 27, 36, 75, 110, 140, 180)
    belly = np.interp(degrees, edges, (3, 4, 9, 9, 4, 10, 16, 15, 12, 12))
    chest = np.interp(degrees, edges, (9, 9, 9, 10, 11, 12, 14, 20, 20, 14))
    ribbed = np.clip((head[:, None] - 30) / 70, 0, 1)
    return build.muscle * ((1 - ribbed) * belly + ribbed * chest)


def _flattened(radius: NDArray[np.float64], angle: NDArray[np.float64], plane: float) -> NDArray[np.float64]:
    """Press a curve against a plane behind it, softly."""
    behind = np.clip(-np.cos(angle), 1e-3, None)
    pressed: NDArray[np.float64] = (radius**-9.0 + (plane / behind) ** -9.0) ** (-1 / 9)
    return pressed


def _bands(seed: int, head: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Three smooth random tables of standard deviation 1: waves around the body that change slowly with height."""
    rng = np.random.default_rng([seed, 11])
    found = np.zeros((3, len(head), len(angle)))
    for table in range(3):
        for wave in range(1, 9):
            strength, length = rng.normal(size=2) / np.sqrt(8), rng.uniform(60, 160, 2)
            start = rng.uniform(0, 2 * np.pi, 4)
            for part in range(2):
                along = np.cos(head / length[part] * 2 + start[part])
                found[table] += 1.4 * strength[part] * along[:, None] * np.cos(wave * angle + start[2 + part])
    return found
