"""Sliding window: a whole image or volume from a padded network, by windows with a Gaussian weight (chapter 9)."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from unet_teach.predict.inference import (
    Image,
    checked,
    evaluating,
    infer,
    whole,
    window_starts,
)


def sliding_window(
    network: nn.Module, image: Image, window: int | Sequence[int], overlap: float = 0.5, batch: int = 4
) -> Tensor:
    """Predict a whole image or volume with a padded network, whose windows are least reliable at their borders.

    Every window's logits are weighted by a Gaussian that peaks at its centre, and averaged. Logits, not probabilities,
    as nnU-Net does: nothing is assumed about softmax or sigmoid.

    Parameters
    ----------
    network : (N, C, *window) -> (N, K, *window)
    image : (C, H, W) or (C, D, H, W) floats, normalised as in training. Where it is smaller than the window, zeros are
        added on both sides (the mean of a normalised image), and cut off again.
    window : side in pixels, or one for each axis
    overlap : share of the window that the next one covers again, from 0 to below 1
    batch : windows that pass through the network at once; memory grows with it

    Returns
    -------
    (K, H, W) or (K, D, H, W) logits, equal to MONAI's `sliding_window_inference(mode="gaussian")`

    Raises
    ------
    ValueError
        If the image is not as above or not finite, a number is out of range, or the network changes the size. The
        network's own errors get a note that names the window.

    Source: Isensee et al. (2021), nnU-Net, Methods. Introduced in chapter 9.
    """
    image = checked(image, axes=(2, 3))
    size = image.shape[1:]
    each = window if isinstance(window, Sequence | np.ndarray) else (window,) * len(size)
    sides, batch = tuple(whole("window", side) for side in each), whole("batch", batch)
    if len(sides) != len(size) or min(sides) < 1:
        raise ValueError(f"a window of {sides} pixels does not suit an image of {tuple(size)}: one side for each axis")
    if not 0 <= overlap < 1 or batch < 1:
        raise ValueError(f"need 0 <= overlap < 1 and batch >= 1, got {overlap} and {batch}")
    missing = [max(side - length, 0) for side, length in zip(sides, size, strict=True)]
    before = [m // 2 for m in missing]
    ends = [n for m, b in zip(missing, before, strict=True) for n in (m - b, b)]  # F.pad counts from the last axis
    image = F.pad(image, ends[::-1])
    starts = [
        [min(start, length - side) for start in window_starts(length, side, max(int(side * (1 - overlap)), 1))]
        for length, side in zip(image.shape[1:], sides, strict=True)
    ]
    places = [tuple(slice(s, s + side) for s, side in zip(c, sides, strict=True)) for c in product(*starts)]

    weight = gaussian_window(sides).to(image.device)
    weights = torch.zeros(image.shape[1:], device=image.device)
    total = torch.empty(0)
    with evaluating(network):
        for first in range(0, len(places), batch):
            group = places[first : first + batch]
            answer = infer(network, torch.stack([image[(slice(None), *place)] for place in group]))
            if answer.shape[2:] != sides:
                made = tuple(answer.shape[2:])
                raise ValueError(
                    f"the network made {made} of a window of {sides}: if it does not pad, use overlap_tile"
                )
            if not total.numel():
                kind = torch.promote_types(answer.dtype, torch.float32)  # half precision would not add up
                total = torch.zeros(answer.shape[1], *image.shape[1:], dtype=kind, device=image.device)
            for place, logits in zip(group, answer, strict=True):
                total[(slice(None), *place)].addcmul_(logits, weight)
                weights[place] += weight
    total /= weights
    return total[(slice(None), *(slice(b, b + length) for b, length in zip(before, size, strict=True)))]


def gaussian_window(sides: Sequence[int]) -> Tensor:
    """Make the weights of one window, (*sides) float32: a Gaussian bell with sigma = side / 8 along each axis.

    No weight is below 0.001, lest a pixel that only a window's corner reaches be divided by next to nothing.

    Source: Isensee et al. (2021), nnU-Net; the floor is MONAI's. Introduced in chapter 9.
    """
    weight = torch.ones(())
    for side in sides:
        offset = torch.arange(side) - (side - 1) / 2
        weight = weight[..., None] * torch.exp(-(offset**2) / (2 * (side / 8) ** 2))
    return weight.clamp(min=1e-3)
