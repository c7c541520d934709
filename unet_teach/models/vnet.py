"""The V-Net: a U for volumes whose stages are residual, and which halves by strides. Introduced in chapter 15.

Source: Milletari, Navab and Ahmadi (2016), V-Net, sections 2 and 3. A stage adds its input to what its convolutions
make of it; the convolutions of a stage grow in number, 1, 2, 3, 3, 3, and fall again on the way up; PReLU throughout;
no pooling. On the way up a stage has as many channels as are brought together there, so that it can add them.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models._images import require_images, require_several
from unet_teach.models.initialise import he_initialise
from unet_teach.models.unet import CONV, NORM, UP, require_divisible

MOST = 3  # convolutions a stage


class ResidualStage(nn.Module):
    """Convolve one to three times, add what came in, and bend by a PReLU.  (N, C, D, H, W) -> (N, C, D, H, W)

    Between two convolutions stands a PReLU too. With all weights of the convolutions at zero, the stage hands on its
    input, but for the last PReLU. What has fewer channels, the image, is repeated until it can be added.

    Source: Milletari et al. (2016), section 2. Introduced in chapter 15.
    """

    def __init__(
        self, in_channels: int, channels: int, convolutions: int, kernel: int, dims: int, normalise: bool
    ) -> None:
        super().__init__()
        self.repeats = channels // in_channels
        layers: list[nn.Module] = []
        for number in range(convolutions):
            layers += [nn.PReLU(channels)] if number else []
            layers += convolution(channels if number else in_channels, channels, kernel, dims, normalise)
        self.residual = nn.Sequential(*layers)
        self.bend = nn.PReLU(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Add what the stage computes to what it was given."""
        return self.bend(self.residual(x) + x.repeat(1, self.repeats, *[1] * (x.ndim - 2)))


class VNet(nn.Module):
    """A V-Net. As it stands, `VNet()` is the paper's; the course trains smaller ones.

    Parameters
    ----------
    in_channels : channels of the image; `width` must be a multiple, since the first stage adds the repeated image
    classes : channels of the output
    width : channels of the first level; each level below has twice as many
    depth : how often the volume is halved
    dims : 3 for volumes (N, C, D, H, W), 2 for images (N, C, H, W)
    kernel : side of the stages' convolutions, an odd number
    normalise : put a batch normalisation after each convolution, as later code does; the paper names none

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Source: Milletari et al. (2016), figure 2. The published code has other numbers of convolutions. Introduced in
    chapter 15.
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 2,
        width: int = 16,
        depth: int = 4,
        dims: int = 3,
        kernel: int = 5,
        normalise: bool = False,
    ) -> None:
        super().__init__()
        in_channels, classes, width, depth, dims, kernel = _legal(in_channels, classes, width, depth, dims, kernel)
        c = [width * 2**level for level in range(depth + 1)]
        count = [min(level + 1, MOST) for level in range(depth + 1)]
        self.depth = depth
        self.encoder = nn.ModuleList(
            ResidualStage(c[i] if i else in_channels, c[i], count[i], kernel, dims, normalise) for i in range(depth)
        )
        self.downs = nn.ModuleList(
            nn.Sequential(*convolution(b, 2 * b, 2, dims, normalise, stride=2), nn.PReLU(2 * b)) for b in c[:-1]
        )
        self.bottom = ResidualStage(c[-1], c[-1], count[-1], kernel, dims, normalise)
        arriving = [c[-1], *(2 * b for b in reversed(c[1:-1]))]  # a stage on the way up keeps the channels of both
        self.ups = nn.ModuleList(
            nn.Sequential(UP[dims](a, b, 2, 2), *_norm(b, dims, normalise), nn.PReLU(b))
            for a, b in zip(arriving, reversed(c[:-1]), strict=True)
        )
        self.decoder = nn.ModuleList(
            ResidualStage(2 * c[i], 2 * c[i], count[i], kernel, dims, normalise) for i in reversed(range(depth))
        )
        self.head = CONV[dims](2 * width, classes, kernel_size=1)
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        """Segment volumes; every side must be a multiple of 2**depth.  (N, C, D, H, W) -> (N, classes, D, H, W)

        Raises
        ------
        TypeError, ValueError
            If they are no tensor of the network's own type, or have other axes, channels or sides.
        """
        require_images(x, self)
        require_divisible(x.shape[2:], 2**self.depth)
        require_several(x, self.bottom, 2**self.depth)
        skips = []
        for stage, down in zip(self.encoder, self.downs, strict=True):
            x = stage(x)  # (N, c·2^i, D/2^i, H/2^i, W/2^i)
            skips.append(x)
            x = down(x)
        x = self.bottom(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = torch.cat([skips.pop(), up(x)], dim=1)
            x = stage(x)
        return self.head(x)  # logits


def convolution(
    in_channels: int, out_channels: int, kernel: int, dims: int, normalise: bool, stride: int = 1
) -> list[nn.Module]:
    """Make a convolution that keeps the size, or halves it at stride 2, and its normalisation if there is one."""
    padding = kernel // 2 if stride == 1 else 0
    conv = CONV[dims](in_channels, out_channels, kernel, stride, padding, bias=not normalise)
    return [conv, *_norm(out_channels, dims, normalise)]


def _norm(channels: int, dims: int, normalise: bool) -> list[nn.Module]:
    return [NORM[dims](channels)] if normalise else []


def _legal(
    in_channels: int, classes: int, width: int, depth: int, dims: int, kernel: int
) -> tuple[int, int, int, int, int, int]:
    """Return the arguments as plain numbers, or raise."""
    named = {
        "in_channels": in_channels,
        "classes": classes,
        "width": width,
        "depth": depth,
        "dims": dims,
        "kernel": kernel,
    }
    numbers = {name: whole(name, value) for name, value in named.items()}
    if numbers["dims"] not in CONV:
        raise ValueError(f"dims must be 3 (volumes) or 2 (images), got {dims}")
    if min(numbers.values()) < 1:
        raise ValueError(f"in_channels, classes, width, depth and kernel start at 1, got {numbers}")
    if kernel % 2 == 0:
        raise ValueError(f"an even kernel of {kernel} has no middle: take {kernel - 1} or {kernel + 1}")
    if width % in_channels:
        raise ValueError(
            f"the first stage adds the image, repeated, to its {width} channels: they must be a multiple of the "
            f"image's {in_channels}"
        )
    return tuple(numbers.values())  # type: ignore[return-value]
