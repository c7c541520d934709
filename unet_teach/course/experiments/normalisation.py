"""Which normalisation the course uses: batch, instance or group, by the score on validation sections and by time.

A choice, so it is made on sections 20 to 22; the test sections are not looked at.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.losses import cross_entropy
from unet_teach.models import UNet
from unet_teach.models.ablations import with_normalisation
from unet_teach.recipes.em import averaged_map, best_threshold, dice_of, train, v_rand_of
from unet_teach.transforms import standardise

MAKE: dict[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm2d,
    "instance": partial(nn.InstanceNorm2d, affine=True),
    "group": partial(nn.GroupNorm, 8),
}


def build(norm: str) -> nn.Module:
    """Make the course's U-Net with this normalisation."""
    return with_normalisation(UNet(), MAKE[norm])


@threads(1)
def run(norm: str, seed: int) -> dict[str, float]:
    """Train with batches of four, score sections 20 to 22 from the average of eight looks, and time a step."""
    network, _ = train(seed, build=partial(build, norm))
    sections = load_em("validation")
    maps = [averaged_map(network, image) for image in standardise(sections.images)]
    dice = dice_of(maps, sections.membrane)
    v_rand = v_rand_of(maps, sections.membrane, best_threshold(maps, sections.membrane))
    return {
        **{f"dice {number}": score for number, score in zip(sections.numbers, dice, strict=True)},
        **{f"v_rand {number}": score for number, score in zip(sections.numbers, v_rand, strict=True)},
        "step time / batch norm's": step_time_ratio(norm),
    }


def step_time_ratio(norm: str, steps: int = 15) -> float:
    """Time training steps of this normalisation and of batch normalisation in turn; return the ratio of the medians."""
    images, labels = torch.randn(4, 1, 128, 128), torch.zeros(4, 128, 128, dtype=torch.int64)
    images = images.to(memory_format=torch.channels_last)
    seconds: dict[str, list[float]] = {"this": [], "batch": []}
    networks = {"this": build(norm), "batch": build("batch")}
    for network in networks.values():
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for _ in range(steps):
        for name, network in networks.items():
            start = time.perf_counter()
            network.zero_grad()
            cross_entropy(network(images), labels).backward()
            seconds[name].append(time.perf_counter() - start)
    return statistics.median(seconds["this"]) / statistics.median(seconds["batch"])


EXPERIMENT = Experiment(
    "normalisation",
    "Which normalisation suits the course's U-Net, by score on the validation sections and by time of a training step?",
    [{"norm": norm, "seed": seed} for norm in MAKE for seed in range(3)],
    run,
    {"dice ": 0.02, "v_rand ": 0.1},
    needs=("isbi2012_em",),
)
