"""Two fats on slices of phantom torsos: who the network learned from, and who comes through the door later."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.everything import TorsoSlices, as_input, train_on
from unet_teach.course.everything.slices import SPACING
from unet_teach.data.phantoms import TORSO_LABELS, torso
from unet_teach.metrics import dice

FATS = ("subcutaneous_fat", "torso_fat")
LEARNED, EACH = 80, 60  # people to learn from, and of each scene
STEPS = 150
USUAL = (0.1, 0.6)  # from thin to rather heavy: whom the network learned from
PIXEL = (SPACING / 10) ** 2  # cm²
# scene -> body shapes, what is done to the Hounsfield units (factor, addend), and how the torso is drawn
SCENES: dict[str, tuple[tuple[float, float], tuple[float, float], dict[str, Any]]] = {
    "as learned": (USUAL, (1, 0), {}),
    "heavier": ((0.75, 0.95), (1, 0), {}),
    "noisy": (USUAL, (1, 0), {"noise": 8.0}),
    "other scanner": (USUAL, (1, 60), {}),
    "arms down": (USUAL, (1, 0), {"arms": "down"}),
}


class People(NamedTuple):
    """Slices of people, one each.

    images : (N, 1, 64, 80) float32
    labels : (N, 64, 80) int64, 1 and 2 the fats, 0 all else
    shapes : (N,) from 0, thin, to 1, obese
    """

    images: Tensor
    labels: NDArray[np.int64]
    shapes: NDArray[np.float64]


def draw_people(
    seeds: Sequence[int], shapes: tuple[float, float], units: tuple[float, float] = (1, 0), **how: Any
) -> People:
    """Draw one slice of each person between kidneys and hips; `how` goes to `torso`."""
    chance = [np.random.default_rng([seed, 24]) for seed in seeds]
    fat = np.array([one.uniform(*shapes) for one in chance])
    levels = [one.uniform(-60, 20) for one in chance]
    persons = [
        torso(seed, shape=float(shape), level=level, spacing=SPACING, **how)
        for seed, shape, level in zip(seeds, fat, levels, strict=True)
    ]
    hu = np.stack([person.hu for person in persons]).astype(np.float32) * units[0] + units[1]
    numbers = np.zeros(len(TORSO_LABELS), dtype=np.int64)
    for number, name in enumerate(FATS, start=1):
        numbers[TORSO_LABELS[name]] = number
    return People(as_input(hu), numbers[np.stack([person.labels for person in persons])], fat)


def people_of(scene: str, first: int = 300_000) -> People:
    """Draw the people of a scene: the same seeds in each, so the same persons where the shapes are alike."""
    shapes, units, how = SCENES[scene]
    return draw_people(range(first, first + EACH), shapes, units, **how)


def train_fats(seed: int, steps: int = STEPS) -> nn.Module:
    """Train one small network for both fats, on people of usual shapes; the people are the same for all seeds."""
    people = draw_people(range(LEARNED), USUAL)
    return train_on(TorsoSlices(people.images, torch.from_numpy(people.labels)), 3, steps=steps, seed=seed)


def areas(labels: NDArray[np.int64], number: int) -> NDArray[np.float64]:
    """Measure a fat's area in each slice, cm².  (N, 64, 80) -> (N,)"""
    return (labels == number).sum(axis=(1, 2)) * PIXEL


def dice_of_each(said: NDArray[np.int64], truth: NDArray[np.int64], number: int) -> NDArray[np.float64]:
    """Score each slice by itself.  (N, 64, 80) twice -> (N,)"""
    return np.array([dice(one == number, other == number) for one, other in zip(said, truth, strict=True)])
