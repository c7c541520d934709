"""Whether a mask's slices lie in the order of its image's, or with the last one first (chapter 25)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.recipes.folder.shrinking import shrunk

SIDE, FEWEST = 48, 6  # voxels a side of what is compared; slices
WIDE = 8  # voxels over which uneven light is evened out
AS_IT_IS = ""
TURNS = {
    "stacked in reverse order (the last slice first)": (0,),
    "stacked in reverse order and mirrored top to bottom": (0, 1),
    "stacked in reverse order and mirrored left to right": (0, 2),
    "stacked in reverse order and turned by 180 degrees": (0, 1, 2),
}
SURE, BY_FAR = 8.0, 4.0  # of the agreement: where one case says it alone, and by how much it must be better
SEEN, OTHERS_AGAINST, BETTER, MANY, MOST = 3.0, -1.5, 1.0, 4, 0.8  # where the other cases of the folder say it, too
Grey = NDArray[np.float32]


class Over(NamedTuple):
    """A case whose mask lies otherwise than its image: how, and whether its own pixels say it beyond doubt."""

    name: str
    turn: str
    sure: bool


def agreement_in_depth(image: NDArray[np.number], labels: NDArray[np.integer]) -> dict[str, float]:
    """Say how well a mask follows its image as it is, and with its slices in reverse order.

    Parameters
    ----------
    image : (C, Z, Y, X)
    labels : (Z, Y, X)

    Returns
    -------
    "" and each of `TURNS` -> in standard deviations above the same mask shifted by every distance; {} of few slices

    Introduced in chapter 25.
    """
    if len(labels) < FEWEST or min(labels.shape[1:]) < FEWEST:
        return {}
    deep, wide = max(round(len(labels) / SIDE), 1), max(round(max(labels.shape[1:]) / SIDE), 1)
    grey = np.stack([shrunk(image[:, number], wide) for number in range(0, len(labels), deep)]).astype(np.float32)
    own = np.nan_to_num(labels[::deep, ::wide, ::wide][:, : grey.shape[1], : grey.shape[2]])
    if not 0 < (own > 0).mean() < 1 or not grey.std() > 0:
        return {}
    edges = ndimage.gaussian_gradient_magnitude(grey, 1)
    edges = np.minimum(edges, np.percentile(edges, 98))
    flat = grey - ndimage.gaussian_filter(grey, WIDE)
    flat = flat.clip(*np.percentile(flat, (2, 98)))
    turns = {AS_IT_IS: own, **{name: np.flip(own, axes) for name, axes in TURNS.items()}}
    return {name: _follows(edges, flat, mask) for name, mask in turns.items()}


def turned_over(cases: Mapping[str, Mapping[str, float]]) -> list[Over]:
    """Find the masks that would follow their images far better with their slices in reverse order.

    A mask is found by itself where it is clear by far; else, where it is better so, and the others of the folder are
    better as they are; or where nearly all of a folder are better so.

    Parameters
    ----------
    cases : name -> of `agreement_in_depth`

    Introduced in chapter 25.
    """
    seen = {name: own for name, own in cases.items() if own}
    gains = {turn: {name: own[turn] - own[AS_IT_IS] for name, own in seen.items()} for turn in TURNS}
    found = []
    for name, own in seen.items():
        turn = max(TURNS, key=lambda one: own[one])
        gain = gains[turn][name]
        others = [other for key, other in gains[turn].items() if key != name]
        if own[turn] > SURE and gain > BY_FAR:
            found.append(Over(name, turn, True))
        elif own[turn] > SEEN and gain > BETTER and len(others) >= MANY - 1:
            alike = np.mean([other > BETTER / 2 for other in others]) >= MOST
            if np.median(others) < OTHERS_AGAINST or alike:
                found.append(Over(name, turn, False))
    return found


def _follows(edges: Grey, flat: Grey, mask: NDArray[np.integer]) -> float:
    border = ndimage.maximum_filter(mask, 3) != ndimage.minimum_filter(mask, 3)
    return _beyond_chance(edges, border) + 0.8 * abs(_beyond_chance(flat, mask > 0))


def _beyond_chance(light: Grey, shape: NDArray[np.bool_]) -> float:
    axes = tuple(range(light.ndim))
    one, other = light - light.mean(), shape.astype(np.float32) - np.float32(shape.mean())
    product = np.fft.rfftn(one, axes=axes) * np.conj(np.fft.rfftn(other, axes=axes))
    every = np.fft.irfftn(product, light.shape, axes=axes)
    sd = float(every.std())
    return float(every[(0,) * light.ndim]) / sd if sd > 0 else 0.0
