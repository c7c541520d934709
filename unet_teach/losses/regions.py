"""Loss of several yes-or-no questions at once: overlapping regions have a sigmoid each, no softmax (chapter 22)."""

import torch
from torch import Tensor
from torch.nn import functional

from unet_teach.losses.classes import SMOOTH


def region_loss(logits: Tensor, regions: Tensor) -> Tensor:
    """Add the mean cross-entropy of the sigmoids, and 1 minus the soft Dice of each region, averaged over regions.

    Sums of the Dice run over the whole batch, as in `dice_loss`.

    Parameters
    ----------
    logits : (N, R, *size) floats
    regions : (N, R, *size), 1 inside and 0 outside; floats between are shares of a voxel

    Returns
    -------
    () tensor, 0 or more

    Raises
    ------
    TypeError
        If one of the two is no tensor, or the logits are no floats.
    ValueError
        If shapes differ, are too small, or regions are not numbers from 0 to 1.

    Source: Isensee et al. (2020), arXiv:2011.00848, region-based training. Introduced in chapter 22.
    """
    for name, value in (("logits", logits), ("regions", regions)):
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}: use torch.as_tensor")
    if not logits.is_floating_point():
        raise TypeError(f"logits must be floats, the network's output before any sigmoid, got {logits.dtype}")
    if logits.ndim < 3 or logits.shape != regions.shape or not logits.numel():
        raise ValueError(
            f"logits and regions are both (N, R, *size), got {tuple(logits.shape)} and {tuple(regions.shape)}: one map "
            "a region, not one map of labels"
        )
    truth = regions.to(torch.float32)
    if not bool(((truth >= 0) & (truth <= 1)).all()):
        raise ValueError("regions are 0 or 1, got other numbers: `regions_of` makes them of labels")
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    entropy = functional.binary_cross_entropy_with_logits(logits, truth)
    share = logits.sigmoid()
    axes = [axis for axis in range(logits.ndim) if axis != 1]
    overlap = 2 * (share * truth).sum(axes) + SMOOTH
    return entropy + 1 - (overlap / (share.sum(axes) + truth.sum(axes) + SMOOTH)).mean()
