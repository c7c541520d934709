"""What the runs of the clinic train on, and what they look for (chapter 12)."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.morphology import skeletonize
from torch import Tensor

from unet_teach.course.debugging.faults import SIDE
from unet_teach.data import load_brain_tumour, load_em
from unet_teach.transforms import random_crops, standardise

LABELLED = 4  # sections that all authors have labels for: 15 to 18, which are as noisy as those of validation and test
EXPORTED = 160  # crops in the folder that is read without shuffling: 40 steps of four an epoch
EXPORT_SEED = 7  # of the crops that somebody cut before training began
NOISE = 2.0  # of the bad microscope, in standard deviations of an image

Draw = Callable[[torch.Generator], tuple[Tensor, Tensor]]


@lru_cache(3)
def sections(split: str) -> tuple[Tensor, NDArray[np.bool_]]:
    """Load a split's standardised images and its membranes, sections 15 to 18 for training.  (N, 512, 512) twice"""
    found = load_em(split)
    last = slice(-LABELLED, None) if split == "train" else slice(None)
    return standardise(found.images[last]), found.membrane[last]


@lru_cache(3)
def noisy_sections(split: str) -> tuple[Tensor, NDArray[np.bool_]]:
    """Take the same sections under a bad microscope, whose noise is stronger than what it shows."""
    images, membrane = sections(split)
    generator = torch.Generator().manual_seed(len(images))
    return standardise((images + NOISE * torch.randn(images.shape, generator=generator)).numpy()), membrane


def crops_of(images: Tensor, masks: NDArray[np.bool_], count: int = 4, foreground: float = 0) -> Draw:
    """Return a function that draws crops from anywhere in the images, a share of them centred on what is searched."""
    labels = torch.from_numpy(masks).long()
    return lambda generator: random_crops(images, labels, SIDE, count, generator, foreground)


def exported() -> tuple[Tensor, Tensor]:
    """Cut a folder of training crops, sorted by share of membrane.  (160, 1, 64, 64), (160, 64, 64)"""
    generator = torch.Generator().manual_seed(EXPORT_SEED)
    images, membrane = sections("train")
    crops, labels = random_crops(images, torch.from_numpy(membrane).long(), SIDE, EXPORTED, generator)
    order = labels.float().mean((1, 2)).argsort()
    return crops[order], labels[order]


def centre_lines(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin each membrane to a line of one pixel.  (N, H, W) -> (N, H, W)"""
    return np.stack([skeletonize(mask) for mask in masks])


@lru_cache(6)
def tumour_slices(patient: int) -> dict[str, tuple[Tensor, NDArray[np.bool_]]]:
    """Cut the FLAIR of a patient into slices through the tumour, every second one, at every second pixel.

    Returns name -> (image, tumour), (96, 96) each; the names are PATIENT_SLICE.
    """
    scan = load_brain_tumour(patient)
    heights = np.flatnonzero((scan.labels > 0).sum((0, 1)) > 150)[::2]
    thinned = np.s_[24:216:2, 24:216:2, heights]
    images = scan.flair[thinned].transpose(2, 1, 0)
    masks = (scan.labels[thinned] > 0).transpose(2, 1, 0)
    names = [f"{patient}_{height:03}" for height in heights]
    return dict(zip(names, zip(standardise(images), np.ascontiguousarray(masks), strict=True), strict=True))
