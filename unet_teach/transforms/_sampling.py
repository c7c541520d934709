"""Grey values between the pixels."""

import numpy as np
import torch
import torch.nn.functional as F
from scipy import ndimage
from torch import Tensor


def look_up(image: Tensor, places: Tensor) -> Tensor:
    """Find grey values between the pixels by cubic interpolation; beyond the border the image is mirrored.

    (C, H, W) at (2, H, W), places in pixels, down and right -> (C, H, W); or (C, D, H, W) at (3, D, H, W).
    """
    if len(places) == 3:  # torch knows no cubic for volumes
        where = places.cpu().numpy()
        channels = [ndimage.map_coordinates(channel, where, order=3, mode="mirror") for channel in image.cpu().numpy()]
        return torch.from_numpy(np.stack(channels)).to(image)
    # grid_sample wants (x, y), and counts from -1 at the centre of the first pixel to 1 at the centre of the last.
    ends = torch.tensor([max(size - 1, 1) for size in image.shape[1:]]).to(places)
    look = (2 * places / ends[:, None, None] - 1).flip(0).permute(1, 2, 0)[None]  # (1, H, W, 2)
    return F.grid_sample(image[None], look, mode="bicubic", padding_mode="reflection", align_corners=True)[0]
