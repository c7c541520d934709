"""Is a drawn crop like the real ones, and is it one of them? Waves, and the nearest training crop (chapter 27)."""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unet_teach.transforms import turn

EDGES = (0.5, 2, 4, 6, 9, 13, 18, 25, 32)  # of the bands, in waves across a crop of 64 pixels


def bands(crops: Tensor) -> NDArray[np.float64]:
    """Measure how strong waves of each length are, log10 of the mean power in eight rings.  (N, 1, S, S) -> (8,)

    Each crop loses its mean, and fades out towards its borders (a Hann window), which would else count as edges.

    Introduced in chapter 27.
    """
    side = crops.shape[-1]
    fade = torch.hann_window(side, periodic=False, dtype=torch.float64)
    greys = crops[:, 0].double()
    waves = torch.fft.fft2((greys - greys.mean((1, 2), keepdim=True)) * fade[:, None] * fade)
    far = torch.fft.fftfreq(side, 1 / side, dtype=torch.float64)
    radius, power = torch.hypot(far[:, None], far), waves.abs() ** 2
    rings = [(radius >= low) & (radius < high) for low, high in pairwise(EDGES)]
    return np.array([float(power[:, ring].mean().log10()) for ring in rings])


def scrambled(crops: Tensor, generator: torch.Generator) -> Tensor:
    """Keep how strong each wave of a crop is, and its mean; let chance decide where the wave lies.  As they came in

    The phases are those of white noise, so that what comes out is real. Introduced in chapter 27.
    """
    noise = torch.fft.fft2(torch.randn(crops.shape, generator=generator, dtype=torch.float64))
    waves = torch.fft.fft2(crops.double())
    turned = noise / noise.abs() * waves.abs()
    turned[..., 0, 0] = waves[..., 0, 0]
    return torch.fft.ifft2(turned).real.to(crops.dtype)


def nearest_crop(crop: Tensor, images: Tensor) -> tuple[float, Tensor]:
    """Find the crop of these images that is most like another, over all places and eight ways to turn it.

    Parameters
    ----------
    crop : (S, S)
    images : (N, H, W), at least as large

    Returns
    -------
    How far it is (the root of the mean squared difference), and that crop, turned as `crop` is.

    Introduced in chapter 27.
    """
    side = crop.shape[-1]
    height, width = images.shape[-2:]
    greys = images.double()
    waves = torch.fft.rfft2(greys)
    ones = torch.zeros(height, width, dtype=torch.float64)
    ones[:side, :side] = 1
    energy = _slid(torch.fft.rfft2(greys**2), ones)  # of each place's own square
    best: tuple[float, int, int, int, int] = (np.inf, 0, 0, 0, 0)
    for way in range(8):
        turned = turn(crop.double(), way % 4, way >= 4)
        pattern = torch.zeros(height, width, dtype=torch.float64)
        pattern[:side, :side] = turned
        squares = energy - 2 * _slid(waves, pattern) + (turned**2).sum()
        squares = squares[:, : height - side + 1, : width - side + 1]
        least = int(squares.argmin())
        place = [int(number) for number in np.unravel_index(least, squares.shape)]
        best = min(best, (float(squares.flatten()[least]), way, place[0], place[1], place[2]))
    square, way, section, row, column = best
    found = images[section, row : row + side, column : column + side]
    back = turn(found, -way) if way < 4 else turn(found, -(way % 4)).flip(-1)
    return float(np.sqrt(max(square, 0) / side**2)), back


def _slid(waves: Tensor, pattern: Tensor) -> Tensor:
    """Sum the products of a pattern with what lies under it, at every place.  (N, H, W') -> (N, H, W)"""
    return torch.fft.irfft2(waves * torch.fft.rfft2(pattern).conj(), s=pattern.shape)
