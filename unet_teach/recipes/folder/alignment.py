"""Whether a mask lies on its image: do its borders follow edges, better than turned or shifted (chapter 25)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SIDE = 256  # pixels of the longer side in which this is looked at
TURNS = {  # what may have happened to a mask -> what undoes it
    "mirrored left to right": lambda mask: mask[:, ::-1],
    "mirrored top to bottom": lambda mask: mask[::-1],
    "turned by 180 degrees": lambda mask: mask[::-1, ::-1],
    "mirrored along the diagonal": lambda mask: mask.T,
    "turned by 90 degrees": lambda mask: np.rot90(mask),
    "turned by 270 degrees": lambda mask: np.rot90(mask, 3),
    "mirrored along the other diagonal": lambda mask: mask[::-1, ::-1].T,
}
SURE, LOST, APART = 4.2, 3.0, 3.0  # standard deviations above what shifted masks get; at least so much better
FAR = 24  # pixels of the small picture by which all masks of a folder may be shifted
Grey = NDArray[np.float32]


class Traces(NamedTuple):
    """What is compared of a case, small: edges and grey values of the image, borders and inside of the mask."""

    edges: NDArray[np.float16]
    grey: NDArray[np.float16]
    mask: NDArray[np.integer]


def traces(image: NDArray[np.number], mask: NDArray[np.integer]) -> Traces:
    """Shrink a flat image and its mask, and find the image's edges.  (H, W) twice"""
    step = max(max(image.shape) // SIDE, 1)
    rows, columns = (side // step * step for side in image.shape)
    cut = np.asarray(image[:rows, :columns], dtype=np.float32)
    small = cut.reshape(rows // step, step, columns // step, step).mean(axis=(1, 3))
    grey = ndimage.gaussian_filter(small, 1)
    edges = ndimage.gaussian_gradient_magnitude(small, 1)
    edges = np.minimum(edges, np.percentile(edges, 98))
    flat = grey - ndimage.gaussian_filter(grey, 24)  # no uneven light
    bounds = np.percentile(flat, (2, 98))
    small_mask = mask[:rows:step, :columns:step]
    kind = np.uint16 if small_mask.min() >= 0 and small_mask.max() < 2**16 else np.int64
    return Traces(_light(edges), _light(flat.clip(*bounds)), small_mask.astype(kind))


def _light(grey: Grey) -> NDArray[np.float16]:
    """Take a quarter of the memory, for a folder may hold a thousand images."""
    return np.asarray((grey - grey.mean()) / max(float(grey.std()), 1e-12), dtype=np.float16)


def edge_agreement(image: Traces, mask: NDArray[np.integer]) -> float:
    """Say how far a mask's borders follow the edges, and its inside the grey values, beyond chance.

    Chance is the same mask shifted by every possible distance, around the borders.

    Returns
    -------
    the larger of the two, in standard deviations

    Introduced in chapter 25.
    """
    inside = (mask > 0).astype(np.float32)
    if not 0 < inside.mean() < 1:
        return float("nan")
    border = (ndimage.maximum_filter(mask, 3) != ndimage.minimum_filter(mask, 3)).astype(np.float32)
    return max(_beyond_chance(image.edges, border), 0.8 * abs(_beyond_chance(image.grey, inside)))


def best_shift(own: Traces) -> tuple[int, int, float]:
    """Say by how many rows and columns a mask would have to be moved to follow the edges best, and how well.

    Introduced in chapter 25.
    """
    border = (ndimage.maximum_filter(own.mask, 3) != ndimage.minimum_filter(own.mask, 3)).astype(np.float32)
    every = _every_shift(own.edges, border)
    steps = [np.r_[0 : min(FAR, side // 4) + 1, -min(FAR, side // 4) : 0] for side in every.shape]
    near = every[np.ix_(*steps)]
    row, column = np.unravel_index(int(near.argmax()), near.shape)
    return int(steps[0][row]), int(steps[1][column]), float(near[row, column])


def how_it_lies(own: Traces, others: Mapping[str, Traces]) -> tuple[str, str]:
    """Say what seems to have happened to a mask: a turn of `TURNS`, or the name of the image that it fits.

    Returns
    -------
    ("", ""), ("turned", which turn), ("swapped", which other image), or ("lost", "") where it fits nothing

    Introduced in chapter 25.
    """
    here = edge_agreement(own, own.mask)
    if not here < LOST:  # NaN: an empty mask fits everything
        return "", ""
    turned = {}
    for name, turn in TURNS.items():
        mask = turn(own.mask)
        if mask.shape == own.edges.shape:
            turned[name] = edge_agreement(own, mask)
    best = max(turned, key=lambda name: turned[name])
    if turned[best] > max(SURE, here + APART):
        return "turned", best
    fits = {name: edge_agreement(o, own.mask) for name, o in others.items() if o.edges.shape == own.mask.shape}
    best = max(fits, key=lambda name: fits[name], default="")
    if best and fits[best] > max(SURE, here + APART):
        return "swapped", best
    return "lost", ""


def _beyond_chance(light: NDArray[np.float16], shape: Grey) -> float:
    """Compare no shift with all shifts, in standard deviations."""
    return float(_every_shift(light, shape)[0, 0])


def _every_shift(light: NDArray[np.float16], shape: Grey) -> Grey:
    """Correlate with all shifts, in standard deviations; 0 where there is nothing to see.  (H, W)"""
    image = light.astype(np.float32)
    product = np.fft.rfft2(image - image.mean()) * np.conj(np.fft.rfft2(shape - shape.mean()))
    every = np.fft.irfft2(product, image.shape)
    sd = float(every.std())
    return np.asarray(every / sd if sd > 0 else np.zeros_like(every), dtype=np.float32)
