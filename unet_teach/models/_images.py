"""What a network may be handed: a batch of images of its own type, channels and number of dimensions."""

import math

import torch
from torch import Tensor, nn

CONVS = nn.Conv2d | nn.Conv3d
BATCH_NORMS = nn.BatchNorm2d | nn.BatchNorm3d
IMAGE_NORMS = nn.InstanceNorm2d | nn.InstanceNorm3d
AXES = {2: "H, W", 3: "D, H, W"}


def require_images(x: Tensor, network: nn.Module) -> None:
    """Raise, with a sentence, unless `x` is a batch that the first convolution of a network can take."""
    if not isinstance(x, Tensor):
        raise TypeError(f"images must be a torch tensor, got {type(x).__name__}: use torch.as_tensor")
    first = next(layer for layer in network.modules() if isinstance(layer, CONVS))
    dims, channels, kind = len(first.kernel_size), first.in_channels, first.weight.dtype
    if x.ndim != dims + 2:
        raise ValueError(
            f"images must be (N, C, {AXES[dims]}), got {tuple(x.shape)}: x[None] makes a batch of one, x[:, None] "
            "gives grey images their channel"
        )
    if x.shape[1] != channels:
        raise ValueError(f"images have {x.shape[1]} channels, the network takes {channels}: build it for as many")
    if x.dtype != kind and not (x.is_floating_point() and torch.is_autocast_enabled(x.device.type)):
        raise TypeError(f"images are {x.dtype}, the network's weights {kind}: call .to({kind}) on the images")


def require_several(x: Tensor, block: nn.Module, smaller: int) -> None:
    """Raise if a block's normalisation would have a single value to find a mean and a spread of.

    `smaller` says how many times smaller than `x` the block's features are, along each side.
    """
    for layer in block.modules():
        if isinstance(layer, IMAGE_NORMS) or (isinstance(layer, BATCH_NORMS) and layer.training):
            images = 1 if isinstance(layer, IMAGE_NORMS) else x.shape[0]
            if images * math.prod(side // smaller for side in x.shape[2:]) < 2:
                raise ValueError(
                    f"a batch of {tuple(x.shape)} leaves a {type(layer).__name__} at the bottom less than two values "
                    "of each channel: take larger crops, or with a batch normalisation more of them"
                )
