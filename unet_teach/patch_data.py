"""Patches with one label each: what lies at the centre (chapter 4)."""

import torch
from torch import Tensor


def centre_patches(
    images: Tensor, labels: Tensor, size: int, per_section: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Cut squares around random pixels of every section, half of them on foreground; the label is the centre's.

    Parameters
    ----------
    images : (N, H, W)
    labels : (N, H, W); foreground is what is above 0
    size : side of the squares in pixels, odd, so that there is a centre
    per_section : how many of each section, even; no pixel is drawn twice
    generator : where the chance comes from

    Returns
    -------
    patches : (N * per_section, 1, size, size), copies, of the type of `images`
    answers : (N * per_section, 1, 1) int64, 1 where the centre is foreground: shaped like a label image of one pixel
    sections : (N * per_section,) int64, the section each came from, in ascending order

    Only pixels around which a whole square fits can be drawn. Every such pixel of a class is as likely as any other.

    Raises
    ------
    ValueError
        If the shapes disagree, the size is even or does not fit, the number is odd or below 2, or a section has too
        few pixels of a class.

    Source: Cireşan et al. (2012), section 2, who train on as many membrane as non-membrane pixels of each slice.
    Introduced in chapter 4.
    """
    if images.ndim != 3 or images.shape != labels.shape or not len(images):
        raise ValueError(f"images and labels must both be (N, H, W), got {tuple(images.shape)}, {tuple(labels.shape)}")
    if size < 1 or size % 2 == 0 or size > min(images.shape[1:]):
        raise ValueError(f"patches of {size}: the side must be odd and at most {min(images.shape[1:])} pixels")
    if per_section < 2 or per_section % 2:
        raise ValueError(f"per_section must be even, so that half are foreground, got {per_section}")
    margin, half = size // 2, per_section // 2
    patches, answers = [], []
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        whole = label[margin : label.shape[0] - margin, margin : label.shape[1] - margin] > 0
        for answer in (False, True):
            corners = (whole == answer).nonzero()  # a centre in `whole` is the upper left corner in `image`
            if len(corners) < half:
                raise ValueError(f"section {number} has {len(corners)} pixels of class {int(answer)}, not {half}")
            chosen = corners[torch.randperm(len(corners), generator=generator)[:half]]
            patches += [image[row : row + size, column : column + size] for row, column in chosen.tolist()]
            answers += [int(answer)] * half
    sections = torch.arange(len(images)).repeat_interleave(per_section)
    return torch.stack(patches)[:, None], torch.tensor(answers)[:, None, None], sections
