"""How membranes are scored: Dice at 0.5, and V-Rand at the threshold that is best on the validation sections."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.data import load_em
from unet_teach.metrics import THRESHOLDS, dice, regions, v_rand, v_rand_curve
from unet_teach.transforms import standardise

Map = NDArray[np.float32]  # the probability of membrane at every pixel
Masks = Sequence[NDArray[np.bool_]] | NDArray[np.bool_]


def dice_of(maps: Sequence[Map], membranes: Masks) -> list[float]:
    """Score each section's map by Dice, membrane being what is above 0.5."""
    return [dice(map_ > 0.5, true) for map_, true in zip(maps, membranes, strict=True)]


def best_threshold(maps: Sequence[Map], membranes: Masks) -> float:
    """Find the challenge's threshold with the best mean V-Rand. On validation sections, that is."""
    curves = [v_rand_curve(map_, regions(true)) for map_, true in zip(maps, membranes, strict=True)]
    return THRESHOLDS[int(np.mean(curves, axis=0).argmax())]


def v_rand_of(maps: Sequence[Map], membranes: Masks, threshold: float) -> list[float]:
    """Score each section's map by V-Rand."""
    return [v_rand(map_, regions(true), threshold) for map_, true in zip(maps, membranes, strict=True)]


def examine(network: nn.Module, predict: Callable[[nn.Module, Tensor], Map], prefix: str = "") -> dict[str, float]:
    """Choose the threshold on sections 20 to 22, then score each of sections 24 to 29."""
    validation, test = load_em("validation"), load_em("test")
    unseen = [predict(network, image) for image in standardise(validation.images)]
    threshold = best_threshold(unseen, validation.membrane)
    maps = [predict(network, image) for image in standardise(test.images)]
    return {f"{prefix}{name}": value for name, value in score_test_sections(maps, threshold).items()}


def score_test_sections(maps: Sequence[Map], threshold: float) -> dict[str, float]:
    """Score maps of sections 24 to 29, each by Dice at 0.5 and by V-Rand at a threshold, which is returned as well."""
    test = load_em("test")
    scores = {"dice": dice_of(maps, test.membrane), "v_rand": v_rand_of(maps, test.membrane, threshold)}
    results = {"threshold": threshold}
    for score, values in scores.items():
        results |= {f"{score} {number}": value for number, value in zip(test.numbers, values, strict=True)}
    return results
