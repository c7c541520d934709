"""Cells that are asked for: the window around a click, and the conversation about it (chapter 27).

The fields are those of chapter 10, at half their size, split as there; a window holds one cell that is asked for, and
its neighbours count as background.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from unet_teach.course.prompted.clicks import Click, answer_clicks, window_around
from unet_teach.course.prompted.pointing import correction, point_into
from unet_teach.data import load_cells
from unet_teach.train.machine import Machine

MOST = 4  # clicks: the first, and three corrections
AT_ONCE = 32  # windows that are asked at once


@dataclass(frozen=True)
class Asked:
    """A cell that is asked for: the window around the first click, the cell in it, and that click.

    field : number of the field in the set
    picture : (128, 128) float32 grey values, as they came
    cell : (128, 128) bool
    click : in the window's pixels

    Introduced in chapter 27.
    """

    field: int
    picture: NDArray[np.float32]
    cell: NDArray[np.bool_]
    click: Click


@dataclass(frozen=True)
class Fields:
    """Fields of a split at half size: grey values (N, H, W), instances (N, H, W), numbers, and (field, cell) pairs.

    Introduced in chapter 27.
    """

    images: NDArray[np.float32]
    instances: NDArray[np.integer]
    numbers: NDArray[np.int64]
    cells: tuple[tuple[int, int], ...]


def halved_fields(split: str) -> Fields:
    """Load the fields of a split, as chapter 10 halves them, but not standardised.

    Introduced in chapter 27.
    """
    fields = load_cells(split)
    images = F.avg_pool2d(torch.from_numpy(fields.images.astype(np.float32)), 2).numpy()
    instances = np.ascontiguousarray(fields.instances[:, ::2, ::2])
    cells = [(n, int(c)) for n, field in enumerate(instances) for c in np.unique(field) if c]
    return Fields(images, instances, fields.numbers, tuple(cells))


def ask_for(fields: Fields, which: int, generator: torch.Generator) -> Asked:
    """Point at a cell, given by its place in the list of cells, and cut the window around that point.

    Introduced in chapter 27.
    """
    number, cell = fields.cells[which]
    there = fields.instances[number] == cell
    box = box_around(there)
    row, column = point_into(there[box], generator)
    row, column = row + box[0].start, column + box[1].start
    window = window_around((there.shape[0], there.shape[1]), row, column)
    click = Click(row - window[0].start, column - window[1].start)
    return Asked(int(fields.numbers[number]), fields.images[number][window], there[window], click)


def box_around(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Find the smallest box around a mask that is not empty.  (H, W) -> rows, columns

    Introduced in chapter 27.
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def asked_of(split: str, seed: int = 0) -> list[Asked]:
    """Point once at each cell of a split; the same points for the same seed.

    Introduced in chapter 27.
    """
    fields, generator = halved_fields(split), torch.Generator().manual_seed(seed)
    return [ask_for(fields, which, generator) for which in range(len(fields.cells))]


def conversation(network: nn.Module, asked: list[Asked], most: int = MOST) -> Iterator[list[NDArray[np.bool_]]]:
    """Yield the masks after each click, the first and then corrections; a mask without a mistake gets no more.

    Introduced in chapter 27.
    """
    clicks = [[one.click] for one in asked]
    for number in range(most):
        found: list[NDArray[np.bool_]] = []
        for start in range(0, len(asked), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            found.extend(answer_clicks(network, np.stack([one.picture for one in asked[part]]), clicks[part]))
        yield found
        if number < most - 1:
            for one, mask, said in zip(asked, found, clicks, strict=True):
                said.extend(click for click in [correction(mask, one.cell)] if click)


def iou_by_click(network: nn.Module, asked: list[Asked], most: int = MOST) -> NDArray[np.float64]:
    """Score the masks after each click.  -> (clicks, cells)

    Introduced in chapter 27.
    """
    with Machine(network):  # a GPU, where there is one
        masks = list(conversation(network, asked, most))
    return np.array([[overlap_of(m, one.cell) for m, one in zip(found, asked, strict=True)] for found in masks])


def overlap_of(found: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    """Compute the IoU of two masks, of which the true one is not empty.  (H, W) twice -> 0 to 1

    Introduced in chapter 27.
    """
    return float((found & true).sum() / (found | true).sum())
