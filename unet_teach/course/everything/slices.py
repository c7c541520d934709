"""Slices of phantom torsos with some of their organs, and a small U-Net that learns from them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.data.phantoms import TORSO_LABELS, torso
from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.metrics import dice
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.train import fit
from unet_teach.transforms import window

ORGANS = ("liver", "spleen", "kidney_right", "kidney_left", "aorta", "vertebrae")
SPACING = 6.0  # mm of a pixel, so that a slice is 64 x 80
CENTRE, WIDTH = 40.0, 500.0  # HU that the network sees
WIDE, DEPTH, BATCH, RATE = 8, 3, 8, 5e-3

Labels = NDArray[np.int64]
Change = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]


class TorsoSlices(NamedTuple):
    """Slices, one a person.

    images : (N, 1, 64, 80) float32
    labels : (N, 64, 80) int64; 1 is the first of the organs that were asked for
    """

    images: Tensor
    labels: Tensor


def as_input(hu: NDArray[np.number]) -> Tensor:
    """Make slices of Hounsfield units what the network sees.  (N, H, W) -> (N, 1, H, W) float32, from -1 to 1"""
    return torch.from_numpy(2 * window(hu, CENTRE, WIDTH) - 1)[:, None]


def draw_slices(
    seeds: Sequence[int], organs: Sequence[str] = ORGANS, lowest: float = -70, highest: float = 110, **how: Any
) -> TorsoSlices:
    """Draw one slice of each person, of any shape from thin to obese, at any height within these mm.

    how : goes to `torso`, such as liver=False
    """
    persons = []
    for seed in seeds:
        chance = np.random.default_rng([seed, 20])
        shape, level = chance.uniform(0.05, 0.95), chance.uniform(lowest, highest)
        persons.append(torso(seed, shape=shape, level=level, spacing=SPACING, **how))
    images = as_input(np.stack([person.hu for person in persons]))
    numbers = np.zeros(len(TORSO_LABELS), dtype=np.int64)
    for number, organ in enumerate(organs, start=1):
        numbers[TORSO_LABELS[organ]] = number
    return TorsoSlices(images, torch.from_numpy(numbers[np.stack([person.labels for person in persons])]))


def mask_and_class_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Add cross-entropy and Dice loss: small organs are lost without the second."""
    return cross_entropy(logits, labels) + dice_loss(logits, labels)


def organ_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Do likewise for six organs, of which a pixel counts eight times as much: else some are never found."""
    weights = torch.where(labels > 0, 8.0, 1.0)
    return cross_entropy(logits, labels, weights) / weights.mean() + dice_loss(logits, labels)


def train_on(
    slices: TorsoSlices,
    classes: int,
    *,
    steps: int,
    seed: int,
    loss: Callable[[Tensor, Tensor], Tensor] = mask_and_class_loss,
    change: Change | None = None,
) -> nn.Module:
    """Train a small U-Net on slices drawn at random; `change` may alter each batch, with chance from its generator."""

    def draw_batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(slices.images), (BATCH,), generator=generator)
        images, labels = slices.images[chosen], slices.labels[chosen]
        return (images, labels) if change is None else change(images, labels, generator)

    torch.manual_seed(seed)
    network = UNet(classes=classes, width=WIDE, depth=DEPTH).to(memory_format=torch.channels_last)
    generator = torch.Generator().manual_seed(seed)
    fit(network, draw_batch, loss, steps=steps, generator=generator, learning_rate=RATE)
    return network


def answer(network: nn.Module, images: Tensor) -> Labels:
    """Return the most probable class of every pixel.  (N, 1, H, W) -> (N, H, W) int64"""
    return torch.cat([infer(network, part).argmax(dim=1) for part in images.split(16)]).numpy()


def dice_by_organ(said: Labels, truth: Labels, count: int) -> list[float]:
    """Score each organ over the slices on which it is to be seen, or was said to be; NaN where it never is.

    said, truth : (N, H, W); count : of the organs, numbered from 1
    """
    means = []
    for number in range(1, count + 1):
        pairs = [(one == number, other == number) for one, other in zip(said, truth, strict=True)]
        scores = [dice(one, other) for one, other in pairs if one.any() or other.any()]
        means.append(float(np.mean(scores)) if scores else float("nan"))
    return means
