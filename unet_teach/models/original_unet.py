"""The U-Net of the paper, exactly: Ronneberger, Fischer and Brox, MICCAI 2015 (arXiv 1505.04597), Figure 1.

Convolutions are valid (unpadded): each takes two pixels away, and the output is 184 pixels smaller than the input.
Chapter 8 builds it; chapter 9 tiles with it.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import prepared, whole
from unet_teach.models._images import require_images
from unet_teach.models.initialise import he_initialise

MARGIN = 184  # pixels that the valid convolutions take away, 92 on each side
SMALLEST = 188


class ValidBlock(nn.Sequential):
    """Two 3x3 convolutions without padding, each with a ReLU.  (N, C, H, W) -> (N, out, H - 4, W - 4)"""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, out_channels, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, kernel_size=3),
            nn.ReLU(inplace=True),
        )


class OriginalUNet(nn.Module):
    """The network of Figure 1: 23 convolutions, 31,030,658 parameters with one channel and two classes.

    Parameters
    ----------
    in_channels : channels of the image
    classes : channels of the output
    width : channels of the first level; each level below has twice as many (64 in the paper)

    Dropout stands at the end of the contracting path, as the paper says. Its rate is ours, 0.5: the paper gives none.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole, or below 1.

    Introduced in chapter 8.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 64) -> None:
        super().__init__()
        named = {"in_channels": in_channels, "classes": classes, "width": width}
        in_channels, classes, width = (whole(name, value) for name, value in named.items())
        if min(in_channels, classes, width) < 1:
            raise ValueError(f"in_channels, classes and width start at 1, got {in_channels, classes, width}")
        c = [width, 2 * width, 4 * width, 8 * width, 16 * width]
        self.encoder = nn.ModuleList(ValidBlock(a, b) for a, b in zip([in_channels, *c[:3]], c[:4], strict=True))
        self.pool = nn.MaxPool2d(2)
        self.bottleneck = nn.Sequential(ValidBlock(c[3], c[4]), nn.Dropout(0.5))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(2 * b, b, kernel_size=2, stride=2) for b in reversed(c[:4]))
        self.decoder = nn.ModuleList(ValidBlock(2 * b, b) for b in reversed(c[:4]))
        self.head = nn.Conv2d(c[0], classes, kernel_size=1)
        he_initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; H and W must be of the form 16k + 12.  (N, C, H, W) -> (N, classes, H - 184, W - 184)

        Raises
        ------
        TypeError
            If the images are no tensor of the network's own type, such as float32.
        ValueError
            If they have other axes or channels, or another size, naming the nearest legal ones.
        """
        require_images(x, self)
        for size in x.shape[2:]:
            require_legal(size)
        skips = []
        for stage in self.encoder:  # the contracting path
            x = stage(x)  # 568, 280, 136, 64 pixels for an input of 572
            skips.append(x)
            x = self.pool(x)  # 284, 140, 68, 32
        x = self.bottleneck(x)  # 28
        for up, stage in zip(self.ups, self.decoder, strict=True):  # the expansive path
            x = up(x)  # 56, 104, 200, 392
            x = torch.cat([centre_crop(skips.pop(), x), x], dim=1)  # detail from across, context from below
            x = stage(x)  # 52, 100, 196, 388
        return self.head(x)  # logits


def _larger_and_smaller(skip: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
    if not (isinstance(skip, Tensor) and isinstance(like, Tensor)):
        raise TypeError(f"need two tensors, got {type(skip).__name__} and {type(like).__name__}: use torch.as_tensor")
    if skip.ndim != 4 or like.ndim != 4 or any(a < b for a, b in zip(skip.shape[2:], like.shape[2:], strict=True)):
        raise ValueError(f"{tuple(like.shape)} is no middle of {tuple(skip.shape)}: need (N, C, H, W), the skip larger")
    return skip, like


@prepared(_larger_and_smaller)
def centre_crop(skip: Tensor, like: Tensor) -> Tensor:
    """Cut the middle out of a skip, as large as `like`.  (N, C, H, W) -> (N, C, h, w)"""
    (height, width), (h, w) = skip.shape[2:], like.shape[2:]
    top, left = (height - h) // 2, (width - w) // 2
    return skip[:, :, top : top + h, left : left + w]


def require_legal(size: int) -> None:
    """Raise a `ValueError` that names the nearest legal sizes unless `size` is 16k + 12 and at least 188 pixels.

    Only then do all four poolings meet an even size, so that no row of pixels is silently dropped.
    """
    size = whole("a side", size)
    if size >= SMALLEST and (size - 12) % 16 == 0:
        return
    below = max(SMALLEST, size - (size - 12) % 16)
    nearest = f"{below}" if size < SMALLEST else f"{below} and {below + 16}"
    raise ValueError(
        f"an input of {size} pixels does not fit: the four poolings need 16k + 12. Nearest legal: {nearest} "
        f"(572 in the paper). Crop or mirror the image to it, or let unet_teach.predict tile it."
    )
