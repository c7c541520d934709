"""The course's U-Net with each skip on a switch and each level's maps on view: the network of the page."""

import torch
from torch import Tensor, nn

from unet_teach.models import UNet


class SwitchedUNet(nn.Module):
    """A trained U-Net, asked with some of its skips closed; it gives its logits, and the maps of every level.

    Parameters
    ----------
    network : whose weights it shares

    Introduced in chapter 9.
    """

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network
        levels = range(network.depth)
        self.names = ["logits", *(f"down {n}" for n in levels), "bottom", *(f"up {n}" for n in reversed(levels))]

    def forward(self, image: Tensor, gates: Tensor) -> tuple[Tensor, ...]:
        """Segment images; a skip whose gate is 0, not 1, brings the mean of each of its channels to every pixel.

        (N, C, H, W) and (depth,), the first gate at the top -> what `names` says, each (N, its channels, its H, its W)
        """
        net, skips, down = self.network, [], []
        x = image
        for level, stage in enumerate(net.encoder):
            x = stage(x)
            down.append(x)
            still = x.mean(dim=(2, 3), keepdim=True)  # not zeros, which the decoder may never have met
            skips.append(still + (x - still) * gates[level])
            x = net.pool(x)
        bottom = x = net.bottleneck(x)
        up = []
        for rise, stage in zip(net.ups, net.decoder, strict=True):
            x = stage(torch.cat([skips.pop(), rise(x)], dim=1))
            up.append(x)
        return (net.head(x), *down, bottom, *up)
