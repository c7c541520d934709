"""Patches: what one training step sees of a stack: crops (chapter 9), or patches with one label (chapter 4)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from unet_teach._checks import number, whole
from unet_teach.transforms._tensors import one_per_axis, require_stack


def random_crops(
    images: Tensor,
    labels: Tensor,
    size: int | Sequence[int],
    count: int,
    generator: torch.Generator,
    foreground: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Cut random squares, image and labels at the same place, out of a stack of sections; boxes out of volumes.

    Parameters
    ----------
    images : (N, H, W) or (N, D, H, W)
    labels : the same shape; foreground is what is above 0
    size : sides of the squares or boxes, in pixels: one number, or one an axis
    count : how many
    generator : where the chance comes from
    foreground : share of crops that are centred on a foreground pixel, or as near to that as the border allows: the
        pixel is then still inside. The last crops are the chosen ones, `count - round(count * (1 - foreground))` of
        them, so a share of 0.33 is one in a batch of two to four, and none in a batch of one.

    Returns
    -------
    (count, 1, *sides) and (count, *sides), copies, of the types that came in

    Every section is as likely as any other, and so is every place in it. A foreground crop takes a section that holds
    foreground, then one of its foreground pixels.

    Raises
    ------
    TypeError
        If images or labels are not tensors, or of a type that torch cannot compute with.
    ValueError
        If the shapes disagree, the crop does not fit, a number is out of range, or foreground is asked for and
        there is none.

    Source: Ronneberger, Fischer and Brox (2015), section 3, trains on large tiles; the foreground share is nnU-Net's
    (Isensee et al. 2021). Introduced in chapter 9.
    """
    require_stack(images, labels)
    sections, *sides = images.shape
    sizes = one_per_axis(size, len(sides))
    if not all(1 <= size <= side for size, side in zip(sizes, sides, strict=True)):
        wanted, there = (" x ".join(map(str, numbers)) for numbers in (sizes, sides))
        raise ValueError(f"crops of {wanted} do not fit into {there}: choose 1 to {min(sides)} pixels")
    count, foreground = whole("count", count), number("foreground", foreground)
    if count < 1 or not 0 <= foreground <= 1:
        raise ValueError(f"need count >= 1 and foreground between 0 and 1, got {count} and {foreground}")

    def draw(below: int) -> int:
        return int(torch.randint(below, (), generator=generator, device=generator.device))

    room = [side - size for side, size in zip(sides, sizes, strict=True)]  # the last corner that fits, on each axis
    forced = count - round(count * (1 - foreground))
    corners = [[draw(sections), *(draw(last + 1) for last in room)] for _ in range(count - forced)]
    for _ in range(forced):
        section, *pixel = _foreground_pixel(labels, generator)
        wished = (place - size // 2 for place, size in zip(pixel, sizes, strict=True))
        corners.append([section, *(min(max(start, 0), last) for start, last in zip(wished, room, strict=True))])
    boxes = [(section, _box(corner, sizes)) for section, *corner in corners]
    crops, cut = (torch.stack([stack[section][box] for section, box in boxes]) for stack in (images, labels))
    return crops[:, None], cut


def centre_patches(
    images: Tensor, labels: Tensor, size: int | Sequence[int], per_section: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Cut squares around random pixels of every section, half of them on foreground; the label is the centre's.

    Parameters
    ----------
    images : (N, H, W), or volumes (N, D, H, W), out of which boxes are cut
    labels : the same shape; foreground is what is above 0
    size : sides in pixels, odd, so that there is a centre: one number, or one an axis
    per_section : how many of each section, even; no pixel is drawn twice
    generator : where the chance comes from

    Returns
    -------
    patches : (N * per_section, 1, *sides), copies, of the type of `images`
    answers : (N * per_section, 1, 1), for volumes (..., 1, 1, 1), int64, 1 where the centre is foreground: shaped like
        a label image of one pixel
    sections : (N * per_section,) int64, the section each came from, in ascending order

    Only pixels around which a whole square fits can be drawn. Every such pixel of a class is as likely as any other.

    Raises
    ------
    TypeError
        If images or labels are not tensors, or of a type that torch cannot compute with.
    ValueError
        If the shapes disagree, a side is even or does not fit, the number is odd or below 2, or a section has too few
        pixels of a class.

    Source: Cireşan et al. (2012), section 2, who train on as many membrane as non-membrane pixels of each slice.
    Introduced in chapter 4.
    """
    require_stack(images, labels)
    sides = images.shape[1:]
    sizes, per_section = one_per_axis(size, len(sides)), whole("per_section", per_section)
    if not all(1 <= size <= side and size % 2 for size, side in zip(sizes, sides, strict=True)):
        raise ValueError(f"patches of {size}: the side must be odd and at most {min(sides)} pixels")
    if per_section < 2 or per_section % 2:
        raise ValueError(f"per_section must be even, so that half are foreground, got {per_section}")
    inner = _box([size // 2 for size in sizes], [side - size + 1 for side, size in zip(sides, sizes, strict=True)])
    half = per_section // 2
    patches, answers = [], []
    for section, (image, label) in enumerate(zip(images, labels, strict=True)):
        whole_fits = label[inner] > 0
        for answer in (False, True):
            corners = (whole_fits == answer).nonzero()  # a centre in there is the upper left corner in `image`
            if len(corners) < half:
                raise ValueError(f"section {section} has {len(corners)} pixels of class {int(answer)}, not {half}")
            chosen = corners[torch.randperm(len(corners), generator=generator)[:half]]
            patches += [image[_box(corner, sizes)] for corner in chosen.tolist()]
            answers += [int(answer)] * half
    sections = torch.arange(len(images)).repeat_interleave(per_section)
    return torch.stack(patches)[:, None], torch.tensor(answers).reshape(-1, *[1] * len(sizes)), sections


def _box(corner: Sequence[int], sizes: Sequence[int]) -> tuple[slice, ...]:
    return tuple(slice(start, start + size) for start, size in zip(corner, sizes, strict=True))


def _foreground_pixel(labels: Tensor, generator: torch.Generator) -> list[int]:
    """Draw a section that holds foreground, then one of its foreground pixels: section, row, column."""
    # One section at a time: looking for foreground in the whole stack would cost more than the training step.
    for section in torch.randperm(len(labels), generator=generator, device=generator.device).tolist():
        pixels = (labels[section] > 0).nonzero()  # (P, 2), in volumes (P, 3)
        if len(pixels):
            chosen = int(torch.randint(len(pixels), (), generator=generator, device=generator.device))
            return [section, *pixels[chosen].tolist()]
    raise ValueError("no label is above 0, so no crop can be centred on foreground: check the labels, or pass 0.0")
