"""What several networks, eight looks, a second loss and a flood bring: on sections 20 to 22 alone.

Both ways from a map to cells, a threshold and a flood, are asked the same: what is chosen on two sections is scored on
the third, in all three ways. So a way with more choices gets no reward for having them.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.experiments.score_search import LEVELS, PLAIN, average, steady_level
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.metrics import regions, v_rand_curve
from unet_teach.recipes.em import (
    Map,
    averaged_map,
    best_shift,
    dice_of,
    membrane_map,
    shifted,
    train,
    v_rand_of,
    v_rand_of_floods,
    weighted_and_dice_loss,
    weighted_loss,
)
from unet_teach.transforms import standardise

LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross-entropy": weighted_loss,
    "Dice + cross-entropy": weighted_and_dice_loss,
}
LOOKS: dict[str, Callable[[nn.Module, Tensor], Map]] = {"one look": membrane_map, "eight looks": averaged_map}
SIZES = (1, 2, 4)
FLOODS = [(sigma, depth) for sigma in (2.0, 2.5, 3.0, 3.5) for depth in (0.1, 0.15, 0.2, 0.25)]


def by_threshold(maps: Sequence[Map]) -> float:
    """Score each section at the threshold that the other two would choose; return the mean."""
    membranes = load_em("validation").membrane
    curves = np.array([v_rand_curve(m, regions(t), LEVELS) for m, t in zip(maps, membranes, strict=True)])
    held = [
        v_rand_of([maps[i]], membranes[i : i + 1], steady_level(np.delete(curves, i, axis=0).mean(axis=0)))[0]
        for i in range(len(maps))
    ]
    return float(np.mean(held))


def by_flood(maps: Sequence[Map]) -> tuple[float, NDArray[np.float64]]:
    """Score each section with the blur and the depth that the other two would choose; -> mean, (settings, sections)"""
    membranes = load_em("validation").membrane
    scores = np.array([v_rand_of_floods(maps, membranes, sigma, depth) for sigma, depth in FLOODS])
    held = [scores[np.delete(scores, i, axis=1).mean(axis=1).argmax(), i] for i in range(len(maps))]
    return float(np.mean(held)), scores


def examine_groups(maps: Sequence[Sequence[Map]], looks: str) -> dict[str, float]:
    """Score networks alone, in pairs and in fours: the mean over all groups of that size."""
    membranes = load_em("validation").membrane
    results: dict[str, float] = {}
    for size in SIZES:
        groups = [average(maps[start : start + size]) for start in range(0, len(maps), size)]
        floods = [by_flood(group) for group in groups]
        moved = [[shifted(m, *best_shift(group, membranes)) for m in group] for group in groups]
        found: Mapping[str, Sequence[float]] = {
            "dice": [float(np.mean(dice_of(group, membranes))) for group in groups],
            "aligned dice": [float(np.mean(dice_of(group, membranes))) for group in moved],
            "threshold": [by_threshold(group) for group in groups],
            "flood": [held for held, _ in floods],
        }
        results |= {f"{name} of {size}, {looks}": float(np.mean(values)) for name, values in found.items()}
        for setting, score in zip(FLOODS, np.mean([s for _, s in floods], axis=(0, 2)), strict=True):
            results[f"flood {setting[0]} {setting[1]} of {size}, {looks}"] = float(score)
    return results


@threads(1)
def run(loss: str) -> dict[str, float]:
    """Train four networks, and score them on sections 20 to 22."""
    networks = [train(seed, PLAIN.batch, loss=LOSSES[loss], steps=PLAIN.steps)[0] for seed in range(max(SIZES))]
    unseen = standardise(load_em("validation").images)
    results: dict[str, float] = {}
    for looks, predict in LOOKS.items():
        results |= examine_groups([[predict(network, image) for image in unseen] for network in networks], looks)
    return results


EXPERIMENT = Experiment(
    "ensembles",
    "What do more networks, eight looks, a second loss and a flood bring on sections 20 to 22?",
    [{"loss": loss} for loss in LOSSES],
    run,
    {
        f"{name} of {size}, {looks}": 0.03
        for name in ("dice", "threshold", "flood")
        for size in SIZES
        for looks in LOOKS
    },
    needs=("isbi2012_em",),
)
