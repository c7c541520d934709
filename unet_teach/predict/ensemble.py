"""Several networks asked the same: their mean, and how far they disagree about an image (chapter 24)."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.metrics import dice
from unet_teach.predict.inference import infer


def ask_all(networks: Sequence[nn.Module], images: Tensor) -> Tensor:
    """Return what each network says.  (N, C, *size) -> (members, N, K, *out) probabilities

    Raises
    ------
    ValueError
        If there is no network, or one gives another shape than the first.

    Source: deep ensembles, Lakshminarayanan, Pritzel and Blundell (2017). Introduced in chapter 24.
    """
    if not networks:
        raise ValueError("an ensemble has at least one network")
    said = [infer(network, images).float().softmax(dim=1) for network in networks]
    if len({tuple(one.shape) for one in said}) > 1:
        raise ValueError(f"all members answer in one shape, got {', '.join(str(tuple(one.shape)) for one in said)}")
    return torch.stack(said)


def disagreement(labels: NDArray[np.integer], number: int) -> NDArray[np.float64]:
    """Return 1 minus the mean Dice of all pairs of members, for each image: a doubt that needs no truth.

    Parameters
    ----------
    labels : (members, N, *size), what each member says, at least two members
    number : of the class that is compared

    Returns
    -------
    (N,) from 0, all say the same, to 1

    Raises
    ------
    ValueError
        If there are fewer than two members.

    Source: Roy et al. (2019), the mean of pairwise Dice. Introduced in chapter 24.
    """
    if labels.ndim < 3 or len(labels) < 2:
        raise ValueError(f"labels are (members, N, ...) of at least two members, got {labels.shape}")
    masks = labels == number
    pairs = list(combinations(range(len(masks)), 2))
    return np.array([1 - np.mean([dice(masks[a, n], masks[b, n]) for a, b in pairs]) for n in range(masks.shape[1])])
