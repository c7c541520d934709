"""Training on cubes of 32 voxels, one of each two around a tumour; asking for a whole head (chapter 22)."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.losses import region_loss
from unet_teach.models import ResidualUNet, SwinUNETR, UNet
from unet_teach.predict import sliding_window
from unet_teach.recipes.glioma.cases import GliomaCase
from unet_teach.train import History, fit
from unet_teach.transforms import shift_grey

STEPS, BATCH, SIDE = 100, 2, 32
RATE = 1e-2  # the first learning rate, chosen on a few phantoms, for all networks
NOWHERE = -20.0  # the logit of every region outside the brain

Groups = Sequence[Sequence[GliomaCase]]


def small_unet() -> nn.Module:
    """Build chapter 13's U-Net of residual blocks: two sequences in, three regions out, in 3-D."""
    return _channels_last(ResidualUNet(in_channels=2, classes=3, width=8, depth=3, dims=3))


def plain_unet() -> nn.Module:
    """Build the same without the residual connections."""
    return _channels_last(UNet(in_channels=2, classes=3, width=8, depth=3, dims=3))


def small_swin_unetr() -> nn.Module:
    """Build the Swin UNETR of this chapter: two stages, boxes of 4 x 4 x 4 tokens."""
    return SwinUNETR(in_channels=2, classes=3, width=12, stages=2, heads=3, window=4)


def cube_batch(groups: Groups, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cut two cubes: each from a group, a case of it, one around a voxel of a region, one around any of the brain.

    Half of them are mirrored left to right, and each sequence is stretched and shifted in its greys.

    Parameters
    ----------
    groups : groups of cases, each group drawn equally often whatever its size
    generator : where the chance comes from

    Returns
    -------
    (2, 2, 32, 32, 32) and (2, 3, 32, 32, 32) float32

    Introduced in chapter 22.
    """
    images, truths = [], []
    for number in range(BATCH):
        group = groups[_one_of(len(groups), generator)]
        case = group[_one_of(len(group), generator)]
        wanted = case.regions[_one_of(len(case.regions), generator)] if number % 2 == 0 else case.brain
        candidates = np.argwhere(wanted if wanted.any() else case.brain)
        middle = candidates[_one_of(len(candidates), generator)]
        room = np.array(case.brain.shape) - SIDE
        start = np.clip(middle - SIDE // 2, 0, room)
        cube = (slice(None), *(slice(s, s + SIDE) for s in start.tolist()))
        image, truth = torch.from_numpy(case.image[cube]), torch.from_numpy(case.regions[cube]).float()
        image = torch.cat([shift_grey(sequence[None], generator) for sequence in image])
        if torch.rand((), generator=generator) < 0.5:
            image, truth = image.flip(1), truth.flip(1)
        images.append(image)
        truths.append(truth)
    return torch.stack(images), torch.stack(truths)


def train_on_heads(
    groups: Groups, seed: int, steps: int = STEPS, build: Callable[[], nn.Module] = small_unet
) -> tuple[nn.Module, History]:
    """Train a network to find the three regions; nothing is chosen, the last weights count.

    Introduced in chapter 22.
    """
    if not groups or not all(groups):
        raise ValueError("there is a group without a case to train on")
    torch.manual_seed(seed)
    network = build()
    generator = torch.Generator().manual_seed(seed)
    draw = partial(cube_batch, groups)
    history = fit(network, draw, region_loss, steps=steps, generator=generator, learning_rate=RATE)
    return network, history


def region_logits(network: nn.Module, case: GliomaCase) -> NDArray[np.float32]:
    """Ask a network for a whole head, cube by cube.  -> (3, X, Y, Z) logits of WT, TC, ET; -20 outside the brain

    Introduced in chapter 22.
    """
    where = np.argwhere(case.brain)
    box = (slice(None), *(slice(a, b + 1) for a, b in zip(where.min(0), where.max(0), strict=True)))
    logits = np.full((3, *case.brain.shape), NOWHERE, np.float32)
    logits[box] = sliding_window(network, np.ascontiguousarray(case.image[box]), SIDE).numpy()
    logits[:, ~case.brain] = NOWHERE
    return logits


def _channels_last(network: nn.Module) -> nn.Module:
    return network.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]


def _one_of(count: int, generator: torch.Generator) -> int:
    return int(torch.randint(count, (), generator=generator))
