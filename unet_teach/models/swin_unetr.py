"""Swin UNETR: down by attention in boxes of voxels, up by convolutions, for volumes (chapter 22).

Source: Hatamizadeh et al. (2022), arXiv:2201.01266, section 3 and figure 1. MONAI's network of feature size 12 computes
what `SwinUNETR(width=12, stages=4, window=7)` does.
"""

from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional

from unet_teach._checks import whole
from unet_teach.models._images import require_images
from unet_teach.models.box_attention import BoxAttention
from unet_teach.models.unet import require_divisible


class BoxBlock(nn.Module):
    """Tokens of a box ask each other, then each thinks for itself.  (N, D, H, W, C) -> (N, D, H, W, C)"""

    def __init__(self, channels: int, heads: int, window: int, shifted: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attention = BoxAttention(channels, heads, window, shifted)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Run the block."""
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class BoxMerging(nn.Module):
    """Make one token of eight neighbours: the way down.  (N, D, H, W, C) -> (N, D/2, H/2, W/2, 2 C)"""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(8 * channels)
        self.reduce = nn.Linear(8 * channels, 2 * channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Merge the tokens."""
        eight = [x[:, a::2, b::2, c::2] for a, b, c in product((0, 1), repeat=3)]
        return self.reduce(self.norm(torch.cat(eight, dim=-1)))


class SkipBlock(nn.Module):
    """Convolve twice, and add what came in: what a skip passes through.  (N, C, D, H, W) -> (N, out, D, H, W)"""

    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.convolve = nn.Sequential(
            nn.Conv3d(in_channels, channels, kernel_size=3, padding=1, bias=False),
            nn.InstanceNorm3d(channels),
            nn.LeakyReLU(0.01),
            nn.Conv3d(channels, channels, kernel_size=3, padding=1, bias=False),
            nn.InstanceNorm3d(channels),
        )
        same = in_channels == channels
        change = [nn.Conv3d(in_channels, channels, kernel_size=1, bias=False), nn.InstanceNorm3d(channels)]
        self.shortcut = nn.Sequential(*([] if same else change))
        self.bend = nn.LeakyReLU(0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Run the block."""
        return self.bend(self.convolve(x) + self.shortcut(x))


class SwinUNETR(nn.Module):
    """Swin blocks on the way down, convolutions on the way up and in the skips.

    Parameters
    ----------
    in_channels : channels of the volume, such as the MR sequences
    classes : channels of the output: three for the nested regions of a tumour
    width : channels of the first tokens, each 2 x 2 x 2 voxels; each stage doubles them
    stages : how often eight tokens are merged into one; the published network has four
    heads : of the first stage; each stage doubles them
    window : side of a box, in tokens; the published one is 7

    Raises
    ------
    ValueError
        If the heads do not divide the width, the window is below 2, or another argument is below 1.

    Source: Hatamizadeh et al. (2022), section 3. Introduced in chapter 22.
    """

    def __init__(
        self,
        in_channels: int = 2,
        classes: int = 3,
        width: int = 12,
        stages: int = 2,
        heads: int = 3,
        window: int = 4,
    ) -> None:
        super().__init__()
        named = {"in_channels": in_channels, "classes": classes, "width": width, "stages": stages, "heads": heads}
        in_channels, classes, width, stages, heads = (whole(name, value) for name, value in named.items())
        window = whole("window", window)
        if min(in_channels, classes, width, stages, heads) < 1 or window < 2:
            raise ValueError(f"window starts at 2, got {window}; all others at 1, got {named}")
        c = [width * 2**stage for stage in range(stages + 1)]
        self.step = 2 ** (stages + 1)
        self.embedding = nn.Conv3d(in_channels, width, kernel_size=2, stride=2)
        self.blocks = nn.ModuleList(
            nn.Sequential(*(BoxBlock(c[s], heads * 2**s, window, shifted) for shifted in (False, True)))
            for s in range(stages)
        )
        self.merge = nn.ModuleList(BoxMerging(channels) for channels in c[:-1])
        self.across = nn.ModuleList([SkipBlock(in_channels, width), *(SkipBlock(a, a) for a in c[:-2]), nn.Identity()])
        self.bottom = SkipBlock(c[-1], c[-1])
        out = [*reversed(c[:-1]), width]  # channels after each step up, the last at full size
        self.ups = nn.ModuleList(
            nn.ConvTranspose3d(a, b, kernel_size=2, stride=2, bias=False)
            for a, b in zip([c[-1], *out[:-1]], out, strict=True)
        )
        self.decoder = nn.ModuleList(SkipBlock(2 * channels, channels) for channels in out)
        self.head = nn.Conv3d(width, classes, kernel_size=1)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Segment volumes; every side must be a multiple of 2**(stages + 1).  -> (N, classes, D, H, W)

        Raises
        ------
        TypeError, ValueError
            As `require_legal` does.
        """
        self.require_legal(x)
        tokens = self.embedding(x).movedim(1, -1)  # (N, D/2, H/2, W/2, c)
        seen = [x, _scaled(tokens)]
        for blocks, merge in zip(self.blocks, self.merge, strict=True):  # the way down
            tokens = merge(blocks(tokens))  # (N, D/2^(s+2), ..., c·2^(s+1))
            seen.append(_scaled(tokens))
        x = self.bottom(seen.pop())
        for up, across, block in zip(self.ups, reversed(self.across), self.decoder, strict=True):  # the way up
            x = block(torch.cat([up(x), across(seen.pop())], dim=1))
        return self.head(x)  # logits

    def require_legal(self, x: Tensor) -> None:
        """Raise unless the network can take these volumes.

        Raises
        ------
        TypeError
            If they are no tensor of the network's own type, such as float32.
        ValueError
            If they have other axes or channels, a side that is no multiple of 2**(stages + 1), naming the nearest
            legal ones, or are so small that a single token is left at the bottom.
        """
        require_images(x, self)
        require_divisible(x.shape[2:], self.step)
        if all(side == self.step for side in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} voxels leave one token at the bottom: take at least twice as many")


def _scaled(tokens: Tensor) -> Tensor:
    """Bring each token to mean 0 and standard deviation 1, and its channels to where convolutions want them."""
    return functional.layer_norm(tokens, tokens.shape[-1:]).movedim(-1, 1)
