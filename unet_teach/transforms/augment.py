"""Augmentation: more training images out of few, by changes that a specimen could have undergone itself (chapter 9).

An image is `(C, H, W)`, its labels `(H, W)`; both pass through the same change. Labels are only ever moved, never
blended, for the mean of class 1 and class 3 is not class 2. All chance comes from the one generator that is handed in,
so that a training run can be saved and resumed.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def flip_and_rotate(image: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw one of the eight symmetries of the square, and apply it to an image and its labels.

    Parameters
    ----------
    image : (C, H, W)
    labels : (H, W); axes before these two ride along, so a stack of labels and weight map may be passed too
    generator : where the chance comes from

    Returns
    -------
    image, labels : turned by 0, 1, 2 or 3 quarters, mirrored or not; after an odd quarter H and W are exchanged

    Only for images that have no up and no left. An abdomen does: there, a mirrored liver is a mistake to be learned.

    Raises
    ------
    ValueError
        If the two do not have the same height and width.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1, names rotations; the flips are ours. Introduced in
    chapter 9.
    """
    _check_pair(image, labels)
    number = int(torch.randint(8, (), generator=generator, device=generator.device))
    turns, mirrored = number % 4, number >= 4
    return turn(image, turns, mirrored), turn(labels, turns, mirrored)


def turn(picture: Tensor, turns: int, mirrored: bool = False) -> Tensor:
    """Mirror left and right, if asked, then turn by quarters.  (..., H, W) -> (..., H, W) or (..., W, H)

    Positive `turns` are counter-clockwise with the first row on top. Introduced in chapter 9.
    """
    if mirrored:
        picture = picture.flip(-1)
    return picture.rot90(turns, (-2, -1))


def shift_grey(image: Tensor, generator: torch.Generator, contrast: float = 0.25, brightness: float = 0.25) -> Tensor:
    """Stretch an image's grey values about their mean by a random factor, then shift them all by a random amount.

    Parameters
    ----------
    image : (C, H, W) floats; all channels change alike
    generator : where the chance comes from
    contrast : the factor is uniform in [1 - contrast, 1 + contrast]
    brightness : the shift is uniform in [-brightness, brightness], in standard deviations of this image

    Returns
    -------
    (C, H, W) floats, not clipped; labels are not concerned

    Raises
    ------
    ValueError
        If the image holds integers, `contrast` is not in [0, 1), or `brightness` is negative.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1, names grey value variations and gives no amounts;
    these are ours. Introduced in chapter 9.
    """
    if not image.is_floating_point():
        raise ValueError(f"grey values are {image.dtype}: normalise the image to floats first")
    if not (0 <= contrast < 1 and brightness >= 0):
        raise ValueError(f"need 0 <= contrast < 1 and brightness >= 0, got {contrast} and {brightness}")
    draw = 2 * torch.rand(2, generator=generator, device=generator.device).to(image) - 1  # (2,) in [-1, 1)
    mean, sd = image.mean(), image.std(correction=0)
    return (image - mean) * (1 + contrast * draw[0]) + mean + brightness * draw[1] * sd


def elastic(
    image: Tensor, labels: Tensor, generator: torch.Generator, sd: float = 10.0, grid: int = 3
) -> tuple[Tensor, Tensor]:
    """Bend an image and its labels by one smooth random displacement field, as soft tissue bends.

    The grid spans the image, whatever its size: 3 x 3 vectors of 10 pixels bend a whole section gently, and a crop of
    64 pixels past recognition. So deform first and crop afterwards, or make `sd` smaller in proportion.

    Parameters
    ----------
    image : (C, H, W) floats, sampled bilinearly
    labels : (H, W), sampled at the nearest pixel, so that no new value appears; axes before these two ride along
    generator : where the chance comes from
    sd : standard deviation of each random vector's two components, in pixels
    grid : vectors along each axis

    Returns
    -------
    image, labels : of the same shapes and types; beyond the border the image is mirrored

    Raises
    ------
    ValueError
        If the two do not have the same height and width, the image holds integers, or `sd` or `grid` is out of range.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1. Introduced in chapter 9.
    """
    _check_pair(image, labels)
    if not image.is_floating_point():
        raise ValueError(f"grey values are {image.dtype}: normalise the image to floats first")
    height, width = image.shape[-2:]
    field = displacement(height, width, generator, sd, grid).to(image.device)
    rows = torch.arange(height, device=image.device)[:, None] + field[0]  # (H, W): where each pixel looks
    columns = torch.arange(width, device=image.device) + field[1]

    # grid_sample wants (x, y), and counts from -1 at the centre of the first pixel to 1 at the centre of the last.
    look = torch.stack([2 * columns / max(width - 1, 1) - 1, 2 * rows / max(height - 1, 1) - 1], dim=-1)
    bent = F.grid_sample(image[None], look[None].to(image), padding_mode="reflection", align_corners=True)[0]

    # Labels by plain indexing: grid_sample would pass them through floats.
    nearest = (mirror(rows, height).round().long(), mirror(columns, width).round().long())
    return bent, labels[..., nearest[0], nearest[1]]


def displacement(height: int, width: int, generator: torch.Generator, sd: float = 10.0, grid: int = 3) -> Tensor:
    """Draw normal random vectors on a coarse grid, and fill in the pixels between by bicubic interpolation.

    Returns
    -------
    (2, height, width) float32 on the generator's device: each pixel's shift in pixels, down and to the right. The outer
    grid points lie on the outermost pixels, and there the field takes the values drawn.

    Raises
    ------
    ValueError
        If `sd` is negative or `grid` is below 2.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1. Introduced in chapter 9.
    """
    if sd < 0 or grid < 2:
        raise ValueError(f"need sd >= 0 pixels and a grid of at least 2 x 2 vectors, got sd {sd} and grid {grid}")
    vectors = sd * torch.randn(1, 2, grid, grid, generator=generator, device=generator.device)
    return F.interpolate(vectors, (height, width), mode="bicubic", align_corners=True)[0]


def mirror(place: Tensor, size: int) -> Tensor:
    """Fold places beyond either end of an axis back into it, as often as it takes: -1 -> 1, size -> size - 2.

    Places are in pixels, whole or fractional; the same rule as `numpy.pad(mode="reflect")`, which does not repeat the
    pixel at the border. An axis of one pixel has only that pixel. Introduced in chapter 9.
    """
    period = max(2 * (size - 1), 1)
    place = place.remainder(period)
    return torch.minimum(place, period - place)


def _check_pair(image: Tensor, labels: Tensor) -> None:
    if image.ndim != 3:
        raise ValueError(f"an image is (C, H, W), got {tuple(image.shape)}: for a single grey channel pass image[None]")
    if labels.ndim < 2 or labels.shape[-2:] != image.shape[-2:]:
        raise ValueError(
            f"labels {tuple(labels.shape)} do not lie on an image {tuple(image.shape)}: H and W must agree"
        )
