"""How the course's U-Net learns membranes from sections 0 to 18, and says where they are (chapter 9)."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.data import load_em
from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.models import UNet
from unet_teach.predict import average_symmetries, infer
from unet_teach.recipes.em.batches import Batch, augmented_batch
from unet_teach.recipes.em.scores import Map, dice_of
from unet_teach.train import History, fit
from unet_teach.transforms import standardise

STEPS = 400
MEMBRANE_WEIGHT = 3.0  # pixels of membrane are rarer than those inside cells by about this factor


def weighted_loss(logits: Tensor, membrane: Tensor, weight: float = MEMBRANE_WEIGHT) -> Tensor:
    """Let each pixel of membrane count `weight` times in the cross-entropy.  (N, 2, H, W), (N, H, W) -> ()"""
    return cross_entropy(logits, membrane, torch.where(membrane == 1, weight, 1.0))


def weighted_and_dice_loss(logits: Tensor, membrane: Tensor) -> Tensor:
    """Add the Dice loss to the weighted cross-entropy.  (N, 2, H, W), (N, H, W) -> ()"""
    return weighted_loss(logits, membrane) + dice_loss(logits, membrane)


def membrane_map(network: nn.Module, image: Tensor) -> Map:
    """Predict the probability of membrane at every pixel of a section.  (H, W) -> (H, W)"""
    logits = infer(network, image[None, None])
    return np.asarray(logits.softmax(dim=1)[0, 1])


def averaged_map(network: nn.Module, image: Tensor) -> Map:
    """Predict a section in all eight flips and rotations, and average the probabilities.  (H, W) -> (H, W)"""
    return np.asarray(average_symmetries(lambda turned: infer(network, turned[None]).softmax(dim=1)[0], image[None])[1])


def train(
    seed: int,
    batch: Batch = augmented_batch,
    loss: Callable[..., Tensor] = weighted_loss,
    build: Callable[[], nn.Module] = UNet,
    numbers: Sequence[int] = range(19),
    steps: int = STEPS,
    predict: Callable[[nn.Module, Tensor], Map] = membrane_map,
    learning_rate: float = 3e-3,
) -> tuple[nn.Module, History]:
    """Train on these of sections 0 to 18; the best weights have the best membrane Dice on sections 20 to 22."""
    sections, held_out = load_em("train"), load_em("validation")
    images = standardise(sections.images[list(numbers)])
    membrane = torch.from_numpy(sections.membrane[list(numbers)]).long()
    unseen = standardise(held_out.images)

    def validate(network: nn.Module) -> float:
        return float(np.mean(dice_of([predict(network, image) for image in unseen], held_out.membrane)))

    torch.manual_seed(seed)
    network = build()
    history = fit(
        network,
        partial(batch, images, membrane),
        loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=learning_rate,
        validate=validate,
        validate_every=200,
    )
    return network, history
