"""Chapter 18's own runs of a plan: nothing is set by hand but the memory of the graphics card.

The plan is made of the cases to learn from and those held back, the network learns from the former, and the test cases
are scored as chapters 9 and 15 score them. The last weights are kept: nothing is chosen by any score.
"""

from collections.abc import Sequence

import numpy as np

from unet_teach.course.experiments.table import Experiment, Value
from unet_teach.course.experiments.threads import threads
from unet_teach.course.planned.sets import Labels, Split, split_of
from unet_teach.metrics import dice
from unet_teach.nnunet.run import run as run_plan
from unet_teach.nnunet.run import segment

SEEDS = range(3)
STEPS, FEW, LIVE = 600, 150, 20  # as many as a table takes; as nnU-Net itself took on EM; as the notebook takes
SMALL, USUAL = 0.25, 8.0  # GB: the dial turned down for EM, whose steps take minutes otherwise; nnU-Net's own
STARTS = (("em", 0.1), ("em", SMALL), ("hippocampus", USUAL))
RUNS: dict[str, list[dict[str, Value]]] = {
    "em": [{"memory": SMALL, "steps": steps, "seed": seed} for steps in (STEPS, FEW) for seed in SEEDS],
    "hippocampus": [{"memory": USUAL, "steps": STEPS, "seed": seed} for seed in SEEDS],
}
TOLERANCE = {"dice ": 0.15, "pseudo ": 0.15, "whole ": 0.15}


@threads(1)
def train_and_score(name: str, memory: float, steps: int, seed: int) -> dict[str, float]:
    """Plan, train once, and score every test case; "last losses" is the mean of ten."""
    split = split_of(name)
    trained = run_plan(
        split.known,
        split.plan(memory),
        steps=steps,
        seed=seed,
        configuration=split.configuration,
        held_back=split.held_back,
        unseen=split.test,
    )
    said = {**trained.said, **{case.name: segment(trained, case) for case in split.held_back.cases}}
    loss = {"last losses": float(np.mean(trained.history.loss[-10:]))}
    return loss | held_back_scores(split, trained.pseudo_dice, said) | split.score(said)


def held_back_scores(split: Split, pseudo: Sequence[float], said: Labels) -> dict[str, float]:
    """Name two scores of each class of the cases held back: "pseudo anterior", of patches, and "whole anterior".

    The second is Dice as the test cases are scored: of whole cases, one by one, and the mean of them.
    """
    scores: dict[str, float] = {}
    for number, (label, score) in enumerate(zip(split.known.labels[1:], pseudo, strict=True), start=1):
        each = [dice(said[case.name] == number, case.labels == number) for case in split.held_back.cases]
        scores |= {f"pseudo {label}": score, f"whole {label}": float(np.mean(each))}
    return scores


def run_em(memory: float, steps: int, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18, and score sections 24 to 29."""
    return train_and_score("em", memory, steps, seed)


def run_hippocampus(memory: float, steps: int, seed: int) -> dict[str, float]:
    """Train once on the split "train", and score the split "test"."""
    return train_and_score("hippocampus", memory, steps, seed)


@threads(1)
def run_start(name: str, memory: float, steps: int, seed: int) -> dict[str, float]:
    """Take as many steps as a notebook may; "left" is how much of the first five losses is left in the last five."""
    split = split_of(name)
    trained = run_plan(split.known, split.plan(memory), steps=steps, seed=seed, configuration=split.configuration)
    return {"left": left_of(trained.history.loss)} | {
        f"loss {n}": loss for n, loss in enumerate(trained.history.loss, 1)
    }


def left_of(losses: Sequence[float]) -> float:
    """Divide the mean of the last five losses by that of the first five."""
    return float(np.mean(losses[-5:]) / np.mean(losses[:5]))


START = Experiment(
    "planned_start",
    f"How far does a plan's loss fall in {LIVE} steps, as many as the chapter takes?",
    [{"name": name, "memory": memory, "steps": LIVE, "seed": seed} for name, memory in STARTS for seed in SEEDS],
    run_start,
    {"left": 0.1},
    needs=("isbi2012_em", "hippocampus"),
    cheapest={"name": "hippocampus"},
)
EM = Experiment(
    "planned_em",
    "How well does a plan segment sections 24 to 29, on a card of so many GB?",
    RUNS["em"],
    run_em,
    TOLERANCE,
    needs=("isbi2012_em",),
    cheapest={"steps": FEW},
)
HIPPOCAMPUS = Experiment(
    "planned_hippocampus",
    "How well does a plan segment the test cases' hippocampi?",
    RUNS["hippocampus"],
    run_hippocampus,
    TOLERANCE,
    needs=("hippocampus",),
)
