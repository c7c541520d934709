"""A click as a part of the image: what the network of chapter 27 is given, and how its answer becomes a mask.

Everything that another place has to do alike, such as a page of the site, stands in three functions: `window_around`
(what of the picture the network sees), `prompt` (how grey values and clicks become three channels) and `mask_of` (how
two logits become a mask).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.predict import infer
from unet_teach.predict.inference import evaluating
from unet_teach.transforms import standardise

WINDOW = 128  # pixels a side; the network's three halvings need a multiple of 8
RADIUS = 3  # of a click's disc, in pixels


class Click(NamedTuple):
    """A pixel that somebody pointed at, and whether it belongs to the object ("also this") or not ("not this").

    Introduced in chapter 27.
    """

    row: int
    column: int
    inside: bool = True


def window_around(shape: tuple[int, int], row: int, column: int, side: int = WINDOW) -> tuple[slice, slice]:
    """Choose the square around a pixel, moved as little as needed to stay in the picture.

    Raises
    ------
    ValueError
        If the picture is smaller than the square, or the pixel lies outside it.

    Introduced in chapter 27.
    """
    height, width = shape
    if min(shape) < side:
        raise ValueError(f"a picture of {height} x {width} is smaller than the window of {side}: take a larger one")
    if not (0 <= row < height and 0 <= column < width):
        raise ValueError(f"the pixel {row, column} lies outside the picture of {height} x {width}")
    top = min(max(row - side // 2, 0), height - side)
    left = min(max(column - side // 2, 0), width - side)
    return slice(top, top + side), slice(left, left + side)


def click_channels(clicks: Sequence[Click], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Draw a disc for each click: 1 at most 3 pixels from it, else 0.  -> (2, H, W): inside, outside

    A click outside the picture draws the part of its disc that is in it. Introduced in chapter 27.
    """
    channels = np.zeros((2, *shape), np.float32)
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    for row, column, inside in clicks:
        near = (rows - row) ** 2 + (columns - column) ** 2 <= RADIUS**2
        channels[0 if inside else 1][near] = 1
    return channels


def prompt(picture: NDArray[np.number], clicks: Sequence[Click]) -> Tensor:
    """Put a picture and clicks into one tensor: grey, inside, outside.  (H, W) -> (3, H, W) float32

    The grey values of this picture, a window in general, are shifted and stretched to mean 0 and standard deviation 1.

    Raises
    ------
    TypeError, ValueError
        As `standardise` does.

    Introduced in chapter 27.
    """
    grey = standardise(np.asarray(picture)[None])  # (1, H, W)
    return torch.cat([grey, torch.from_numpy(click_channels(clicks, (grey.shape[1], grey.shape[2])))])


def mask_of(logits: Tensor) -> NDArray[np.bool_]:
    """Mark the pixels whose second logit, "the object", is the larger one.  (N, 2, H, W) -> (N, H, W)

    Introduced in chapter 27.
    """
    return np.asarray((logits[:, 1] > logits[:, 0]).cpu())


def answer_clicks(
    network: nn.Module, pictures: NDArray[np.number], clicks: Sequence[Sequence[Click]]
) -> NDArray[np.bool_]:
    """Ask for one object in each picture, in eval mode.  (N, H, W), N lists of clicks -> (N, H, W)

    Raises
    ------
    TypeError, ValueError
        As `prompt` and `infer` do.

    Introduced in chapter 27.
    """
    inputs = torch.stack([prompt(p, c) for p, c in zip(pictures, clicks, strict=True)])
    with evaluating(network):
        return mask_of(infer(network, inputs))
