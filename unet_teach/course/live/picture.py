"""The figure that stands where the live U-Net cannot run: a window, what is found in it, and every level's maps."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from unet_teach.course.live.frozen import SIDE
from unet_teach.course.live.kernel import ask_live
from unet_teach.data import load_em
from unet_teach.draw import overlay
from unet_teach.metrics import dice
from unet_teach.transforms import standardise

Grey = NDArray[np.uint8]
FOUR = 4  # maps of each level; the page shows all
FOUND, EXTRA, MISSED = "#0e9aa7", "#e6821e", "#785ae6"  # as in the widget


def draw_live(section: int = 24, corner: tuple[int, int] = (192, 192)) -> Figure:
    """Draw what the live network makes of a window of a test section: the answer, and four maps of each level as a U.

    Parameters
    ----------
    section : 24 to 29
    corner : first row and column of the window of 128 x 128 pixels

    Raises
    ------
    ValueError
        If there is no such section, or the window leaves it.

    Introduced in chapter 9.
    """
    image, grey, membrane = _window(section, corner)
    found = ask_live(image)
    figure = plt.figure(figsize=(4.2, 3.7))
    grid = figure.add_gridspec(5, 12, height_ratios=[2.6, 1, 1, 1, 1])
    tinted = compared(grey, found["probability"] > 0.5, membrane)
    pictures: dict[str, ArrayLike] = {f"found in section {section}": tinted, "probability": found["probability"]}
    for column, (title, picture) in enumerate(pictures.items()):
        _show(figure.add_subplot(grid[0, 6 * column : 6 * column + 6]), title, picture)
    for level in range(3):
        for side, columns in (("down", slice(0, 6)), ("up", slice(6, 12))):
            name = f"{side} {level}"
            _show(figure.add_subplot(grid[1 + level, columns]), name, _side_by_side(found[name][:FOUR]))
    _show(figure.add_subplot(grid[4, 3:9]), "bottom", _side_by_side(found["bottom"][:FOUR]))
    return figure


def draw_closed(section: int = 24, corner: tuple[int, int] = (192, 192)) -> Figure:
    """Draw what the live network finds in a window with all skips open, with each one closed, and with none open.

    Arguments and errors as of `draw_live`. Introduced in chapter 11.
    """
    image, grey, membrane = _window(section, corner)
    figure, axes = plt.subplots(1, 5, figsize=(7.0, 2.0))
    names = ("all open", "without skip 0", "without skip 1", "without skip 2", "without any")
    gates = ((1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 0, 0))
    for ax, name, opened in zip(axes, names, gates, strict=True):
        mask = ask_live(image, opened)["probability"] > 0.5
        _show(ax, f"{name}\n{dice(mask, membrane):.2f}", compared(grey, mask, membrane))
    return figure


def _window(section: int, corner: tuple[int, int]) -> tuple[Tensor, Grey, NDArray[np.bool_]]:
    test = load_em("test")
    if section not in test.numbers:
        raise ValueError(f"the test sections are {', '.join(map(str, test.numbers))}, not {section}")
    number, (top, left) = list(test.numbers).index(section), corner
    if min(corner) < 0 or top + SIDE > test.images.shape[1] or left + SIDE > test.images.shape[2]:
        raise ValueError(f"a window of {SIDE} x {SIDE} pixels at {corner} leaves a section of {test.images.shape[1:]}")
    part = (slice(top, top + SIDE), slice(left, left + SIDE))
    return standardise(test.images)[number][part], test.images[number][part], test.membrane[number][part]


def compared(grey: Grey, found: NDArray[np.bool_], true: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Tint what is found teal, what is found and is none orange, and what is missed violet.  (H, W) -> (H, W, 3)

    Introduced in chapter 9.
    """
    tinted = overlay(grey, found & true, FOUND, 0.7)
    tinted = overlay(tinted, found & ~true, EXTRA, 0.7)
    return overlay(tinted, true & ~found, MISSED, 0.7)


def _side_by_side(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay maps in a row, each as bright as its own largest value.  (C, H, W) -> (rows, columns)"""
    bright = maps / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-9)
    return np.block([list(np.pad(bright, ((0, 0), (0, 2), (0, 2)), constant_values=0.5))])


def _show(ax: Axes, title: str, picture: ArrayLike) -> None:
    ax.imshow(picture, cmap="gray", interpolation="nearest")
    ax.set_title(title, fontsize=7)
    ax.set(xticks=[], yticks=[])
