"""Calibration: do probabilities keep their word, and does a doubt point at what is wrong (chapters 6 and 24)?"""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from scipy import optimize
from scipy.stats import rankdata
from torch import Tensor

from unet_teach._checks import reals, whole

Bins = list[tuple[int, float, float]]


def reliability(probability: ArrayLike, happened: NDArray[np.bool_], bins: int = 10) -> Bins:
    """Compare what is said with what is: for each bin of probability how many, their mean, the share that happened.

    Parameters
    ----------
    probability : from 0 to 1, any shape
    happened : booleans of the same shape
    bins : of equal width; 1 counts to the last. An empty one has its middle, and a share of 0

    Raises
    ------
    TypeError, ValueError
        If shapes or kinds do not fit, a probability is not from 0 to 1, or there is nothing to compare.

    Source: the reliability diagram, Murphy and Winkler (1977). Introduced in chapter 6.
    """
    said, came = _checked(probability, happened)
    count = whole("bins", bins)
    if count < 1:
        raise ValueError(f"there is at least 1 bin, got {count}")
    number = np.minimum((said * count).astype(int), count - 1)
    inside = [number == b for b in range(count)]
    return [
        (int(i.sum()), float(said[i].mean()), float(came[i].mean())) if i.any() else (0, (b + 0.5) / count, 0.0)
        for b, i in enumerate(inside)
    ]


def calibration_error(probability: ArrayLike, happened: NDArray[np.bool_], bins: int = 10) -> float:
    """Average the gap between what is said and what is, over the bins, each by how many fell into it.  0 to 1

    The expected calibration error. Arguments and errors as `reliability`; it depends on the bins, and a network that
    always says the overall share has none of it. Source: Naeini et al. (2015). Introduced in chapter 24.
    """
    found = reliability(probability, happened, bins)
    total = sum(count for count, _, _ in found)
    return sum(count * abs(said - share) for count, said, share in found) / total


def temperature_of(logits: Tensor, labels: Tensor) -> float:
    """Find the number by which logits have to be divided so that their probabilities fit the labels best.

    Above 1 the network is too sure, below 1 not sure enough. Dividing changes no decision. Chosen on validation data.

    Parameters
    ----------
    logits : (N, C, ...) floats
    labels : (N, ...) int64, class numbers

    Raises
    ------
    TypeError, ValueError
        If shapes or kinds do not fit, a logit is not finite, or a label is not a class.

    Source: Guo et al. (2017). Introduced in chapter 24.
    """
    if not isinstance(logits, Tensor) or not isinstance(labels, Tensor) or not logits.is_floating_point():
        raise TypeError("logits are a tensor of floats, and labels a tensor of class numbers")
    if logits.ndim < 2 or logits.shape[:1] + logits.shape[2:] != labels.shape or not labels.numel():
        shapes = f"{tuple(logits.shape)} and {tuple(labels.shape)}"
        raise ValueError(f"logits are (N, C, ...) and labels (N, ...), got {shapes}")
    if labels.dtype != torch.int64 or labels.min() < 0 or labels.max() >= logits.shape[1]:
        raise ValueError(f"labels are int64, from 0 to {logits.shape[1] - 1}, got {labels.dtype}")
    if not logits.isfinite().all():
        raise ValueError("logits must be finite: look for NaN or infinity")
    flat = logits.detach().cpu().double().movedim(1, -1).flatten(0, -2)
    right = labels.cpu().flatten()

    def cost(exponent: float) -> float:
        return float(torch.nn.functional.cross_entropy(flat / float(np.exp(exponent)), right))

    return float(np.exp(optimize.minimize_scalar(cost, bounds=(-4, 4), method="bounded").x))


def area_under_curve(doubt: ArrayLike, failed: NDArray[np.bool_]) -> float:
    """Return how often, of a case that failed and one that did not, the one that failed has the greater doubt.

    Ties count half. 0.5 is a coin, 1 a doubt that sorts all failures to the top: the area under the ROC curve.

    Parameters
    ----------
    doubt : (n,) numbers, higher where failure is feared
    failed : (n,) booleans

    Raises
    ------
    TypeError, ValueError
        If shapes or kinds do not fit, or nothing failed, or everything did: then there is no pair.

    Source: Hanley and McNeil (1982). Introduced in chapter 24.
    """
    scores = reals("doubt", doubt, finite=True)
    if not isinstance(failed, np.ndarray) or failed.dtype != bool:
        raise TypeError("failed must be a boolean array: compare the scores with a limit first")
    if scores.ndim != 1 or scores.shape != failed.shape:
        raise ValueError(f"doubt and failed are (n,) each, got {scores.shape} and {failed.shape}")
    if failed.all() or not failed.any():
        raise ValueError("some cases have to fail, and some not, or there is nothing to tell apart")
    wrong, right = int(failed.sum()), int((~failed).sum())
    return float((rankdata(scores)[failed].sum() - wrong * (wrong + 1) / 2) / (wrong * right))


def _checked(probability: ArrayLike, happened: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    said = reals("probability", probability, finite=True)
    if not isinstance(happened, np.ndarray | np.bool_) or happened.dtype != bool:
        raise TypeError("what happened must be a boolean array: compare with a class number, as in labels == 1")
    if said.shape != happened.shape or not said.size:
        raise ValueError(f"probabilities and what happened have one shape, got {said.shape} and {happened.shape}")
    if said.min() < 0 or said.max() > 1:
        raise ValueError(f"probabilities are from 0 to 1, got {said.min():g} to {said.max():g}: softmax first")
    return said, np.asarray(happened)
