"""The clinic's eight faults, each beside its mend: the few lines in which a silently broken run differs (chapter 11).

Nothing here raises and every loss is a number; that is the point. Names that begin with `broken_` are wrong on purpose.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from unet_teach.losses import cross_entropy
from unet_teach.metrics import dice
from unet_teach.metrics.overlap import Mask

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
    """Predict with a network as a training loop left it; images (N, 1, H, W)."""
    with torch.no_grad():
        return network(images).softmax(dim=1)[:, 1]


def mended_prediction(network: nn.Module, images: Tensor) -> Tensor:
    """Predict in eval mode, with the numbers gathered in training; images (N, 1, H, W)."""
    network.eval()
    with torch.no_grad():
        return network(images).softmax(dim=1)[:, 1]


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
