"""What a transform may be handed: tensors that torch can compute with, image and labels of one size."""

from collections.abc import Sequence

import torch
from torch import Tensor

from unet_teach._checks import whole

UNSUPPORTED = (torch.uint16, torch.uint32, torch.uint64)  # torch stores them, and can neither flip nor compare them


def require_tensor(name: str, value: Tensor) -> None:
    """Raise a `TypeError` unless the value is a tensor of a type that torch can move about."""
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}: use torch.as_tensor")
    if value.dtype in UNSUPPORTED:
        raise TypeError(f"{name}: torch cannot compute with {value.dtype}, use int64, as .long() makes it")
    if value.is_complex():
        raise TypeError(f"{name} holds complex numbers: take the real part or the absolute value")


def require_floats(image: Tensor) -> None:
    """Raise unless an image is a tensor of floats with a pixel."""
    require_tensor("the image", image)
    if not image.is_floating_point():
        raise ValueError(f"grey values are {image.dtype}: normalise the image to floats first")
    if not image.numel():
        raise ValueError(f"an image of {tuple(image.shape)} has no pixel")


def finite(grey: Tensor, kind: torch.dtype) -> Tensor:
    """Return grey values in a type that can hold them, or raise."""
    grey = grey.to(kind)
    if not grey.isfinite().all():
        raise ValueError(f"grey values are not finite, or too large for {kind}: look for NaN, then normalise")
    return grey


def require_stack(images: Tensor, labels: Tensor) -> None:
    """Raise unless images and labels are stacks of one shape, (N, H, W) or (N, D, H, W), with an image in them."""
    require_tensor("the images", images)
    require_tensor("the labels", labels)
    if images.ndim not in (3, 4) or images.shape != labels.shape:
        raise ValueError(
            "images and labels must both be (N, H, W) or (N, D, H, W), got "
            f"{tuple(images.shape)} and {tuple(labels.shape)}: stack sections of one size, without a channel axis"
        )
    if not len(images):
        raise ValueError("the stack holds no sections")


def one_per_axis(size: int | Sequence[int], axes: int) -> tuple[int, ...]:
    """Return one side an axis: the same for all, or those given."""
    if not isinstance(size, Sequence):
        return (whole("size", size),) * axes
    if len(size) != axes:
        raise ValueError(f"size must be one number or {axes}, one an axis, got {tuple(size)}")
    return tuple(whole("size", side) for side in size)


def require_pair(image: Tensor, labels: Tensor) -> int:
    """Return in how many dimensions an image and its labels lie, 2 or 3, or raise unless they lie on each other."""
    require_tensor("the image", image)
    require_tensor("the labels", labels)
    if image.ndim not in (3, 4):
        raise ValueError(
            f"an image is (C, H, W) and a volume (C, D, H, W), got {tuple(image.shape)}: for a single grey channel "
            "pass image[None]"
        )
    dims = image.ndim - 1
    if labels.ndim < dims or labels.shape[-dims:] != image.shape[1:]:
        raise ValueError(
            f"labels {tuple(labels.shape)} do not lie on an image {tuple(image.shape)}: H and W (and D) must agree"
        )
    return dims
