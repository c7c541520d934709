"""Prediction block by block, for pictures that do not fit into memory as logits (chapter 25)."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from unet_teach.predict.inference import whole
from unet_teach.predict.sliding_window import sliding_window

OVERLAP = 0.5  # of a window and the next
BLOCK = 1024  # pixels of a side, about, that are answered at once

Place = tuple[slice, slice]


def predict_blocks(
    network: nn.Module,
    size: Sequence[int],
    read: Callable[[Place], NDArray[np.float32]],
    write: Callable[[Place, NDArray[np.uint8]], None],
    window: Sequence[int],
    block: int = BLOCK,
) -> None:
    """Name the class of each pixel of a flat picture, of which only one block and its surroundings are ever held.

    Blocks are cut where windows begin, and see what lies around them: the answer is the one that `sliding_window`
    gives for the whole picture, half a window apart.

    Parameters
    ----------
    network : (N, C, *window) -> (N, K, *window)
    size : height and width of the picture
    read : rows and columns -> (C, rows, columns) float32, normalised as in training
    write : takes rows and columns, and the class numbers of that place
    window : sides of what the network sees
    block : side of a block, at least; memory grows with its square

    Raises
    ------
    ValueError
        If a number is no size, or as `sliding_window` does.

    Introduced in chapter 25.
    """
    height, width = (whole("size", side) for side in size)
    if min(height, width) < 1 or len(window) != 2:
        raise ValueError(f"a flat picture has a height and a width, and a window two sides, got {size} and {window}")
    for rows, seen_rows in blocks_along(height, whole("window", window[0]), block):
        for columns, seen_columns in blocks_along(width, whole("window", window[1]), block):
            piece = torch.from_numpy(np.ascontiguousarray(read((seen_rows, seen_columns)), dtype=np.float32))
            logits = sliding_window(network, piece, window, OVERLAP, batch=1)
            top, left = rows.start - seen_rows.start, columns.start - seen_columns.start
            inner = logits[:, top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]
            write((rows, columns), inner.argmax(dim=0).numpy().astype(np.uint8))


def blocks_along(length: int, side: int, block: int = BLOCK) -> Iterator[tuple[slice, slice]]:
    """Cut an axis into blocks, each with the stretch that all windows on it cover.

    Parameters
    ----------
    length : of the axis
    side : of a window
    block : of a block, at least, but for the last

    Returns
    -------
    pairs of what is answered and what has to be read

    Introduced in chapter 25.
    """
    stride = max(int(side * (1 - OVERLAP)), 1)
    core = max(-(-whole("block", block) // stride), 1) * stride
    around = -(-side // stride) * stride
    for start in range(0, length, core):
        stop = min(start + core, length)
        first, last = max(start - around, 0), stop + side
        yield slice(start, stop), slice(first, length if last >= length - side else last)
