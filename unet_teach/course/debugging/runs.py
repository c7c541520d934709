"""The healthy run, and the clinic's first ward: eight training runs, A to H (chapter 12).

The lines that are wrong stand in `unet_teach.course.debugging.faults`.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.course.debugging import faults
from unet_teach.course.debugging.faults import SIDE
from unet_teach.course.debugging.material import (
    EXPORT_SEED,
    EXPORTED,
    Draw,
    centre_lines,
    crops_of,
    exported,
    sections,
)
from unet_teach.course.debugging.training import Run, from_sections, run
from unet_teach.metrics.overlap import Mask

TILE = 32  # pixels of a tile, where a section is predicted tile by tile


def healthy(seed: int = 0) -> Run:
    """Train without a fault."""
    return run(seed)


def stored_masks(seed: int = 0) -> Run:
    """Train on masks of 0 and 255, with one output channel; the author's Dice uses these masks, too."""

    def stored(split: str) -> tuple[Tensor, Tensor]:
        images, labels = from_sections(split)
        return images, faults.broken_labels(255 * labels)

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        images, labels = crops_of(*sections("train"))(generator)
        return images, faults.broken_labels(255 * labels)

    def soft_dice(predicted: Mask, true: Mask) -> float:
        mask = 255.0 * true
        return float(2 * (predicted * mask).sum() / (predicted.sum() + mask.sum()))

    return run(seed, draw, faults.mended_sigmoid, channels=1, classes=torch.sigmoid, score=soft_dice, held_out=stored)


def two_softmaxes(seed: int = 0) -> Run:
    """Train a network that ends in a softmax with a cross-entropy that has one, too."""
    return run(seed, loss=faults.broken_softmax, last=lambda logits: logits.softmax(dim=1))


def sigmoid_before(seed: int = 0) -> Run:
    """Train a network that ends in a sigmoid with a cross-entropy that has one, too."""
    return run(seed, loss=faults.broken_sigmoid, channels=1, last=torch.sigmoid, classes=torch.sigmoid)


def no_eval(seed: int = 0, predict: Callable[[nn.Module, Tensor], Tensor] = faults.broken_prediction) -> Run:
    """Predict tile by tile with a network that is still in training mode."""

    def in_tiles(network: nn.Module, images: Tensor) -> Tensor:
        network.train()  # as a hand-written loop leaves it
        tiles = [band.split(TILE, dim=3) for band in images.split(TILE, dim=2)]
        return torch.cat([torch.cat([predict(network, tile) for tile in row], dim=3) for row in tiles], dim=2)

    return run(seed, look=in_tiles)


def no_shuffle(seed: int = 0, order: Callable[[int, torch.Generator], Tensor] = faults.broken_order) -> Run:
    """Read crops whose file names begin with their share of membrane, in the order in which the folder lists them."""
    images, labels = exported()
    waiting: list[int] = []

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        if not waiting:
            waiting.extend(order(EXPORTED, generator).tolist())
        chosen = [waiting.pop(0) for _ in range(4)]
        return images[chosen], labels[chosen]

    return run(seed, draw)


def background_counted(seed: int = 0) -> Run:
    """Look for the membranes' centre lines, one pixel wide, and let the background into the Dice."""

    def lines(split: str) -> tuple[Tensor, Tensor]:
        images, labels = from_sections(split)
        return images, torch.from_numpy(centre_lines(labels.numpy() > 0)).long()

    images, membrane = sections("train")
    return run(seed, crops_of(images, centre_lines(membrane)), score=faults.broken_dice, held_out=lines)


def rate_too_large(seed: int = 0) -> Run:
    """Train with a learning rate of 3 in place of 3e-3."""
    return run(seed, rate=faults.BROKEN_RATE)


def leak(seed: int = 0, split: Callable[[torch.Generator], tuple[Tensor, Tensor]] = faults.broken_split) -> Run:
    """Cut overlapping crops from one piece of section 18, and split them into training and validation afterwards."""
    corners = split(torch.Generator().manual_seed(EXPORT_SEED))
    return run(seed, from_piece(corners[0]), held_out=crops_of_piece(corners[1]), sources=({"18"}, {"18"}))


def piece(corners: Tensor, section: int = -1) -> tuple[Tensor, Tensor]:
    """Cut crops at these corners out of a training section, the last unless told.  (N, 1, 64, 64), (N, 64, 64)"""
    image, membrane = sections("train")[0][section], torch.from_numpy(sections("train")[1][section]).long()
    windows = [np.s_[row : row + SIDE, column : column + SIDE] for row, column in corners.tolist()]
    return torch.stack([image[window] for window in windows])[:, None], torch.stack([membrane[w] for w in windows])


def from_piece(corners: Tensor, section: int = -1) -> Draw:
    """Return a function that draws four of these crops."""
    images, labels = piece(corners, section)

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(images), (4,), generator=generator)
        return images[chosen], labels[chosen]

    return draw


def crops_of_piece(corners: Tensor) -> Callable[[str], tuple[Tensor, Tensor]]:
    """Return what one who has a piece only validates on, its crops; tests are done on whole sections."""
    return lambda split: piece(corners) if split == "validation" else from_sections(split)


WARD: dict[str, Callable[[], Run]] = {
    "A": no_eval,
    "B": rate_too_large,
    "C": stored_masks,
    "D": leak,
    "E": sigmoid_before,
    "F": background_counted,
    "G": two_softmaxes,
    "H": no_shuffle,
}
