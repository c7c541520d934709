"""How a W-Net learns without labels: a step on the cut, then a step on the image that comes back (chapter 16)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from unet_teach.losses import soft_n_cut
from unet_teach.models import WNet
from unet_teach.predict import infer
from unet_teach.train.machine import Machine
from unet_teach.transforms import random_crops

CLUSTERS = 4
STEPS, BATCH, CROP = 120, 4, 48
WIDTH, DEPTH = 8, 2
RATE = 3e-3
LOSSES = ("cut", "image")
Padding = Literal["zeros", "reflect"]


@dataclass
class Curves:
    """Both losses at each step, whichever of them was learned from."""

    cut: list[float] = field(default_factory=list)  # 0 to the number of clusters
    image: list[float] = field(default_factory=list)  # mean squared difference, in variances of the image


def train(
    images: Tensor, seed: int, losses: Collection[str] = LOSSES, padding: Padding = "reflect", steps: int = STEPS
) -> tuple[WNet, Curves]:
    """Train a W-Net: in each step the first U-Net learns from the cut, then both from the image that comes back.

    Parameters
    ----------
    images : (N, H, W), standardised, sides at least 48
    seed : of the weights and of the crops
    losses : "cut", "image" or both
    padding : what every convolution sees beyond the border, as `nn.Conv2d` names it. With "zeros", as in the other
        networks of the course, the frame of a crop can be seen, and becomes a cluster
    steps : each on four crops of 48 pixels

    Raises
    ------
    ValueError
        If a loss is neither.

    Source: Xia and Kulis (2017). Introduced in chapter 16.
    """
    if not losses or not set(losses) <= set(LOSSES):
        raise ValueError(f"a W-Net learns from some of {LOSSES}, got {losses!r}")
    torch.manual_seed(seed)
    network = WNet(clusters=CLUSTERS, width=WIDTH, depth=DEPTH)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.padding_mode = padding
    generator = torch.Generator().manual_seed(seed)
    curves = Curves()
    with Machine(network) as machine:
        of_the_first = torch.optim.AdamW(network.encode.parameters(), lr=RATE)
        of_both = torch.optim.AdamW(network.parameters(), lr=RATE)

        def descend(cost: Tensor, optimiser: torch.optim.Optimizer) -> None:
            network.zero_grad()
            machine.backward(cost)
            machine.step(optimiser)

        for _ in range(steps):
            (crops,) = machine.fetch(random_crops(images, images, CROP, BATCH, generator)[:1])
            clusters, _ = machine.logits(crops)  # (4, K, 48, 48)
            cut = soft_n_cut(clusters, crops)
            if "cut" in losses:
                descend(cut, of_the_first)
            _, back = machine.logits(crops)  # (4, 1, 48, 48)
            difference = F.mse_loss(back, crops)
            if "image" in losses:
                descend(difference, of_both)
            curves.cut.append(cut.item())
            curves.image.append(difference.item())
    return network.eval(), curves


def probabilities_of(network: WNet, image: Tensor) -> NDArray[np.float32]:
    """Predict each cluster at each pixel of an image of any size.  (H, W) -> (K, H, W)"""
    height, width = image.shape
    bottom, right = (-side % 2**DEPTH for side in (height, width))
    logits = infer(network.encode, F.pad(image[None, None], (0, right, 0, bottom), mode="reflect"))
    return np.asarray(logits[0, :, :height, :width].softmax(dim=0))
