"""Crops of EM that the diffusion network learns from, and crops that it never sees (chapter 27).

Sections 0 to 18 at half their size, each standardised: the left three quarters teach, the right quarter is held back.
So both hold the same mixture of quiet and noisy sections, and share no pixel.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from unet_teach.data import load_em
from unet_teach.transforms import flip_and_rotate, standardise

SIDE = 64
TAUGHT = 192  # columns of 256


def tissue() -> tuple[Tensor, Tensor]:
    """Load what teaches and what is held back.  -> (19, 256, 192) and (19, 256, 64)

    Introduced in chapter 27.
    """
    images = torch.from_numpy(load_em("train").images.astype(np.float32))
    halved = standardise(F.avg_pool2d(images, 2).numpy())
    return halved[:, :, :TAUGHT].contiguous(), halved[:, :, TAUGHT:].contiguous()


def tissue_crops(images: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Cut crops at random places and turn each one of eight ways.  (N, H, W) -> (count, 1, 64, 64)

    Introduced in chapter 27.
    """
    rooms = (len(images), images.shape[1] - SIDE + 1, images.shape[2] - SIDE + 1)
    found = []
    for _ in range(count):
        section, row, column = (int(torch.randint(room, (), generator=generator)) for room in rooms)
        crop = images[section, row : row + SIDE, column : column + SIDE]
        found.append(flip_and_rotate(crop[None], crop, generator)[0])
    return torch.stack(found)
