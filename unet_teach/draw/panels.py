"""Panels: several images side by side, with titles that fit a phone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray


def show_images(
    images: Sequence[NDArray[Any]],
    titles: Sequence[str],
    *,
    ranges: Sequence[tuple[float, float] | None] | None = None,
    columns: int = 2,
) -> None:
    """Show images in rows, two a row unless asked otherwise, each in its own grey scale or in the range given.

    Parameters
    ----------
    images : arrays (H, W), or (H, W, 3) for colour in 0..1
    titles : one a picture
    ranges : one pair (black, white) a picture, or None for its own darkest and brightest
    columns : pictures a row

    Raises
    ------
    ValueError
        If the numbers of images, titles and ranges differ, or there is no image.

    Introduced in chapter 1, section "Two pictures".
    """
    ranges = [None] * len(images) if ranges is None else ranges
    if not images or not len(images) == len(titles) == len(ranges):
        raise ValueError(f"got {len(images)} images, {len(titles)} titles and {len(ranges)} ranges: one each, please")
    rows = -(-len(images) // columns)
    height, width = np.shape(images[0])[:2]
    side = 6.4 / columns
    figure, axes = plt.subplots(rows, columns, figsize=(6.4, rows * (side * height / width + 0.35)), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image, title, limits in zip(axes.flat, images, titles, ranges, strict=False):
        black, white = limits or (None, None)
        ax.imshow(image, vmin=black, vmax=white)
        ax.set_title(title)
