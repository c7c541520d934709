"""The cost of a network, counted and not measured: multiplications (chapter 7)."""

import torch
from torch import nn

from unet_teach.models.attention import Mix

ACROSS = nn.Conv2d | nn.Conv3d
SPREADING = nn.ConvTranspose2d | nn.ConvTranspose3d
WORKERS = ACROSS | SPREADING | nn.Linear | Mix


def multiplications(network: nn.Module, image: torch.Tensor) -> int:
    """Count a network's multiplications for this image: one for each weight used at each place.

    Attention has no weights there, but two products: of every query with every key, of every score with every value.

    Parameters
    ----------
    network : any network whose work is done by convolutions and transposed convolutions, in 2-D or 3-D, by linear
        layers and by `unet_teach.models.attention`; it is left as it was, running means and mode
    image : (N, C, H, W) or (N, C, D, H, W), of a size that the network takes

    Raises
    ------
    TypeError
        If the network is no torch module, or the image no tensor.

    Introduced in chapter 7.
    """
    if not (isinstance(network, nn.Module) and isinstance(image, torch.Tensor)):
        raise TypeError(f"need a network and a tensor, got {type(network).__name__} and {type(image).__name__}")
    total = 0

    def count(layer: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(layer, nn.Linear):
            total += output.numel() * layer.in_features
        elif isinstance(layer, Mix):
            query, key = inputs[:2]
            total += (query.numel() + output.numel()) * key.shape[-2]
        else:
            assert isinstance(layer, ACROSS | SPREADING)
            places = output if isinstance(layer, ACROSS) else inputs[0]  # a transposed one spreads each input pixel
            total += places[:, 0].numel() * layer.weight.numel()

    hooks = [layer.register_forward_hook(count) for layer in network.modules() if isinstance(layer, WORKERS)]
    modes = [(layer, layer.training) for layer in network.modules()]
    try:
        network.eval()
        with torch.inference_mode():
            network(image)
    finally:
        for hook in hooks:
            hook.remove()
        for layer, training in modes:
            layer.training = training
    return total
