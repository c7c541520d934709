"""The same weights at every pixel: a network for one patch becomes one for whole images (chapter 7)."""

from collections import OrderedDict
from copy import deepcopy
from functools import partial

from torch import Tensor, nn


def at_every_pixel(network: nn.Sequential) -> nn.Sequential:
    """Copy a stack of valid layers so that it answers for every pixel, not only for every fourth.

    A pooling that moves by two pixels throws three of four places away. Here it moves by one, and every layer behind
    it looks at every second pixel, so that it meets the same numbers as before. After the next pooling it looks at
    every fourth, and so on.

    Parameters
    ----------
    network : a stack of convolutions and max poolings without padding, and layers that look at one pixel at a time

    Returns
    -------
    A copy with the same weights, where they are: (N, C, H, W) -> (N, K, H - field + 1, W - field + 1), where `field` is
    the side of the patch for which the network gives one answer. Equal to the network's answers patch by patch.

    Raises
    ------
    TypeError, ValueError
        If it is no stack with weights, or a layer pads, is dilated already, or is of a kind that would not be the same.
        The copy raises a ValueError for images that hold no patch.

    Source: Giusti et al. (2013) and Long et al. (2015), section 3.2, get the same map in two other ways; looking at
    every second pixel is the "à trous" algorithm that Long et al. name. Introduced in chapter 7.
    """
    if not isinstance(network, nn.Sequential) or not any(True for _ in network.parameters()):
        raise TypeError(f"need a stack of layers (nn.Sequential) with weights, got {type(network).__name__}")
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    step = 1  # from one pixel to the next that a layer looks at
    for name, layer in network.named_children():
        if isinstance(layer, nn.Conv2d):
            _require_plain(name, layer.padding, layer.dilation)
            layers[name] = moved = deepcopy(layer)  # with its weights, their type and device
            moved.stride, moved.dilation = (1, 1), (step, step)
            step *= _side(name, layer.stride)
        elif isinstance(layer, nn.MaxPool2d):
            _require_plain(name, layer.padding, layer.dilation)
            layers[name] = nn.MaxPool2d(layer.kernel_size, stride=1, dilation=step)
            step *= _side(name, layer.stride)
        elif isinstance(layer, nn.ReLU | nn.BatchNorm2d | nn.Identity):
            layers[name] = deepcopy(layer)
        else:
            raise ValueError(f"layer {name} is a {type(layer).__name__}, which may not answer for every pixel alike")
    stack = nn.Sequential(layers)
    stack.register_forward_pre_hook(partial(_require_a_patch, field=_field(stack)))
    return stack.train(network.training)


def _field(stack: nn.Sequential) -> tuple[int, int]:
    """Return the sides of what one answer sees, from layers that all move by one pixel."""
    height, width = 1, 1
    for layer in stack:
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            kernel, step = ((n, n) if isinstance(n, int) else n for n in (layer.kernel_size, layer.dilation))
            height, width = height + step[0] * (kernel[0] - 1), width + step[1] * (kernel[1] - 1)
    return height, width


def _require_a_patch(stack: nn.Module, images: tuple[Tensor, ...], field: tuple[int, int]) -> None:
    sides = tuple(images[0].shape[-2:])
    if any(side < least for side, least in zip(sides, field, strict=True)):
        raise ValueError(f"images of {sides} hold no patch of {field[0]} x {field[1]} pixels: pad them first")


def _side(name: str, stride: int | tuple[int, ...]) -> int:
    sides = {stride} if isinstance(stride, int) else set(stride)
    if len(sides) != 1:
        raise ValueError(f"layer {name} moves by {stride}: only the same stride in both directions can be undone")
    return sides.pop()


def _require_plain(name: str, padding: object, dilation: object) -> None:
    plain = {0: padding, 1: dilation}
    if any(value not in (number, (number, number), "valid") for number, value in plain.items()):
        raise ValueError(f"layer {name} has padding {padding} and dilation {dilation}: it must have none of either")
