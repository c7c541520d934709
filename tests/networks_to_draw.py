"""Small networks of every kind that a drawing has to understand; none is trained, none is the course's own."""

import torch
from torch import nn
from torch.nn import functional as F

from unet_teach.models import UNet


def twice(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.Conv2d(outputs, outputs, 3, padding=1))


class Residual(nn.Module):
    """Some convolutions, and their input added to what they give."""

    def __init__(self, width, count):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv3d(width, width, 5, padding=2) for _ in range(count))
        self.activation = nn.PReLU(width)

    def forward(self, x):
        y = x
        for layer in self.layers:
            y = self.activation(layer(y))
        return y + x


class VNet(nn.Module):
    """Milletari et al. 2016 in small: volumes, strided convolutions down, a residual sum on every level."""

    def __init__(self, width=2):
        super().__init__()
        self.first = nn.Conv3d(1, width, 5, padding=2)
        self.down = nn.Conv3d(width, 2 * width, kernel_size=2, stride=2)
        self.bottom = Residual(2 * width, 2)
        self.up = nn.ConvTranspose3d(2 * width, width, kernel_size=2, stride=2)
        self.last = Residual(2 * width, 1)
        self.head = nn.Conv3d(2 * width, 2, 1)

    def forward(self, x):
        skip = (self.first(x) + x).relu()
        x = self.bottom(self.down(skip).relu())
        return self.head(self.last(torch.cat([skip, self.up(x).relu()], dim=1)))


class PlusPlus(nn.Module):
    """Zhou et al. 2018 in small: a node X(i, j) on level i takes all before it on its level and one from below."""

    def __init__(self, width=2, depth=2, deep=True):
        super().__init__()
        c = [width * 2**level for level in range(depth + 1)]
        self.depth, self.deep = depth, deep
        self.nodes, self.ups = nn.ModuleDict(), nn.ModuleDict()
        for i in range(depth + 1):
            self.nodes[f"{i}{0}"] = twice(c[i - 1] if i else 1, c[i])
            for j in range(1, depth + 1 - i):
                self.ups[f"{i}{j}"] = nn.ConvTranspose2d(c[i + 1], c[i], kernel_size=2, stride=2)
                self.nodes[f"{i}{j}"] = twice(c[i] * (j + 1), c[i])
        self.heads = nn.ModuleList(nn.Conv2d(width, 2, 1) for _ in range(depth))

    def forward(self, x):
        found = {}
        for i in range(self.depth + 1):
            x = found[i, 0] = self.nodes[f"{i}0"](F.max_pool2d(x, 2) if i else x)
        for j in range(1, self.depth + 1):
            for i in range(self.depth + 1 - j):
                below = self.ups[f"{i}{j}"](found[i + 1, j - 1])
                found[i, j] = self.nodes[f"{i}{j}"](torch.cat([*(found[i, k] for k in range(j)), below], dim=1))
        tops = [found[0, j] for j in range(1, self.depth + 1)]
        heads = [head(top) for head, top in zip(self.heads, tops, strict=True)]
        return heads if self.deep else heads[-1]


class Gate(nn.Module):
    """Oktay et al. 2018: how much of a skip passes is decided on the level below."""

    def __init__(self, width):
        super().__init__()
        self.skip, self.signal = nn.Conv2d(width, width, 2, stride=2), nn.Conv2d(2 * width, width, 1)
        self.psi = nn.Conv2d(width, 1, 1)

    def forward(self, skip, signal):
        coefficients = self.psi((self.skip(skip) + self.signal(signal)).relu()).sigmoid()
        return skip * F.interpolate(coefficients, scale_factor=2, mode="bilinear")


class Attention(UNet):
    """A U-Net whose skips pass a gate."""

    def __init__(self, width=2, depth=1):
        super().__init__(width=width, depth=depth)
        self.gates = nn.ModuleList(Gate(up.out_channels) for up in self.ups)

    def forward(self, x):
        skips = []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, stage, gate in zip(self.ups, self.decoder, self.gates, strict=True):
            x = stage(torch.cat([gate(skips.pop(), x), up(x)], dim=1))
        return self.head(x)


class WNet(nn.Module):
    """Xia and Kulis 2017 in small: what the first U says, the second turns back into the image."""

    def __init__(self, width=2, depth=1):
        super().__init__()
        self.encode, self.decode = UNet(1, 3, width, depth), UNet(3, 1, width, depth)

    def forward(self, x):
        segments = self.encode(x).softmax(dim=1)
        return segments, self.decode(segments)


class Supervised(UNet):
    """A U-Net that is asked on every level of its way up; all answers are as large as the image."""

    def __init__(self, width=2, depth=2):
        super().__init__(width=width, depth=depth)
        self.heads = nn.ModuleList(nn.Conv2d(up.out_channels, 2, 1) for up in self.ups)

    def forward(self, x):
        sides, skips, answers = x.shape[2:], [], []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = stage(torch.cat([skips.pop(), up(x)], dim=1))
            answers.append(x)
        heads = [head(answer) for head, answer in zip(self.heads, answers, strict=True)]
        return {f"level {level}": F.interpolate(head, size=sides) for level, head in enumerate(heads)}


class Everywhere(nn.Module):
    """As UNet 3+ (Huang et al. 2020): each level on the way up takes something from every other."""

    def __init__(self, width=2, depth=3):
        super().__init__()
        c = [width * 2**level for level in range(depth + 1)]
        self.encoder = nn.ModuleList(twice(a, b) for a, b in zip([1, *c], c, strict=False))
        self.decoder = nn.ModuleList(twice(sum(c[:level]) + sum(c[level:]), c[level]) for level in range(depth))
        self.head = nn.Conv2d(width, 2, 1)

    def forward(self, x):
        maps = []
        for level, stage in enumerate(self.encoder):
            x = stage(F.max_pool2d(x, 2) if level else x)
            maps.append(x)
        for level in reversed(range(len(self.decoder))):
            above = [F.max_pool2d(maps[k], 2 ** (level - k)) for k in range(level)]
            below = [F.interpolate(maps[k], scale_factor=2 ** (k - level)) for k in range(level + 1, len(maps))]
            maps[level] = self.decoder[level](torch.cat([*above, maps[level], *below], dim=1))
        return self.head(maps[0])


class Odd(nn.Module):
    """A stride of four, squeeze and excitation, the image pooled and copied, a pixel shuffle."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 8, 4, stride=4), nn.Conv2d(8, 8, 3, padding=1, dilation=1)
        self.excite, self.up = nn.Conv2d(8, 8, 1), nn.Conv2d(9, 64, 3, padding=2, dilation=2)
        self.head = nn.Conv2d(5, 2, 3, padding=1)

    def forward(self, x):
        first = F.elu(self.first(x))
        second = self.second(first)
        second = second * self.excite(second.mean((2, 3), keepdim=True)).sigmoid() + first
        both = torch.cat([F.avg_pool2d(x, 4), second], dim=1)
        return self.head(torch.cat([F.pixel_shuffle(self.up(both), 4), x], dim=1))


class Projected(nn.Module):
    """As ResUNet (Zhang et al. 2018): two convolutions and a 1x1 convolution beside them, added, on every level."""

    def __init__(self):
        super().__init__()
        self.stem, self.head = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 1, 1)
        self.down = nn.Sequential(nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1))
        self.beside = nn.Conv2d(2, 4, 1, stride=2)
        self.up, self.beside_up = twice(6, 2), nn.Conv2d(6, 2, 1)

    def forward(self, x):
        skip = self.stem(x)
        x = self.down(skip) + self.beside(skip)
        x = torch.cat([F.interpolate(x, size=skip.shape[2:], mode="bicubic"), skip], dim=1)
        return self.head(self.up(x) + self.beside_up(x)).sigmoid()


class Larger(nn.Module):
    """Twice as large as its image, which is added, enlarged, to what was found."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, x):
        return self.last(F.interpolate(self.first(x), scale_factor=2)) + F.interpolate(x, scale_factor=2)
