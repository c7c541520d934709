"""The checker of chapter 4's exercise on batch normalisation."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge

EQUIVALENT = {
    f"Exercise 4: `x.{moment}(dim=(0, 2, 3), {rest})` -> `x.{moment}(dim=(0, -2, 3), {rest})`": "-2 of four axes is 2"
    for moment, rest in (("mean", "keepdim=True"), ("var", "correction=0, keepdim=True"))
}


def _normalised(
    x: Tensor, eps: float, dims: tuple[int, ...] = (0, 2, 3), correction: int = 0, power: float = 0.5
) -> Tensor:
    variance = x.var(dims, correction=correction, keepdim=True)
    return (x - x.mean(dims, keepdim=True)) / (variance + eps) ** power


@checker("Exercise 4", "Every channel is on its own scale, over all images and places of the batch.", wants=FUNCTION)
def batch_norm(answer: Any) -> str | None:
    """A function (x, eps) -> x (N, C, H, W) with each channel at mean 0 and variance 1, as in training mode."""
    draw = generator()

    def batch(*shape: int) -> Tensor:
        """Channels and images on scales of their own."""
        scale = np.geomspace(0.05, 5, shape[1])[:, None, None]
        numbers = (draw.normal(size=shape) + np.arange(shape[0])[:, None, None, None] - 1) * scale
        return torch.from_numpy(numbers.astype(np.float32))

    x = batch(4, 3, 5, 6)
    cases = [(x, 1e-5), (batch(2, 1, 4, 3), 0.1), (batch(1, 5, 3, 2), 1e-3), (batch(3, 4, 4, 4), 0.5), (x, 0.2)]
    mistakes = (
        (
            lambda x, eps: _normalised(x, eps, (2, 3)),
            "Each image is on its own scale, as in instance normalisation. The batch counts too: dimensions 0, 2, 3.",
        ),
        (
            lambda x, eps: _normalised(x, eps, (0, 1, 2, 3)),
            "One mean for everything. Each channel needs its own: leave dimension 1 out.",
        ),
        (
            lambda x, eps: _normalised(x, eps, (1, 2, 3)),
            "That puts each image on one scale, over its channels (layer normalisation). Leave dimension 1 out.",
        ),
        (
            lambda x, eps: _normalised(x, eps, (0,)),
            "Each place has its own mean. All places of a channel share one: dimensions 0, 2, 3.",
        ),
        (
            lambda x, eps: _normalised(x, eps, correction=1),
            "You divide by n - 1. In training, torch divides by n: .var(..., correction=0).",
        ),
        (
            lambda x, eps: _normalised(x, 0),
            "The small number eps is missing. It is added to the variance, under the root.",
        ),
        (
            lambda x, eps: _normalised(x, 1e-5),
            "Your eps is always a hundred-thousandth. Take the one that is given.",
        ),
        (
            lambda x, eps: (x - x.mean((0, 2, 3), keepdim=True)) / (x.std((0, 2, 3), correction=0, keepdim=True) + eps),
            "You add eps after the root. Add it to the variance, then take the root of both.",
        ),
        (
            lambda x, eps: _normalised(x, eps, power=1),
            "You divide by the variance plus eps. Take the root of it first.",
        ),
        (
            lambda x, eps: x - x.mean((0, 2, 3), keepdim=True),
            "The means are 0. Now divide by the root of the variance plus eps.",
        ),
        (
            lambda x, eps: x / (x.var((0, 2, 3), correction=0, keepdim=True) + eps).sqrt(),
            "You divide, but the mean is still in it: subtract the channel's mean first.",
        ),
    )

    def otherwise(given: Any, wanted: Any, x: Tensor, eps: float) -> str:
        if given.shape != wanted.shape:
            return f"A batch of the shape {tuple(x.shape)} should come back as a tensor in its shape."
        return "The numbers are not right yet: subtract the channel's mean, divide by the root of variance + eps."

    return judge(answer, _normalised, cases, mistakes, otherwise, ("x", "eps"))
