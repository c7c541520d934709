"""Swin-Unet: a U without convolutions, in which windows of tokens ask each other on every level (chapter 17).

Source: Cao et al. (2021), Swin-Unet: Unet-like pure transformer for medical image segmentation, section 3. Theirs is
larger (patches of 4 pixels, 96 channels, windows of 7, images of 224), begins with weights from ImageNet, and drops
whole blocks by chance in training. As in their figure, a skip leaves after a level's blocks; in their code it leaves
before them. What is left of convolutions, in theirs too: the embedding, whose kernel is as large as its stride, and the
head, whose kernel is a single pixel.
"""

import torch
from torch import Tensor, nn

from unet_teach._checks import whole
from unet_teach.models._images import require_images
from unet_teach.models.attention import WindowAttention
from unet_teach.models.unet import require_divisible


class SwinBlock(nn.Module):
    """Tokens ask each other, then each thinks for itself; both add to what was there.  (N, H, W, C) -> (N, H, W, C)"""

    def __init__(self, channels: int, heads: int, window: int, shift: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attention = WindowAttention(channels, heads, window, shift)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Run the block."""
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Level(nn.Sequential):
    """Two blocks, the second with its windows shifted by half a window.  (N, H, W, C) -> (N, H, W, C)"""

    def __init__(self, channels: int, heads: int, window: int) -> None:
        super().__init__(*(SwinBlock(channels, heads, window, shift) for shift in (0, window // 2)))


class PatchEmbedding(nn.Module):
    """Make a token of every square of patch x patch pixels.  (N, in, H, W) -> (N, H/patch, W/patch, C)"""

    def __init__(self, in_channels: int, channels: int, patch: int) -> None:
        super().__init__()
        self.embed = nn.Conv2d(in_channels, channels, kernel_size=patch, stride=patch)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Embed the patches; from here on the channels come last."""
        return self.norm(self.embed(x).permute(0, 2, 3, 1))


class PatchMerging(nn.Module):
    """Make one token of four neighbours: the way down.  (N, H, W, C) -> (N, H/2, W/2, 2 C)"""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * channels)
        self.reduce = nn.Linear(4 * channels, 2 * channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Merge the tokens."""
        four = [x[:, down::2, right::2] for down in (0, 1) for right in (0, 1)]
        return self.reduce(self.norm(torch.cat(four, dim=-1)))


class PatchExpanding(nn.Module):
    """Make times x times tokens of every one: the way up.  (N, H, W, C) -> (N, times H, times W, out)"""

    def __init__(self, channels: int, out_channels: int, times: int) -> None:
        super().__init__()
        self.times = times
        self.expand = nn.Linear(channels, times * times * out_channels, bias=False)
        self.norm = nn.LayerNorm(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Expand the tokens."""
        n, height, width, _ = x.shape
        x = self.expand(x).reshape(n, height, width, self.times, self.times, -1)
        return self.norm(x.transpose(2, 3).reshape(n, height * self.times, width * self.times, -1))


class SwinUNet(nn.Module):
    """A U of windowed attention. Its defaults multiply about as often as the course's U-Net.

    Parameters
    ----------
    in_channels : channels of the image
    classes : channels of the output
    width : channels of the first level; each level below has twice as many
    depth : how often four tokens are merged into one
    heads : of the first level; each level below has twice as many
    window : side of a window, in tokens
    patch : side of the square that is a token of the first level, in pixels

    Raises
    ------
    ValueError
        If the heads do not divide the width, the window is below 2, or another argument is below 1.

    Source: Cao et al. (2021), section 3; see above for what differs. Introduced in chapter 17.
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 2,
        width: int = 24,
        depth: int = 3,
        heads: int = 3,
        window: int = 8,
        patch: int = 2,
    ) -> None:
        super().__init__()
        named = {"in_channels": in_channels, "classes": classes, "width": width, "depth": depth, "patch": patch}
        in_channels, classes, width, depth, patch = (whole(name, value) for name, value in named.items())
        heads, window = whole("heads", heads), whole("window", window)
        if min(in_channels, classes, width, depth, patch, heads) < 1 or window < 2:
            raise ValueError(f"window starts at 2, got {window}; all others at 1, got {named | {'heads': heads}}")
        c, h = ([first * 2**level for level in range(depth + 1)] for first in (width, heads))
        self.step = patch * window * 2**depth  # windows must tile every level
        self.embedding = PatchEmbedding(in_channels, width, patch)
        self.encoder = nn.ModuleList(Level(a, b, window) for a, b in zip(c[:-1], h[:-1], strict=True))
        self.merge = nn.ModuleList(PatchMerging(a) for a in c[:-1])
        self.bottleneck = nn.Sequential(Level(c[-1], h[-1], window), nn.LayerNorm(c[-1]))
        self.expand = nn.ModuleList(PatchExpanding(2 * a, a, 2) for a in reversed(c[:-1]))
        self.join = nn.ModuleList(nn.Linear(2 * a, a) for a in reversed(c[:-1]))
        self.decoder = nn.ModuleList(Level(a, b, window) for a, b in zip(c[-2::-1], h[-2::-1], strict=True))
        self.to_pixels = nn.Sequential(nn.LayerNorm(width), PatchExpanding(width, width, patch))
        self.head = nn.Conv2d(width, classes, kernel_size=1, bias=False)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of patch · window · 2**depth.  -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `require_legal` does.
        """
        self.require_legal(x)
        x = self.embedding(x)  # (N, H/p, W/p, c)
        skips = []
        for level, merge in zip(self.encoder, self.merge, strict=True):  # the contracting path
            x = level(x)  # (N, H/(p·2^i), W/(p·2^i), c·2^i)
            skips.append(x)
            x = merge(x)
        x = self.bottleneck(x)
        for expand, join, level in zip(self.expand, self.join, self.decoder, strict=True):  # the expansive path
            x = join(torch.cat([skips.pop(), expand(x)], dim=-1))
            x = level(x)
        x = self.to_pixels(x)  # (N, H, W, c)
        return self.head(x.permute(0, 3, 1, 2))  # logits

    def require_legal(self, x: Tensor) -> None:
        """Raise unless the network can take these images.

        Raises
        ------
        TypeError
            If they are no tensor of the network's own type, such as float32.
        ValueError
            If they have other axes or channels, or a side that windows do not tile on every level, naming the nearest
            that they do.
        """
        require_images(x, self)
        require_divisible(x.shape[2:], self.step)
