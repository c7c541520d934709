"""The course's own U-Net: padded, so that the output is as large as the input; of any width and depth; in 2-D or 3-D.

It keeps the paper's idea (Ronneberger et al. 2015) and takes from later practice what makes it small and quick to
train: padding, and a normalisation after each convolution. Introduced in chapter 8.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models._images import require_images, require_several
from unet_teach.models.initialise import he_initialise

CONV = {2: nn.Conv2d, 3: nn.Conv3d}
UP = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
POOL = {2: nn.MaxPool2d, 3: nn.MaxPool3d}
NORM = {2: nn.BatchNorm2d, 3: nn.BatchNorm3d}


class Block(nn.Sequential):
    """Twice: a padded convolution of 3, normalisation, ReLU.  (N, C, H, W) -> (N, out, H, W)"""

    def __init__(self, in_channels: int, out_channels: int, dims: int) -> None:
        super().__init__(
            CONV[dims](in_channels, out_channels, kernel_size=3, padding=1, bias=False),  # the norm has its own bias
            NORM[dims](out_channels),
            nn.ReLU(inplace=True),
            CONV[dims](out_channels, out_channels, kernel_size=3, padding=1, bias=False),
            NORM[dims](out_channels),
            nn.ReLU(inplace=True),
        )


class UNet(nn.Module):
    """A padded U-Net.

    Parameters
    ----------
    in_channels : channels of the image
    classes : channels of the output
    width : channels of the first level; each level below has twice as many
    depth : how often the image is halved
    dims : 2 for images (N, C, H, W), 3 for volumes (N, C, D, H, W)

    Raises
    ------
    ValueError
        If `dims` is neither 2 nor 3, or another argument is below 1.

    `copy.deepcopy`, `pickle`, `torch.jit.trace` and `torch.export` take the network. `torch.jit.script` does not: it
    reads no `zip(..., strict=True)`, which is what holds the two paths together here.

    Introduced in chapter 8.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__()
        dims = whole("dims", dims)
        if dims not in CONV:
            raise ValueError(f"dims must be 2 (images) or 3 (volumes), got {dims}")
        named = {"in_channels": in_channels, "classes": classes, "width": width, "depth": depth}
        in_channels, classes, width, depth = (whole(name, value) for name, value in named.items())
        if min(in_channels, classes, width, depth) < 1:
            raise ValueError(
                f"in_channels, classes, width and depth start at 1, got {in_channels, classes, width, depth}"
            )
        c = [width * 2**level for level in range(depth + 1)]
        self.depth = depth
        self.encoder = nn.ModuleList(Block(a, b, dims) for a, b in zip([in_channels, *c[:-2]], c[:-1], strict=True))
        self.pool = POOL[dims](2)
        self.bottleneck = Block(c[-2], c[-1], dims)
        self.ups = nn.ModuleList(UP[dims](2 * b, b, kernel_size=2, stride=2) for b in reversed(c[:-1]))
        self.decoder = nn.ModuleList(Block(2 * b, b, dims) for b in reversed(c[:-1]))
        self.head = CONV[dims](c[0], classes, kernel_size=1)
        he_initialise(self)
        if dims == 2:  # a pixel's channels side by side are quicker on a CPU, and features follow the weights
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of 2**depth.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `require_legal` does.
        """
        self.require_legal(x)
        skips = []
        for stage in self.encoder:  # the contracting path
            x = stage(x)  # (N, c·2^i, H/2^i, W/2^i)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):  # the expansive path
            x = torch.cat([skips.pop(), up(x)], dim=1)  # detail from across, context from below
            x = stage(x)
        return self.head(x)  # logits

    def require_legal(self, x: Tensor) -> None:
        """Raise unless the network can take these images.

        Raises
        ------
        TypeError
            If they are no tensor of the network's own type, such as float32.
        ValueError
            If they have other axes or channels; a size that is no multiple of 2**depth, naming the nearest legal ones;
            or, in training, a single value of each channel at the bottom.
        """
        require_images(x, self)
        require_divisible(x.shape[2:], 2**self.depth)
        require_several(x, self.bottleneck, 2**self.depth)


def require_divisible(shape: torch.Size, factor: int) -> None:
    """Raise a `ValueError` that names the nearest legal sizes unless every side is a positive multiple of `factor`."""
    for size in shape:
        if size % factor or size == 0:
            below = size - size % factor
            nearest = f"{below} and {below + factor}" if below else f"{factor}"
            raise ValueError(
                f"a side of {size} pixels does not fit: every side must be a multiple of {factor}, since the network "
                f"halves the image again and again. Nearest legal: {nearest}. Crop or pad, or let unet_teach.predict "
                "tile the image."
            )
