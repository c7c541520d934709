"""From an image to noise and back, along a quarter of a circle (chapter 27).

At the angle a, an image and noise are mixed as cos(a) image + sin(a) noise, so that the standard deviation stays 1.
The network learns the velocity v = cos(a) noise - sin(a) image: whoever knows where a point on a circle is, and which
way it moves, knows where it was before. Source: Ho, Jain and Abbeel (2020); the angle and v are from Salimans and Ho
(2022), the way back without new noise from Song, Meng and Ermon (2021).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from unet_teach.models.denoising_unet import DenoisingUNet


def mixed(image: Tensor, noise: Tensor, angles: Tensor) -> Tensor:
    """Mix images with noise: cos(a) image + sin(a) noise.  (N, 1, H, W) twice, (N,) -> (N, 1, H, W)

    Introduced in chapter 27.
    """
    cosine, sine = (f(angles)[:, None, None, None] for f in (torch.cos, torch.sin))
    return cosine * image + sine * noise


def velocity(image: Tensor, noise: Tensor, angles: Tensor) -> Tensor:
    """Say how the mixture moves as the angle grows: cos(a) noise - sin(a) image.  As `mixed`

    Introduced in chapter 27.
    """
    return mixed(noise, -image, angles)


def turned_back(x: Tensor, v: Tensor, by: float) -> Tensor:
    """Turn a mixture back by an angle: cos(by) x - sin(by) v.  (N, 1, H, W) twice -> (N, 1, H, W)

    Introduced in chapter 27.
    """
    return math.cos(by) * x - math.sin(by) * v


class WithTimeOnTop(nn.Module):
    """Take image and angle as two channels of one tensor, since `fit` hands over one.  (N, 2, H, W) -> (N, 1, H, W)

    Introduced in chapter 27.
    """

    def __init__(self, network: DenoisingUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, both: Tensor) -> Tensor:
        """Split, and ask.  (N, 2, H, W) -> (N, 1, H, W)"""
        return self.network(both[:, :1], both[:, 1, 0, 0])


def noisy_batch(images: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Give each image its own angle and noise.  (N, 1, S, S) -> (N, 2, S, S) and the velocities (N, 1, S, S)

    Introduced in chapter 27.
    """
    angles = torch.rand(len(images), generator=generator) * math.pi / 2
    noise = torch.randn(images.shape, generator=generator)
    riding = angles[:, None, None, None].expand_as(images)
    return torch.cat([mixed(images, noise, angles), riding], dim=1), velocity(images, noise, angles)


def velocity_loss(said: Tensor, true: Tensor) -> Tensor:
    """Take the mean squared error.  (N, 1, H, W) twice -> ()"""
    return F.mse_loss(said, true)


@torch.no_grad()
def sample(network: DenoisingUNet, noise: Tensor, steps: int = 50) -> Tensor:
    """Walk from noise to images in equal turns, without new noise on the way.  (N, 1, H, W) -> (N, 1, H, W)

    The network answers where its weights lie; the images come back to where the noise was.

    Raises
    ------
    ValueError
        If there is not at least one step.

    Introduced in chapter 27.
    """
    if steps < 1:
        raise ValueError(f"the way back takes at least one step, got {steps}")
    device = next(network.parameters()).device
    x, by = noise.to(device), math.pi / 2 / steps
    for step in range(steps, 0, -1):
        angles = torch.full((len(x),), step * by, device=device)
        x = turned_back(x, network(x, angles), by)
    return x.to(noise.device)
