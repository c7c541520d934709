"""Boxes of MR as a network gets them: grey values on one scale, labels as class numbers (chapter 15)."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from unet_teach._checks import reals
from unet_teach.data import HippocampusCase, load_hippocampus
from unet_teach.data.hippocampus import group_of
from unet_teach.transforms import standardise

PARTS = {"anterior": 1, "posterior": 2}
CLIPPED = (0.5, 99.5)  # percentiles


class InputBox(NamedTuple):
    """One box, ready for a network.

    number : the case's number in the set
    image : (X, Y, Z) float32, normalised by `as_input`
    labels : (X, Y, Z) uint8, 0 background, 1 anterior, 2 posterior
    spacing : mm
    """

    number: int
    image: NDArray[np.float32]
    labels: NDArray[np.uint8]
    spacing: tuple[float, float, float]


def as_input(image: ArrayLike) -> NDArray[np.float32]:
    """Bring one box to a scale of its own: mean 0, standard deviation 1, without the outermost half per cents.

    Scanners and software scale MR as they like, so a grey value says nothing by itself. A few bright voxels, a vessel,
    would stretch the scale of all others: what lies beyond the percentiles 0.5 and 99.5 is set to them first.

    Parameters
    ----------
    image : (X, Y, Z), any kind of number on any scale

    Raises
    ------
    TypeError, ValueError
        If it holds no numbers, has other axes, is of one grey value throughout, or holds NaN or infinity.

    Introduced in chapter 15.
    """
    grey = reals("the image", image, finite=True)
    if grey.ndim != 3 or not grey.size:
        raise ValueError(f"a box is (X, Y, Z), got {grey.shape}: no batch axis, no channel")
    if np.ptp(grey) == 0:
        raise ValueError("the image is of one grey value throughout: there is nothing to see in it")
    clipped = np.clip(grey, *np.percentile(grey, CLIPPED))
    return standardise((clipped if np.ptp(clipped) else grey)[None])[0].numpy()


def load(split: str) -> list[InputBox]:
    """Load a split of the set, normalised: "train", "validation" or "test". Errors as `load_hippocampus`."""
    return load_cases(load_hippocampus(split))


def load_cases(cases: Sequence[HippocampusCase]) -> list[InputBox]:
    """Normalise cases that were read."""
    return [InputBox(case.number, as_input(case.image), case.labels, case.spacing) for case in cases]


@lru_cache(1)
def everybody() -> tuple[InputBox, ...]:
    """Load all cases but those of the test, in order of their numbers: what folds are made of."""
    return tuple(sorted(load("train") + load("validation"), key=lambda case: case.number))


def of_people(cases: Sequence[InputBox], people: Collection[int]) -> list[InputBox]:
    """Keep the cases of these people, whose numbers are those of `group_of`."""
    return [case for case in cases if group_of(case.number) in people]


def as_tensors(case: InputBox) -> tuple[Tensor, Tensor]:
    """Give a case as `fit` wants it.  -> (1, X, Y, Z) floats, (X, Y, Z) int64"""
    return torch.from_numpy(case.image)[None], torch.from_numpy(case.labels.astype(np.int64))
