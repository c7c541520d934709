"""Two hundred networks of a second each, for a leaderboard: what is the best of many on a small public part worth?

Their settings are drawn at random, small and quick; each is scored on sections 20 to 22, 24 to 29, on the middle of
sections 20 to 22 alone, and on two sections of the other animal. Nothing is chosen in a run: V-Rand is taken at one
threshold, and the weights are the last.
"""

import numpy as np
import torch

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em, load_vnc_sstem
from unet_teach.models import UNet
from unet_teach.recipes.em import dice_of, membrane_map, scores_by_section, weighted_loss
from unet_teach.train import fit
from unet_teach.transforms import random_crops, standardise

COUNT = 200
THRESHOLD = 0.3
MIDDLE = slice(224, 288)  # 64 pixels each way


def settings(number: int) -> tuple[int, int, int, float]:
    """Draw width, depth, steps and learning rate of a network."""
    chance = np.random.default_rng(number)
    width, depth, steps = (int(chance.integers(low, high, endpoint=True)) for low, high in ((3, 6), (1, 3), (20, 60)))
    return width, depth, steps, round(float(np.exp(chance.uniform(np.log(3e-3), np.log(3e-2)))), 5)


@threads(1)
def run(number: int) -> dict[str, float]:
    """Train one tiny network, on the CPU wherever it is, and score it."""
    width, depth, steps, rate = settings(number)
    sections = load_em("train")
    images, membrane = standardise(sections.images), torch.from_numpy(sections.membrane).long()
    torch.manual_seed(number)
    network = UNet(width=width, depth=depth)
    fit(
        network,
        lambda generator: random_crops(images, membrane, 64, 4, generator),
        weighted_loss,
        steps=steps,
        generator=torch.Generator().manual_seed(number),
        learning_rate=rate,
        device="cpu",
    )
    results: dict[str, float] = {"width": width, "depth": depth, "steps": steps, "rate": rate}
    for split in ("validation", "test"):
        held_out = load_em(split)
        maps = [membrane_map(network, image) for image in standardise(held_out.images)]
        results |= scores_by_section(maps, held_out, THRESHOLD)
        if split == "validation":
            middles = dice_of([m[MIDDLE, MIDDLE] for m in maps], held_out.membrane[:, MIDDLE, MIDDLE])
            results |= {f"middle {n}": value for n, value in zip(held_out.numbers, middles, strict=True)}
    foreign, numbers = load_vnc_sstem(), [0, 9]
    maps = [membrane_map(network, image) for image in standardise(foreign.images[numbers])]
    dices = dice_of(maps, foreign.membrane[numbers])
    return results | {f"abroad dice {n}": value for n, value in zip(numbers, dices, strict=True)}


EXPERIMENT = Experiment(
    "tiny_networks",
    f"How well do {COUNT} networks of a second each, with settings drawn at random, segment every held-out section?",
    [{"number": number} for number in range(COUNT)],
    run,
    {"dice ": 0.03, "v_rand ": 0.3, "middle ": 0.15, "abroad dice ": 0.05},
    needs=("isbi2012_em", "vnc_sstem"),
)
