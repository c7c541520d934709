"""What cannot be trained on, and a sentence that says why: numbers, networks, batches, losses, scores."""

import math
import operator
from collections.abc import Sequence
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn


def whole(name: str, value: Any) -> int:
    """Return a number of steps, or say that it is none."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if number < 1 or value is True:
        raise ValueError(f"steps and validate_every start at 1 and are whole numbers, got {name}={value!r}")
    return number


def positive(name: str, value: Any) -> float:
    """Return a rate as a plain float, or say that nothing could be learned with it."""
    number = float(value) if isinstance(value, Real) and value is not True else math.nan
    if not 0 < number < math.inf:
        raise ValueError(f"{name} is a number above 0, such as 3e-3, got {value!r}")
    return number


def cpu_generator(value: Any) -> torch.Generator:
    """Return the source of chance, or say that it cannot be saved and put back."""
    if not isinstance(value, torch.Generator) or value.device.type != "cpu":
        raise ValueError(f"generator is a torch.Generator() on the CPU, got {_kind(value)}")
    return value


def weights_of(network: nn.Module) -> list[nn.Parameter]:
    """Return what the network could learn with, or say that there is nothing."""
    weights = list(network.parameters())
    if not any(weight.requires_grad for weight in weights):
        why = "all its weights are frozen (requires_grad)" if weights else "it has no weights"
        raise ValueError(f"{type(network).__name__} cannot learn: {why}")
    return weights


def a_batch(drawn: Any) -> Sequence[Tensor]:
    """Return a batch as it was drawn, or say what it should have been."""
    if not isinstance(drawn, tuple | list) or not drawn:
        raise ValueError(f"draw_batch gave {_kind(drawn)}: it should return the images and what the loss needs, a pair")
    for part in drawn:
        if not isinstance(part, Tensor):
            raise ValueError(f"draw_batch gave {_kind(part)} in a batch: make it a tensor, as torch.from_numpy does")
    if not drawn[0].is_floating_point():
        raise ValueError(f"the images of a batch come first, and are floats, got {drawn[0].dtype}: normalise them")
    if not drawn[0].numel():
        raise ValueError(f"draw_batch gave no images: their shape is {tuple(drawn[0].shape)}")
    return drawn


def a_cost(cost: Any) -> Tensor:
    """Return the loss of a batch, or say why there is no way down from it."""
    if not isinstance(cost, Tensor):
        raise ValueError(f"the loss gave {_kind(cost)}: it should return a tensor, without item() or numpy()")
    if cost.numel() != 1:
        raise ValueError(f"the loss gave {_kind(cost)}: make it one number, such as its mean()")
    if not cost.requires_grad:
        raise ValueError(
            "the loss does not depend on the weights: compute it from the logits, without detach(), no_grad"
        )
    return cost


def a_score(score: Any, step: int) -> float:
    """Return a validation score, or say that nothing can be chosen by it."""
    try:
        number = math.nan if isinstance(score, str) else float(score)
    except (TypeError, ValueError, RuntimeError):
        number = math.nan
    if math.isnan(number):
        got = score if isinstance(score, float | str) else _kind(score)
        raise ValueError(f"validate gave {got!s} at step {step}: it should return one number, higher is better")
    return number


def _kind(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return "nothing" if value is None else f"a {type(value).__name__}"
