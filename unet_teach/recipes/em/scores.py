"""How membranes are scored: Dice at 0.5, and V-Rand at the threshold that is best on the validation sections."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor, nn

from unet_teach.data import EMSections, load_em
from unet_teach.metrics import THRESHOLDS, dice, regions, v_rand, v_rand_curve
from unet_teach.predict import by_basin
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


def v_rand_of_floods(maps: Sequence[Map], membranes: Masks, sigma: float, depth: float) -> list[float]:
    """Score each section's map by V-Rand, its cells being the floods of its basins, not what a threshold leaves."""
    lines = [(by_basin(map_, sigma, depth) == 0).astype(np.float32) for map_ in maps]
    return v_rand_of(lines, membranes, 0.5)


def shifted(map_: Map, down: float, right: float) -> Map:
    """Move a map by a fraction of a pixel.  (H, W) -> (H, W)"""
    return np.clip(ndimage.shift(map_, (down, right), order=3, mode="nearest"), 0, 1)  # splines overshoot


def best_shift(maps: Sequence[Map], membranes: Masks) -> tuple[float, float]:
    """Find how far maps must move, down and to the right, to lie on the experts' lines. On validation sections.

    The lines were drawn some 0.6 pixels above the membranes and 0.2 left of them. A network that always sees sections
    upright learns that along with the rest, one that sees them turned cannot: by Dice the first would be paid for it.
    Introduced in chapter 11.
    """

    def score(shift: tuple[float, float]) -> float:
        return float(np.mean(dice_of([shifted(map_, *shift) for map_ in maps], membranes)))

    return max(product((0.0, -0.2, -0.4, -0.6, -0.8), (0.0, -0.2, -0.4)), key=score)  # no shift, where all are equal


def ask(network: nn.Module, predict: Callable[[nn.Module, Tensor], Map]) -> tuple[list[Map], list[Map]]:
    """Predict the validation sections, 20 to 22, and the test sections, 24 to 29.  -> 3 and 6 maps (H, W)"""
    validation, test = ([predict(network, image) for image in _standardised(split)] for split in ("validation", "test"))
    return validation, test


def _standardised(split: Literal["validation", "test"]) -> Tensor:
    return standardise(load_em(split).images)


def examine(validation_maps: Sequence[Map], test_maps: Sequence[Map], prefix: str = "") -> dict[str, float]:
    """Choose the threshold on sections 20 to 22, then score each of sections 24 to 29."""
    threshold = best_threshold(validation_maps, load_em("validation").membrane)
    return {f"{prefix}{name}": value for name, value in score_test_sections(test_maps, threshold).items()}


def examine_aligned(validation_maps: Sequence[Map], test_maps: Sequence[Map], prefix: str = "") -> dict[str, float]:
    """Choose a shift on sections 20 to 22, move the maps by it, and examine them: "aligned dice 24" ..."""
    down, right = best_shift(validation_maps, load_em("validation").membrane)
    chosen_on, moved = ([shifted(map_, down, right) for map_ in maps] for maps in (validation_maps, test_maps))
    results = {"down": down, "right": right} | examine(chosen_on, moved, "aligned ")
    return {f"{prefix}{name}": value for name, value in results.items()}


def score_test_sections(maps: Sequence[Map], threshold: float) -> dict[str, float]:
    """Score maps of sections 24 to 29, each by Dice at 0.5 and by V-Rand at a threshold, which is returned as well."""
    return {"threshold": threshold} | scores_by_section(maps, load_em("test"), threshold)


def scores_by_section(
    maps: Sequence[Map], sections: EMSections, threshold: float, prefix: str = ""
) -> dict[str, float]:
    """Score maps of these sections by Dice at 0.5 and by V-Rand at a threshold: "dice 24", ..., "v_rand 24" ..."""
    scores = {"dice": dice_of(maps, sections.membrane), "v_rand": v_rand_of(maps, sections.membrane, threshold)}
    return {
        f"{prefix}{score} {number}": value
        for score, values in scores.items()
        for number, value in zip(sections.numbers, values, strict=True)
    }
