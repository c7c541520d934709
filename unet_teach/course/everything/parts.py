"""One network for six organs, or two for three each, merged."""

import numpy as np
import torch
from numpy.typing import NDArray

from unet_teach.course.everything.slices import ORGANS, TorsoSlices, answer, draw_slices, organ_loss, train_on
from unet_teach.predict import merge_parts

PARTS = (("liver", "spleen", "vertebrae"), ("kidney_right", "kidney_left", "aorta"))
PART_STEPS, PART_LEARNED = 400, 60
NUMBERS = [{own: ORGANS.index(organ) + 1 for own, organ in enumerate(part, start=1)} for part in PARTS]


def parts_to_learn_from(seed: int) -> TorsoSlices:
    """Draw the slices to learn from, with all organs: others for each seed."""
    first = 1000 * (seed + 1) + 500
    return draw_slices(range(first, first + PART_LEARNED))


def only(labels: torch.Tensor, table: dict[int, int]) -> torch.Tensor:
    """Keep a part's organs, under its own numbers."""
    kept = torch.zeros(len(ORGANS) + 1, dtype=torch.long)
    for own, number in table.items():
        kept[number] = own
    return kept[labels]


def train_parts(images: torch.Tensor, seed: int, steps: int = PART_STEPS) -> list[NDArray[np.int64]]:
    """Train both part-models, and return what each says of the images, in its own numbers.  (N, H, W) each"""
    slices = parts_to_learn_from(seed)
    said = []
    for number, table in enumerate(NUMBERS):
        own = TorsoSlices(slices.images, only(slices.labels, table))
        network = train_on(own, len(table) + 1, steps=steps, seed=10 * seed + number, loss=organ_loss)
        said.append(answer(network, images))
    return said


def merged(said: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Merge what the part-models said into one label map of all organs."""
    return merge_parts(said, NUMBERS)
