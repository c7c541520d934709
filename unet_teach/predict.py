"""Prediction: logits for a whole image of any size, from a network that sees one tile at a time (chapter 9).

Activations need memory in proportion to the tile, not to the image. Tiles go to the device and type of the network's
weights, whose memory format its convolutions follow (`channels_last` is worth its line on a CPU). Results come back to
the image's device, as ordinary tensors: only the network itself runs in inference mode.
"""

from collections.abc import Callable, Sequence
from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from unet_teach.augment import mirror, turn
from unet_teach.run import Image, checked, evaluating, run


def overlap_tile(network: nn.Module, image: Image, tile: int, margin: int, stride: int | None = None) -> Tensor:
    """Predict a whole image with a network of valid convolutions, whose output is smaller than its input.

    Input tiles overlap, so that their outputs cover the image without a gap; beyond the border the image is mirrored.

    Parameters
    ----------
    network : (1, C, tile, tile) -> (1, K, tile - 2 margin, tile - 2 margin)
    image : (C, H, W) floats, normalised as in training, of any size
    tile : side of the input tiles, in pixels (572 in the paper)
    margin : what the network loses on each side, in pixels (92 in the paper)
    stride : from one tile to the next, in pixels; by default the largest multiple of 16 that leaves no gap (384, by
        which outputs of 388 overlap by 4). Four poolings see the image through a grid of 16 pixels, and only strides
        along that grid give what one huge tile would give.

    Returns
    -------
    (K, H, W) logits; where outputs overlap, the later tile's

    Raises
    ------
    ValueError
        If the image is not (C, H, W) finite floats, the stride leaves gaps, or the network does not lose `margin`
        pixels a side. The network's own errors get a note that names the tile.

    Source: Ronneberger, Fischer and Brox (2015), sections 1 and 2, figure 2. Introduced in chapter 9.
    """
    image = checked(image, axes=(2,))
    out = tile - 2 * margin
    if margin < 0 or out < 1:
        raise ValueError(f"a tile of {tile} with a margin of {margin} on each side leaves nothing: take a larger tile")
    if stride is None:
        stride = out // 16 * 16
    if not 1 <= stride <= out:
        raise ValueError(f"tiles of {tile} give outputs of {out}: take a larger tile, or a stride from 1 to {out}")
    height, width = image.shape[1:]
    logits = torch.empty(0)
    with evaluating(network):
        for top, left in product(_starts(height, out, stride), _starts(width, out, stride)):
            rows = mirror(torch.arange(top - margin, top + out + margin, device=image.device), height)
            columns = mirror(torch.arange(left - margin, left + out + margin, device=image.device), width)
            answer = run(network, image[None, :, rows[:, None], columns])  # (1, K, out, out)
            if answer.shape[2:] != (out, out):
                lost = (tile - answer.shape[-1]) / 2
                raise ValueError(f"the network loses {lost:g} pixels a side of a tile of {tile}: pass that as margin")
            if not logits.numel():
                logits = torch.empty(answer.shape[1], height, width, dtype=answer.dtype, device=image.device)
            here = logits[:, top : top + out, left : left + out]  # the last tiles may stick out
            here.copy_(answer[0, :, : here.shape[1], : here.shape[2]])
    return logits


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
    sides = (window,) * len(size) if isinstance(window, int) else tuple(window)
    if len(sides) != len(size) or min(sides) < 1:
        raise ValueError(f"a window of {sides} pixels does not suit an image of {tuple(size)}: one side for each axis")
    if not 0 <= overlap < 1 or batch < 1:
        raise ValueError(f"need 0 <= overlap < 1 and batch >= 1, got {overlap} and {batch}")
    missing = [max(side - length, 0) for side, length in zip(sides, size, strict=True)]
    before = [m // 2 for m in missing]
    ends = [n for m, b in zip(missing, before, strict=True) for n in (m - b, b)]  # F.pad counts from the last axis
    image = F.pad(image, ends[::-1])
    starts = [
        [min(start, length - side) for start in _starts(length, side, max(int(side * (1 - overlap)), 1))]
        for length, side in zip(image.shape[1:], sides, strict=True)
    ]
    places = [tuple(slice(s, s + side) for s, side in zip(c, sides, strict=True)) for c in product(*starts)]

    weight = gaussian_window(sides).to(image.device)
    weights = torch.zeros(image.shape[1:], device=image.device)
    total = torch.empty(0)
    with evaluating(network):
        for first in range(0, len(places), batch):
            group = places[first : first + batch]
            answer = run(network, torch.stack([image[(slice(None), *place)] for place in group])).to(image.device)
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


def average_symmetries(predict: Callable[[Tensor], Tensor], image: Image) -> Tensor:
    """Predict an image in all eight flips and rotations, undo each, and average.

    The mean is that of logits, as in nnU-Net: it serves softmax and sigmoid alike, and can be used wherever a single
    prediction could. A `predict` that ends in a softmax gets the mean of probabilities instead, in which no
    orientation outvotes the others by being very sure.

    Parameters
    ----------
    predict : (C, H, W) -> (K, H, W), and (C, W, H) -> (K, W, H) where the image lies on its side
    image : (C, H, W) floats

    Returns
    -------
    (K, H, W), the mean over the eight

    Raises
    ------
    ValueError
        If the image is not (C, H, W) finite floats, or `predict` does not keep its height and width.

    Source: Ronneberger, Fischer and Brox (2015), section 4, average seven rotated versions, without saying which; all
    eight symmetries here. Introduced in chapter 9.
    """
    image = checked(image, axes=(2,))
    total = torch.empty(0)
    for turns, mirrored in product(range(4), (False, True)):
        seen = turn(image, turns, mirrored)
        with torch.inference_mode():
            answer = predict(seen)
        if answer.ndim != 3 or answer.shape[1:] != seen.shape[1:]:
            raise ValueError(f"predict made {tuple(answer.shape)} of an image {tuple(seen.shape)}: need (K, H, W)")
        upright = turn(answer.rot90(-turns, (-2, -1)), 0, mirrored)  # undone in the opposite order
        total = total + upright if total.numel() else upright.clone()
    return total / 8


def _starts(length: int, covered: int, stride: int) -> range:
    """Say where windows start so that, `covered` pixels each, they reach the end of an axis; the last may stick out."""
    return range(0, max(length - covered, 0) + stride, stride)
