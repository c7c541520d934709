"""What is said about a box, and its scores: Dice and surface Dice of both parts, person by person (chapter 15)."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from unet_teach.data.hippocampus import group_of
from unet_teach.metrics import dice, surface_dice
from unet_teach.predict import infer
from unet_teach.recipes.hippocampus.cases import PARTS, InputBox, as_input

TOLERANCE = 1.0  # mm: a voxel
MULTIPLE = 4  # every side is padded to one: enough for networks that halve twice

Labels = NDArray[np.uint8]


def segment(network: nn.Module, image: ArrayLike, multiple: int = MULTIPLE) -> Labels:
    """Label any box of MR around a hippocampus, from the mean of two looks.

    The second look has the box shifted by half of `multiple`, so that what was pooled together is not. (And torch
    computes two volumes in half the time of one: on one thread it gives a single one to a slow routine.)

    Parameters
    ----------
    network : (N, 1, D, H, W) -> (N, classes, D, H, W), such as `train` gives
    image : (X, Y, Z), of any size and any scale of grey values, with the axes of `load_hippocampus`
    multiple : of what the network needs its sides; what is missing is mirrored, and cut off again afterwards

    Returns
    -------
    (X, Y, Z) uint8: 0 background, 1 anterior, 2 posterior

    Raises
    ------
    TypeError, ValueError
        As `as_input`.

    Introduced in chapter 15.
    """
    grey = as_input(image)
    apart = multiple // 2
    missing = [-side % multiple + multiple for side in grey.shape]
    before = [(n - apart) // 2 for n in missing]  # of the first look; the second starts `apart` voxels earlier
    looks = [[(b + step, n - b - step) for b, n in zip(before, missing, strict=True)] for step in (0, apart)]
    padded = np.stack([np.pad(grey, look, mode="symmetric") for look in looks])
    logits = infer(network, torch.from_numpy(padded)[:, None])  # (2, classes, ...)
    there = [tuple(slice(a, a + side) for (a, _), side in zip(look, grey.shape, strict=True)) for look in looks]
    mean = sum(one[:, *inside] for one, inside in zip(logits, there, strict=True))
    return np.asarray(mean.argmax(dim=0).numpy().astype(np.uint8))


def score_case(labels: Labels, case: InputBox) -> dict[str, float]:
    """Score what was said: "dice anterior", "surface anterior" (at 1 mm), and the same of the posterior part."""
    scores = {}
    for part, number in PARTS.items():
        masks = labels == number, case.labels == number
        scores[f"dice {part}"] = dice(*masks)
        scores[f"surface {part}"] = surface_dice(*masks, TOLERANCE, case.spacing)
    return scores


def examine(said: Mapping[int, Labels], cases: Sequence[InputBox]) -> dict[str, float]:
    """Score every case, its labels found by its number: "dice anterior 6", "dice anterior 11" ..."""
    rows = {case.number: score_case(said[case.number], case) for case in cases}
    names = next(iter(rows.values()))
    return {f"{name} {number}": row[name] for name in names for number, row in rows.items()}


def mean_dice_of_cases(network: nn.Module, cases: Sequence[InputBox]) -> float:
    """Average Dice over both parts and all cases: what weights and settings are chosen by, on validation cases."""
    rows = [score_dice(segment(network, case.image), case) for case in cases]
    return float(np.mean(rows))


def score_dice(labels: Labels, case: InputBox) -> list[float]:
    """Score by Dice alone, which takes a tenth of the time."""
    return [dice(labels == number, case.labels == number) for number in PARTS.values()]


def by_person(scores: ArrayLike, numbers: Sequence[int]) -> NDArray[np.float64]:
    """Average the scores of each person's cases, since two sides of one head are not two people.

    Parameters
    ----------
    scores : (..., cases)
    numbers : of the cases, in the order of the scores

    Returns
    -------
    (..., people), in order of their numbers

    Introduced in chapter 15.
    """
    table, people = np.asarray(scores, dtype=float), np.array([group_of(number) for number in numbers])
    return np.stack([table[..., people == person].mean(axis=-1) for person in np.unique(people)], axis=-1)
