"""Attention: every token asks all others, and takes a mean of what they say; in windows, it asks its neighbours only.

A token is a vector that stands for a place, here for a small square of an image. Introduced in chapter 17.

Sources: Vaswani et al. (2017), Attention is all you need, section 3.2; Liu et al. (2021), Swin Transformer, 3.2.
"""

import math

import torch
from torch import Tensor, nn

from unet_teach._checks import whole


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> Tensor:
    """Mean of the values for each query, weighted by how well the keys fit it.  (..., L, D), (..., S, D), (..., S, E)

    Parameters
    ----------
    query, key, value : what each of L tokens asks, what each of S tokens answers to, and what it says
    bias : (..., L, S), added to the scores before the softmax; minus infinity forbids

    Returns
    -------
    (..., L, E)

    Source: Vaswani et al. (2017), equation 1. Introduced in chapter 17.
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])  # (..., L, S)
    if bias is not None:
        scores = scores + bias
    return scores.softmax(dim=-1) @ value


class Mix(nn.Module):
    """`attention` as a layer without weights: so that its work can be counted, watched, or replaced."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> Tensor:
        """Mix the values.  (..., L, D), (..., S, D), (..., S, E) -> (..., L, E)"""
        return attention(query, key, value, bias)


class MultiHeadAttention(nn.Module):
    """Self-attention in several heads, each of which sees a part of the channels.  (..., L, C) -> (..., L, C)

    Parameters
    ----------
    channels : of each token
    heads : how many questions a token asks at a time; a divisor of the channels

    Raises
    ------
    ValueError
        If the heads do not divide the channels, or one of the two is below 1.

    Source: Vaswani et al. (2017), section 3.2.2. Introduced in chapter 17.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        channels, heads = whole("channels", channels), whole("heads", heads)
        if min(channels, heads) < 1 or channels % heads:
            raise ValueError(
                f"{heads} heads cannot share {channels} channels evenly: both start at 1, and the number of heads must "
                "divide the channels"
            )
        self.heads = heads
        self.ask = nn.Linear(channels, 3 * channels)  # queries, keys and values, one below the other
        self.mix = Mix()
        self.out = nn.Linear(channels, channels)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        """Let every token ask all tokens.  (..., L, C) -> (..., L, C)

        Parameters
        ----------
        x : tokens
        bias : (heads, L, L) or (..., heads, L, L), added to the scores
        """
        parts = self.ask(x).unflatten(-1, (3, self.heads, -1))  # (..., L, 3, heads, D)
        query, key, value = (part.transpose(-3, -2) for part in parts.unbind(dim=-3))  # (..., heads, L, D) each
        heard = self.mix(query, key, value, bias)
        return self.out(heard.transpose(-3, -2).flatten(-2))  # heads side by side again


def to_windows(x: Tensor, side: int) -> Tensor:
    """Cut maps into square windows, row by row.  (N, H, W, C) -> (N, windows, side², C)

    Raises
    ------
    ValueError
        If the maps have other axes, or a side that is no multiple of the window's.

    Source: Liu et al. (2021), section 3.2. Introduced in chapter 17.
    """
    if x.ndim != 4:
        raise ValueError(f"maps must be (N, H, W, C), channels last, got {tuple(x.shape)}")
    n, height, width, channels = x.shape
    if side < 1 or height % side or width % side:
        raise ValueError(f"windows of {side} x {side} tokens do not tile {height} x {width}: pad, or change the window")
    x = x.reshape(n, height // side, side, width // side, side, channels)
    return x.transpose(2, 3).reshape(n, -1, side * side, channels)


def from_windows(windows: Tensor, height: int, width: int) -> Tensor:
    """Lay windows side by side again: the inverse of `to_windows`.  (N, windows, side², C) -> (N, H, W, C)

    Raises
    ------
    ValueError
        If they do not fill height x width tokens.

    Introduced in chapter 17.
    """
    n, count, area, channels = windows.shape
    side = math.isqrt(area)
    if side * side != area or height % side or width % side or count * area != height * width:
        raise ValueError(f"{count} windows of {area} tokens do not fill {height} x {width} tokens")
    x = windows.reshape(n, height // side, width // side, side, side, channels)
    return x.transpose(2, 3).reshape(n, height, width, channels)


def may_ask(height: int, width: int, side: int, shift: int) -> Tensor:
    """Say which tokens of a window may ask each other after the map was rolled up and left by `shift`.

    The last rows and columns then hold what came over the edge: no neighbours of what they lie beside.

    Returns
    -------
    (windows, side², side²), True where the token of the row may ask that of the column

    Source: Liu et al. (2021), section 3.2, figure 4. Introduced in chapter 17.
    """
    over_the_top = torch.arange(height) >= height - shift
    over_the_side = torch.arange(width) >= width - shift
    origin = 2 * over_the_top[:, None] + over_the_side.long()  # (H, W): 0, 1, 2 or 3
    origin = to_windows(origin[None, :, :, None], side)[0, :, :, 0]  # (windows, side²)
    return origin[:, :, None] == origin[:, None, :]


def relative_places(side: int) -> Tensor:
    """Number, for each pair of a window's tokens, where the asked lies as seen from the asking.  -> (side², side²)

    There are (2 side - 1)² relative places, from 0; the same one has the same number wherever the pair lies.

    Source: Liu et al. (2021), section 3.2, equation 4. Introduced in chapter 17.
    """
    row, column = torch.arange(side * side) // side, torch.arange(side * side) % side
    down, right = (at[:, None] - at[None, :] + side - 1 for at in (row, column))  # 0 ... 2 side - 2
    return down * (2 * side - 1) + right


class WindowAttention(nn.Module):
    """Self-attention among the tokens of a window, told by a learned bias how the tokens lie.

    Parameters
    ----------
    channels, heads : as of `MultiHeadAttention`
    side : of a window, in tokens
    shift : by how many tokens the windows are moved down and to the right, 0 to side - 1

    Raises
    ------
    ValueError
        If a number is out of its range.

    Source: Liu et al. (2021), section 3.2. Introduced in chapter 17.
    """

    def __init__(self, channels: int, heads: int, side: int, shift: int = 0) -> None:
        super().__init__()
        self.side, self.shift = whole("side", side), whole("shift", shift)
        if self.side < 1 or not 0 <= self.shift < self.side:
            raise ValueError(f"a window of {self.side} tokens can be shifted by 0 to {self.side - 1}, got {self.shift}")
        self.attention = MultiHeadAttention(channels, heads)
        self.table = nn.Parameter(0.02 * torch.randn((2 * self.side - 1) ** 2, self.attention.heads))
        self.register_buffer("places", relative_places(self.side), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Let every token ask those of its window.  (N, H, W, C) -> (N, H, W, C)"""
        height, width = x.shape[1:3]
        shift = self.shift if min(height, width) > self.side else 0  # a single window has nothing to be shifted to
        x = to_windows(x.roll((-shift, -shift), dims=(1, 2)), self.side)  # (N, windows, side², C)
        x = self.attention(x, self.bias(height, width, shift))
        return from_windows(x, height, width).roll((shift, shift), dims=(1, 2))

    def bias(self, height: int, width: int, shift: int) -> Tensor:
        """Give what is added to the scores: by relative place, and minus infinity across the seam.

        -> (heads, side², side²), with a shift (windows, heads, side², side²)
        """
        by_place = self.table[self.places].permute(2, 0, 1)  # type: ignore[index]
        if not shift:
            return by_place
        with by_place.device:  # where the mask is made, so that nothing has to travel
            forbidden = ~may_ask(height, width, self.side, shift)
        return by_place.masked_fill(forbidden[:, None], -torch.inf)
