"""A small task by which two processes and one are compared: in float64, with either norm and loss (chapter 26)."""

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.models import UNet
from unet_teach.models.ablations import with_normalisation
from unet_teach.train import History, fit

BATCH, SIDE = 4, 16
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"mean per pixel": cross_entropy, "batch Dice": dice_loss}
NORMS = ("group", "batch")


def toy_network(norm: str, seed: int = 0) -> UNet:
    """Build a tiny U-Net in float64, with group or batch normalisation."""
    if norm not in NORMS:
        raise ValueError(f"norm is one of {', '.join(NORMS)}, got {norm!r}")
    torch.manual_seed(seed)
    network = UNet(width=8, depth=1).double()
    if norm == "group":
        with_normalisation(network, lambda channels: nn.GroupNorm(2, channels))
    return network


def toy_batch(generator: torch.Generator, count: int = BATCH) -> tuple[Tensor, Tensor]:
    """Draw images of noise, and where their blurred version is above 0.  (N, 1, 16, 16), (N, 16, 16)

    The first images of a batch hold few such pixels and the last ones many, so that shares of it differ.
    """
    images = torch.randn(count, 1, SIDE, SIDE, generator=generator, dtype=torch.float64)
    images += torch.linspace(-0.4, 0.4, count, dtype=torch.float64)[:, None, None, None]
    return images, (F.avg_pool2d(images, 5, 1, 2)[:, 0] > 0).long()


def toy_training(
    accelerator: Any = None,
    *,
    norm: str = "group",
    loss: str = "mean per pixel",
    steps: int = 50,
    seed: int = 0,
    count: int = BATCH,
    checkpoint: str | None = None,
    killed: tuple[int, int] | None = None,
) -> tuple[UNet, History]:
    """Train the tiny U-Net: alone, or with an accelerator as one of several processes.

    count : images in a batch, of all processes together
    checkpoint : a file; a score is computed, and it is written, at every 10th step
    killed : (process, step): that process is killed as it draws the batch of that step, without a word
    """
    network = toy_network(norm, seed)
    unseen = toy_batch(torch.Generator().manual_seed(seed + 1), 8)
    drawn = 0

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        nonlocal drawn
        drawn += 1
        if killed is not None and [accelerator.process_index if accelerator else 0, drawn] == list(killed):
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return toy_batch(generator, count)

    history = fit(
        network,
        draw,
        LOSSES[loss],
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=1e-2,
        validate=partial(_score, *unseen),
        validate_every=10,
        checkpoint=None if checkpoint is None else Path(checkpoint),
        accelerator=accelerator,
        device=None if accelerator else "cpu",
    )
    return network, history


def _score(images: Tensor, labels: Tensor, network: nn.Module) -> float:
    with torch.inference_mode():
        return float((network(images).argmax(1) == labels).double().mean())
