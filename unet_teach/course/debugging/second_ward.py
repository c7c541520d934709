"""The clinic's second ward: eight more training runs, I to P, of which some are well (chapter 12)."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unet_teach.course.debugging import faults
from unet_teach.course.debugging.material import crops_of, noisy_sections, sections, tumour_slices
from unet_teach.course.debugging.runs import healthy
from unet_teach.course.debugging.training import Run, from_sections, run
from unet_teach.data import load_em

BEND = 3.0  # standard deviation of the bending of a crop, in pixels
SHOWN = 8  # of the validation slices
MINE, OTHERS = (1, 2, 3), (4, 5, 6)  # patients of whom the author has labels, and those of the test

Bending = Callable[[Tensor, Tensor, torch.Generator, float], tuple[Tensor, Tensor]]
Files = Callable[[Sequence[str]], tuple[list[str], list[str]]]


def turned_masks(seed: int = 0, read: Callable[[NDArray[np.bool_]], NDArray[np.bool_]] = faults.broken_export) -> Run:
    """Validate and test on masks that another program has exported, with the lowest row first."""

    def held_out(split: str) -> tuple[Tensor, Tensor]:
        images, labels = from_sections(split)
        return images, torch.from_numpy(read(labels.numpy()))

    return run(seed, held_out=held_out)


def batches_of_one(seed: int = 0) -> Run:
    """Train without a fault, on one crop a step."""
    return run(seed, crops_of(*sections("train"), count=1))


def raw_validation(seed: int = 0, read: Callable[[NDArray[np.uint8]], Tensor] = faults.broken_reading) -> Run:
    """Validate on images that were read by other code than those of training and test."""

    def held_out(split: str) -> tuple[Tensor, Tensor]:
        images, labels = from_sections(split)
        return (read(load_em(split).images)[:, None] if split == "validation" else images), labels

    return run(seed, held_out=held_out)


def slices_apart(seed: int = 0, split: Files = faults.broken_patients) -> Run:
    """Look for tumours in MR slices of three patients, some of them put aside for validation; test on three others."""
    mine = [name for one in MINE for name in tumour_slices(one)]
    parts = dict(zip(("train", "validation"), split(mine), strict=True))

    def held_out(part: str) -> tuple[Tensor, Tensor]:
        names = [name for one in OTHERS for name in tumour_slices(one)][::4] if part == "test" else parts[part]
        pairs = [tumour_slices(int(name[0]))[name] for name in names]
        images, masks = zip(*pairs, strict=True)
        return torch.stack(images)[:, None], torch.from_numpy(np.stack(masks)).long()

    images, labels = held_out("train")
    sources = {part: {name.split("_")[0] for name in names} for part, names in parts.items()}
    draw = crops_of(images[:, 0], labels.numpy(), foreground=0.5)
    return run(seed, draw, held_out=held_out, sources=(sources["train"], sources["validation"]), pictured=SHOWN)


def bad_microscope(seed: int = 0) -> Run:
    """Train without a fault, on sections under a noise that is stronger than what they show."""

    def held_out(split: str) -> tuple[Tensor, Tensor]:
        images, membrane = noisy_sections(split)
        return images[:, None], torch.from_numpy(membrane).long()

    return run(seed, crops_of(*noisy_sections("train")), held_out=held_out)


def wrong_axis(seed: int = 0) -> Run:
    """Predict with probabilities that are taken along the columns."""
    return run(seed, classes=faults.broken_axis)


def another_seed() -> Run:
    """Train without a fault, from other weights and on other crops."""
    return healthy(seed=1)


def bent(seed: int = 0, bend: Bending = faults.broken_bending) -> Run:
    """Bend every training crop."""
    straight = crops_of(*sections("train"))

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        pairs = [bend(image, labels, generator, BEND) for image, labels in zip(*straight(generator), strict=True)]
        images, labels = zip(*pairs, strict=True)
        return torch.stack(images), torch.stack(labels)

    return run(seed, draw)


WARD: dict[str, Callable[[], Run]] = {
    "I": turned_masks,
    "J": batches_of_one,
    "K": raw_validation,
    "L": slices_apart,
    "M": bad_microscope,
    "N": wrong_axis,
    "O": another_seed,
    "P": bent,
}
