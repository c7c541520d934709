"""Learning without labels: squares of an image are hidden, and the network guesses their pixels (chapter 17).

Source: Xie et al. (2022), SimMIM, who hide squares, ask for the pixels themselves, and count the absolute error where
something was hidden. They put a learned token in the place of what they hide; here it is grey 0, the images' mean.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from unet_teach.train import History, fit
from unet_teach.transforms import random_crops

SQUARE = 16  # pixels: what a token of the deepest level stands for
SHARE = 0.6
CROP, BATCH = 128, 4
FIRST_SEED = 1000  # no seed of the trainings with labels


def hidden_squares(count: int, side: int, generator: torch.Generator, share: float = SHARE) -> Tensor:
    """Choose squares of 16 pixels at random, as many in each image.  -> (count, side, side), True where hidden

    Raises
    ------
    ValueError
        If squares do not tile the side, or the share is not between 0 and 1.

    Introduced in chapter 17.
    """
    if side % SQUARE or not 0 <= share <= 1:
        raise ValueError(f"side must be a multiple of {SQUARE} and share 0 to 1, got {side} and {share}")
    across = side // SQUARE
    order = torch.rand(count, across * across, generator=generator).argsort(dim=1)  # a random rank for each square
    squares = (order < round(share * across * across)).reshape(count, across, across)
    return squares.repeat_interleave(SQUARE, dim=1).repeat_interleave(SQUARE, dim=2)


def masked_batch(images: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Cut four crops and hide squares.  (N, H, W) -> seen and true (4, 1, 128, 128), hidden (4, 128, 128)"""
    crops, _ = random_crops(images, images, CROP, BATCH, generator)
    hidden = hidden_squares(BATCH, CROP, generator)
    return crops.masked_fill(hidden[:, None], 0.0), crops, hidden


def masked_loss(guess: Tensor, crops: Tensor, hidden: Tensor) -> Tensor:
    """Mean absolute error where something was hidden.  (N, 1, H, W) twice, (N, H, W) -> ()"""
    return ((guess - crops).abs()[:, 0] * hidden).sum() / hidden.sum()


def guessed(network: nn.Module, images: Tensor, seed: int, steps: int, learning_rate: float) -> History:
    """Train a network of one class to guess hidden squares.

    Parameters
    ----------
    network : (N, 1, H, W) -> (N, 1, H, W)
    images : (N, H, W), standardised; no label is seen
    seed : of the crops and squares
    steps, learning_rate : of `fit`

    Introduced in chapter 17.
    """
    generator = torch.Generator().manual_seed(FIRST_SEED + seed)
    draw = partial(masked_batch, images)
    return fit(network, draw, masked_loss, steps=steps, generator=generator, learning_rate=learning_rate)


def pretrained(
    make: Callable[..., nn.Module], images: Tensor, seed: int, steps: int, learning_rate: float
) -> nn.Module:
    """Let a network guess hidden squares, then give it a new head for two classes, and return it.

    Parameters
    ----------
    make : classes=... -> a network whose last layer is called `head`
    images, seed, steps, learning_rate : as of `guessed`; the weights are drawn from torch's generator, as it comes

    Introduced in chapter 17.
    """
    guessing, network = make(classes=1), make(classes=2)
    guessed(guessing, images, seed, steps, learning_rate)
    learned = {name: tensor for name, tensor in guessing.state_dict().items() if not name.startswith("head.")}
    missing, _ = network.load_state_dict(learned, strict=False)
    assert all(name.startswith("head.") for name in missing)
    return network
