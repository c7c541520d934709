"""What one training step sees: crops of sections, as they are or augmented (chapter 9)."""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor

from unet_teach.transforms import elastic, flip_and_rotate, random_crops, shift_grey

Batch = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]
Change = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]  # image (1, H, W) and labels (H, W)


def plain_batch(images: Tensor, membrane: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cut four crops, as they are.  (N, H, W) twice -> (4, 1, 128, 128) and (4, 128, 128)"""
    return random_crops(images, membrane, 128, 4, generator)


def section_batch(
    images: Tensor,
    membrane: Tensor,
    generator: torch.Generator,
    before: Sequence[Change] = (),
    after: Sequence[Change] = (),
    sections: int = 2,
    crops: int = 2,
    side: int = 128,
) -> tuple[Tensor, Tensor]:
    """Draw sections, change each, cut crops from it, and change each crop.

    Parameters
    ----------
    images, membrane : (N, H, W) floats, and class numbers of the same shape
    generator : where the chance comes from
    before : what happens to a section before it is cut: costly, but what turns or bends needs no invented border
    after : what happens to each crop
    sections : how many are drawn, each with replacement
    crops : how many are cut from each
    side : of a crop, in pixels

    Returns
    -------
    (sections * crops, 1, side, side) and (sections * crops, side, side)

    Introduced in chapter 9.
    """
    pictures, truths = [], []
    for _ in range(sections):
        number = torch.randint(len(images), (), generator=generator)
        image, truth = images[number][None], membrane[number]
        for change in before:
            image, truth = change(image, truth, generator)
        for crop, crop_truth in zip(*random_crops(image, truth[None], side, crops, generator), strict=True):
            for change in after:
                crop, crop_truth = change(crop, crop_truth, generator)
            pictures.append(crop)
            truths.append(crop_truth)
    return torch.stack(pictures), torch.stack(truths)


def vary_grey(image: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Vary contrast and brightness; labels stay as they are."""
    return shift_grey(image, generator), labels


augmented_batch = partial(section_batch, before=(flip_and_rotate, elastic), after=(vary_grey,))
