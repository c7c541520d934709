"""The eight training runs with one fault each, and a healthy one (chapter 11).

Nothing raises, and each run returns what its author would report: the loss of every step, scores as that author
computed them, a picture. All have the same small U-Net, 120 steps and four crops of 64 pixels a step. The lines
that are wrong stand in `unet_teach.course.debugging.faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
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
    sigmoid_map,
)
from unet_teach.losses import cross_entropy
from unet_teach.metrics import dice
from unet_teach.metrics.overlap import Mask
from unet_teach.models import UNet
from unet_teach.predict import infer
from unet_teach.train import fit

STEPS = 120
TILE = 32  # pixels of a tile, where a section is predicted tile by tile

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Run:
    """What the author of a run could report."""

    loss: list[float]  # of each step
    validation: float  # the score, as its author computed it
    test: float
    truth: Mask  # (128, 128), a corner of section 20
    prediction: Mask
    labels: tuple[float, float]  # lowest and highest of one batch
    outputs: tuple[float, float]  # the same, of what the finished network hands to the loss
    channels: int


def run(
    seed: int,
    draw: Draw | None = None,
    loss: Loss = cross_entropy,
    channels: int = 2,
    rate: float = faults.MENDED_RATE,
    last: Callable[[Tensor], Tensor] = lambda logits: logits,
    probability: Callable[[nn.Module, Tensor], Tensor] = faults.mended_prediction,
    score: Callable[[Mask, Mask], float] = dice,
    redraw: Callable[[NDArray[np.bool_]], NDArray[np.bool_]] = lambda masks: masks,
    validate: Callable[[nn.Module], float] | None = None,
) -> Run:
    """Train once and write the author's report; whatever is not given is as in the healthy run.

    Parameters
    ----------
    seed : of the weights and of everything drawn
    draw : generator -> (images, labels) of a batch
    loss, channels, rate : what is made small, the network's outputs a pixel, the learning rate
    last : the network's last layer, where its author has put one between the logits and the loss
    probability : (network, image (1, 1, 512, 512)) -> probability of membrane (1, 512, 512)
    score : (predicted, true) -> number, averaged over the sections
    redraw : membranes (N, 512, 512) -> what is to be found instead
    validate : network -> validation score, where that is not the score of sections 20 to 22
    """
    draw = draw or crops_of(redraw(sections("train")[1]))
    torch.manual_seed(seed)
    network = UNet(classes=channels, width=8, depth=2)
    generator = torch.Generator().manual_seed(seed)
    curve = fit(network, draw, loss, steps=STEPS, generator=generator, learning_rate=rate).loss
    images, labels = draw(generator)
    outputs = last(infer(network, images))
    found, scores = {}, {}
    for split in ("validation", "test"):
        stack, masks = sections(split)
        found[split] = [(probability(network, image[None, None])[0] > 0.5).numpy() for image in stack]
        scores[split] = float(np.mean([score(a, b) for a, b in zip(found[split], redraw(masks), strict=True)]))
    return Run(
        loss=curve,
        validation=validate(network) if validate else scores["validation"],
        test=scores["test"],
        truth=redraw(sections("validation")[1][:1])[0, :128, :128],
        prediction=found["validation"][0][:128, :128],
        labels=(labels.min().item(), labels.max().item()),
        outputs=(outputs.min().item(), outputs.max().item()),
        channels=channels,
    )


def healthy(seed: int = 0) -> Run:
    """Train without a fault."""
    return run(seed)


def stored_masks(seed: int = 0) -> Run:
    """Train on masks of 0 and 255, with one output channel; the author's Dice uses these masks, too."""

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        images, labels = crops_of(sections("train")[1])(generator)
        return images, faults.broken_labels(255 * labels)

    def soft_dice(predicted: Mask, true: Mask) -> float:
        stored = 255.0 * true
        return float(2 * (predicted * stored).sum() / (predicted.sum() + stored.sum()))

    return run(seed, draw, faults.mended_sigmoid, channels=1, probability=sigmoid_map, score=soft_dice)


def two_softmaxes(seed: int = 0) -> Run:
    """Train a network that ends in a softmax with a cross-entropy that has one, too."""
    return run(seed, loss=faults.broken_softmax, last=lambda logits: logits.softmax(dim=1))


def sigmoid_before(seed: int = 0) -> Run:
    """Train a network that ends in a sigmoid with a cross-entropy that has one, too."""
    return run(seed, loss=faults.broken_sigmoid, channels=1, last=torch.sigmoid, probability=sigmoid_map)


def no_eval(seed: int = 0, predict: Callable[[nn.Module, Tensor], Tensor] = faults.broken_prediction) -> Run:
    """Predict tile by tile with a network that is still in training mode."""

    def in_tiles(network: nn.Module, image: Tensor) -> Tensor:
        network.train()  # as a hand-written loop leaves it
        tiles = [band.split(TILE, dim=3) for band in image.split(TILE, dim=2)]
        rows = [torch.cat([predict(network, tile) for tile in row], dim=2) for row in tiles]
        return torch.cat(rows, dim=1)

    return run(seed, probability=in_tiles)


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
    return run(seed, score=faults.broken_dice, redraw=centre_lines)


def rate_too_large(seed: int = 0) -> Run:
    """Train with a learning rate of 3 in place of 3e-3."""
    return run(seed, rate=faults.BROKEN_RATE)


def leak(seed: int = 0, split: Callable[[torch.Generator], tuple[Tensor, Tensor]] = faults.broken_split) -> Run:
    """Cut overlapping crops from one piece of section 18, and split them into training and validation afterwards."""
    image, membrane = sections("train")[0][18], torch.from_numpy(sections("train")[1][18]).long()
    corners = split(torch.Generator().manual_seed(EXPORT_SEED))
    windows = [[np.s_[r : r + SIDE, c : c + SIDE] for r, c in part.tolist()] for part in corners]

    def draw(generator: torch.Generator) -> tuple[Tensor, Tensor]:
        chosen = [windows[0][n] for n in torch.randint(len(windows[0]), (4,), generator=generator).tolist()]
        return torch.stack([image[w] for w in chosen])[:, None], torch.stack([membrane[w] for w in chosen])

    def validate(network: nn.Module) -> float:
        maps = faults.mended_prediction(network, torch.stack([image[w] for w in windows[1]])[:, None])
        true = [(membrane[w] == 1).numpy() for w in windows[1]]
        return float(np.mean([dice(a, b) for a, b in zip((maps > 0.5).numpy(), true, strict=True)]))

    return run(seed, draw, validate=validate)


PATIENTS: dict[str, Callable[[], Run]] = {
    "A": no_eval,
    "B": rate_too_large,
    "C": stored_masks,
    "D": leak,
    "E": sigmoid_before,
    "F": background_counted,
    "G": two_softmaxes,
    "H": no_shuffle,
}
