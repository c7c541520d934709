"""Chapter 15's short runs: what a third dimension, residual stages, a loss, a mirror, a full annotation are worth.

Every run learns from the split "train" for the same number of steps of two cuts each, from the same random numbers, and
is scored on the split "test". Nothing is chosen on it: the comparisons were named before the first run.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.course.experiments.table import Experiment, Row, column, load
from unet_teach.course.experiments.threads import threads
from unet_teach.data.hippocampus import SPLITS
from unet_teach.recipes.hippocampus import PARTS, by_person, examine, segment, train
from unet_teach.recipes.hippocampus import load as load_split
from unet_teach.recipes.hippocampus.training import flat_unet, only_cross_entropy, only_dice, small_vnet
from unet_teach.train import History

STEPS = 150
SEEDS = 5
Arm = Callable[..., tuple[nn.Module, History]]

ARMS: dict[str, Arm] = {
    "3-D U-Net": train,
    "slice by slice": partial(train, build=flat_unet),
    "one slice in 4": partial(train, every=4),
    "one slice in 16": partial(train, every=16),
    "mirrored": partial(train, mirrored=True),
    "V-Net": partial(train, build=small_vnet),
    "Dice loss": partial(train, loss=only_dice),
    "cross-entropy": partial(train, loss=only_cross_entropy),
    "one slice in 2": partial(train, every=2),
    "one slice in 8": partial(train, every=8),
}


@threads(1)
def run(arm: str, seed: int) -> dict[str, float]:
    """Train once, and score every test case."""
    network, _ = ARMS[arm](seed, steps=STEPS)
    test = load_split("test")
    said = {case.number: segment(network, case.image) for case in test}
    return examine(said, test)


EXPERIMENT = Experiment(
    "three_dimensions",
    f"How well are the test cases' hippocampi segmented after {STEPS} steps, by each variant of the recipe?",
    [{"arm": arm, "seed": seed} for seed in range(SEEDS) for arm in ARMS],
    run,
    {"dice ": 0.2, "surface ": 0.3},
    needs=("hippocampus",),
)


def scores_by_person(rows: Sequence[Row], score: str = "dice") -> NDArray[np.float64]:
    """Average a score over both parts and over each person's cases.  -> (rows, people)"""
    parts = [column(rows, f"{score} {part} ") for part in PARTS]
    return by_person(np.mean(parts, axis=0), SPLITS["test"])


def gains(arm: str, baseline: str = "3-D U-Net", score: str = "dice") -> NDArray[np.float64]:
    """Subtract the baseline, the same seed's, person by person.  -> (seeds, people)"""
    one, other = (scores_by_person(load(EXPERIMENT, arm=name), score) for name in (arm, baseline))
    return one - other
