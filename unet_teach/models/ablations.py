"""The U-Net with one part changed, for experiments that ask what the part is for. The U itself stays plain."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from unet_teach.models.initialise import he_initialise
from unet_teach.models.unet import Block, UNet, require_divisible


class WithoutSkips(UNet):
    """Down and up again, with nothing across: an encoder and a decoder. Arguments as of `UNet`.

    The decoder's first convolutions have half as many channels to look at as the U-Net's, and so half the weights.

    Raises
    ------
    ValueError
        As `UNet` does.

    Introduced in chapter 7.
    """

    def __init__(self, in_channels: int = 1, classes: int = 2, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__(in_channels, classes, width, depth, dims)
        channels = [width * 2**level for level in reversed(range(depth))]
        self.decoder = nn.ModuleList(Block(c, c, dims) for c in channels)  # they take only as many as they give
        he_initialise(self)
        if dims == 2:  # as in `UNet`
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Segment images; every side must be a multiple of 2**depth.  (N, C, H, W) -> (N, classes, H, W)

        Raises
        ------
        ValueError
            For any other size, naming the nearest legal ones.
        """
        require_divisible(x.shape[2:], 2**self.depth)
        for stage in self.encoder:
            x = self.pool(stage(x))  # (N, c·2^i, H/2^(i+1), W/2^(i+1))
        x = self.bottleneck(x)
        for up, stage in zip(self.ups, self.decoder, strict=True):
            x = stage(up(x))
        return torch.as_tensor(self.head(x))  # logits


def with_normalisation(network: nn.Module, make: Callable[[int], nn.Module]) -> nn.Module:
    """Put another normalisation in the place of every batch normalisation of a network, and return the network.

    Parameters
    ----------
    network : changed in place
    make : channels -> a layer (N, C, ...) -> (N, C, ...), such as `lambda channels: nn.GroupNorm(8, channels)`

    Raises
    ------
    ValueError
        If the network has no batch normalisation.

    Introduced in chapter 9.
    """
    found = [
        (parent, name, layer)
        for parent in network.modules()
        for name, layer in parent.named_children()
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm3d)
    ]
    if not found:
        raise ValueError(f"{type(network).__name__} has no batch normalisation to replace")
    for parent, name, layer in found:
        setattr(parent, name, make(layer.num_features))
    return network
