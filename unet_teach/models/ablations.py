"""The U-Net with one part changed, for experiments that ask what the part is for. The U itself stays plain."""

from collections.abc import Callable

from torch import nn


def with_normalisation(network: nn.Module, make: Callable[[int], nn.Module]) -> nn.Module:
    """Put another normalisation in the place of every batch normalisation of a network, and return the network.

    Parameters
    ----------
    network : changed in place
    make : channels -> a layer (N, C, ...) -> (N, C, ...), such as `lambda channels: nn.GroupNorm(8, channels)`

    Raises
    ------
    ValueError
        If the network has no batch normalisation.

    Introduced in chapter 9.
    """
    found = [
        (parent, name, layer)
        for parent in network.modules()
        for name, layer in parent.named_children()
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm3d)
    ]
    if not found:
        raise ValueError(f"{type(network).__name__} has no batch normalisation to replace")
    for parent, name, layer in found:
        setattr(parent, name, make(layer.num_features))
    return network
