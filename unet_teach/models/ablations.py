"""The U-Net with one part changed, for experiments that ask what the part is for. The U itself stays plain."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from unet_teach.models._images import require_images
from unet_teach.models.initialise import he_initialise
from unet_teach.models.original_unet import centre_crop
from unet_teach.models.unet import Block, UNet


class _Narrow(UNet):
    """A U-Net whose decoder blocks take only as many channels as they give."""

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__(in_channels, classes, width, depth, dims)
        channels = [width * 2**level for level in reversed(range(depth))]
        self.decoder = nn.ModuleList(Block(c, c, dims) for c in channels)
        he_initialise(self)
        if dims == 2:  # as in `UNet`
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


class WithoutSkips(_Narrow):
    """Down and up again, with nothing across: an encoder and a decoder. Arguments as of `UNet`.

    The decoder's first convolutions have half as many channels to look at as the U-Net's, and so half the weights.

    Raises
    ------
    ValueError
        As `UNet` does.

    Introduced in chapter 7.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of 2**depth.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        TypeError, ValueError
            As `UNet.require_legal` does.
        """
        self.require_legal(x)
        for stage in self.encoder:
            x = self.pool(stage(x))  # (N, c·2^i, H/2^(i+1), W/2^(i+1))
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = stage(up(x))
        return self.head(x)  # logits


class AddedSkips(_Narrow):
    """A U-Net that adds what comes from across to what comes from below, channel by channel. Arguments as of `UNet`.

    The sum has half as many channels as the U-Net's pair, so the decoder's first convolutions have half the weights.

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Chaurasia and Culurciello (2017), LinkNet, add their skips. Introduced in chapter 11.
    """

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
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = stage(skips.pop() + up(x))
        return self.head(x)  # logits


class Unpadded(UNet):
    """The course's U-Net in two dimensions with valid convolutions, as the paper's. Arguments as of `UNet`.

    Each convolution takes two pixels away, so a skip is larger than what comes up, and its middle is cut out. At depth
    3 the output is 88 pixels smaller than the input, `margin` = 44 on each side.

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Ronneberger, Fischer and Brox (2015), section 2. Introduced in chapter 11.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3) -> None:
        super().__init__(in_channels, classes, width, depth)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                layer.padding = (0, 0)
        self.margin = 6 * 2**depth - 4  # each block loses 2 pixels a side, which count double at every level down

    def forward(self, x: Tensor) -> Tensor:
        """Segment images, without their margins.  (N, C, H, W) -> (N, classes, H - 2 margin, W - 2 margin)

        Raises
        ------
        TypeError, ValueError
            As `UNet.require_legal` does; ValueError also if a side leaves nothing, or would be odd before a pooling,
            naming the nearest legal ones.
        """
        require_images(x, self)
        step, smallest = 2**self.depth, 2 * self.margin + 4
        for size in x.shape[2:]:
            if size < smallest or (size - smallest) % step:
                below = max(smallest, size - (size - smallest) % step)
                raise ValueError(
                    f"a side of {size} pixels does not fit: nearest legal are {below} and {below + step}. "
                    "Mirror the image beyond its border, or let unet_teach.predict tile it."
                )
        skips = []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = up(x)
            x = stage(torch.cat([centre_crop(skips.pop(), x), x], dim=1))
        return self.head(x)  # logits


def with_interpolation(network: UNet) -> UNet:
    """Put fixed bilinear interpolation in the place of a U-Net's learned way up, and return the network.

    A 1x1 convolution still halves the channels; it has a quarter of the transposed convolution's weights.

    Parameters
    ----------
    network : two-dimensional, changed in place

    Raises
    ------
    ValueError
        If the network is not two-dimensional.

    Introduced in chapter 11.
    """
    ups = list(network.ups) if isinstance(network, UNet) else []
    for number, up in enumerate(ups or [network]):
        if not isinstance(up, nn.ConvTranspose2d):
            raise ValueError(f"need a U-Net in two dimensions, found a {type(up).__name__}")
        halve = nn.Conv2d(up.in_channels, up.out_channels, kernel_size=1)  # first: a quarter of the work, same result
        he_initialise(halve)
        both = nn.Sequential(halve, nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False))
        network.ups[number] = both.to(up.weight).train(up.training)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def with_normalisation(network: nn.Module, make: Callable[[int], nn.Module]) -> nn.Module:
    """Put another normalisation in the place of every batch normalisation of a network, and return the network.

    Parameters
    ----------
    network : changed in place
    make : channels -> a layer (N, C, ...) -> (N, C, ...), such as `lambda channels: nn.GroupNorm(8, channels)`; it
        takes on the network's type, device, and mode

    Raises
    ------
    TypeError, ValueError
        If the network has no batch normalisation, or `make` gives no layer.

    Introduced in chapter 9.
    """
    if not isinstance(network, nn.Module):
        raise TypeError(f"the network must be a torch module, got {type(network).__name__}")
    found = [
        (parent, name, layer)
        for parent in network.modules()
        for name, layer in parent.named_children()
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm3d)
    ]
    if not found:
        raise ValueError(f"{type(network).__name__} has no batch normalisation to replace")
    like = next(network.parameters())
    for parent, name, layer in found:
        made = make(layer.num_features)
        if not isinstance(made, nn.Module):
            raise TypeError(f"`make` must give a layer for {layer.num_features} channels, got {type(made).__name__}")
        setattr(parent, name, made.to(like).train(layer.training))
    return network
