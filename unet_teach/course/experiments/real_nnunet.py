"""nnU-Net itself on the sets of `planned`: the same cases, memory, steps and seeds, its code untouched (chapter 18).

Needs the package `nnunetv2`, which is no dependency of the course: without it a run says so, and the stored rows stay.
"""

import math

from unet_teach.course.experiments.planned import FEW, RUNS, TOLERANCE, held_back_scores
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.planned.real import train_real
from unet_teach.course.planned.sets import split_of


@threads(1)
def train_and_score_real(name: str, memory: float, steps: int, seed: int) -> dict[str, float]:
    """Let nnU-Net plan, train and predict once, and score every test case."""
    split = split_of(name)
    said, pseudo, configuration = train_real(split, memory, steps, seed)
    size = {"patch voxels": math.prod(configuration["patch_size"]), "batch": configuration["batch_size"]}
    return size | held_back_scores(split, pseudo, said) | split.score(said)


def run_hippocampus(memory: float, steps: int, seed: int) -> dict[str, float]:
    """Train once on the split "train", and score the split "test"."""
    return train_and_score_real("hippocampus", memory, steps, seed)


def run_em(memory: float, steps: int, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18, and score sections 24 to 29."""
    return train_and_score_real("em", memory, steps, seed)


HIPPOCAMPUS = Experiment(
    "real_hippocampus",
    "How well does nnU-Net itself segment the test cases' hippocampi, at the settings of `planned_hippocampus`?",
    RUNS["hippocampus"],
    run_hippocampus,
    TOLERANCE,
    needs=("hippocampus",),
    beside=("nnunetv2",),
)
EM = Experiment(
    "real_em",
    "How well does nnU-Net itself segment sections 24 to 29, at the settings of `planned_em`?",
    [settings for settings in RUNS["em"] if settings["steps"] == FEW],
    run_em,
    TOLERANCE,
    needs=("isbi2012_em",),
    beside=("nnunetv2",),
)
