"""What is measured: each task prepares itself, and returns what is to be done (chapter 26)."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.losses import cross_entropy
from unet_teach.models import UNet, checkpointed
from unet_teach.predict import WithoutMargin, mean_and_sd, overlap_tile, predict_whole_slide
from unet_teach.predict.zarr_files import zarr_or_advice

TILE, MARGIN = 608, 48  # 512 are left; at depth 3 nothing beyond 46 pixels is seen (chapter 9)
Do = Callable[[], Mapping[str, float]]


def slide_network(width: int = 8, seed: int = 0) -> nn.Module:
    """Build a U-Net of depth 3 for pictures from a file: seeded and untrained, since memory does not ask for more."""
    torch.manual_seed(seed)
    return WithoutMargin(UNet(width=width), MARGIN).eval()


def from_a_file(picture: str, target: str, width: int = 8) -> Do:
    """Predict a picture from its Zarr file into another one."""
    network = slide_network(width)
    mean, sd = mean_and_sd(Path(picture))

    def do() -> Mapping[str, float]:
        predict_whole_slide(network, Path(picture), Path(target), tile=TILE, margin=MARGIN, mean=mean, sd=sd)
        result = zarr_or_advice().open(Path(target), mode="r")
        ones = sum(int(result[top : top + 512].astype(bool).sum()) for top in range(0, result.shape[0], 512))
        return {"share": ones / result.size}

    return do


def in_memory(picture: str, width: int = 8) -> Do:
    """Read a whole picture, and predict it as chapter 9 does."""
    network = slide_network(width)
    mean, sd = mean_and_sd(Path(picture))

    def do() -> Mapping[str, float]:
        image = zarr_or_advice().open(Path(picture), mode="r")[:].astype(np.float32)
        image -= np.float32(mean)
        image /= np.float32(sd)
        labels = overlap_tile(network, image[None], TILE, MARGIN).argmax(0)
        return {"share": float(labels.bool().float().mean(dtype=torch.float64))}

    return do


def a_step(
    width: int = 16, depth: int = 3, side: int = 256, batch: int = 8, pieces: int = 1, checkpoints: bool = False
) -> Do:
    """Find the slopes of one batch, in so many pieces, with or without checkpoints."""
    torch.manual_seed(0)
    network = UNet(width=width, depth=depth)
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(batch, 1, side, side, generator=generator)
    labels = torch.randint(2, (batch, side, side), generator=generator)

    def slopes(width: int, parts: int) -> None:
        with checkpointed(network) if checkpoints else nullcontext():
            slopes_in_pieces(network, images[..., :width, :width], labels[..., :width, :width], parts)

    def do() -> Mapping[str, float]:
        slopes(side, pieces)
        return {}

    slopes(16, 1)  # what torch loads at its first step is not the step's
    return do


def slopes_in_pieces(network: nn.Module, images: Tensor, labels: Tensor, pieces: int) -> None:
    """Add the slopes of a batch's cross-entropy to the weights' `.grad`, one piece of the batch at a time."""
    for part, truth in zip(images.chunk(pieces), labels.chunk(pieces), strict=True):
        cost = cross_entropy(network(part), truth) * len(part) / len(images)
        cost.backward()


TASKS: dict[str, Callable[..., Do]] = {"from a file": from_a_file, "in memory": in_memory, "a step": a_step}
