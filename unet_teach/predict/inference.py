"""Running a network on images or pieces of them: nothing about it is changed, and it may be on another device."""

from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Image = Tensor | NDArray[np.floating]


def checked(image: Image, axes: tuple[int, ...]) -> Tensor:
    """Return the image as a tensor of floats, or say what is wrong with it."""
    if isinstance(image, np.ndarray) and image.dtype.kind == "f":
        image = torch.from_numpy(np.ascontiguousarray(image, dtype=np.float32))  # also where a file is big-endian
    if not isinstance(image, Tensor) or not image.is_floating_point():
        raise ValueError(
            f"the image holds {getattr(image, 'dtype', type(image))}: normalise it to floats, as in training"
        )
    if image.ndim - 1 not in axes or not image.numel():
        shapes = " or ".join("(C, H, W)" if n == 2 else "(C, D, H, W)" for n in axes)
        raise ValueError(
            f"an image is {shapes}, got {tuple(image.shape)}: no batch axis, and image[None] for one channel"
        )
    if not image.isfinite().all():
        raise ValueError("the image holds NaN or infinity, which would spread: replace it, or look for a division by 0")
    return image.detach()


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """Put a network into evaluation mode, and each of its parts back into its own mode afterwards."""
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def infer(network: nn.Module, images: Tensor) -> Tensor:
    """Apply a network where its weights are, in the mode in which it is.  (N, C, *size) -> (N, K, *out)

    The images go to the device and the type of the weights, and the logits come back to the images' device: an
    ordinary tensor without a history.

    Raises
    ------
    ValueError
        If the network gives anything but one tensor. Its own errors get a note that names the size.

    Introduced in chapter 9.
    """
    weights = next(network.parameters(), images)
    try:
        with torch.inference_mode():
            logits = network(images.to(weights))
    except (ValueError, RuntimeError) as error:
        error.add_note(f"The network was given {tuple(images.shape)}: if it refuses that size, choose another tile.")
        raise
    return one_tensor(logits, "the network").to(images.device, copy=True)


def one_tensor(answer: Any, author: str) -> Tensor:
    """Return an answer, or say that it is not one tensor."""
    if not isinstance(answer, Tensor):
        raise ValueError(f"{author} gave a {type(answer).__name__}: let it return one tensor, the logits alone")
    return answer


def whole(name: str, number: Any) -> int:
    """Return a whole number, numpy's too, as Python's, which does not overflow; or say that it is none."""
    if not isinstance(number, Integral):
        raise ValueError(f"{name} is a whole number, got {number!r}")
    return int(number)


def window_starts(length: int, covered: int, stride: int) -> range:
    """Say where windows start so that, `covered` pixels each, they reach the end of an axis; the last may stick out."""
    return range(0, max(length - covered, 0) + stride, stride)
