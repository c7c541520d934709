"""Patches: what one training step sees of a stack of images (chapter 9)."""

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
