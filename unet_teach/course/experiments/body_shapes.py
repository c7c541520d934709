"""Chapter 21's comparison: which fat is it, from thin to obese, by a depth below the skin, or by a network?

Eight people whom nobody has seen are drawn in nine shapes each, every time at one height of their own. The rule's two
depths are chosen on the torsos of the validation, of all shapes, and frozen. In hindsight they are the best for each
slice, chosen with the truth in hand, which nobody has: the ceiling of all such rules. Networks are trained on torsos
alone, and the first seed's becomes what the package carries; that was settled before any of them was trained.

Named beforehand: network less rule, by the mean Dice of the two fats, at each of the nine shapes.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from unet_teach.clinic.body.frozen import freeze
from unet_teach.course.experiments.table import Experiment, Value
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.torso import (
    PEOPLE,
    TISSUES,
    TissueSlice,
    best_depths,
    by_depth,
    segment_tissue,
    slices_of,
    tissue_scores,
    tissue_slice,
    train_tissue,
    within_ranges,
)
from unet_teach.recipes.torso.training import STEPS
from unet_teach.train._frozen import halved

SHAPES = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
SEEDS = range(5)
SHIPPED = 0  # the seed whose weights the package carries


def test_slices() -> dict[tuple[float, int], TissueSlice]:
    """Draw the people of the test in all shapes, each at one height."""
    return {(shape, person): tissue_slice(person, shape) for shape in SHAPES for person in PEOPLE["test"]}


def scores_by_shape(said: dict[tuple[float, int], NDArray[np.uint8]]) -> dict[str, float]:
    """Score tissues by Dice, and by how much of the true area is too much or too little.

    Named "torso_fat 0.25 3001" (the tissue, the shape, the person), and "area torso_fat 0.25 3001": 0.1 is 10 % too
    much.
    """
    truth, scores = test_slices(), {}
    for (shape, person), labels in said.items():
        true = truth[shape, person].labels
        for name, score in tissue_scores(labels, true).items():
            scores[f"{name} {shape:g} {person}"] = score
    for (shape, person), labels in said.items():
        true = truth[shape, person].labels
        for name, tissue in TISSUES.items():
            scores[f"area {name} {shape:g} {person}"] = float((labels == tissue).sum() / (true == tissue).sum() - 1)
    return scores


@threads(1)
def run(who: str, seed: int) -> dict[str, float]:
    """Name the tissues of the test's slices, by one of the three."""
    slices = test_slices()
    if who == "network":
        network, history = train_tissue(seed)
        halved(network)
        if seed == SHIPPED:
            freeze(network, _story(network, seed), np.array(history.loss).reshape(-1, 50).mean(axis=1))
        said = segment_tissue(network, np.stack([one.hu for one in slices.values()]))
        return scores_by_shape(
            {key: within_ranges(s, one.hu) for s, (key, one) in zip(said, slices.items(), strict=True)}
        )
    depths = best_depths(slices_of("validation"))
    return scores_by_shape(
        {
            key: by_depth(one.hu, one.spacing, *(depths if who == "rule" else best_depths([one])))
            for key, one in slices.items()
        }
    )


def _story(network: nn.Module, seed: int) -> str:
    """Say in a line how the weights were made, and how they do on the people of the validation."""
    known = slices_of("validation")
    said = segment_tissue(network, np.stack([one.hu for one in known]))
    scores = [tissue_scores(within_ranges(s, one.hu), one.labels) for s, one in zip(said, known, strict=True)]
    means = ", ".join(f"{name} {np.mean([row[name] for row in scores]):.3f}" for name in TISSUES)
    return (
        f"Seed {seed}, {STEPS} steps of 4 slices of phantom torsos, no person's scan; torch "
        f"{torch.__version__.split('+')[0]}. Dice on the validation's torsos: {means}"
    )


RUNS: list[dict[str, Value]] = [{"who": "rule", "seed": 0}, {"who": "hindsight", "seed": 0}]
RUNS += [{"who": "network", "seed": seed} for seed in SEEDS]
EXPERIMENT = Experiment(
    "body_shapes",
    "Which fat is it, from thin to obese: by a depth below the skin, or by a network trained on torsos alone?",
    RUNS,
    run,
    {"subcutaneous_fat ": 0.02, "torso_fat ": 0.1, "skeletal_muscle ": 0.05},
    cheapest={"who": "rule"},
)
