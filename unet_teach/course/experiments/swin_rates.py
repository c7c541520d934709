"""Which learning rate suits which network? A small search, before the U-Net and the Swin-Unet meet (chapter 17).

Named before a run was made: both networks get the same four rates, two seeds that no other table uses, 400 steps of
plain crops, and are judged on sections 20 to 22 alone. The best mean rate of each network is that of all its later
runs; nobody is given the other's. The loop has no warm-up, for either.
"""

from collections.abc import Callable

import numpy as np
from torch import nn

from unet_teach.course.experiments.table import Experiment, load
from unet_teach.course.experiments.threads import threads
from unet_teach.models import SwinUNet, UNet
from unet_teach.recipes.em import plain_batch, train
from unet_teach.recipes.em.training import STEPS

NETWORKS: dict[str, Callable[..., nn.Module]] = {"U-Net": UNet, "Swin-Unet": SwinUNet}
RATES = (0.0003, 0.001, 0.003, 0.01)


@threads(1)
def run(network: str, rate: float, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18; the best Dice on sections 20 to 22, or 0 if the loss stopped being a number."""
    try:
        _, history = train(seed, plain_batch, build=NETWORKS[network], steps=STEPS, learning_rate=rate)
    except FloatingPointError:
        return {"validation dice": 0.0}
    return {"validation dice": history.score[history.best_step]}


EXPERIMENT = Experiment(
    "swin_rates",
    f"Which learning rate is best for a U-Net and a Swin-Unet on sections 20 to 22, after {STEPS} steps?",
    [{"network": network, "rate": rate, "seed": seed} for seed in (100, 101) for network in NETWORKS for rate in RATES],
    run,
    {"validation dice": 0.05},
    needs=("isbi2012_em",),
)


def best_rate(network: str) -> float:
    """Read a network's best rate from the stored table, by the mean over seeds."""
    means = {
        rate: np.mean([row["validation dice"] for row in load(EXPERIMENT, network=network, rate=rate)])
        for rate in RATES
    }
    return max(means, key=lambda rate: means[rate])
