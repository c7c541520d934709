"""What a CT makes of a body: the table under it, Hounsfield units, blur and noise."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.bodies.materials import NUMBER, brightness
from unet_teach.data.phantoms.bodies.outline import SKIN, Build, table_height
from unet_teach.data.phantoms.bodies.paint import BodyCanvas
from unet_teach.data.phantoms.noise import Field

BLUR = 0.9  # mm, standard deviation of the scanner's blur within a slice
LOWEST = -1024  # HU, what a scanner writes for the least it measures


def lay_table(canvas: BodyCanvas, build: Build, right: Field, back: Field) -> None:
    """Paint the table under the patient, in the scanner's own frame: foam with a shell, hollow like a trough."""
    top = table_height(build) - (right / 62) ** 2  # mm; its sides rise
    below = back - top
    wide = np.abs(right) < 195
    free = canvas.material == NUMBER["air"]
    canvas.put("table", free & wide & (below > 2) & (below < 38))
    canvas.put("cover", free & wide & (below > 2) & (below < 4))
    canvas.put("shell", free & wide & (below > 34.5) & (below < 38))


def arms(canvas: BodyCanvas, build: Build) -> None:
    """Lay the arms beside the trunk: skin, fat, muscle and one bone, two below the elbow."""
    z = canvas.places.head[:, None, None].astype(np.float32)
    side = np.abs(canvas.outline.turn)
    at = np.argmin(np.abs(side - np.pi / 2) + (side < 0), axis=None)  # a voxel straight to the side of the axis
    row, column = np.unravel_index(at, side.shape)
    beside = canvas.outline.skin[:, row, column][:, None, None]
    thick = 33 + 13 * build.shape - 0.03 * np.clip(-z, 0, 200)
    x, y = np.abs(canvas.x) - beside - thick - 8, canvas.y - 12 + 0.12 * z
    away = np.hypot(x, y * 0.92)
    fat = (3 + 13 * build.shape) * build.under_skin
    free = canvas.material == NUMBER["air"]
    canvas.put("arm_skin", free & (away < thick))
    canvas.put("arm_fat", free & (away < thick - SKIN))
    canvas.put("arm_muscle", free & (away < thick - SKIN - fat))
    apart = np.clip(-z - 10, 0, 14)  # below the elbow the bones part
    for which in (-1, 1):
        bone = np.hypot(x - 0.4 * which * apart, y - which * apart) - np.where(z > -10, 11.5, 7.5)
        canvas.put("arm_bone", free & (bone < 0))
        canvas.put("arm_marrow", free & (bone < -3.5))


def scanned(canvas: BodyCanvas, build: Build, noise: float, seed: int) -> NDArray[np.int16]:
    """Return Hounsfield units: each material's own with its texture, blurred, and noise that is alike over two voxels.

    More of it lies deep inside, and in large people, where fewer X-rays arrive; and in small voxels.
    """
    grey, fine, coarse = brightness(build)
    hu = grey[canvas.material] + fine[canvas.material] * canvas.clay(20, 3.5)
    hu += coarse[canvas.material] * canvas.clay(21, 10.0)
    hu += _strands(canvas, build)
    steps = np.array(canvas.places.spacing)
    sigma = np.sqrt((np.array([0.6, BLUR, BLUR]) / steps) ** 2 + 0.3**2)
    sigma[0] *= canvas.material.shape[0] > 1
    hu = ndimage.gaussian_filter(hu, sigma, mode="nearest")
    if noise:
        hu += noise * _noise(canvas, build, steps, seed)
    return np.rint(np.maximum(hu, LOWEST)).astype(np.int16)


def _strands(canvas: BodyCanvas, build: Build) -> Field:
    """Vessels and septa that cross fat, few under the skin, many among the organs; and fat in muscle.  HU"""
    first, second = canvas.clay(22, 13.0), canvas.clay(23, 11.0)
    thread = np.clip(1 - (np.abs(first) + np.abs(second)) / 0.24, 0, 1)
    sheet = np.clip(1 - np.abs(first) / 0.035, 0, 1) * (second > 0.5)
    more = np.zeros(len(NUMBER), np.float32)
    more[[NUMBER["inner_fat"], NUMBER["under_skin"]]] = 150, 70
    more[[NUMBER["wall"], NUMBER["back"]]] = -40 - 50 * build.shape, -50 - 70 * build.shape  # fat between the fibres
    strands: Field = more[canvas.material] * np.maximum(thread, 0.5 * sheet)
    return strands


def _noise(canvas: BodyCanvas, build: Build, steps: NDArray[np.float64], seed: int) -> Field:
    white = np.random.default_rng([seed, 99]).standard_normal(canvas.material.shape, dtype=np.float32)
    grain = ndimage.gaussian_filter(white, (0, 0.6, 0.6)) - 0.6 * ndimage.gaussian_filter(white, (0, 1.8, 1.8))
    voxel = np.clip((1.5 * 1.5 * 3 / steps.prod()) ** 0.5, 0.5, 2.0)
    deep = np.clip(canvas.outline.below_skin / 100, 0, 1)
    amount = 7.5 * voxel * (0.75 + 0.6 * build.shape) * (0.6 + 0.6 * deep)
    scaled: Field = (amount * grain / grain.std()).astype(np.float32)
    return scaled
