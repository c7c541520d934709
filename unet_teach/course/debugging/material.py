"""What the runs of the clinic train on, and what they look for (chapter 11)."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.morphology import skeletonize
from torch import Tensor, nn

from unet_teach.course.debugging.faults import SIDE
from unet_teach.data import load_em
from unet_teach.predict import infer
from unet_teach.transforms import random_crops, standardise

EXPORTED = 160  # crops in the folder that is read without shuffling: 40 steps of four an epoch
EXPORT_SEED = 7  # of the crops that somebody cut before training began

Draw = Callable[[torch.Generator], tuple[Tensor, Tensor]]


@lru_cache(3)
def sections(split: str) -> tuple[Tensor, NDArray[np.bool_]]:
    """Load a split's standardised images and its membranes.  (N, 512, 512) twice"""
    found = load_em(split)
    return standardise(found.images), found.membrane


def crops_of(masks: NDArray[np.bool_]) -> Draw:
    """Return a function that draws four crops from anywhere in the training sections."""
    images, labels = sections("train")[0], torch.from_numpy(masks).long()
    return lambda generator: random_crops(images, labels, SIDE, 4, generator)


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


def sigmoid_map(network: nn.Module, image: Tensor) -> Tensor:
    """Predict the probability of membrane with a network of one channel.  (N, 1, H, W) -> (N, H, W)"""
    return infer(network, image)[:, 0].sigmoid()
