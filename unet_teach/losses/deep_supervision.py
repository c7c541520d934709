"""Deep supervision: a loss at several places of a network at once (chapter 13)."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

Loss = Callable[[Tensor, Tensor], Tensor]
LossOfSeveral = Callable[[Sequence[Tensor], Tensor], Tensor]


def deep_supervision(loss: Loss, weights: Sequence[float] | None = None) -> LossOfSeveral:
    """Turn a loss of one answer into one of several: the weighted mean of what each answer costs.

    An answer that is smaller than the labels is compared with labels of its own size: of each square (or cube) the
    class in its middle, as nearest-neighbour interpolation picks it.

    Parameters
    ----------
    loss : logits (N, C, H, W), labels (N, H, W) -> ()
    weights : one for each answer, not negative, not all 0; left out, all count the same

    Returns
    -------
    A loss: answers, each (N, C, h, w) or (N, C, d, h, w), and labels (N, H, W) or (N, D, H, W) -> ()

    Raises
    ------
    ValueError
        If weights are negative, not finite or all 0. The loss: if there are not as many answers as weights, or none.
    TypeError
        The loss: if it is given one tensor in place of several.

    Source: Lee et al. (2015), Deeply-supervised nets; Zhou et al. (2020), section 3.2. Introduced in chapter 13.
    """
    if weights is not None and not (all(0 <= weight < math.inf for weight in weights) and sum(weights) > 0):
        raise ValueError(f"weights must be finite, 0 or more, and not all 0, got {list(weights)}")

    def several(answers: Sequence[Tensor], labels: Tensor) -> Tensor:
        if isinstance(answers, Tensor):  # type: ignore[unreachable]
            raise TypeError("deep supervision takes a list of answers, and got one tensor: let the network return all")
        shares = [1.0] * len(answers) if weights is None else list(weights)
        if len(shares) != len(answers) or not shares:
            raise ValueError(f"there are {len(answers)} answers for {len(shares)} weights")
        costs = [w * loss(x, _of_size(labels, x.shape[2:])) for x, w in zip(answers, shares, strict=True) if w]
        return torch.stack(costs).sum() / sum(shares)

    return several


def _of_size(labels: Tensor, size: torch.Size) -> Tensor:
    if labels.shape[1:] == size:
        return labels
    return functional.interpolate(labels[:, None].double(), size=tuple(size), mode="nearest-exact")[:, 0].long()
