"""A phantom of an abdominal CT slice: the stand-in for `fatsegmentation`.

A trunk is built from outside to inside, as depth below the skin grows: skin, fat, the muscle wall, the cavity with its
fat and organs. Smooth noise bends all outlines, the scanner blurs the whole and adds its noise.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.ct_anatomy import BACK, IN_CAVITY, Part
from unet_teach.data.phantoms.noise import Field, enlarged, seeded, smooth_noise

SIZE = 512  # pixels
SKIN = 3  # pixels
NOT_MEASURED = -2048  # what the scanner writes outside its circular field of view
AIR, FAT, MUSCLE, SKIN_HU = -1000, -114, 48, 40  # Hounsfield units, as measured on the real slice
FAT_RANGE = (-190, -30)  # Hounsfield units


class CTSlice(NamedTuple):
    """A slice and its map of tissues; see `load_ct_slice`."""

    hu: NDArray[np.int16]
    tissue: NDArray[np.uint8]


def ct_slice(seed: int) -> CTSlice:
    """Draw an axial slice through an abdomen that never was; the same seed gives the same slice.

    Parameters
    ----------
    seed : any integer from 0 on

    Returns
    -------
    CTSlice
        hu : (512, 512) int16, Hounsfield units; air about -1000, and -2048 outside the scanner's field of view
        tissue : (512, 512) uint8, 255 fat under the skin, 128 fat inside the muscle wall, 64 the rest of the body,
            0 outside; the skin counts as outside, as in the real map

    Introduced in chapter 1.
    """
    rng = seeded(seed)
    rows, columns = _bent_grid(rng)
    straight = np.indices((SIZE, SIZE), dtype=np.float32)
    taut_rows, taut_columns = 0.4 * rows + 0.6 * straight[0], 0.4 * columns + 0.6 * straight[1]
    trunk = _trunk(taut_rows, taut_columns, rng)
    depth = ndimage.distance_transform_edt(trunk).astype(np.float32)  # in pixels below the surface
    wall = _inside(Part("wall", 262, 265, 130, 186, 0, MUSCLE, 0), taut_rows, taut_columns, power=2.4)
    wall |= _any_inside(BACK, rows, columns)
    wall &= depth > SKIN + 9
    within = ndimage.distance_transform_edt(wall)  # in pixels below the wall's outer face
    cavity = within > 14 + 2.5 * enlarged(smooth_noise(rng, (32, 32), 2), SIZE)
    cavity &= ~_any_inside(BACK, rows, columns)

    hu = _table(rng)
    hu[trunk] = SKIN_HU
    hu[depth > SKIN] = FAT
    hu += np.where((depth > SKIN + 2) & ~wall, _strands(rng, 40), 0)
    hu[wall] = MUSCLE
    between_sheets = (np.abs(within - 4.5) < 0.8) | (np.abs(within - 9) < 0.8)  # the wall has three layers at its sides
    hu[between_sheets & wall & (np.abs(columns - 265) > 80)] = -100
    hu[cavity] = FAT + 6
    hu += np.where(cavity, _strands(rng, 150), 0)
    for part in (*BACK, *IN_CAVITY):
        place = _inside(part.jittered(rng), rows, columns)
        texture = part.texture * enlarged(smooth_noise(rng, (256, 256), 1.2), SIZE)
        hu = np.where(place & wall, part.hu + texture, hu)

    measured = _scanned(hu, depth, rng)
    return CTSlice(measured, _tissue_map(measured, wall, depth))


def _bent_grid(rng: np.random.Generator) -> tuple[Field, Field]:
    """Return row and column of every pixel, bent by noise: what is drawn on it has no straight outline."""
    rows, columns = np.indices((SIZE, SIZE), dtype=np.float32)
    wide, fine = (smooth_noise(rng, (2, 64, 64), (0, sigma, sigma)) for sigma in (7, 1.2))
    bend = 5.5 * wide + 2.1 * fine
    return rows + enlarged(bend[0], SIZE), columns + enlarged(bend[1], SIZE)


def _inside(part: Part, rows: Field, columns: Field, power: float = 2) -> NDArray[np.bool_]:
    y, x = rows - part.row, columns - part.column
    cos, sin = np.cos(np.deg2rad(part.turn)), np.sin(np.deg2rad(part.turn))
    high, wide = np.abs(cos * y - sin * x) / part.half_height, np.abs(cos * x + sin * y) / part.half_width
    inside: NDArray[np.bool_] = high**power + wide**power < 1
    return inside


def _any_inside(parts: tuple[Part, ...], rows: Field, columns: Field) -> NDArray[np.bool_]:
    anywhere: NDArray[np.bool_] = np.any([_inside(part, rows, columns) for part in parts], axis=0)
    return anywhere


def _trunk(rows: Field, columns: Field, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return the body: round in front, flattened by the table behind, with a groove over the spine."""
    high, wide = rng.normal((169, 223), (4, 4))
    x = (columns - 266) / wide
    y = (rows - 263 + 5 * np.exp(-((16 * x) ** 2)) * (rows > 263)) / high
    power = np.where(y < 0, 2.15, 2.9)
    trunk: NDArray[np.bool_] = np.abs(x) ** power + np.abs(y) ** power < 1
    return trunk


def _strands(rng: np.random.Generator, amount: float) -> Field:
    """Return what crosses fat: vessels and septa, in Hounsfield units above it."""
    noise = enlarged(smooth_noise(rng, (256, 256), 1.1), SIZE)
    return np.asarray(amount * np.clip(noise - 1.4, 0, 1.2), dtype=np.float32)


def _table(rng: np.random.Generator) -> Field:
    """Return the scanner without a patient: air, and a table of foam with a hard shell below."""
    rows, columns = np.indices((SIZE, SIZE), dtype=np.float32)
    across = ((columns - 256) / 150) ** 2
    top, shell = 434 - 8 * across, 473 - 11 * across
    hu = np.full((SIZE, SIZE), AIR, dtype=np.float32)
    hu[(rows > top) & (rows < shell)] = -958
    hu[np.abs(rows - top) < 1.2] = -700
    hu[np.abs(rows - shell) < 2.4] = 310
    return hu


def _scanned(hu: Field, depth: Field, rng: np.random.Generator) -> NDArray[np.int16]:
    """Blur the slice and add noise, more of it deep inside, where fewer X-rays arrive."""
    noise = smooth_noise(rng, hu.shape, 0.9)
    amount = 5.5 + 4.5 * np.clip(ndimage.gaussian_filter(depth, 10) / 90, 0, 1)
    measured = ndimage.gaussian_filter(hu, 0.8) + amount * noise
    rows, columns = np.ogrid[:SIZE, :SIZE]
    field_of_view = np.hypot(rows - 255.5, columns - 255.5) < SIZE / 2
    return np.where(field_of_view, np.rint(measured), NOT_MEASURED).astype(np.int16)


def _tissue_map(hu: NDArray[np.int16], wall: NDArray[np.bool_], depth: Field) -> NDArray[np.uint8]:
    """Name each pixel as the algorithm of the real set does: fat by its Hounsfield units, which fat by the wall."""
    fat = (hu >= FAT_RANGE[0]) & (hu <= FAT_RANGE[1])
    return np.select([depth <= SKIN, fat & wall, fat], [0, 128, 255], default=64).astype(np.uint8)
