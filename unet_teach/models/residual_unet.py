"""A residual U-Net: each block adds what it computes to what it was given, so that a slope finds a way past it.

Not to be confused with the U's skips, which carry a level's detail across the U: a residual connection goes around a
single block. Pre-activation (normalise, ReLU, convolve), and strided convolutions in place of pooling, as in ResUNet.
In 2-D or 3-D. Introduced in chapter 13.

Source: Zhang, Liu and Wang (2018), Road extraction by deep residual U-Net; the block is that of He et al. (2016),
Identity mappings. Ours enlarges by up-convolutions, and its width and depth are free.
"""

import torch
from torch import Tensor, nn

from unet_teach.models.initialise import he_initialise
from unet_teach.models.unet import CONV, NORM, POOL, UNet


class ResidualBlock(nn.Module):
    """Twice: normalisation, ReLU, a padded convolution of 3; the block's input is added.

    (N, C, H, W) -> (N, out, H / stride, W / stride). Where channels or sides change, the input passes a convolution of
    1 and a normalisation on its way, without which sums of sums would grow from block to block. With all weights of the
    two convolutions of 3 at zero the block hands on what it was given.

    Source: He et al. (2016), Identity mappings in deep residual networks, figure 1b. Introduced in chapter 13.
    """

    def __init__(
        self, in_channels: int, out_channels: int, dims: int = 2, stride: int = 1, first: bool = False
    ) -> None:
        super().__init__()
        before = [] if first else [NORM[dims](in_channels), nn.ReLU()]  # an image is no feature to be cut off at 0
        self.residual = nn.Sequential(
            *before,
            CONV[dims](in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False),
            NORM[dims](out_channels),
            nn.ReLU(inplace=True),
            CONV[dims](out_channels, out_channels, kernel_size=3, padding=1, bias=False),
        )
        # A pooling of 1 takes every second pixel, as a convolution of 1 with a stride would. Torch's own, to which few
        # channels side by side are given, writes past its memory on some CPUs (seen in 2.13: the program dies).
        every = [POOL[dims](kernel_size=1, stride=stride)] if stride > 1 else []
        mix = [CONV[dims](in_channels, out_channels, kernel_size=1, bias=False), NORM[dims](out_channels)]
        alike = in_channels == out_channels and stride == 1
        self.identity = nn.Identity() if alike else nn.Sequential(*every, *mix)

    def forward(self, x: Tensor) -> Tensor:
        """Add what the block computes to what it was given."""
        return self.identity(x) + self.residual(x)


class ResidualUNet(UNet):
    """A U-Net of residual blocks, halved by strides. Arguments as of `UNet`.

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Zhang, Liu and Wang (2018), figure 2; see above for what differs. Introduced in chapter 13.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__(in_channels, classes, width, depth, dims)
        c = [width * 2**level for level in range(depth + 1)]
        self.encoder = nn.ModuleList(
            ResidualBlock(in_channels if not i else c[i - 1], c[i], dims, 2 if i else 1, not i) for i in range(depth)
        )
        del self.pool  # a block below steps by two instead
        self.bottleneck = ResidualBlock(c[-2], c[-1], dims, stride=2)  # type: ignore[assignment]
        self.decoder = nn.ModuleList(ResidualBlock(2 * b, b, dims) for b in reversed(c[:-1]))
        he_initialise(self)
        if dims == 2:  # as in `UNet`
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of 2**depth.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `UNet.require_legal` does.
        """
        self.require_legal(x)
        skips = []
        for stage in self.encoder:
            x = stage(x)  # (N, c·2^i, H/2^i, W/2^i)
            skips.append(x)
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = torch.cat([skips.pop(), up(x)], dim=1)
            x = stage(x)
        return self.head(x)  # logits
