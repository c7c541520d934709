"""Overlap-tile: a whole image from valid convolutions, whose output is smaller than their input (chapter 9)."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor, nn

from unet_teach.predict.inference import (
    Image,
    checked,
    evaluating,
    infer,
    whole,
    window_starts,
)
from unet_teach.transforms import mirror


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
        If the image is not (C, H, W) finite floats, the stride leaves gaps, or the network does not give one tensor
        that has lost `margin` pixels a side. The network's own errors get a note that names the tile.

    Source: Ronneberger, Fischer and Brox (2015), sections 1 and 2, figure 2. Introduced in chapter 9.
    """
    image = checked(image, axes=(2,))
    tile, margin = whole("tile", tile), whole("margin", margin)
    out = tile - 2 * margin
    if margin < 0 or out < 1:
        raise ValueError(f"a tile of {tile} with a margin of {margin} on each side leaves nothing: take a larger tile")
    if stride is None:
        stride = out // 16 * 16
    stride = whole("stride", stride)
    if not 1 <= stride <= out:
        raise ValueError(f"tiles of {tile} give outputs of {out}: take a larger tile, or a stride from 1 to {out}")
    height, width = image.shape[1:]

    def read(rows: Tensor, columns: Tensor) -> Tensor:
        return image[:, rows[:, None].to(image.device), columns.to(image.device)]

    logits = torch.empty(0)
    with evaluating(network):
        for top, left in product(window_starts(height, out, stride), window_starts(width, out, stride)):
            answer = answer_at(network, read, (top, left), (height, width), tile, margin)
            if not logits.numel():
                logits = torch.empty(len(answer), height, width, dtype=answer.dtype, device=image.device)
            here = logits[:, top : top + out, left : left + out]  # the last tiles may stick out
            here.copy_(answer[:, : here.shape[1], : here.shape[2]])
    return logits


def answer_at(
    network: nn.Module,
    read: Callable[[Tensor, Tensor], Tensor],
    corner: tuple[int, int],
    size: tuple[int, int],
    tile: int,
    margin: int,
) -> Tensor:
    """Predict the tile whose output begins at a corner of a picture that is read piece by piece, mirrored beyond it.

    Parameters
    ----------
    read : rows and columns, as whole numbers inside the picture -> (C, rows, columns) floats
    corner, size : row and column; of the picture
    tile, margin : as `overlap_tile` takes them

    Returns
    -------
    (K, tile - 2 margin, tile - 2 margin) logits

    Raises
    ------
    ValueError
        If the network does not lose `margin` pixels a side.
    """
    out = tile - 2 * margin
    rows, columns = (
        mirror(torch.arange(start - margin, start + out + margin), length)
        for start, length in zip(corner, size, strict=True)
    )
    answer = infer(network, read(rows, columns)[None])  # (1, K, out, out)
    if answer.shape[2:] != (out, out):
        lost = (tile - answer.shape[-1]) / 2
        raise ValueError(f"the network loses {lost:g} pixels a side of a tile of {tile}: pass that as margin")
    return answer[0]


class WithoutMargin(nn.Module):
    """A padded network whose answer loses its margin, where padding is seen: `overlap_tile` then takes it as valid.

    (N, C, H, W) -> (N, K, H - 2 margin, W - 2 margin)

    Raises a `ValueError` if the margin is no whole number from 1. Introduced in chapter 26.
    """

    def __init__(self, network: nn.Module, margin: int) -> None:
        super().__init__()
        self.network, self.margin = network, whole("margin", margin)
        if self.margin < 1:
            raise ValueError(f"a margin is at least 1 pixel wide, got {margin}: without one, take the network itself")

    def forward(self, images: Tensor) -> Tensor:
        """Predict, and cut the margin off."""
        inside = slice(self.margin, -self.margin)
        return self.network(images)[..., inside, inside]
