"""Patches: what one training step sees of a stack: crops (chapter 9), or patches with one label (chapter 4)."""

import torch
from torch import Tensor


def random_crops(
    images: Tensor, labels: Tensor, size: int, count: int, generator: torch.Generator, foreground: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Cut random squares, image and labels at the same place, out of a stack of sections.

    Parameters
    ----------
    images : (N, H, W)
    labels : (N, H, W) integers; foreground is what is above 0
    size : side of the squares, in pixels
    count : how many
    generator : where the chance comes from
    foreground : share of crops that are centred on a foreground pixel, or as near to that as the border allows: the
        pixel is then still inside. The last crops are the chosen ones, `count - round(count * (1 - foreground))` of
        them, so a share of 0.33 is one in a batch of two to four, and none in a batch of one.

    Returns
    -------
    (count, 1, size, size) and (count, size, size), copies, of the types that came in

    Every section is as likely as any other, and so is every place in it. A foreground crop takes a section that holds
    foreground, then one of its foreground pixels.

    Raises
    ------
    ValueError
        If the shapes disagree, the square does not fit, a number is out of range, or foreground is asked for and
        there is none.

    Source: Ronneberger, Fischer and Brox (2015), section 3, trains on large tiles; the foreground share is nnU-Net's
    (Isensee et al. 2021). Introduced in chapter 9.
    """
    if images.ndim != 3 or images.shape != labels.shape:
        raise ValueError(
            f"images and labels must both be (N, H, W), got {tuple(images.shape)} and {tuple(labels.shape)}: "
            "stack sections of one size, without a channel axis"
        )
    sections, height, width = images.shape
    if not sections:
        raise ValueError("the stack holds no sections")
    if not 1 <= size <= min(height, width):
        raise ValueError(f"crops of {size} do not fit into {height} x {width}: choose 1 to {min(height, width)} pixels")
    if count < 1 or not 0 <= foreground <= 1:
        raise ValueError(f"need count >= 1 and foreground between 0 and 1, got {count} and {foreground}")

    def draw(below: int) -> int:
        return int(torch.randint(below, (), generator=generator, device=generator.device))

    forced = count - round(count * (1 - foreground))
    corners = []
    for _ in range(count - forced):
        corners.append((draw(sections), draw(height - size + 1), draw(width - size + 1)))
    for _ in range(forced):
        section, row, column = _foreground_pixel(labels, generator)
        top = min(max(row - size // 2, 0), height - size)
        left = min(max(column - size // 2, 0), width - size)
        corners.append((section, top, left))

    squares = [(n, slice(top, top + size), slice(left, left + size)) for n, top, left in corners]
    return torch.stack([images[square] for square in squares])[:, None], torch.stack([labels[sq] for sq in squares])


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


def _foreground_pixel(labels: Tensor, generator: torch.Generator) -> tuple[int, int, int]:
    """Draw a section that holds foreground, then one of its foreground pixels: section, row, column."""
    # One section at a time: looking for foreground in the whole stack would cost more than the training step.
    for section in torch.randperm(len(labels), generator=generator, device=generator.device).tolist():
        pixels = (labels[section] > 0).nonzero()  # (P, 2)
        if len(pixels):
            chosen = int(torch.randint(len(pixels), (), generator=generator, device=generator.device))
            row, column = pixels[chosen].tolist()
            return section, row, column
    raise ValueError("no label is above 0, so no crop can be centred on foreground: check the labels, or pass 0.0")
