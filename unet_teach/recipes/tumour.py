"""Brain tumours: enhancing tumour of `brats2015`, 0.5 to 4 % of the brain, from FLAIR and T1c (chapter 6)."""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.data import load_brain_tumour
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.recipes.lesions import LOSSES
from unet_teach.train import fit

STEPS, BATCH, SIZE = 300, 8, 64
ENHANCING = 4

Map = NDArray[np.float32]


@lru_cache(6)
def slices(patient: int) -> tuple[Tensor, Tensor, NDArray[np.bool_]]:
    """Take every second axial slice with brain at every second pixel.

    Returns FLAIR and T1c (N, 2, 120, 120), enhancing tumour (N, 120, 120) int64, and the brain, boolean.
    """
    scan = load_brain_tumour(patient)
    thinned = (slice(None, None, 2), slice(None, None, 2), slice(None, None, 2))
    flair, t1c, brain, labels = (
        np.moveaxis(volume[thinned], 2, 0) for volume in (scan.flair, scan.t1c, scan.brain, scan.labels)
    )
    with_brain = brain.mean(axis=(1, 2)) > 0.05
    images = np.stack([flair, t1c], axis=1)[with_brain].astype(np.float32)
    enhancing = torch.from_numpy(labels[with_brain] == ENHANCING).long()
    return torch.from_numpy(images), enhancing, brain[with_brain]


def train(loss: str, patients: list[int], seed: int = 0, steps: int = STEPS) -> nn.Module:
    """Train a small U-Net on crops that are centred in the brain, so that a batch has about its share of tumour."""
    drawn = [slices(patient) for patient in patients]
    images, labels = torch.cat([image for image, _, _ in drawn]), torch.cat([label for _, label, _ in drawn])
    inside = np.argwhere(np.concatenate([brain for _, _, brain in drawn]))

    def draw_batch(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        crops = []
        for place in torch.randint(len(inside), (BATCH,), generator=generator).tolist():
            number, *centre = inside[place].tolist()
            row, column = (min(max(c - SIZE // 2, 0), images.shape[-1] - SIZE) for c in centre)
            window = (number, ..., slice(row, row + SIZE), slice(column, column + SIZE))
            crops.append((images[window], labels[window]))
        return torch.stack([image for image, _ in crops]), torch.stack([label for _, label in crops])

    torch.manual_seed(seed)
    network = UNet(in_channels=2, width=8, depth=2)
    generator = torch.Generator().manual_seed(seed)
    fit(network, draw_batch, LOSSES[loss], steps=steps, generator=generator)
    return network


def tumour_map(network: nn.Module, patient: int) -> tuple[Map, NDArray[np.bool_]]:
    """Predict the probability of enhancing tumour at every brain pixel of a patient, and give the truth: (n,) twice."""
    images, labels, brain = slices(patient)
    parts = [infer(network, part).softmax(dim=1)[:, 1].numpy() for part in torch.split(images, 10)]
    return np.concatenate(parts)[brain], labels.numpy()[brain] == 1
