"""Who takes part in the bake-off: every network of the course that segments pictures, as its chapter builds it.

Left out, and why: the W-Net, whose half that segments *is* the course's U-Net; the paper's own U-Net, which multiplies
some fifty times as often, so that an equal budget would leave it eight steps; chapter 7's classifier, which learns from
patches with one label each, not from crops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn

from unet_teach.losses import deep_supervision
from unet_teach.models import (
    AttentionUNet,
    NNUNet,
    ResidualUNet,
    SwinUNet,
    UNet,
    UNetPlusPlus,
    VNet,
    multiplications,
)
from unet_teach.models.ablations import AddedSkips, WithoutSkips

CROP = 128  # pixels, the side of a training crop in both recipes
REFERENCE = "U-Net"
LEVELS = 6
PLAN = {  # what nnU-Net's planner writes for these sections in 0.1 GB of memory: crops of 128 pixels (chapter 18)
    "features_per_stage": [32, 64, 128, 256, 512, 512],
    "kernel_sizes": [[3, 3]] * LEVELS,
    "strides": [[1, 1]] + [[2, 2]] * (LEVELS - 1),
    "n_conv_per_stage": [2] * LEVELS,
    "n_conv_per_stage_decoder": [2] * (LEVELS - 1),
}


class Supervised(nn.Module):
    """A network that gives all its answers in training, and its main one afterwards."""

    def __init__(self, network: nn.Module, answers: Callable[[Tensor], Sequence[Tensor]]) -> None:
        super().__init__()
        self.network = network
        self.answers = answers

    def forward(self, x: Tensor) -> Sequence[Tensor] | Tensor:
        """Answer.  (N, C, H, W) -> (N, classes, h, w) each, or (N, classes, H, W)"""
        if self.training:
            return self.answers(x)
        main: Tensor = self.network(x)
        return main


def nested(classes: int) -> nn.Module:
    """Build a U-Net++ that is asked at every depth, all depths counting the same, as in chapter 13."""
    network = UNetPlusPlus(classes=classes)
    return Supervised(network, network.at_every_depth)


def planned(classes: int) -> nn.Module:
    """Build the plan's network, asked on every level; as in nnU-Net, a level counts half of the one above."""
    network = NNUNet(PLAN, classes=classes)
    return Supervised(network, network.at_every_level)


def v_net(classes: int) -> nn.Module:
    """Build a V-Net for pictures, normalised, of eight channels on top: the paper's 16 would multiply four times."""
    return VNet(classes=classes, width=8, depth=3, dims=2, normalise=True)


@dataclass(frozen=True)
class Entrant:
    """A network of the bake-off.

    build : how many classes -> a network
    weights : of its answers in training; none for one answer, and an empty list if all count the same
    """

    build: Callable[[int], nn.Module]
    weights: Sequence[float] | None = None

    def loss(self, loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
        """Turn the recipe's loss into one of all the answers that the network gives in training."""
        return loss if self.weights is None else deep_supervision(loss, self.weights or None)


ENTRANTS = {
    "without skips": Entrant(lambda classes: WithoutSkips(classes=classes)),
    "skips added": Entrant(lambda classes: AddedSkips(classes=classes)),
    REFERENCE: Entrant(lambda classes: UNet(classes=classes)),
    "residual U-Net": Entrant(lambda classes: ResidualUNet(classes=classes)),
    "Attention U-Net": Entrant(lambda classes: AttentionUNet(classes=classes)),
    "U-Net++": Entrant(nested, weights=()),
    "V-Net": Entrant(v_net),
    "Swin-Unet": Entrant(lambda classes: SwinUNet(classes=classes)),
    "nnU-Net's plan": Entrant(planned, weights=[2.0**-level for level in range(LEVELS - 2)] + [0.0]),
}
# Before the first run: each of these against the U-Net, by Dice on sections 24 to 29, at equal multiplications. Six
# comparisons. All others, and all other scores, are a look.
NAMED = ("residual U-Net", "Attention U-Net", "U-Net++", "V-Net", "Swin-Unet", "nnU-Net's plan")


@cache
def price(network: str) -> int:
    """Count an entrant's multiplications for one training crop, on the way to its main answer and to all others."""
    with torch.random.fork_rng(devices=[]):
        return multiplications(ENTRANTS[network].build(2), torch.zeros(1, 1, CROP, CROP))


def steps_of(network: str, budget: str, steps: int) -> int:
    """Say how many steps an entrant may take where the U-Net takes `steps`.

    budget : "equal steps", or "equal multiplications": as many as cost what the U-Net's steps cost
    """
    if budget == "equal steps":
        return steps
    if budget != "equal multiplications":
        raise ValueError(f'the budgets are "equal steps" and "equal multiplications", got {budget!r}')
    return max(1, round(steps * price(REFERENCE) / price(network)))
