"""nnU-Net's changes of grey values, which leave every label where it is (chapter 18).

Each takes a patch (C, *size), normalised, and where its chance comes from; each channel is changed by itself.
Source: nnU-Net's code, version 2, and its package of transforms.
"""

import torch
import torch.nn.functional as F
from scipy import ndimage
from torch import Tensor

NOISE = 0.1  # at most, the standard deviation: a tenth of the image's
BLUR, BLURRED = (0.5, 1.0), 0.5  # pixels, and the share of channels
BRIGHTNESS = CONTRAST = (0.75, 1.25)
GAMMA = (0.7, 1.5)
COARSE, COARSENED = (0.5, 1.0), 0.5  # of the size, and the share of channels
LINEAR = {2: "bilinear", 3: "trilinear"}


def noise(image: Tensor, generator: torch.Generator) -> Tensor:
    """Add white noise, of one standard deviation between 0 and 0.1 for all channels."""
    return image + between(0, NOISE, generator) * torch.randn(image.shape, generator=generator)


def blur(image: Tensor, generator: torch.Generator) -> Tensor:
    """Blur half of the channels, along each axis by a Gaussian of its own, 0.5 to 1 pixels wide."""
    channels = []
    for channel in image:
        if chance(generator) < BLURRED:
            sigmas = [between(*BLUR, generator) for _ in channel.shape]
            channel = torch.from_numpy(ndimage.gaussian_filter(channel.numpy(), sigmas, mode="mirror", truncate=3.0))
        channels.append(channel)
    return torch.stack(channels)


def brightness(image: Tensor, generator: torch.Generator) -> Tensor:
    """Multiply each channel by a factor between 0.75 and 1.25."""
    return torch.stack([channel * either_side(*BRIGHTNESS, generator) for channel in image])


def contrast(image: Tensor, generator: torch.Generator) -> Tensor:
    """Stretch or squeeze each channel about its mean by a factor between 0.75 and 1.25; its range stays."""
    channels = []
    for channel in image:
        stretched = (channel - channel.mean()) * either_side(*CONTRAST, generator) + channel.mean()
        channels.append(stretched.clamp(channel.min(), channel.max()))
    return torch.stack(channels)


def low_resolution(image: Tensor, generator: torch.Generator, slices: bool = False) -> Tensor:
    """Shrink half of the channels to between half and all of their size, and stretch them again.

    The nearest pixels are kept, and what is between them is filled in linearly; with `slices` none is left out.
    """
    channels = []
    for channel in image:
        if chance(generator) < COARSENED:
            scale, size = between(*COARSE, generator), list(channel.shape)
            small = [side if slices and not axis else round(side * scale) for axis, side in enumerate(size)]
            kept = F.interpolate(channel[None, None], small, mode="nearest-exact")
            channel = F.interpolate(kept, size, mode=LINEAR[channel.ndim])[0, 0]
        channels.append(channel)
    return torch.stack(channels)


def gamma(image: Tensor, generator: torch.Generator, inverted: bool = False) -> Tensor:
    """Raise each channel, between its darkest and its brightest, to a power of 0.7 to 1.5; mean and spread stay.

    With `inverted`, dark and bright are exchanged before, and again afterwards.
    """
    sign, channels = -1 if inverted else 1, []
    for channel in sign * image:
        power, low, width = either_side(*GAMMA, generator), channel.min(), channel.max() - channel.min()
        bent = ((channel - low) / width.clamp(min=1e-7)) ** power * width + low
        spread = channel.std() / bent.std().clamp(min=1e-7)
        channels.append((bent - bent.mean()) * spread + channel.mean())
    return sign * torch.stack(channels)


def chance(generator: torch.Generator) -> float:
    """Draw a number from 0 to below 1."""
    return float(torch.rand((), generator=generator))


def between(low: float, high: float, generator: torch.Generator) -> float:
    """Draw a number between two others, all equally likely."""
    return low + (high - low) * chance(generator)


def either_side(low: float, high: float, generator: torch.Generator) -> float:
    """Draw a factor: below 1 as often as above."""
    return between(low, 1, generator) if chance(generator) < 0.5 else between(1, high, generator)
