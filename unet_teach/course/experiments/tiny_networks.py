"""Two hundred networks of a second each, for a leaderboard: what is the best of many on a small public part worth?

Their settings are drawn at random, small and quick. Each is scored on sections 20 to 22, 24 to 29, and two squares in
the middle of section 20. Nothing is chosen in a run: the weights are the last.
"""

from functools import cache

import numpy as np
import torch

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import EMSections, load_em
from unet_teach.metrics import dice
from unet_teach.models import UNet
from unet_teach.recipes.em import dice_of, membrane_map, weighted_loss
from unet_teach.train import fit
from unet_teach.transforms import random_crops, standardise

COUNT = 200
SQUARES = (64, 128)  # pixels each way


def settings(number: int) -> tuple[int, int, int, float]:
    """Draw width, depth, steps and learning rate of a network."""
    chance = np.random.default_rng(number)
    width, depth, steps = (int(chance.integers(low, high, endpoint=True)) for low, high in ((3, 6), (1, 3), (20, 60)))
    return width, depth, steps, round(float(np.exp(chance.uniform(np.log(3e-3), np.log(3e-2)))), 5)


@cache
def prepared() -> tuple[torch.Tensor, torch.Tensor, list[EMSections]]:
    """Return what all runs share: images and membranes to learn from, and the held-out sections."""
    sections = load_em("train")
    held_out = [load_em("validation"), load_em("test")]
    return standardise(sections.images), torch.from_numpy(sections.membrane).long(), held_out


@threads(1)
def run(number: int) -> dict[str, float]:
    """Train one tiny network, and score it."""
    width, depth, steps, rate = settings(number)
    images, membrane, held_out = prepared()
    torch.manual_seed(number)
    network = UNet(width=width, depth=depth)
    fit(
        network,
        lambda generator: random_crops(images, membrane, 64, 4, generator),
        weighted_loss,
        steps=steps,
        generator=torch.Generator().manual_seed(number),
        learning_rate=rate,
    )
    results: dict[str, float] = {"width": width, "depth": depth, "steps": steps, "rate": rate}
    for part in held_out:
        maps = [membrane_map(network, image) for image in standardise(part.images)]
        scores = dice_of(maps, part.membrane)
        results |= {f"dice {n}": score for n, score in zip(part.numbers, scores, strict=True)}
        if part is held_out[0]:
            for side in SQUARES:
                middle = (slice(256 - side // 2, 256 + side // 2),) * 2
                results[f"square {side}"] = dice(maps[0][middle] > 0.5, part.membrane[0][middle])
    return results


EXPERIMENT = Experiment(
    "tiny_networks",
    f"How well do {COUNT} networks of a second each, with settings drawn at random, segment the held-out sections?",
    [{"number": number} for number in range(COUNT)],
    run,
    {"dice ": 0.03, "square ": 0.15},
    needs=("isbi2012_em",),
)
