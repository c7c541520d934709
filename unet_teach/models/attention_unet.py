"""The Attention U-Net: what comes from across passes a gate, and what comes from below decides what passes.

In 2-D or 3-D, small and padded like the course's U-Net, of which it is one with gates: where every coefficient is 1,
it *is* that U-Net. Introduced in chapter 13.

Source: Oktay et al. (2018), Attention U-Net. Theirs halves what comes from across before it meets the signal from
below, and enlarges the coefficients afterwards; here, as in most later copies, the two meet at full size, for the
up-convolution has enlarged the signal from below. Theirs has no gate on the highest level; here every skip has one.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models.initialise import he_initialise
from unet_teach.models.unet import CONV, NORM, UNet


class AttentionGate(nn.Module):
    """Multiply each pixel from across by a coefficient between 0 and 1, one for all of its channels.

    across : (N, A, H, W), below : (N, B, H, W) -> (N, A, H, W)

    Not self-attention: no pixel asks another one. Each coefficient comes from the one place, seen on two levels.
    """

    def __init__(self, across: int, below: int, between: int, dims: int = 2) -> None:
        super().__init__()
        self.of_across = nn.Sequential(CONV[dims](across, between, kernel_size=1), NORM[dims](between))
        self.of_below = nn.Sequential(CONV[dims](below, between, kernel_size=1), NORM[dims](between))
        self.score = nn.Sequential(CONV[dims](between, 1, kernel_size=1), NORM[dims](1))

    def coefficients(self, across: Tensor, below: Tensor) -> Tensor:
        """Say how much of each pixel passes, 0 to 1.  -> (N, 1, H, W)"""
        return self.score((self.of_across(across) + self.of_below(below)).relu()).sigmoid()

    def forward(self, across: Tensor, below: Tensor) -> Tensor:
        """Let pass what the coefficients say."""
        return across * self.coefficients(across, below)


class AttentionUNet(UNet):
    """A U-Net with a gate on each skip. Arguments as of `UNet`.

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Oktay et al. (2018), section 2; see above for what differs. Introduced in chapter 13.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__(in_channels, classes, width, depth, dims)
        channels = [whole("width", width) * 2**level for level in reversed(range(depth))]
        self.gates = nn.ModuleList(AttentionGate(c, c, max(c // 2, 1), dims) for c in channels)
        he_initialise(self.gates)
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
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, gate, stage in zip(self.ups, self.gates, self.decoder, strict=True):
            x = up(x)
            x = torch.cat([gate(skips.pop(), x), x], dim=1)
            x = stage(x)
        return self.head(x)  # logits
