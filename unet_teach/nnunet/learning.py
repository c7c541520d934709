"""How a plan's network learns: nnU-Net's loss, optimiser and schedule, the same for every data set (chapter 18)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR

from unet_teach.losses import cross_entropy, deep_supervision, dice_loss
from unet_teach.models.nn_unet import NNUNet

LEARNING_RATE, MOMENTUM, DECAY, STEEPEST = 1e-2, 0.99, 3e-5, 12.0
POWER = 0.9  # of the schedule


class EveryLevel(nn.Module):
    """A plan's network that gives its answer at every level, as it is trained.

    Introduced in chapter 18.
    """

    def __init__(self, network: NNUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return the logits of every level of the way up, the largest first."""
        return self.network.at_every_level(x)


def nesterov_along_a_power(weights: list[nn.Parameter], learning_rate: float, steps: int) -> tuple[SGD, LambdaLR]:
    """Return gradient descent with Nesterov's momentum, and a learning rate that falls as (1 - step / steps)^0.9.

    nnU-Net's rate falls once an epoch, of 250 steps; this one falls at each step.
    Source: Isensee et al. (2021), nnU-Net. Introduced in chapter 18.
    """
    optimiser = SGD(weights, lr=learning_rate, momentum=MOMENTUM, nesterov=True, weight_decay=DECAY)
    return optimiser, LambdaLR(optimiser, lambda step: (1 - min(step, steps) / steps) ** POWER)


def planned_loss(configuration: Mapping[str, Any]) -> Callable[[Sequence[Tensor], Tensor], Tensor]:
    """Return the loss of a plan: Dice plus cross-entropy, at every level but the lowest, each half of the one above.

    With the plan's "batch_dice" the Dice loss sums over the whole batch, else over each patch, and averages.

    Parameters
    ----------
    configuration : "batch_dice", and "features_per_stage", whose length says how many levels there are

    Returns
    -------
    (answers, labels) -> (), as `deep_supervision` gives it; nnU-Net's own is less by 1, for its Dice loss is minus Dice

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    of_batch = configuration["batch_dice"]

    def both(logits: Tensor, labels: Tensor) -> Tensor:
        parts = [(logits, labels)] if of_batch else list(zip(logits.split(1), labels.split(1), strict=True))
        return torch.stack([dice_loss(*part) for part in parts]).mean() + cross_entropy(logits, labels)

    return deep_supervision(both, level_weights(len(configuration["features_per_stage"]) - 1))


def level_weights(count: int) -> list[float]:
    """Return what each level's answer counts, the largest first: halves of halves, and nothing for the lowest."""
    weights = [0.5**level for level in range(count)]
    return weights if count == 1 else [*weights[:-1], 0.0]
