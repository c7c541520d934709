"""The cost of a network, counted and not measured: multiplications (chapter 7)."""

import torch
from torch import nn


def multiplications(network: nn.Module, image: torch.Tensor) -> int:
    """Count the multiplications of a network's convolutions for this image, one for each weight used at each place.

    Parameters
    ----------
    network : any network whose work is done by `Conv2d` and `ConvTranspose2d`
    image : (N, C, H, W), of a size that the network takes

    Introduced in chapter 7.
    """
    total = 0

    def count(layer: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
        places = output if isinstance(layer, nn.Conv2d) else inputs[0]  # a transposed one spreads each input pixel
        total += places[:, 0].numel() * layer.weight.numel()

    hooks = [
        layer.register_forward_hook(count)
        for layer in network.modules()
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    ]
    try:
        with torch.inference_mode():
            network(image)
    finally:
        for hook in hooks:
            hook.remove()
    return total
