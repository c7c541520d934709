"""Attention in boxes of voxels: chapter 17's windows, with a third axis, and a size that need not fit (chapter 22).

Source: Liu et al. (2021), Swin Transformer, 3.2, in three dimensions as Hatamizadeh et al. (2022), Swin UNETR, have it.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from unet_teach._checks import whole
from unet_teach.models.attention import MultiHeadAttention


def to_boxes(x: Tensor, sides: Sequence[int]) -> Tensor:
    """Cut volumes into boxes.  (N, D, H, W, C) -> (N, boxes, a·b·c, C) for sides a, b, c

    Raises
    ------
    ValueError
        If the volumes have other axes, or a side that is no multiple of the box's.

    Introduced in chapter 22.
    """
    if x.ndim != 5 or len(sides) != 3:
        raise ValueError(f"volumes must be (N, D, H, W, C), channels last, and boxes have three sides; got {x.shape}")
    if min(sides) < 1 or any(length % side for length, side in zip(x.shape[1:4], sides, strict=True)):
        raise ValueError(f"boxes of {tuple(sides)} tokens do not tile {tuple(x.shape[1:4])}: pad, or change the box")
    n, channels, (a, b, c) = x.shape[0], x.shape[4], sides
    x = x.reshape(n, x.shape[1] // a, a, x.shape[2] // b, b, x.shape[3] // c, c, channels)
    return x.permute(0, 1, 3, 5, 2, 4, 6, 7).reshape(n, -1, a * b * c, channels)


def from_boxes(boxes: Tensor, size: Sequence[int], sides: Sequence[int]) -> Tensor:
    """Put boxes together again: the inverse of `to_boxes`.  (N, boxes, a·b·c, C) -> (N, *size, C)

    Raises
    ------
    ValueError
        If they do not fill a volume of this size.

    Introduced in chapter 22.
    """
    n, count, tokens, channels = boxes.shape
    many = [length // side for length, side in zip(size, sides, strict=True)]
    fits = all(length % side == 0 for length, side in zip(size, sides, strict=True))
    if not fits or count != math.prod(many) or tokens != math.prod(sides):
        raise ValueError(f"{count} boxes of {tokens} tokens do not fill {tuple(size)} by boxes of {tuple(sides)}")
    x = boxes.reshape(n, *many, *sides, channels)
    return x.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(n, *size, channels)


def may_ask_in_boxes(size: Sequence[int], sides: Sequence[int], shifts: Sequence[int]) -> Tensor:
    """Say which tokens of a box may ask each other after the volume was rolled back by `shifts`, as `may_ask` does.

    -> (boxes, tokens, tokens), False across the seam of an axis. Introduced in chapter 22.
    """
    origin = torch.zeros(())
    for length, shift in zip(size, shifts, strict=True):
        origin = 2 * origin[..., None] + (torch.arange(length) >= length - shift)  # which side of each seam: 0 to 7
    origin = to_boxes(origin[None, ..., None], sides)[0, :, :, 0]
    return origin[:, :, None] == origin[:, None, :]


def relative_places_in_boxes(side: int) -> Tensor:
    """Number where a token lies as seen from another, in a box of side³, as `relative_places`.  -> (side³, side³)

    There are (2 side - 1)³ relative places, from 0. Introduced in chapter 22.
    """
    at = torch.stack(torch.meshgrid(*[torch.arange(side)] * 3, indexing="ij")).flatten(1)  # (3, side³)
    deep, down, right = at[:, :, None] - at[:, None, :] + side - 1  # 0 ... 2 side - 2
    return (deep * (2 * side - 1) + down) * (2 * side - 1) + right


class BoxAttention(nn.Module):
    """Self-attention among the tokens of a box, told by a learned bias how the tokens lie.

    A volume that boxes do not tile is padded with zeros, which answer like other tokens. Where it is smaller than a
    box, the box shrinks to it, and is not shifted along that axis; the bias of a pair is then read from the first
    rows of the whole box's table, as in the published code, so that one relative place has more than one bias.

    Parameters
    ----------
    channels, heads : as of `MultiHeadAttention`
    side : of a box, in tokens
    shifted : whether the boxes are moved by half a side along each axis

    Raises
    ------
    ValueError
        If a number is out of its range.

    Source: Hatamizadeh et al. (2022), section 3.1. Introduced in chapter 22.
    """

    def __init__(self, channels: int, heads: int, side: int, shifted: bool = False) -> None:
        super().__init__()
        self.side, self.shifted = whole("side", side), shifted
        if self.side < 2:
            raise ValueError(f"a box has at least two tokens a side, got {self.side}")
        self.attention = MultiHeadAttention(channels, heads)
        self.table = nn.Parameter(0.02 * torch.randn((2 * self.side - 1) ** 3, self.attention.heads))
        self.register_buffer("places", relative_places_in_boxes(self.side), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Let every token ask those of its box.  (N, D, H, W, C) -> (N, D, H, W, C)"""
        size = x.shape[1:4]
        sides = [min(self.side, length) for length in size]
        shifts = [self.side // 2 if self.shifted and length > self.side else 0 for length in size]
        missing = [-length % side for length, side in zip(size, sides, strict=True)]
        x = functional.pad(x, (0, 0, 0, missing[2], 0, missing[1], 0, missing[0]))  # F.pad counts from the last axis
        padded = x.shape[1:4]
        x = to_boxes(x.roll([-shift for shift in shifts], dims=(1, 2, 3)), sides)  # (N, boxes, tokens, C)
        x = self.attention(x, self.bias(padded, sides, shifts))
        x = from_boxes(x, padded, sides).roll(shifts, dims=(1, 2, 3))
        return x[:, : size[0], : size[1], : size[2]]

    def bias(self, size: Sequence[int], sides: Sequence[int], shifts: Sequence[int]) -> Tensor:
        """Give what is added to the scores: by relative place, and minus infinity across a seam.

        -> (heads, tokens, tokens), with a shift (boxes, heads, tokens, tokens)
        """
        tokens = math.prod(sides)
        by_place = self.table[self.places[:tokens, :tokens]].permute(2, 0, 1)  # type: ignore[index]
        if not any(shifts):
            return by_place
        with by_place.device:
            forbidden = ~may_ask_in_boxes(size, sides, shifts)
        return by_place.masked_fill(forbidden[:, None], -torch.inf)
