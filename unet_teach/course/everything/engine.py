"""A data engine in small: label a few slices, train, let the network propose, correct, train again."""

import numpy as np
import torch
from numpy.typing import NDArray

from unet_teach.course.everything.annotator import correct
from unet_teach.course.everything.slices import (
    ORGANS,
    SPACING,
    TorsoSlices,
    answer,
    dice_by_organ,
    draw_slices,
    organ_loss,
    train_on,
)

ROUNDS = (6, 12, 24)  # slices that each round brings
EXAM_SLICES = 40
ENGINE_STEPS = 400
FIRST_EXAMINED = 200_000


def engine_exam() -> TorsoSlices:
    """Draw the slices that no round learns from."""
    return draw_slices(range(FIRST_EXAMINED, FIRST_EXAMINED + EXAM_SLICES))


def run_engine(corrected: bool, seed: int, steps: int = ENGINE_STEPS) -> dict[str, float]:
    """Play three rounds; the first is drawn from scratch, the later ones are proposed by the network so far.

    corrected : whether a person corrects what the network proposes, or it is believed

    Returns "dice 1" to "dice 3" of the network after each round, on slices that no round learns from; "proposed 2" and
    "proposed 3", the Dice of what was proposed; the metres drawn, "drawn 1" ..., and from scratch, "scratch 1" ...; and
    how many organs were looked at, "looks 1" ...
    """
    exam, learned, scores = engine_exam(), TorsoSlices(torch.empty(0), torch.empty(0)), {}
    network, first = None, 1000 * (seed + 1)
    for number, count in enumerate(ROUNDS, start=1):
        new = draw_slices(range(first, first + count))
        first += count
        truth = new.labels.numpy()
        said = np.zeros_like(truth) if network is None else answer(network, new.images)
        if network is not None:
            scores[f"proposed {number}"] = mean_organ_dice(said, truth)
        by_hand = [correct(np.zeros_like(slice_), slice_, len(ORGANS), SPACING) for slice_ in truth]
        done = [correct(one, other, len(ORGANS), SPACING) for one, other in zip(said, truth, strict=True)]
        believed = network is not None and not corrected
        scores |= {
            f"drawn {number}": 0.0 if believed else sum(one.drawn for one in done) / 1000,
            f"scratch {number}": sum(one.drawn for one in by_hand) / 1000,
            f"looks {number}": 0 if believed else sum(one.looks for one in done),
            f"scratch looks {number}": sum(one.looks for one in by_hand),
        }
        labels = torch.from_numpy(said if believed else np.stack([one.labels for one in done]))
        learned = TorsoSlices(torch.cat([learned.images, new.images]), torch.cat([learned.labels.long(), labels]))
        network = train_on(learned, len(ORGANS) + 1, steps=steps, seed=seed, loss=organ_loss)
        scores[f"dice {number}"] = mean_organ_dice(answer(network, exam.images), exam.labels.numpy())
    return scores


def mean_organ_dice(said: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Average the organs' Dice, each over the slices where it is seen or said."""
    return float(np.nanmean(dice_by_organ(said, truth, len(ORGANS))))
