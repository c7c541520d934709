"""The anatomy of a head, voxel by voxel: folds, ventricles, deep nuclei, cerebellum, and the skull around them.

Places are in mm from the middle of the brain: x to the patient's left, y to the back, z to the top.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.heads.tissue import NUMBER
from unet_teach.data.phantoms.noise import Field, smooth_noise
from unet_teach.data.phantoms.places import Places, clay

Mask = NDArray[np.bool_]
HALF = (67.0, 85.0, 66.0)  # mm, half the brain's width, length and height
GRAIN = 2.3  # mm between the knots of the folds' field

# place and half sizes in mm, of the left one; both sides have it. Turned in the plane of a slice by degrees.
VENTRICLES = (
    (8, -27, 10, 5, 17, 11, 18),
    (11, -4, 19, 5.5, 26, 8, -6),
    (19, 27, 12, 6.5, 15, 12, -28),
    (23, 44, 8, 4, 15, 6, 8),
)
NUCLEI = (
    (15, -22, 11, 6, 12, 9, 18),  # caudate
    (25, -6, 4, 6.5, 17, 12, 8),  # putamen
    (10.5, 9, 5, 8.5, 14, 10, -20),  # thalamus
)


@dataclass(frozen=True)
class Skull:
    """What makes one head unlike another: drawn once a seed."""

    size: tuple[float, float, float]  # half the brain's width, length and height, mm
    ventricles: float  # 1: average
    water: float  # how wide the furrows are, 1: average
    bone: float  # 1: average thickness

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Skull":
        """Draw one."""
        wide, long, high = (float(half * rng.normal(1, 0.03)) for half in HALF)
        return cls((wide, long, high), *rng.uniform((0.75, 0.7, 0.85), (1.35, 1.5, 1.15)).tolist())


@dataclass(frozen=True)
class Anatomy:
    """Tissues, and which voxels are brain.  (slices, rows, columns) each"""

    tissue: NDArray[np.uint8]
    brain: Mask
    depth: Field  # mm below the brain's surface, about


def anatomy(skull: Skull, places: Places, x: Field, y: Field, z: Field, seed: int) -> Anatomy:
    """Paint a head without a tumour.

    Parameters
    ----------
    skull : whose head
    places : where the voxels lie
    x, y, z : (slices, rows, columns) mm, where each voxel's tissue comes from: bent, and pushed aside by a tumour
    seed : of the folds
    """
    wide, long, high = skull.size
    narrow = 1 - 0.13 * np.clip(-y / long, 0, 1) ** 1.5  # the front is narrower than the back
    flat = np.where(z < 0, 0.86, 1.0)
    out = (np.abs(x) / (wide * narrow)) ** 2.15 + np.abs(y / long) ** 2.15 + np.abs(z / (high * flat)) ** 2.15
    out = (out ** (1 / 2.15) + 1e-3).astype(np.float32)  # 1 on the surface
    radius = np.sqrt(x**2 + y**2 + z**2)
    depth = ((1 - out) * radius / out).astype(np.float32)
    brain = out < 1
    tissue = _outside(skull, places, -depth, x, y, z, seed)
    near = depth < 34
    shallow = np.nonzero(brain & near)
    tissue[brain] = NUMBER["white"]
    pull = 0.4 + 0.6 / out[shallow]  # towards the surface: furrows run straight down from it
    at = np.stack([(axis[shallow] * pull) / GRAIN for axis in (z, y, x)])
    folds = smooth_noise(np.random.default_rng([seed, 21]), (72, 72, 72), 1.15)
    fold = np.abs(ndimage.map_coordinates(folds, at, order=1, mode="grid-wrap", prefilter=False))
    deepest = 21 + 4 * clay((seed, 22), places, 30)[shallow]
    left = np.clip(1 - (depth[shallow] / deepest) ** 2, 0, 1)
    ribbon = (depth[shallow] < 3.6) | (fold < 0.92 * np.sqrt(left))
    furrow = fold < 0.17 * skull.water * np.sqrt(left)
    piece = np.where(ribbon, NUMBER["grey"], NUMBER["white"])
    veins = clay((seed, 27), places, 13)[shallow] > 0.9
    filled = np.where(veins & (depth[shallow] < 12), NUMBER["vessel"], NUMBER["water"])
    tissue[shallow] = np.where(furrow, filled, piece).astype(np.uint8)
    _middle(tissue, brain, skull, x, y, z, clay((seed, 23), places, 14))
    _below(tissue, brain, x, y, z, clay((seed, 24), places, 9))
    return Anatomy(tissue, brain, depth)


def _ellipsoid(x: Field, y: Field, z: Field, row: tuple[float, ...], larger: float = 1.0) -> Field:
    left, back, top, half_left, half_back, half_top, turn = row
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    x, y = x - left, y - back
    found: Field = (
        ((cos * x + sin * y) / half_left) ** 2 + ((cos * y - sin * x) / half_back) ** 2 + ((z - top) / half_top) ** 2
    ) / larger**2
    return found


def _middle(tissue: NDArray[np.uint8], brain: Mask, skull: Skull, x: Field, y: Field, z: Field, rough: Field) -> None:
    """Paint the fissures with grey matter along them, the deep nuclei and the ventricles."""
    side = np.abs(x + 0.6 * rough)
    open_to = (np.abs(y + 4) > 38 - 0.5 * np.clip(z, -20, 20)) | (z > 34)  # in between lies the bridge of white matter
    cleft = brain & open_to
    tissue[cleft & (side < 4.2)] = NUMBER["grey"]
    tissue[cleft & (side < 0.9 * skull.water)] = NUMBER["water"]
    island = np.abs(np.hypot((y + 4) / 1.0, (z - 2) * 1.1))  # the insula, and the fissure beside it
    edge = side - (41 - 0.012 * island**2 + 2.0 * rough)
    around = brain & (island < 23)
    tissue[around & (edge > -4.5) & (edge < 5)] = NUMBER["grey"]
    tissue[around & (np.abs(edge) < 0.9 * skull.water + 0.3)] = NUMBER["water"]
    out = brain & (np.abs(y + 4 + 0.25 * (side - 41) + rough) < 5) & (side > 41) & (np.abs(z - 2) < 16)
    tissue[out] = NUMBER["grey"]
    tissue[out & (np.abs(y + 4 + 0.25 * (side - 41) + rough) < 1.1 * skull.water)] = NUMBER["water"]
    for row in NUCLEI:
        tissue[brain & (_ellipsoid(side, y, z, row) < 1)] = NUMBER["deep_grey"]
    holes = np.min([_ellipsoid(side, y, z, row, skull.ventricles) for row in VENTRICLES], axis=0)
    septum = (side < 1.0) & (z > 4)
    tissue[brain & (holes < 1) & ~septum] = NUMBER["water"]
    third = (side / (2.2 * skull.ventricles)) ** 2 + ((y - 2) / 13) ** 2 + ((z + 2) / 9) ** 2
    tissue[brain & (third < 1)] = NUMBER["water"]
    plexus = _ellipsoid(side, y, z, (18, 29, 12, 3, 7, 5, -28))
    tissue[brain & (holes < 1) & (plexus < 1)] = NUMBER["plexus"]


def _below(tissue: NDArray[np.uint8], brain: Mask, x: Field, y: Field, z: Field, rough: Field) -> None:
    """Paint cerebellum and brain stem, with water around them."""
    side = np.abs(x)
    halves, worm = (20, 44, -40, 34, 28, 20, 0), (0, 45, -38, 13, 24, 21, 0)
    cerebellum = np.minimum(_ellipsoid(side, y, z, halves), _ellipsoid(x, y, z, worm))
    tissue[brain & (cerebellum < 1.12)] = NUMBER["water"]
    leaves = np.abs(np.sin((z + 0.35 * y) / 1.7 + 0.8 * rough))
    part = brain & (cerebellum < 1)
    tissue[part] = np.where((cerebellum < 0.5) & (leaves > 0.35), NUMBER["white"], NUMBER["grey"])[part]
    stem = ((x / 15) ** 2 + ((y - 14) / 13) ** 2 < 1) & (z < -12)
    moat = ((x / 21) ** 2 + ((y - 12) / 19) ** 2 < 1) & (z < -18)
    tissue[brain & moat & (cerebellum > 1)] = NUMBER["water"]
    tissue[brain & stem] = NUMBER["white"]
    fourth = ((x / 7) ** 2 + ((y - 29) / 4) ** 2 < 1) & (z < -25) & (z > -46)
    tissue[brain & fourth] = NUMBER["water"]


def _outside(skull: Skull, places: Places, away: Field, x: Field, y: Field, z: Field, seed: int) -> NDArray[np.uint8]:
    """Paint, from the brain's surface outwards: water, dura, bone with marrow, fat, skin; a sinus behind; two eyes."""
    thick = skull.bone * (1 + 0.08 * clay((seed, 25), places, 60))
    ends = np.array([1.6 * skull.water, 1.2, 2.2, 3.0, 2.2, 4.2, 2.2])  # mm of each layer
    names = ("water", "dura", "bone", "marrow", "bone", "fat", "skin")
    tissue = np.full(places.shape, NUMBER["air"], dtype=np.uint8)
    for end, name in reversed(list(zip(np.cumsum(ends).tolist(), names, strict=True))):
        tissue[away < end * thick] = NUMBER[name]
    temple = (away > 11 * thick) & (away < 17 * thick) & (np.abs(x) > 45) & (z < 8) & (y < 15)
    tissue[temple & (tissue == NUMBER["fat"])] = NUMBER["muscle"]
    sinus = (np.abs(x) < 4.5 - 0.4 * away) & (away > 0.5) & (away < 8) & ((y > 40) | (z > 40))
    tissue[sinus] = NUMBER["vessel"]
    for half, name in ((19, "fat"), (12.5, "skin"), (11.8, "water")):
        globe = _ellipsoid(np.abs(x), y, z, (31, -77, -40, half, half, half, 0)) < 1
        tissue[globe & (away > 5)] = NUMBER[name]
    return tissue
