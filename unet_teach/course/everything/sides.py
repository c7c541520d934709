"""Which kidney is the right one? Networks that learned from mirrored slices, or not, are asked."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.everything.slices import TorsoSlices, answer, draw_slices, train_on

KIDNEYS = ("kidney_right", "kidney_left")
KINDS = ("plain", "mirrored", "mirrored and renamed")
SCENES = {"with liver": {}, "without liver": {"liver": False}, "symmetric": {"symmetric": True}}
LEVELS = {"lowest": -30, "highest": 30}  # mm, where both kidneys are in view
LEARNED, EXAMINED = 240, 40  # persons; of those to learn from a half has a liver, a quarter none, a quarter symmetry
FIRST_EXAMINED = 100_000
SIDE_STEPS = 400


def kidneys_to_learn_from(seed: int) -> TorsoSlices:
    """Draw the persons to learn from: others for each seed."""
    first = 1000 * (seed + 1)
    shares = {"with liver": LEARNED // 2, "without liver": LEARNED // 4, "symmetric": LEARNED // 4}
    drawn = []
    for scene, count in shares.items():
        drawn.append(draw_slices(range(first, first + count), KIDNEYS, **LEVELS, **SCENES[scene]))
        first += count
    return TorsoSlices(*(torch.cat(parts) for parts in zip(*drawn, strict=True)))


def kidneys_to_examine(scene: str) -> TorsoSlices:
    """Draw the persons of the exam, the same for all: seen with their liver, without it, or with symmetric sides."""
    persons = range(FIRST_EXAMINED, FIRST_EXAMINED + EXAMINED)
    return draw_slices(persons, KIDNEYS, **LEVELS, **SCENES[scene])


def mirror_half(images: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mirror half of a batch with its labels, left to right. What was called right is still called right."""
    turned = torch.rand(len(images), generator=generator) < 0.5
    images, labels = images.clone(), labels.clone()
    images[turned], labels[turned] = images[turned].flip(-1), labels[turned].flip(-1)
    return images, labels


def mirror_half_and_rename(images: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Mirror half of a batch with its labels, and swap the names of the sides in what was mirrored."""
    turned = torch.rand(len(images), generator=generator) < 0.5
    images, labels = images.clone(), labels.clone()
    images[turned] = images[turned].flip(-1)
    labels[turned] = torch.tensor([0, 2, 1])[labels[turned].flip(-1)]
    return images, labels


CHANGES = dict(zip(KINDS, (None, mirror_half, mirror_half_and_rename), strict=True))


def train_sides(kind: str, seed: int, steps: int = SIDE_STEPS) -> nn.Module:
    """Train a network for both kidneys: "plain", "mirrored", or "mirrored and renamed"."""
    return train_on(kidneys_to_learn_from(seed), 3, steps=steps, seed=seed, change=CHANGES[kind])


def right_side(said: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Return the share with the right side's name, of the true kidneys' pixels that were called a kidney.

    (N, H, W) twice -> 0 to 1, NaN where no pixel was; without a look at the picture it is 0.5
    """
    kidney = (said > 0) & (truth > 0)
    return float((said == truth)[kidney].mean()) if kidney.any() else float("nan")


def score_sides(network: nn.Module) -> dict[str, float]:
    """Examine a network in each scene: "side SCENE", and "found SCENE", the Dice of both kidneys without sides."""
    scores = {}
    for scene in SCENES:
        images, labels = kidneys_to_examine(scene)
        said, truth = answer(network, images), labels.numpy()
        shared = 2 * ((said > 0) & (truth > 0)).sum() / ((said > 0).sum() + (truth > 0).sum())
        scores |= {f"side {scene}": right_side(said, truth), f"found {scene}": float(shared)}
    return scores
