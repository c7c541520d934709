"""Chapter 9's training run: the course's U-Net on electron-microscopy sections 0 to 18.

Best weights and thresholds are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads as using_threads
from unet_teach.data import load_em
from unet_teach.losses import cross_entropy
from unet_teach.metrics import THRESHOLDS, dice, regions, v_rand, v_rand_curve
from unet_teach.models import UNet
from unet_teach.predict import average_symmetries, infer
from unet_teach.train import History, fit
from unet_teach.transforms import elastic, flip_and_rotate, random_crops, shift_grey, standardise

STEPS = 800
MEMBRANE_WEIGHT = 3.0  # pixels of membrane are rarer than those inside cells by about this factor

Map = NDArray[np.float32]
Masks = Sequence[NDArray[np.bool_]] | NDArray[np.bool_]
Batch = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]


def plain_batch(images: Tensor, membrane: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cut four crops, as they are.  (N, H, W) twice -> (4, 1, 128, 128) and (4, 128, 128)"""
    return random_crops(images, membrane, 128, 4, generator)


def augmented_batch(images: Tensor, membrane: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Turn and bend two sections, cut two crops from each, vary their grey.  -> (4, 1, 128, 128) and (4, 128, 128)"""
    crops, truths = [], []
    for _ in range(2):
        number = torch.randint(len(images), (), generator=generator)
        image, truth = flip_and_rotate(images[number][None], membrane[number], generator)
        image, truth = elastic(image, truth, generator)
        cut, cut_truth = random_crops(image, truth[None], 128, 2, generator)
        crops += [shift_grey(crop, generator) for crop in cut]
        truths.append(cut_truth)
    return torch.stack(crops), torch.cat(truths)


BATCHES: dict[str, Batch] = {"augmented": augmented_batch, "plain": plain_batch}


def weighted_loss(logits: Tensor, membrane: Tensor, weight: float = MEMBRANE_WEIGHT) -> Tensor:
    """Let each pixel of membrane count `weight` times in the cross-entropy.  (N, 2, H, W), (N, H, W) -> ()"""
    return cross_entropy(logits, membrane, torch.where(membrane == 1, weight, 1.0))


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
    loss: Callable[[Tensor, Tensor], Tensor] = weighted_loss,
    build: Callable[[], nn.Module] = UNet,
    numbers: Sequence[int] = range(19),
    steps: int = STEPS,
    look: Callable[[nn.Module, Tensor], Map] = membrane_map,
) -> tuple[nn.Module, History]:
    """Train on these of sections 0 to 18; the best weights have the best membrane Dice on sections 20 to 22."""
    sections, held_out = load_em("train"), load_em("validation")
    images = standardise(sections.images[list(numbers)])
    membrane = torch.from_numpy(sections.membrane[list(numbers)]).long()
    unseen = standardise(held_out.images)

    def validate(network: nn.Module) -> float:
        return float(np.mean(dice_of([look(network, image) for image in unseen], held_out.membrane)))

    torch.manual_seed(seed)
    network = build()
    history = fit(
        network,
        partial(batch, images, membrane),
        loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        validate=validate,
        validate_every=200,
    )
    return network, history


def dice_of(maps: Sequence[Map], membranes: Masks) -> list[float]:
    """Score each section's map by Dice, membrane being what is more likely than not."""
    return [dice(map_ > 0.5, true) for map_, true in zip(maps, membranes, strict=True)]


def best_threshold(maps: Sequence[Map], membranes: Masks) -> float:
    """Find the challenge's threshold with the best mean V-Rand. On validation sections, that is."""
    curves = [v_rand_curve(map_, regions(true)) for map_, true in zip(maps, membranes, strict=True)]
    return THRESHOLDS[int(np.mean(curves, axis=0).argmax())]


def v_rand_of(maps: Sequence[Map], membranes: Masks, threshold: float) -> list[float]:
    """Score each section's map by V-Rand."""
    return [v_rand(map_, regions(true), threshold) for map_, true in zip(maps, membranes, strict=True)]


def run(
    batch: str, membrane_weight: float, threads: int, seed: int, numbers: Sequence[int] = range(19)
) -> dict[str, float]:
    """Train once and score sections 24 to 29, from one look at each and from the average of eight."""
    loss = partial(weighted_loss, weight=membrane_weight)
    with using_threads(threads):
        network, history = train(seed, BATCHES[batch], loss, numbers=numbers)
        best = {"validation dice": history.score[history.best_step], "best step": history.best_step}
        return best | examine(network, membrane_map, "") | examine(network, averaged_map, "averaged ")


def examine(network: nn.Module, look: Callable[[nn.Module, Tensor], Map], prefix: str) -> dict[str, float]:
    """Choose the threshold on sections 20 to 22, then score each of sections 24 to 29."""
    validation, test = load_em("validation"), load_em("test")
    threshold = best_threshold([look(network, image) for image in standardise(validation.images)], validation.membrane)
    maps = [look(network, image) for image in standardise(test.images)]
    return {f"{prefix}{name}": value for name, value in score_test_sections(maps, threshold).items()}


def score_test_sections(maps: Sequence[Map], threshold: float) -> dict[str, float]:
    """Score maps of sections 24 to 29, each by Dice at 0.5 and by V-Rand at a threshold, which is returned as well."""
    test = load_em("test")
    scores = {"dice": dice_of(maps, test.membrane), "v_rand": v_rand_of(maps, test.membrane, threshold)}
    results = {"threshold": threshold}
    for score, values in scores.items():
        results |= {f"{score} {number}": value for number, value in zip(test.numbers, values, strict=True)}
    return results


EXPERIMENT = Experiment(
    "thirty_images",
    "How well does the course's U-Net segment sections 24 to 29 after 800 steps on sections 0 to 18?",
    [{"batch": "augmented", "membrane_weight": 3, "threads": n, "seed": seed} for n in (1, 2) for seed in range(3)]
    + [{"batch": "plain", "membrane_weight": 3, "threads": 1, "seed": seed} for seed in range(3)]
    + [{"batch": "augmented", "membrane_weight": 1, "threads": 1, "seed": seed} for seed in range(3)],
    run,
    {"validation dice": 0.008, "dice ": 0.02, "v_rand ": 0.15, "averaged dice ": 0.02, "averaged v_rand ": 0.15},
    needs=("isbi2012_em",),
)

FEW = Experiment(
    "two_images",
    "Does augmentation help where there are only two sections, 4 (calm) and 16 (noisy), to learn from in 800 steps?",
    [{"batch": batch, "seed": seed} for batch in BATCHES for seed in range(3)],
    partial(run, membrane_weight=MEMBRANE_WEIGHT, threads=1, numbers=(4, 16)),
    EXPERIMENT.tolerance,
    needs=("isbi2012_em",),
)
