"""Starting weights that neither blow up nor fade away on their way through many layers."""

import math

import torch
from torch import nn


def he_initialise(network: nn.Module) -> None:
    """Draw every convolution's weights from a normal distribution of variance 2 / N, and set its biases to 0.

    N is the number of numbers that flow into one output: channels times kernel size for a convolution. A transposed
    convolution whose kernel is as large as its stride reaches each output pixel once, so there N is the channels alone
    (`torch.nn.init.kaiming_normal_` would count the output channels).

    Raises
    ------
    TypeError
        If the network is no torch module.

    Source: He et al. 2015, section 2.2, as used in Ronneberger et al. 2015, section 3. Introduced in chapter 9.
    """
    if not isinstance(network, nn.Module):
        raise TypeError(f"the network must be a torch module, got {type(network).__name__}")
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv3d):
            incoming = layer.in_channels * math.prod(layer.kernel_size)
        elif isinstance(layer, nn.ConvTranspose2d | nn.ConvTranspose3d):
            incoming = layer.in_channels * math.prod(layer.kernel_size) // math.prod(layer.stride)
        else:
            continue
        nn.init.normal_(layer.weight, std=math.sqrt(2 / incoming))
        if layer.bias is not None:
            with torch.no_grad():
                layer.bias.zero_()
