"""The clinic's faults, each beside its mend: the few lines in which a silently broken run differs (chapter 12).

Nothing here raises and every loss is a number; that is the point. Names that begin with `broken_` are wrong on purpose.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from unet_teach.losses import cross_entropy
from unet_teach.metrics import dice
from unet_teach.metrics.overlap import Mask
from unet_teach.predict import infer
from unet_teach.transforms import displacement, elastic, mirror, standardise

SIDE = 64  # of every crop, in pixels
PIECE = (128, 192)  # rows and columns of the one labelled piece that the leaking run has


def broken_labels(stored: Tensor) -> Tensor:
    """Take a mask as its file stores it: 0 and 255."""
    return stored.float()


def mended_labels(stored: Tensor) -> Tensor:
    """Turn a stored mask into classes: 0 and 1."""
    return (stored > 0).float()


def broken_softmax(logits: Tensor, labels: Tensor) -> Tensor:
    """Apply a softmax before a cross-entropy that has its own; logits (N, 2, H, W)."""
    return cross_entropy(logits.softmax(dim=1), labels)


def mended_softmax(logits: Tensor, labels: Tensor) -> Tensor:
    """Give the logits to the cross-entropy, as they are; logits (N, 2, H, W)."""
    return cross_entropy(logits, labels)


def broken_sigmoid(logits: Tensor, labels: Tensor) -> Tensor:
    """Apply a sigmoid before a cross-entropy that has its own; logits (N, 1, H, W)."""
    squeezed = logits[:, 0].sigmoid()
    return functional.binary_cross_entropy_with_logits(squeezed, labels.float())


def mended_sigmoid(logits: Tensor, labels: Tensor) -> Tensor:
    """Give the logits to the cross-entropy, as they are; logits (N, 1, H, W)."""
    return functional.binary_cross_entropy_with_logits(logits[:, 0], labels.float())


def broken_prediction(network: nn.Module, images: Tensor) -> Tensor:
    """Ask a network as a training loop left it; images (N, 1, H, W), logits (N, 2, H, W)."""
    return infer(network, images)


def mended_prediction(network: nn.Module, images: Tensor) -> Tensor:
    """Ask in eval mode, with the numbers gathered in training; images (N, 1, H, W), logits (N, 2, H, W)."""
    network.eval()
    return infer(network, images)


def broken_order(count: int, generator: torch.Generator) -> Tensor:
    """Read the files of an epoch as the folder lists them, every epoch alike."""
    return torch.arange(count)


def mended_order(count: int, generator: torch.Generator) -> Tensor:
    """Shuffle the files anew for each epoch."""
    return torch.randperm(count, generator=generator)


def broken_dice(predicted: Mask, true: Mask) -> float:
    """Add up the overlaps of both classes, the background's too, before dividing."""
    overlap = (predicted & true).sum() + (~predicted & ~true).sum()
    return 2 * int(overlap) / (predicted.size + true.size)


def mended_dice(predicted: Mask, true: Mask) -> float:
    """Count the foreground only."""
    return dice(predicted, true)


BROKEN_RATE = 3.0  # somebody lost the e-3
MENDED_RATE = 3e-3


def broken_split(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cut 32 crops at random places of the piece, and keep eight for validation."""
    rows = torch.randint(PIECE[0] - SIDE + 1, (32,), generator=generator)
    columns = torch.randint(PIECE[1] - SIDE + 1, (32,), generator=generator)
    corners = torch.stack([rows, columns], dim=1)
    return corners[:24], corners[24:]


def mended_split(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split the piece first, 128 columns against 64, and cut crops afterwards."""
    rows = torch.randint(PIECE[0] - SIDE + 1, (32,), generator=generator)
    columns = torch.randint(128 - SIDE + 1, (32,), generator=generator)
    columns[24:] = 128
    corners = torch.stack([rows, columns], dim=1)
    return corners[:24], corners[24:]


def broken_reading(stored: NDArray[np.uint8]) -> Tensor:
    """Turn a file's grey values into floats, 0 to 255, and no more."""
    return torch.from_numpy(stored).float()


def mended_reading(stored: NDArray[np.uint8]) -> Tensor:
    """Standardise, as it is done for training."""
    return standardise(stored)


def broken_axis(logits: Tensor) -> Tensor:
    """Turn logits (N, C, H, W) into probabilities, that is: along the last axis."""
    return logits.softmax(dim=-1)


def mended_axis(logits: Tensor) -> Tensor:
    """Turn logits (N, C, H, W) into probabilities, one for each class of a pixel."""
    return logits.softmax(dim=1)


def broken_export(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Read masks (N, H, W) from a program that writes the lowest row first."""
    return masks[:, ::-1].copy()


def mended_export(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Read the same masks with the highest row first, as the images are."""
    return masks


def broken_patients(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Put every second slice aside for validation; a name is PATIENT_SLICE."""
    return list(names[0::2]), list(names[1::2])


def mended_patients(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Put the last patient aside for validation, with every slice; a name is PATIENT_SLICE."""
    last = max(name.split("_")[0] for name in names)
    aside = [name for name in names if name.split("_")[0] == last]
    return [name for name in names if name not in aside], aside


def broken_bending(image: Tensor, labels: Tensor, generator: torch.Generator, sd: float) -> tuple[Tensor, Tensor]:
    """Bend a crop (1, H, W) and look its grey values up between the pixels linearly, which blurs them."""
    height, width = image.shape[1:]
    pixel = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.stack(pixel) + displacement(height, width, generator, sd)
    ends = torch.tensor([height - 1, width - 1])[:, None, None]
    look = (2 * places / ends - 1).flip(0).permute(1, 2, 0)[None]
    bent = functional.grid_sample(image[None], look, "bilinear", padding_mode="reflection", align_corners=True)[0]
    rows, columns = (mirror(place, side).round().long() for place, side in zip(places, (height, width), strict=True))
    return bent, labels[rows, columns]


def mended_bending(image: Tensor, labels: Tensor, generator: torch.Generator, sd: float) -> tuple[Tensor, Tensor]:
    """Bend a crop (1, H, W) and look its grey values up by cubic interpolation."""
    return elastic(image, labels, generator, sd)
