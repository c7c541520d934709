"""Clusters as a person should see them: a colour each (chapter 16)."""

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from unet_teach.draw import COLOURS


def in_colours(clusters: NDArray[np.integer]) -> NDArray[np.float64]:
    """Give each cluster a colour of the course's palette; `show_images` shows the result.  (H, W) -> (H, W, 3)"""
    return np.array([to_rgb(colour) for colour in COLOURS])[clusters % len(COLOURS)]
