"""One run of the bake-off: train an entrant on chapter 9's crops, at the rate that a search chose for it."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import torch
from torch import nn

from unet_teach.course.bake_off.entrants import ENTRANTS
from unet_teach.recipes.em import plain_batch, train, weighted_loss
from unet_teach.train import History

RATES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # the first learning rates that every entrant may try
Rows = Sequence[Mapping[str, str | int | float]]


def train_entrant(network: str, seed: int, steps: int, learning_rate: float) -> tuple[nn.Module, History]:
    """Train one entrant on crops of sections 0 to 18 as they are; looked at twice, halfway and at the end."""
    entrant = ENTRANTS[network]
    return train(
        seed,
        plain_batch,
        entrant.loss(weighted_loss),
        partial(entrant.build, 2),
        steps=steps,
        learning_rate=learning_rate,
        validate_every=-(-steps // 2),
    )


def to_the_fastest(network: nn.Module) -> None:
    """Move a network to the GPU if there is one: after training it is where it was before."""
    network.to("cuda" if torch.cuda.is_available() else "cpu")


def chosen_rate(network: str, rows: Rows) -> float:
    """Choose an entrant's learning rate: the one with the best mean Dice on sections 20 to 22 in the search's rows."""

    def mean_score(rate: float) -> float:
        found = [row["validation dice"] for row in rows if row["network"] == network and row["rate"] == rate]
        return float(np.mean(np.array(found, dtype=float)))

    return max(RATES, key=mean_score)
