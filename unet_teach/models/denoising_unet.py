"""A U-Net that is told the time: it takes a noisy image and says which way it moves (chapter 27).

The U is the course's; two things are new. Each block adds a number for each channel that depends on the time alone, as
in Ho, Jain and Abbeel (2020); and the normalisation is by groups of channels, so that no image sees the others.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models.unet import require_divisible

WAVES = 16  # sines and cosines that a time is written in
GROUPS = 8


class TimeWaves(nn.Module):
    """Write an angle in sines and cosines, then mix them.  (N,) -> (N, size)"""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.mix = nn.Sequential(nn.Linear(2 * WAVES, size), nn.SiLU(), nn.Linear(size, size), nn.SiLU())

    def forward(self, angles: Tensor) -> Tensor:
        """Embed angles, 0 for an image and pi / 2 for pure noise.  (N,) -> (N, size)"""
        speeds = torch.logspace(0, 2, WAVES, device=angles.device)  # from one turn to a hundred
        waves = angles[:, None].float() * speeds  # (N, WAVES)
        return self.mix(torch.cat([waves.sin(), waves.cos()], dim=1))


class TimedBlock(nn.Module):
    """Twice: convolution, group normalisation, SiLU; the time is added in between.  (N, C, H, W) -> (N, out, H, W)"""

    def __init__(self, in_channels: int, out_channels: int, size: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.norm_1 = nn.GroupNorm(GROUPS, out_channels)
        self.time = nn.Linear(size, out_channels)
        self.second = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.norm_2 = nn.GroupNorm(GROUPS, out_channels)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Look at an image, knowing the time.  (N, C, H, W), (N, size) -> (N, out, H, W)"""
        x = nn.functional.silu(self.norm_1(self.first(x)))
        x = x + self.time(time)[:, :, None, None]  # one number a channel
        return nn.functional.silu(self.norm_2(self.second(x)))


class DenoisingUNet(nn.Module):
    """A U-Net from a noisy image and its time to an image of the same size.

    Parameters
    ----------
    widths : channels of each level, the bottom's last; multiples of 8, at least two
    size : of the time's embedding

    Raises
    ------
    ValueError
        If there are fewer than two widths, or one is no multiple of 8.

    Source: Ho, Jain and Abbeel (2020), made small. Introduced in chapter 27.
    """

    def __init__(self, widths: Sequence[int] = (16, 32, 48, 64), size: int = 64) -> None:
        super().__init__()
        w = [whole("widths", width) for width in widths]
        if len(w) < 2 or min(w) < GROUPS or any(width % GROUPS for width in w):
            raise ValueError(f"widths are at least two multiples of {GROUPS}, got {tuple(widths)}")
        self.depth = len(w) - 1
        self.waves = TimeWaves(whole("size", size))
        self.encoder = nn.ModuleList(TimedBlock(a, b, size) for a, b in zip([1, *w[:-2]], w[:-1], strict=True))
        self.pool = nn.AvgPool2d(2)
        self.bottleneck = TimedBlock(w[-2], w[-1], size)
        pairs = list(zip(reversed(w[:-1]), reversed(w[1:]), strict=True))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(b, a, kernel_size=2, stride=2) for a, b in pairs)
        self.decoder = nn.ModuleList(TimedBlock(2 * a, a, size) for a, _ in pairs)
        self.head = nn.Conv2d(w[0], 1, kernel_size=1)
        for weight in self.head.parameters():
            nn.init.zeros_(weight)  # it begins by saying "no movement"
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor, angles: Tensor) -> Tensor:
        """Say how noisy images move; sides are multiples of 2**depth.  (N, 1, H, W), (N,) -> (N, 1, H, W)

        Raises
        ------
        ValueError
            If the images or the angles have other shapes.
        """
        if x.ndim != 4 or x.shape[1] != 1 or angles.shape != x.shape[:1]:
            raise ValueError(
                f"images are (N, 1, H, W), with one angle each (N,), got {tuple(x.shape)} and {tuple(angles.shape)}"
            )
        require_divisible(x.shape[2:], 2**self.depth)
        time = self.waves(angles)
        skips = []
        for stage in self.encoder:
            x = stage(x, time)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x, time)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = torch.cat([skips.pop(), up(x)], dim=1)
            x = stage(x, time)
        return self.head(x)
