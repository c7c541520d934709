"""nnU-Net's augmentation: what may happen to a patch, how likely, and how much (chapter 18).

In this order, each independently: turned and scaled, noise, blur, brightness, contrast, low resolution, gamma on the
inverted patch, gamma, mirrored. There is an elastic deformation in nnU-Net, too; its probability is 0.

Source: nnU-Net's code, version 2 (`nnUNetTrainer.get_training_transforms`), and its package of transforms.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from unet_teach.nnunet import grey
from unet_teach.nnunet.prepare import OUTSIDE

TURNED, SCALED, SCALES = 0.2, 0.2, (0.7, 1.4)  # probabilities, and the range: more than 1 makes things smaller
CHANGES: dict[str, tuple[float, Callable[..., Tensor]]] = {  # of grey values: how likely each is for a patch
    "noise": (0.1, grey.noise),
    "blur": (0.2, grey.blur),
    "brightness": (0.15, grey.brightness),
    "contrast": (0.15, grey.contrast),
    "low resolution": (0.25, grey.low_resolution),
    "gamma, inverted": (0.1, partial(grey.gamma, inverted=True)),
    "gamma": (0.3, grey.gamma),
}
MIRRORED = 0.5  # along each axis


def change_patch(
    image: Tensor,
    labels: Tensor,
    generator: torch.Generator,
    patch: Sequence[int],
    degrees: float,
    slices: bool = False,
    masked: Sequence[bool] = (),
) -> tuple[Tensor, Tensor]:
    """Change a patch as nnU-Net does before it is learned from.

    Parameters
    ----------
    image, labels : (C, *larger) floats, and (*larger) class numbers, -1 outside
    generator : where the chance comes from
    patch : sides of what is left
    degrees : a patch is turned by up to so many, about every axis
    slices : turn, scale and coarsen only within each slice, the last two axes: where they are thick
    masked : for each channel, whether it is 0 wherever the label is -1

    Returns
    -------
    image, labels : (C, *patch), (*patch)

    Introduced in chapter 18.
    """
    if slices:  # as if slices were channels
        count = image.shape[1]
        flat, truth = turn_and_scale(image.flatten(0, 1), labels, generator, patch[1:], degrees)
        image, labels = flat.unflatten(0, (-1, count)), truth
    else:
        image, truth = turn_and_scale(image, labels[None], generator, patch, degrees)
        labels = truth[0]
    for name, (likely, change) in CHANGES.items():
        if chance(generator) < likely:
            image = change(image, generator, slices) if name == "low resolution" else change(image, generator)
    for axis in range(1, image.ndim):
        if chance(generator) < MIRRORED:
            image, labels = image.flip(axis), labels.flip(axis - 1)
    for number, is_masked in enumerate(masked):
        if is_masked:
            image[number] = image[number].masked_fill(labels == OUTSIDE, 0)
    return image, labels


def turn_and_scale(
    image: Tensor, labels: Tensor, generator: torch.Generator, patch: Sequence[int], degrees: float
) -> tuple[Tensor, Tensor]:
    """Cut the middle out of a larger patch, turned in a fifth of the cases, and larger or smaller in a fifth.

    Grey values are interpolated linearly, each label as a mask of its own, and the largest has the pixel; beyond the
    border are 0 and -1.

    Parameters
    ----------
    image, labels : (C, *larger) floats and (L, *larger) class numbers
    generator : where the chance comes from
    patch : sides of what is cut
    degrees : each angle is drawn from between minus this and this

    Returns
    -------
    (C, *patch) and (L, *patch)

    Introduced in chapter 18.
    """
    dims, larger = len(patch), image.shape[1:]
    turned, scaled = chance(generator) < TURNED, chance(generator) < SCALED
    angles = [between(-degrees, degrees, generator) if turned else 0.0 for _ in range(dims if dims == 3 else 1)]
    scale = between(*SCALES, generator) if scaled else 1.0
    if not (turned or scaled):
        start = [big // 2 - side // 2 for big, side in zip(larger, patch, strict=True)]
        middle = tuple(slice(s, s + side) for s, side in zip(start, patch, strict=True))
        return image[:, *middle].clone(), labels[:, *middle]
    axes = [torch.arange(side) - (side - 1) / 2 for side in patch]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)  # (*patch, dims), from the middle
    places = places @ (scale * turning(angles)).T / torch.tensor(larger) * 2  # from -1 to 1
    look = places.flip(-1)[None].to(image.dtype)  # torch counts the last axis first
    numbers = torch.unique(labels[labels != OUTSIDE])
    masks = torch.stack([labels == number for number in numbers]) if len(numbers) else labels[None][:0]
    masks = masks.to(image.dtype).flatten(0, 1)  # (numbers * L, *larger)
    both = F.grid_sample(torch.cat([image, masks])[None], look, mode="bilinear", align_corners=False)[0]
    shares = both[len(image) :].unflatten(0, (len(numbers), len(labels))) if len(numbers) else both[:0][None]
    outside = 1 - shares.sum(dim=0, keepdim=True)
    which = torch.cat([outside, shares]).argmax(dim=0)
    return both[: len(image)], torch.cat([torch.tensor([OUTSIDE]), numbers])[which].to(labels.dtype)


def turning(angles: Sequence[float]) -> Tensor:
    """Build the matrix that turns by one angle in a plane, or about three axes, one after the other, in degrees."""
    matrix = torch.eye(max(len(angles), 2))
    for axis, degrees in enumerate(angles):
        one, other = (0, 1) if len(angles) == 1 else [(1, 2), (2, 0), (0, 1)][axis]
        angle, step = math.radians(degrees), torch.eye(len(matrix))
        step[one, one] = step[other, other] = math.cos(angle)
        step[one, other], step[other, one] = -math.sin(angle), math.sin(angle)
        matrix = step @ matrix
    return matrix


chance, between = grey.chance, grey.between
