"""The laboratory: what can be measured in any run that segments, before anybody looks at a curve (chapter 12).

`examine` measures, `abnormal` says what is out of its normal range. Neither knows the clinic: take both home.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from unet_teach.metrics.overlap import Mask
from unet_teach.transforms import turn

Pair = tuple[Tensor, Tensor]  # images (N, 1, H, W) and labels (N, H, W), as the run's own code makes them
SEGMENT = 16  # pixels in a row that nobody has twice by chance


class Range(NamedTuple):
    """What numbers a tensor holds."""

    low: float
    high: float
    mean: float
    sd: float


@dataclass(frozen=True)
class Values:
    """What the laboratory measured; a dictionary has an entry for each of train, validation and test."""

    inputs: dict[str, Range]
    labels: dict[str, Range]
    foreground: dict[str, float]  # share of pixels that are of a class other than 0
    misfits: dict[str, float]  # share of images whose labels would fit better flipped or turned
    scores: dict[str, float]
    channels: int
    outputs: Range  # of what the network hands to the loss
    sums: Range  # of the probabilities, over the channels
    first: float  # loss
    last: float  # mean loss of the last twenty steps
    lowest: float
    highest: float
    guess: float  # ln C: the loss of one who knows nothing
    shares: float  # the entropy of the shares: the loss of one who knows nothing else
    alone: float  # how far an answer moves, at most, when the image comes in other company
    nothing: float  # the score of an empty prediction
    drift: float  # share of foreground at the end of an epoch minus that at its beginning
    sources: int  # specimens that are in training and in validation
    copies: float  # share of the validation pixels that stand in training images, to the last digit
    detail: float  # fine detail of the training images, where that of validation is 1


def examine(
    curve: Sequence[float],
    epoch: Sequence[Pair],
    held_out: Mapping[str, Pair],
    sources: Mapping[str, set[str]],
    outputs: Tensor,
    predict: Callable[[Tensor], Tensor],
    score: Callable[[Mask, Mask], float],
    scores: Mapping[str, float],
) -> Values:
    """Measure a finished run.

    Parameters
    ----------
    curve : the training loss of each step
    epoch : the training batches of one epoch, in order, as the network got them
    held_out : "validation" and "test" -> the same
    sources : "train" and "validation" -> which specimens (patients, animals) are in them
    outputs : (N, C, H, W), what the finished network hands to the loss
    predict : images -> probabilities (N, C, H, W), as the run predicts
    score : (predicted, true) -> number, as the run scores
    scores : "validation" and "test" -> what the run reports

    Introduced in chapter 12.
    """
    images, labels = (torch.cat(part) for part in zip(*epoch, strict=True))
    splits = {"train": (images, labels), **held_out}
    looked_at, true = held_out["validation"]
    answer = predict(looked_at[:1])
    in_company = predict(torch.cat([looked_at[:1], 2 * looked_at[-1:]]))
    channels = outputs.shape[1]
    foreground = [float((part > 0).float().mean()) for _, part in epoch]
    quarter = max(len(epoch) // 4, 1)
    masks = (true > 0).numpy()
    return Values(
        inputs={split: range_of(pair[0]) for split, pair in splits.items()},
        labels={split: range_of(pair[1]) for split, pair in splits.items()},
        foreground={split: float((pair[1] > 0).float().mean()) for split, pair in splits.items()},
        misfits={split: misfits(*pair) for split, pair in splits.items()},
        scores=dict(scores),
        channels=channels,
        outputs=range_of(outputs),
        sums=range_of(answer.sum(dim=1) if channels > 1 else torch.ones_like(answer)),
        first=curve[0],
        last=float(np.mean(curve[-20:])),
        lowest=min(curve),
        highest=max(curve),
        guess=math.log(max(channels, 2)),
        shares=entropy(labels),
        alone=(in_company[0] - answer[0]).abs().max().item(),
        nothing=float(score(np.zeros_like(masks[0]), masks[int(masks.sum((1, 2)).argmax())])),
        drift=float(np.mean(foreground[-quarter:]) - np.mean(foreground[:quarter])),
        sources=len(sources["train"] & sources["validation"]),
        copies=copies(images, looked_at),
        detail=detail(images) / detail(looked_at),
    )


def range_of(tensor: Tensor) -> Range:
    """Return the lowest and the highest number, the mean and the standard deviation."""
    numbers = tensor.double()
    return Range(numbers.min().item(), numbers.max().item(), numbers.mean().item(), numbers.std(correction=0).item())


def entropy(labels: Tensor) -> float:
    """Return the loss of one who knows how frequent each class is, and nothing else."""
    shares = labels.flatten().unique(return_counts=True)[1] / labels.numel()
    return -float((shares * shares.log()).sum())


def misfits(images: Tensor, labels: Tensor) -> float:
    """Return the share of images whose labels go with the grey values better when they are flipped or turned.

    Only for labels that go with grey values: it says nothing of cells in phase contrast, nor of shifts by a few pixels.
    """
    found = []
    for image, mask in zip(images[:64, 0].double(), labels[:64].double(), strict=True):
        if mask.std() == 0:
            continue  # nothing is drawn there
        quarters = (0, 1, 2, 3) if mask.shape[0] == mask.shape[1] else (0, 2)
        ways = [turn(mask, quarter, mirrored) for mirrored in (False, True) for quarter in quarters]
        fits = [abs(torch.corrcoef(torch.stack([image.flatten(), way.flatten()]))[0, 1]).item() for way in ways]
        found.append(fits[0] < max(fits[1:]))
    return float(np.mean(found)) if found else 0.0


def copies(training: Tensor, validation: Tensor) -> float:
    """Return the share of places in validation images whose row of 16 pixels stands in a training image, too."""
    return float(np.isin(_segments(validation)[:, ::4, ::4], _segments(training)).mean())


def _segments(images: Tensor) -> np.ndarray:
    """Turn each row of 16 pixels into one number.  (N, 1, H, W) -> (N, H, W - 15)"""
    weights = np.random.default_rng(0).normal(size=SEGMENT)
    rows = images[:, 0].double().numpy()
    width = rows.shape[-1] - SEGMENT + 1
    return np.sum([weight * rows[..., start : start + width] for start, weight in enumerate(weights)], axis=0)


def detail(images: Tensor) -> float:
    """Return the share of the variance that stands between a pixel and the mean of its 3 x 3 neighbourhood."""
    inside = images.double()[..., 1:-1, 1:-1]
    return ((inside - functional.avg_pool2d(images.double(), 3, 1)).var() / inside.var()).item()


def abnormal(values: Values) -> list[str]:
    """Name every value that lies outside its normal range.

    Introduced in chapter 12.
    """
    classes = max(values.channels, 2)
    lead = values.scores["validation"] - values.scores["test"]
    found = {
        "loss below 0": values.lowest < 0,
        "loss leaps": values.highest > 3 * max(values.first, values.guess),
        "loss no better than the shares": values.last > 0.95 * values.shares,
        "outputs never below 0": values.outputs.low >= 0,
        "probabilities do not add to 1": max(abs(values.sums.low - 1), abs(values.sums.high - 1)) > 1e-3,
        "another answer in company": values.alone > 1e-3,
        "a score above 1": max(values.scores.values()) > 1,
        "validation above test": 0.1 < lead <= 1,
        "validation below test": lead < -0.1,
        "finding nothing scores": values.nothing > 0.01,
        "foreground drifts": abs(values.drift) > 0.1,
        "a specimen on both sides": values.sources > 0,
        "pixels on both sides": values.copies > 0.01,
        "detail was lost": values.detail < 0.75,
        "detail was gained": values.detail > 2,
    }
    for split, inputs in values.inputs.items():
        found[f"inputs of {split}"] = abs(inputs.mean) > 1 or not 0.33 < inputs.sd < 3
        labels = values.labels[split]
        found[f"labels of {split}"] = labels.low < 0 or labels.high > classes - 1
        found[f"labels turned in {split}"] = values.misfits[split] > 0.5
    return [name for name, is_so in found.items() if is_so]
