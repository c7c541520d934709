"""What one step of a plan sees: patches, a third of them around something (chapter 18).

nnU-Net cuts a patch larger than the network sees, so that turning it leaves no empty corners, and cuts away the rest.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from unet_teach.nnunet.prepare import OUTSIDE, Prepared

FOREGROUND = 0.33  # of a batch's patches are centred on a voxel of a class that is drawn first
SHRINK = 0.85  # the larger patch makes room for this, though sizes down to 0.7 are drawn

Change = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]


def patch_batch(
    cases: Sequence[Prepared],
    patch: Sequence[int],
    count: int,
    generator: torch.Generator,
    change: Change | None = None,
    larger: Sequence[int] | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw cases with replacement, and cut a patch from each; the last of them around a foreground voxel.

    Parameters
    ----------
    cases : to draw from
    patch : sides of a patch, two of a slice or three
    count : of patches; with nnU-Net's third, 1 of 2, 1 of 3, 3 of 9, 4 of 12 are around something
    generator : where the chance comes from
    change : image (C, *larger) and labels (*larger) -> (C, *patch) and (*patch); nothing, if `larger` is left out
    larger : sides of what is cut for the change

    Returns
    -------
    (count, C, *patch) float32 and (count, *patch) int64

    Raises
    ------
    ValueError
        If there is no case.

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    if not cases:
        raise ValueError("there is no case to draw patches from")
    images, truths = [], []
    random = round(count * (1 - FOREGROUND))  # these lie anywhere
    for number in range(count):
        case = cases[whole_below(len(cases), generator)]
        image, labels = cut(case, patch, larger or patch, number >= random, generator)
        if change is not None:
            image, labels = change(image, labels, generator)
        images.append(image)
        truths.append(labels.clamp(min=0).long())
    return torch.stack(images), torch.stack(truths)


def cut(
    case: Prepared, patch: Sequence[int], larger: Sequence[int], foreground: bool, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Cut one piece from a case, beyond whose border images are 0 and labels -1.  -> (C, *larger), (*larger)

    The piece may stick out by what the change will cut away again, so that the patch itself lies inside, unless the
    case is smaller. One around a voxel of a class is shifted inwards at its near borders only, as in nnU-Net.
    """
    flat = len(patch) == 2
    want, seen = ((1, *larger), (1, *patch)) if flat else (tuple(larger), tuple(patch))
    shape = tuple(case.labels.shape)
    out = [max(w - s, w - n) for w, s, n in zip(want, seen, shape, strict=True)]  # on both sides together
    low = [-o // 2 for o in out]
    high = [n + o // 2 + o % 2 - w for n, o, w in zip(shape, out, want, strict=True)]
    if foreground and case.places:
        numbers = sorted(case.places)
        voxels = case.places[numbers[whole_below(len(numbers), generator)]]
        centre = np.unravel_index(int(voxels[whole_below(len(voxels), generator)]), shape)
        start = [max(lowest, int(c) - w // 2) for lowest, c, w in zip(low, centre, want, strict=True)]
    else:
        start = [lo + whole_below(hi - lo + 1, generator) for lo, hi in zip(low, high, strict=True)]
    image, labels = (_piece(t, start, want, v) for t, v in ((case.image, 0), (case.labels, OUTSIDE)))
    return (image[:, 0], labels[0]) if flat else (image, labels)


def larger_patch(patch: Sequence[int], degrees: float) -> tuple[int, ...]:
    """Return how large a patch is cut that will be turned by up to so many degrees.

    Each plane is turned once; of the sides before and after, the larger counts. nnU-Net turns each plane in one
    direction only, so that not both of its sides grow by the sum; nor are they enough for the smallest size drawn.

    Source: nnU-Net's code, version 2, `get_patch_size`. Introduced in chapter 18.
    """
    angle = math.radians(min(degrees, 90))
    cos, sin = math.cos(angle), math.sin(angle)
    sides = np.array(patch, dtype=float)
    planes = [(0, 1, 1)] if len(sides) == 2 else [(1, 2, 1), (0, 2, -1), (0, 1, 1)]
    largest = sides.copy()
    for one, other, sign in planes:
        turned = sides.copy()
        turned[one] = cos * sides[one] + sign * sin * sides[other]
        turned[other] = cos * sides[other] - sign * sin * sides[one]
        largest = np.maximum(largest, np.abs(turned))
    return tuple(int(side) for side in largest / SHRINK)


def turns_of(configuration: Mapping[str, Any]) -> tuple[float, bool]:
    """Return by how many degrees patches of this shape are turned, and whether slice by slice."""
    patch = configuration["patch_size"]
    if len(patch) == 2:
        return (15.0 if max(patch) / min(patch) > 1.5 else 180.0), False
    slices = max(patch) / patch[0] > 3
    return (180.0 if slices else 30.0), slices


def whole_below(end: int, generator: torch.Generator) -> int:
    """Draw a whole number from 0 to below `end`."""
    return int(torch.randint(end, (), generator=generator))


def _piece(volume: Tensor, start: Sequence[int], size: Sequence[int], beyond: float) -> Tensor:
    """Cut a box that may stick out.  (..., D, H, W) -> (..., *size)"""
    shape = volume.shape[-3:]
    inner = [slice(max(s, 0), max(min(s + w, n), 0)) for s, w, n in zip(start, size, shape, strict=True)]
    before = [min(max(-s, 0), w) for s, w in zip(start, size, strict=True)]
    piece = volume[(slice(None),) * (volume.ndim - 3) + tuple(inner)]
    ends = [(b, w - b - n) for b, w, n in zip(before, size, piece.shape[-3:], strict=True)]
    return F.pad(piece, [n for pair in reversed(ends) for n in pair], value=beyond)
