"""Chapter 9's training runs: the course's U-Net on electron-microscopy sections 0 to 18.

Best weights and thresholds are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

from collections.abc import Sequence
from functools import partial

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads as using_threads
from unet_teach.recipes.em import (
    Batch,
    augmented_batch,
    averaged_map,
    examine,
    membrane_map,
    plain_batch,
    train,
    weighted_loss,
)
from unet_teach.recipes.em.training import MEMBRANE_WEIGHT

BATCHES: dict[str, Batch] = {"augmented": augmented_batch, "plain": plain_batch}


def run(
    batch: str, membrane_weight: float, threads: int, seed: int, numbers: Sequence[int] = range(19)
) -> dict[str, float]:
    """Train once and score sections 24 to 29, from one look at each and from the average of eight."""
    loss = partial(weighted_loss, weight=membrane_weight)
    with using_threads(threads):
        network, history = train(seed, BATCHES[batch], loss, numbers=numbers)
        best = {"validation dice": history.score[history.best_step], "best step": history.best_step}
        return best | examine(network, membrane_map) | examine(network, averaged_map, "averaged ")


EXPERIMENT = Experiment(
    "thirty_images",
    "How well does the course's U-Net segment sections 24 to 29 after 800 steps on sections 0 to 18?",
    [{"batch": "augmented", "membrane_weight": 3, "threads": n, "seed": seed} for n in (1, 2) for seed in range(3)]
    + [{"batch": "plain", "membrane_weight": 3, "threads": 1, "seed": seed} for seed in range(3)]
    + [{"batch": "augmented", "membrane_weight": 1, "threads": 1, "seed": seed} for seed in range(3)],
    run,
    {"validation dice": 0.008, "dice ": 0.02, "v_rand ": 0.15, "averaged dice ": 0.02, "averaged v_rand ": 0.15},
    needs=("isbi2012_em",),
    cheapest={"batch": "plain"},
)

FEW = Experiment(
    "two_images",
    "Does augmentation help where there are only two sections, 4 (calm) and 16 (noisy), to learn from in 800 steps?",
    [{"batch": batch, "seed": seed} for batch in BATCHES for seed in range(3)],
    partial(run, membrane_weight=MEMBRANE_WEIGHT, threads=1, numbers=(4, 16)),
    EXPERIMENT.tolerance,
    needs=("isbi2012_em",),
    cheapest={"batch": "plain"},
)
