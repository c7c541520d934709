"""The search for a better recipe than chapter 9's, on sections 20 to 22 alone; the test sections are not looked at.

Each recipe trains two networks; its score is that of their averaged maps, from eight looks each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.experiments.table import Experiment, Row
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.metrics import regions, v_rand_curve
from unet_teach.models import UNet
from unet_teach.recipes.em import Map, averaged_map, dice_of, section_batch, train
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.transforms import elastic, flip_and_rotate, standardise

LEVELS = (0.02, 0.05, *(step / 20 for step in range(2, 20)))  # finer than the challenge's thresholds


@dataclass(frozen=True)
class Recipe:
    """Everything about a training run that the search may change."""

    flip: bool = True
    bend: bool = False
    grey: bool = False
    noise: float = 0.0  # each crop gets noise of a random strength up to this, in standard deviations of the image
    side: int = 128
    crops: int = 4
    width: int = 16
    depth: int = 3
    steps: int = 800

    def batch(self, images: Tensor, membrane: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Cut crops, each from a section of its own.  (N, H, W) twice -> (crops, 1, side, side), (crops, side, side)"""
        before = (elastic,) if self.bend else ()
        changes = {flip_and_rotate: self.flip, vary_grey: self.grey, self.grain: self.noise > 0}
        after = [change for change, wanted in changes.items() if wanted]
        return section_batch(images, membrane, generator, before, after, self.crops, crops=1, side=self.side)

    def grain(self, image: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Add noise of a random strength; labels stay as they are."""
        strength = self.noise * torch.rand((), generator=generator)
        return image + strength * torch.randn(image.shape, generator=generator), labels

    def train(self, seed: int) -> nn.Module:
        """Train once on sections 0 to 18, with the best weights by Dice on sections 20 to 22."""
        build = partial(UNet, width=self.width, depth=self.depth)
        network, _ = train(seed, self.batch, build=build, steps=self.steps)
        return network


PLAIN = Recipe(flip=False)
FLIPS = Recipe()
RECIPES = {
    "plain": PLAIN,
    "flips": FLIPS,
    "flips, bent, grey": replace(FLIPS, bend=True, grey=True),
    "flips, noise": replace(FLIPS, noise=0.5),
    "plain, 1600 steps": replace(PLAIN, steps=1600),
    "plain, width 24": replace(PLAIN, width=24),
    "plain, depth 4": replace(PLAIN, depth=4),
    "plain, two crops of 192": replace(PLAIN, side=192, crops=2),
}


def average(maps: Sequence[Sequence[Map]]) -> list[Map]:
    """Average the maps of several networks, section by section."""
    return [np.mean(of_section, axis=0, dtype=np.float32) for of_section in zip(*maps, strict=True)]


def steady_level(curve: NDArray[np.floating], allowance: float = 0.01) -> float:
    """Choose the middle of all levels whose V-Rand is within an allowance of the best.  (levels,) -> a threshold

    The best level of three sections may be best by one gap in one membrane; the middle of a plateau is not.
    """
    good = np.array(LEVELS)[curve >= curve.max() - allowance]
    return float((good[0] + good[-1]) / 2)


def curves_of(row: Row) -> NDArray[np.float64]:
    """Read a stored row's V-Rand of the averaged maps.  -> (3 sections, levels)"""
    numbers = load_em("validation").numbers
    return np.array([[float(row[f"v_rand {number} at {level}"]) for level in LEVELS] for number in numbers])


@threads(1)
def run(recipe: str, members: int) -> dict[str, float]:
    """Train this many networks, and score sections 20 to 22 at many thresholds, each network's maps and the average."""
    sections = load_em("validation")
    truth = [regions(membrane) for membrane in sections.membrane]
    images, maps, results = standardise(sections.images), [], {}
    for seed in range(members):
        network = RECIPES[recipe].train(seed)
        maps.append([averaged_map(network, image) for image in images])
        curves = [v_rand_curve(m, t, LEVELS) for m, t in zip(maps[-1], truth, strict=True)]
        results[f"dice of {seed}"] = float(np.mean(dice_of(maps[-1], sections.membrane)))
        results[f"v_rand of {seed}"] = float(np.mean(curves, axis=0).max())
    together = average(maps)
    results["dice"] = float(np.mean(dice_of(together, sections.membrane)))
    for number, map_, true in zip(sections.numbers, together, truth, strict=True):
        for level, score in zip(LEVELS, v_rand_curve(map_, true, LEVELS), strict=True):
            results[f"v_rand {number} at {level}"] = float(score)
    return results


EXPERIMENT = Experiment(
    "score_search",
    "Which recipe segments sections 20 to 22 best? Two networks each, at 20 thresholds.",
    [{"recipe": recipe, "members": 2} for recipe in RECIPES],
    run,
    {"dice": 0.01, "dice of ": 0.02, "v_rand of ": 0.03},
    needs=("isbi2012_em",),
)
