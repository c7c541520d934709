"""Operations and bytes of a network, layer by layer: counted from shapes, so that nothing is computed (chapter 26)."""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

CONVOLUTIONS = nn.Conv2d | nn.ConvTranspose2d


class Traffic(NamedTuple):
    """What one layer computes and moves in a forward pass: its kind, operations, and bytes in, out and of weights."""

    kind: str
    operations: int
    bytes: int


def traffic(network: nn.Module, images: Tensor) -> list[Traffic]:
    """Count operations and bytes of every layer that a batch passes through, in that order.

    A multiplication with its addition is two operations; a normalisation has two for each value (times, plus), a ReLU
    one, a pooling one for each value that it looks at. Joining maps (a skip) is not counted.

    Parameters
    ----------
    network, images : 2-D; both may be on the device "meta", where shapes are all there is

    Introduced in chapter 26.
    """
    counted: list[Traffic] = []

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        moved = (inputs[0].numel() + output.numel()) * output.element_size()
        moved += sum(weight.nbytes for weight in layer.parameters())
        if isinstance(layer, nn.Conv2d):
            operations = 2 * output[:, 0].numel() * layer.weight.numel()
        elif isinstance(layer, nn.ConvTranspose2d):
            operations = 2 * inputs[0][:, 0].numel() * layer.weight.numel()
        else:
            operations = inputs[0].numel() * (2 if "Norm" in type(layer).__name__ else 1)
        counted.append(Traffic(_kind(layer), operations, moved))

    layers: list[Any] = [part for part in network.modules() if not list(part.children())]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        with torch.no_grad():
            network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return counted


def _kind(layer: nn.Module) -> str:
    if isinstance(layer, CONVOLUTIONS):
        return "convolution"
    return "normalisation" if "Norm" in type(layer).__name__ else type(layer).__name__
