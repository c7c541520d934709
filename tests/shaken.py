"""Networks whose normalisations are not as they were born: a 1 or a 0 would hide a fault from a test of equality."""

from torch import nn


def shaken(network):
    """A network in eval mode whose normalisations have means and spreads of their own."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm3d):
            nn.init.uniform_(layer.running_mean, -0.5, 0.5)
            nn.init.uniform_(layer.running_var, 0.5, 2)
            nn.init.uniform_(layer.weight, 0.5, 2)
            nn.init.uniform_(layer.bias, -0.5, 0.5)
    return network.eval()
