"""From a person and a tumour to tissues, voxel by voxel, and from tissues to what an MR scanner measures."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.heads.brain import Anatomy, Skull, anatomy
from unet_teach.data.phantoms.heads.growth import Growth, grown
from unet_teach.data.phantoms.heads.tissue import SEQUENCES, Times, signal, textures
from unet_teach.data.phantoms.noise import Field
from unet_teach.data.phantoms.places import Places, clay


def bends(seed: int, places: Places) -> list[Field]:
    """Return how far, in mm to the head, the back and the left, each voxel's tissue lies from where a sketch has it."""
    return [
        1.5 * clay((seed, 126 + axis), places, 36) + 0.5 * clay((seed, 129 + axis), places, 11) for axis in range(3)
    ]


def height_of(growth: Growth, seed: int) -> float:
    """Return the level at which a slice shows a tumour's middle, mm."""
    left, back, top = (np.array([at]) for at in growth.middle.tolist())
    return float(top[0] - bends(seed, Places(top, back, left, (1.0, 1.0, 1.0)))[0].item())


def painted(seed: int, skull: Skull, growth: Growth | None, places: Places) -> tuple[Anatomy, NDArray[np.uint8]]:
    """Paint the head, then what grows in it."""
    lines = np.meshgrid(places.head, places.back, places.left, indexing="ij")
    z, y, x = (line.astype(np.float32) + bend for line, bend in zip(lines, bends(seed, places), strict=True))
    if growth is None:
        return anatomy(skull, places, x, y, z, seed), np.zeros(places.shape, np.uint8)
    body = anatomy(skull, places, *growth.pushed(x, y, z), seed)
    return body, grown(growth, body, places, (x, y, z), seed)


def scanned(
    name: str,
    body: Anatomy,
    places: Places,
    times: Times,
    seed: int,
    amounts: tuple[float, float],
    offset: NDArray[np.float64],
    stripped: bool,
    scale: NDArray[np.float64],
) -> Field:
    """Return one sequence: each tissue's signal, the coil's unevenness, blur, and noise of a magnitude (Rice's)."""
    bias, noise = amounts
    which = SEQUENCES.index(name)
    grey = signal(name, times)[body.tissue]
    grey *= 1 + textures()[body.tissue] * clay((seed, 41), places, 4)
    steps = np.array(places.spacing)
    sigma = np.sqrt((0.55 / steps) ** 2 + 0.25**2)
    sigma[0] *= len(places.head) > 1
    grey = ndimage.gaussian_filter(grey, sigma)
    if offset.any():
        grey = ndimage.shift(grey, offset / steps, order=1, mode="nearest")
    grey *= np.exp(0.11 * bias * clay((seed, 42 + which), places, 95))
    if noise:
        rng = np.random.default_rng([seed, 51 + which])
        real, other = rng.standard_normal((2, *places.shape), dtype=np.float32) * np.float32(0.024 * noise)
        grey = np.hypot(grey + real, other)
    if not stripped:
        return np.asarray(grey * np.float32(180 + 150 * scale[which]), dtype=np.float32)
    inside = grey[body.brain]
    if not inside.size:
        return np.full(places.shape, -1, np.float32)
    grey = (grey - inside.mean()) / max(float(inside.std()), 1e-6) * scale[which]
    return np.where(body.brain, grey, grey[body.brain].min() - 0.1).astype(np.float32)
