"""Overlays: a mask laid over its image, so that one sees where they part."""

import numpy as np
from numpy.typing import NDArray

from unet_teach.draw.style import COLOURS


def overlay(
    image: NDArray[np.number],
    mask: NDArray[np.bool_],
    colour: str = COLOURS[1],
    opacity: float = 0.6,
    limits: tuple[float, float] | None = None,
) -> NDArray[np.float64]:
    """Tint the pixels of a mask; `show_images` shows the result.

    Parameters
    ----------
    image : (H, W) grey values, or (H, W, 3) from an earlier overlay, 0..1
    mask : (H, W) booleans
    colour : "#rrggbb"
    opacity : 0 leaves the image as it is, 1 hides it under the colour
    limits : the grey values shown as black and as white; the image's own extremes if None

    Returns
    -------
    (H, W, 3) colour from 0 to 1

    Raises
    ------
    ValueError
        If image and mask differ in height or width, the mask does not hold booleans, or opacity is not in 0..1.

    Introduced in chapter 9.
    """
    if np.shape(image)[:2] != np.shape(mask) or mask.dtype != bool:
        raise ValueError(
            f"a mask {np.shape(mask)} of {mask.dtype} does not lie on an image {np.shape(image)}: need bool"
        )
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity runs from 0 to 1, got {opacity}")
    picture = np.asarray(image, dtype=float)
    if picture.ndim == 2:
        black, white = limits or (picture.min(), picture.max())
        picture = np.clip((picture - black) / max(white - black, 1e-12), 0, 1)
        picture = np.repeat(picture[..., None], 3, axis=2)  # (H, W, 3)
    tint = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(mask[..., None], (1 - opacity) * picture + opacity * tint, picture)
