"""Chapter 7's encoder and decoder with nothing across: how much detail do they lose, the deeper they go?

Best weights and thresholds are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from skimage.morphology import disk

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.losses import cross_entropy
from unet_teach.metrics import precision, recall
from unet_teach.models.ablations import WithoutSkips
from unet_teach.recipes.em import best_threshold, dice_of, membrane_map, plain_batch, train, v_rand_of
from unet_teach.transforms import standardise

STEPS = 400
NARROW = 3  # pixels; membrane into which no disc of this radius fits is narrow

Mask = NDArray[np.bool_]


def narrow(membrane: Mask) -> Mask:
    """Find the membrane into which a disc of 7 pixels' width does not fit.  (H, W) -> (H, W)"""
    wide: Mask = ndimage.binary_opening(membrane, disk(NARROW))
    return membrane & ~wide


@threads(1)
def run(depth: int, width: int, steps: int, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18 as they are, and score sections 24 to 29."""
    build = partial(WithoutSkips, width=width, depth=depth)
    network, history = train(seed, plain_batch, cross_entropy, build, steps=steps)
    return {"validation dice": history.score[history.best_step]} | examine(network)


def examine(network: torch.nn.Module) -> dict[str, float]:
    """Score sections 24 to 29: V-Rand, and at 0.5 Dice, precision, and what was found of narrow and wide membrane."""
    validation, test = load_em("validation"), load_em("test")
    threshold = best_threshold(
        [membrane_map(network, image) for image in standardise(validation.images)], validation.membrane
    )
    maps = [membrane_map(network, image) for image in standardise(test.images)]
    thin = [narrow(membrane) for membrane in test.membrane]
    found = [map_ > 0.5 for map_ in maps]
    scores = {
        "dice": dice_of(maps, test.membrane),
        "v_rand": v_rand_of(maps, test.membrane, threshold),
        "precision": [precision(f, m) for f, m in zip(found, test.membrane, strict=True)],
        "narrow": [recall(f, t) for f, t in zip(found, thin, strict=True)],
        "wide": [recall(f, m & ~t) for f, m, t in zip(found, test.membrane, thin, strict=True)],
    }
    results = {"threshold": threshold}
    for score, values in scores.items():
        results |= {f"{score} {number}": value for number, value in zip(test.numbers, values, strict=True)}
    return results


EXPERIMENT = Experiment(
    "without_skips",
    "What does an encoder-decoder without skips lose of sections 24 to 29, by depth, width and steps of training?",
    [{"depth": depth, "width": 16, "steps": STEPS, "seed": seed} for depth in (1, 2, 3, 4) for seed in range(3)]
    + [{"depth": d, "width": w, "steps": STEPS, "seed": seed} for d in (3, 4) for w in (4, 8) for seed in range(3)]
    + [{"depth": d, "width": 16, "steps": n, "seed": seed} for d in (3, 4) for n in (100, 800) for seed in range(3)],
    run,
    {"validation dice": 0.02, "dice ": 0.04, "narrow ": 0.08, "wide ": 0.08},
    needs=("isbi2012_em",),
    cheapest={"steps": 100},
)
