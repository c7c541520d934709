"""Checkers for chapter 4, "What do layers add?"."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from unet_teach.course.exercises import NotAnsweredYet, checker


@checker("Exercise 1", "Nowhere does the size of the image come in: the same kernels are used at every place.")
def parameters(answer: Any) -> str | None:
    """The parameters of a convolution from 8 channels to 16 with kernels of 4 x 4: 16 * (8 * 16 + 1)."""
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return "Give one number."
    hints = {
        16 * 8 * 16: "The biases are missing: one for each of the 16 filters.",
        16 * (16 + 1): "A filter looks at all 8 channels, and has a kernel of 4 x 4 for each of them.",
        8 * (8 * 16 + 1): "There are as many filters as channels that come out, 16.",
        16 * 8 * (16 + 1): "A filter has one bias altogether, not one for each channel that it looks at.",
        16 * (8 * 4 + 1): "A kernel of 4 x 4 has 16 weights, not 4.",
    }
    if answer != 16 * (8 * 16 + 1):
        return hints.get(int(answer), "Filters, times what each of them holds: a weight for all it looks at, one bias.")
    return None


@checker("Exercise 2", "However many layers: without something crooked between them, they are one.")
def collapse(answer: Any) -> str | None:
    """A function (first, second) -> the kernel that does in one cross-correlation what the two do one after another."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    pairs = [([1.0, 2.0], [3.0, 5.0]), ([1.0, -2.0, 4.0], [3.0, 1.0]), ([2.0], [1.0, 7.0, -1.0])]
    for pair in pairs:
        first, second = (np.array(kernel) for kernel in pair)
        given = answer(first.copy(), second.copy())
        if given is None or given is ...:
            raise NotAnsweredYet
        given, wanted = np.asarray(given, dtype=float), np.convolve(first, second)
        case = f"of {pair[0]} and {pair[1]}"
        if given.shape != wanted.shape:
            return f"The two {case} together look at {len(wanted)} pixels; your kernel has the shape {given.shape}."
        if np.allclose(given, wanted):
            continue
        if np.allclose(given, np.correlate(first, second, "full")) or np.allclose(given, wanted[::-1]):
            return "One of the kernels is the wrong way round. Write out y, then z, for three pixels."
        padded = np.zeros_like(wanted)
        padded[: len(first)] += first
        padded[: len(second)] += second
        if np.allclose(given, padded):
            return "You added the kernels. That is what two filters side by side would do, not one after the other."
        return f"The length is right, the numbers {case} are not: {wanted.tolist()} is wanted."
    return None


@checker("Exercise 3", "The same few lines serve for every network whose layers stand in a row.")
def receptive_field(answer: Any) -> str | None:
    """A function that takes layers, a list of (kernel, stride), and returns the receptive field in pixels."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    cases = [
        ([(5, 1)], 5),
        ([(3, 1), (3, 1)], 5),
        ([(3, 1), (2, 2), (3, 1)], 8),
        ([(2, 2), (3, 1)], 6),
        ([(11, 1), (2, 2), (4, 1), (2, 2), (4, 1)], 32),
        ([], 1),
    ]
    for layers, wanted in cases:
        given = answer(list(layers))
        if given is None or given is ...:
            raise NotAnsweredYet
        if given == wanted:
            continue
        kernels, strides = [kernel for kernel, _ in layers], [stride for _, stride in layers]
        if len(layers) > 1 and given == sum(kernels):
            return "You added the kernels. Each layer adds its kernel less 1: two windows share their middle."
        if len(layers) > 2 and given == 1 + sum(kernel - 1 for kernel in kernels):
            return "The strides are missing. After a pooling, one step to the side is two pixels of the image."
        early = 1 + sum((k - 1) * int(np.prod(strides[: n + 1])) for n, k in enumerate(kernels))
        if given == early:
            return "A stride counts for the layers that come after it. Widen the field first, then lengthen the step."
        return f"For {layers} it should give {wanted}; yours gives {given}."
    return None


@checker("Exercise 4", "Every channel is on its own scale, over all images and places of the batch.")
def batch_norm(answer: Any) -> str | None:
    """A function (x, eps) -> x (N, C, H, W) with each channel at mean 0 and variance 1, as in training mode."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    generator = torch.Generator().manual_seed(0)
    scales = torch.tensor([1.0, 5.0, 0.01]).reshape(1, 3, 1, 1)
    x = (torch.randn(4, 3, 5, 6, generator=generator) + torch.arange(4).reshape(4, 1, 1, 1)) * scales
    before = x.clone()
    given = answer(x, 1e-5)
    if given is None or given is ...:
        raise NotAnsweredYet
    if not isinstance(given, Tensor) or given.shape != x.shape:
        return f"A batch of the shape {tuple(x.shape)} should come back, as a tensor, in its shape."
    if not torch.equal(x, before):
        return "Your function changes the batch that it was given. Make a new tensor."

    def normalised(dims: tuple[int, ...], correction: int = 0, eps: float = 1e-5) -> Tensor:
        variance = x.var(dims, correction=correction, keepdim=True)
        return (x - x.mean(dims, keepdim=True)) / (variance + eps).sqrt()

    def same(other: Tensor) -> bool:
        return torch.allclose(given, other, rtol=1e-4, atol=1e-5)

    if same(F.batch_norm(x, None, None, training=True, eps=1e-5)):
        return None
    if same(normalised((2, 3))):
        return "Each image is on its own scale, as in instance normalisation. The batch counts too: dimensions 0, 2, 3."
    if same(normalised((0, 1, 2, 3))):
        return "One mean for everything. Each channel needs its own: leave dimension 1 out."
    if same(normalised((1, 2, 3))):
        return "That puts each image on one scale, over its channels (layer normalisation). Leave dimension 1 out."
    if same(normalised((0,))):
        return "Each place has its own mean. All places of a channel share one: dimensions 0, 2, 3."
    if same(normalised((0, 2, 3), correction=1)):
        return "You divide by n - 1. In training, torch divides by n: .var(..., correction=0)."
    if same(normalised((0, 2, 3), eps=0)):
        return "The small number eps is missing. It is added to the variance, under the root."
    if same(x - x.mean((0, 2, 3), keepdim=True)):
        return "The means are 0. Now divide by the root of the variance plus eps."
    return "The shape is right, the numbers are not: subtract the channel's mean, divide by the root of variance + eps."
