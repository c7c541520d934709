"""How the course learns the hippocampus, in three dimensions or slice by slice (chapter 15)."""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.models import UNet, VNet
from unet_teach.recipes.hippocampus.batches import crop_batch
from unet_teach.recipes.hippocampus.cases import InputBox, load
from unet_teach.recipes.hippocampus.scores import mean_dice_of_cases
from unet_teach.train import History, fit

STEPS, LEARNING_RATE = 500, 1e-2  # chosen on validation cases, as was the network


class SliceBySlice(nn.Module):
    """Give a 2-D network the slices of a volume, one by one.  (N, C, D, H, W) -> (N, K, D, H, W)

    Introduced in chapter 15.
    """

    def __init__(self, network: nn.Module, axis: int = 0) -> None:
        super().__init__()
        self.network = network
        self.axis = axis + 2

    def forward(self, x: Tensor) -> Tensor:
        """Segment every slice across the axis as if it were an image of its own."""
        slices = x.movedim(self.axis, 1)  # (N, D, C, H, W)
        logits = self.network(slices.flatten(0, 1).contiguous())  # (N·D, K, H, W)
        return logits.unflatten(0, slices.shape[:2]).movedim(1, self.axis)


def course_network(width: int = 8) -> nn.Module:
    """Build the course's U-Net in three dimensions, two levels down."""
    return quick(UNet(classes=3, width=width, depth=2, dims=3))


def small_vnet(width: int = 8) -> nn.Module:
    """Build a V-Net as large as fits the budget: two levels down, kernels of 3, with batch normalisation."""
    return quick(VNet(classes=3, width=width, depth=2, kernel=3, normalise=True))


def flat_unet(width: int = 12, axis: int = 0) -> nn.Module:
    """Build the course's U-Net for slices, sagittal ones unless told: wider, so that a step takes as long."""
    return SliceBySlice(UNet(classes=3, width=width, depth=2, dims=2), axis)


def quick(network: nn.Module) -> nn.Module:
    """Put a voxel's channels side by side in memory, which is quicker on a CPU."""
    return network.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]


def dice_and_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Add the two losses, over the voxels that somebody annotated.  (N, C, D, H, W), (N, D, H, W) -> ()

    Where a label is -1, nobody said what is there, and whatever the network says costs nothing.

    Source: Çiçek et al. (2016), section 3, give such voxels the weight 0. Introduced in chapter 15.
    """
    said, there = annotated_only(logits, labels)
    return dice_loss(said, there) + cross_entropy(said, there)


def annotated_only(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Line up the voxels whose label is not -1.  -> (1, C, 1, M), (1, 1, M)"""
    known = labels >= 0
    return logits.movedim(1, -1)[known].T[None, :, None], labels[known][None, None]


def only_dice(logits: Tensor, labels: Tensor) -> Tensor:
    """Give the Dice loss alone, as the V-Net's authors do."""
    return dice_loss(*annotated_only(logits, labels))


def only_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Give the cross-entropy alone."""
    return cross_entropy(*annotated_only(logits, labels))


def train(
    seed: int,
    build: Callable[[], nn.Module] = course_network,
    loss: Callable[[Tensor, Tensor], Tensor] = dice_and_cross_entropy,
    cases: Sequence[InputBox] | None = None,
    unseen: Sequence[InputBox] = (),
    steps: int = STEPS,
    learning_rate: float = LEARNING_RATE,
    bent: bool = True,
    mirrored: bool = False,
    every: int = 1,
) -> tuple[nn.Module, History]:
    """Train a network on cases, the split "train" unless others are given; the last weights are kept.

    Parameters
    ----------
    seed : of weights, cuts and changes
    build : makes the network, 3 classes
    loss : (logits, labels) -> what to make small; labels of -1 are left out
    cases : to learn from
    unseen : to be scored on at the end, if there are any; nothing is chosen by it
    steps : of two cuts each
    learning_rate : the first
    bent, mirrored, every : as in `crop_batch`

    Introduced in chapter 15.
    """
    torch.manual_seed(seed)
    network = build()
    known = load("train") if cases is None else cases
    history = fit(
        network,
        partial(crop_batch, known, bent=bent, mirrored=mirrored, every=every),
        loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=learning_rate,
        validate=partial(mean_dice_of_cases, cases=unseen) if unseen else None,
        validate_every=steps,
    )
    return network, history
