"""Small networks to predict with, and a whole picture predicted in one go, to compare tiles with."""

import numpy as np
import torch
from torch import nn


def he(network, seed=0):
    """Give a network weights that keep the signal alive: PyTorch's own let errors of wrong strides vanish."""
    torch.manual_seed(seed)
    for part in network.modules():
        if isinstance(part, nn.Conv2d | nn.Conv3d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
            nn.init.normal_(part.bias)
    return network


def valid_net(classes=2):
    """One pooling, undone: 6 pixels smaller, and a grid of 2 pixels."""
    down = [nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 6, 3), nn.ReLU()]
    return he(nn.Sequential(*down, nn.ConvTranspose2d(6, 6, 2, stride=2), nn.Conv2d(6, classes, 1)))


def padded_net(dims=2, channels=1, classes=3):
    conv = {2: nn.Conv2d, 3: nn.Conv3d}[dims]
    layers = [conv(channels, 4, 3, padding=1), nn.ReLU(), nn.Dropout(0.5), conv(4, classes, 3, padding=1)]
    return he(nn.Sequential(*layers))


def picture(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def whole_picture(network, image, margin, grid, rest):
    """Predict a mirrored image in one go: the input is padded until its size is of the form grid k + rest."""
    extra = [margin + (rest - n - 2 * margin) % grid for n in image.shape[1:]]
    padded = np.pad(image.numpy(), [(0, 0), (margin, extra[0]), (margin, extra[1])], mode="reflect")
    with torch.no_grad():
        return network.eval()(torch.tensor(padded)[None])[0, :, : image.shape[1], : image.shape[2]]
