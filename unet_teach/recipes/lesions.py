"""Lesions that hold one pixel in a hundred: `lesion_patches`, some to train on, to choose a threshold on, to report on.

Nothing but the loss differs between two runs of one seed (chapter 6).
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.data.phantoms.lesions import LesionPatches, lesion_patches
from unet_teach.losses import cross_entropy, dice_loss, focal_loss
from unet_teach.metrics import dice, precision, recall, reliability
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.train import fit

STEPS, BATCH, WEIGHT = 600, 8, 99.0  # 99 healthy pixels for each one of a lesion
COUNTS = {"train": 1000, "validation": 200, "test": 400}
BLOCKS = 10  # of 40 test patches each
THRESHOLDS = tuple(float(t) for t in 1 / (1 + np.exp(-np.arange(-7, 7.01, 0.25))))  # even steps of the logit

Map = NDArray[np.float32]


def weighted_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Let each lesion pixel count 99 times, so that both classes weigh the same.  (N, 2, H, W), (N, H, W) -> ()"""
    return cross_entropy(logits, labels, torch.where(labels == 1, WEIGHT, 1.0))


def dice_and_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Add the two losses, as nnU-Net does.  (N, 2, H, W), (N, H, W) -> ()"""
    return dice_loss(logits, labels) + cross_entropy(logits, labels)


LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross-entropy": cross_entropy,
    "weighted": weighted_cross_entropy,
    "focal": focal_loss,
    "Dice": dice_loss,
    "Dice + cross-entropy": dice_and_cross_entropy,
}


def patches(split: str) -> LesionPatches:
    """Draw the patches of "train", "validation" or "test"; no two splits share one."""
    return lesion_patches(COUNTS[split], seed=list(COUNTS).index(split))


def as_input(hu: NDArray[np.int16]) -> Tensor:
    """Bring Hounsfield units near 0, on one scale for all: they mean something.  (N, 64, 64) -> (N, 1, 64, 64)"""
    return torch.from_numpy((hu[:, None] - 100) / np.float32(50))


def train(loss: str, seed: int, steps: int = STEPS) -> nn.Module:
    """Train a small U-Net with one of `LOSSES`; every loss sees the same patches in the same order."""
    drawn = patches("train")
    images, labels = as_input(drawn.hu), torch.from_numpy(drawn.lesion).long()

    def draw_batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(images), (BATCH,), generator=generator)
        return images[chosen], labels[chosen]

    torch.manual_seed(seed)
    network = UNet(width=8, depth=2)
    generator = torch.Generator().manual_seed(seed)
    fit(network, draw_batch, LOSSES[loss], steps=steps, generator=generator)
    return network


def lesion_map(network: nn.Module, hu: NDArray[np.int16]) -> Map:
    """Predict the probability of lesion at every pixel.  (N, 64, 64) -> (N, 64, 64)"""
    parts = torch.split(as_input(hu), 50)
    return np.concatenate([infer(network, part).softmax(dim=1)[:, 1].numpy() for part in parts])


def best_threshold(probability: Map, lesion: NDArray[np.bool_]) -> float:
    """Find the threshold with the best Dice over all pixels together. On validation patches, that is."""
    return max(THRESHOLDS, key=lambda threshold: dice(probability > threshold, lesion))


def examine(network: nn.Module) -> dict[str, float]:
    """Score a network: Dice of each block of 40 patches, precision and recall, and what its probabilities are worth."""
    validation, test = patches("validation"), patches("test")
    probability = lesion_map(network, test.hu)
    chosen = best_threshold(lesion_map(network, validation.hu), validation.lesion)
    results: dict[str, float] = {"threshold": chosen}
    for name, threshold in (("half", 0.5), ("chosen", chosen)):
        said = probability > threshold
        blocks = zip(np.split(said, BLOCKS), np.split(test.lesion, BLOCKS), strict=True)
        results |= {f"{name} dice {number}": dice(*block) for number, block in enumerate(blocks)}
        results |= {f"{name} precision": precision(said, test.lesion), f"{name} recall": recall(said, test.lesion)}
    results["expected / true"] = float(probability.mean() / test.lesion.mean())
    for number, (pixels, said_mean, share) in enumerate(reliability(probability, test.lesion)):
        results |= {f"pixels {number}": pixels, f"said {number}": said_mean, f"was {number}": share}
    return results
