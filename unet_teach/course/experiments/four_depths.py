"""One training of a U-Net++, four depths: which is enough? And is a depth cut out of it as good as one of its own?

Thresholds are chosen on sections 20 to 22, for each depth; what is reported is the score on sections 24 to 29.
"""

from functools import partial

import numpy as np
from torch import Tensor, nn

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.losses import deep_supervision
from unet_teach.models import UNet, UNetPlusPlus
from unet_teach.recipes.em import ask, dice_of, examine, membrane_map, plain_batch, train, weighted_loss
from unet_teach.recipes.em.training import STEPS

DEPTHS = (1, 2, 3, 4)
WIDTH = 8


class AskedAtEveryDepth(nn.Module):
    """A U-Net++ that gives all its answers in training, and the deepest afterwards."""

    def __init__(self, network: UNetPlusPlus) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> list[Tensor] | Tensor:
        """Answer.  (N, C, H, W) -> (N, classes, H, W) each"""
        answers = self.network.at_every_depth(x)
        return answers if self.training else answers[-1]


def each_depth(trained: str, seed: int) -> dict[int, nn.Module]:
    """Train, and return a network for each depth: cut out of one U-Net++, or four U-Nets of their own."""
    if trained == "each on its own":
        shallow = {depth: partial(UNet, width=WIDTH, depth=depth) for depth in DEPTHS}
        return {depth: train(seed, plain_batch, build=build)[0] for depth, build in shallow.items()}
    loss = deep_supervision(weighted_loss, None if trained == "all together" else [0, 0, 0, 1])
    network, _ = train(seed, plain_batch, loss, lambda: AskedAtEveryDepth(UNetPlusPlus(width=WIDTH, depth=max(DEPTHS))))
    return {depth: network.network.cut_to(depth) for depth in DEPTHS}  # type: ignore[operator, union-attr]


@threads(1)
def run(trained: str, seed: int) -> dict[str, float]:
    """Train, and score each depth from one look at each section: "depth 1 dice 24" ..."""
    results: dict[str, float] = {}
    for depth, network in each_depth(trained, seed).items():
        unseen, exam = ask(network, membrane_map)
        found = float(np.mean(dice_of(unseen, load_em("validation").membrane)))
        results |= {f"depth {depth} validation dice": found} | examine(unseen, exam, f"depth {depth} ")
    return results


# Before a run was made: depths 1, 2 and 3 are compared with depth 4, within one network, by Dice and V-Rand, over five
# seeds; six comparisons. The others are a look.
RUNS = [
    *(("all together", seed) for seed in range(5)),
    *(("each on its own", seed) for seed in range(3)),
    *(("only the deepest", seed) for seed in range(2)),
]
EXPERIMENT = Experiment(
    "four_depths",
    f"How well does each depth of a U-Net++ segment sections 24 to 29 after {STEPS} steps, and a U-Net of that depth?",
    [{"trained": trained, "seed": seed} for trained, seed in RUNS],
    run,
    {f"depth {depth} {score}": near for depth in DEPTHS for score, near in (("dice ", 0.03), ("v_rand ", 0.15))},
    needs=("isbi2012_em",),
)
