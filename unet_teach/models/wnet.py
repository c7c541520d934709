"""The W-Net: two U-Nets, back to back. What the first says of each pixel, the second turns into the image again.

No label is needed: the first is told by how well its clusters cut the image, both by how well the image comes back.
Drawn in chapter 13, trained in chapter 16.

Source: Xia and Kulis (2017), W-Net. Not the bridged W-Net of Chen et al. (2018), which is supervised.
"""

from torch import Tensor, nn

from unet_teach.models.unet import UNet


class WNet(nn.Module):
    """Two U-Nets as an autoencoder whose code is a probability of each cluster at each pixel.

    Parameters
    ----------
    channels : of the image
    clusters : how many the first U-Net may tell apart
    width, depth, dims : of both, as of `UNet`

    Raises
    ------
    ValueError
        As `UNet` does.

    Source: Xia and Kulis (2017), figure 1. Theirs has four poolings, 64 channels on top, dropout, and separable
    convolutions on all levels but the first. Introduced in chapter 16.
    """

    def __init__(self, channels: int = 1, clusters: int = 4, width: int = 16, depth: int = 3, dims: int = 2) -> None:
        super().__init__()
        self.encode = UNet(channels, clusters, width, depth, dims)
        self.decode = UNet(clusters, channels, width, depth, dims)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the probability of each cluster, and the image that comes back.

        (N, C, H, W) -> (N, clusters, H, W), (N, C, H, W); every side must be a multiple of 2**depth.
        """
        clusters = self.encode(x).softmax(dim=1)
        return clusters, self.decode(clusters)
