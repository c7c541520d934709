"""Augmentation: more training images out of few, by changes that a specimen could have undergone itself (chapter 9).

An image is `(C, H, W)` and its labels `(H, W)`, a volume `(C, D, H, W)` and its labels `(D, H, W)`; both pass through
the same change. Labels are only ever moved, never blended, for the mean of class 1 and class 3 is not class 2. All
chance comes from the one generator that is handed in, so that a training run can be saved and resumed.
"""

import itertools
import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from unet_teach._checks import number, whole
from unet_teach.transforms._sampling import look_up
from unet_teach.transforms._tensors import finite, require_floats, require_pair, require_tensor

ORDERS = list(itertools.permutations(range(3)))  # of a volume's axes


def flip_and_rotate(
    image: Tensor, labels: Tensor, generator: torch.Generator, all_axes: bool = False
) -> tuple[Tensor, Tensor]:
    """Draw one of the symmetries of the square, or of the cube, and apply it to an image and its labels.

    Parameters
    ----------
    image : (C, H, W) or (C, D, H, W)
    labels : (H, W) or (D, H, W); axes before these ride along, so a stack of labels and weight map may be passed too
    generator : where the chance comes from
    all_axes : for volumes whose voxels are cubes: any axis may become any other, 48 ways in all. Without it a slice
        stays a slice: each is turned alike, one of 8 ways, and their order is kept or reversed.

    Returns
    -------
    image, labels : turned by right angles, mirrored or not; sides are exchanged as their axes are

    Only for images that have no up and no left. An abdomen does: there, a mirrored liver is a mistake to be learned.

    Raises
    ------
    TypeError, ValueError
        If either is no tensor that torch can turn, their sides differ, or an image shall turn about all axes.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1, names rotations; the flips are ours. Introduced in
    chapter 9.
    """
    dims = require_pair(image, labels)
    if all_axes and dims == 2:
        raise ValueError("an image has only one plane to turn in: all_axes is for volumes (C, D, H, W)")
    ways = 48 if all_axes else {2: 8, 3: 16}[dims]
    drawn = int(torch.randint(ways, (), generator=generator, device=generator.device))
    if all_axes:
        return _turn_cube(image, drawn), _turn_cube(labels, drawn)
    turns, mirrored, reverse = drawn % 4, drawn // 4 % 2 == 1, [-3] if drawn >= 8 else []
    return turn(image, turns, mirrored).flip(reverse), turn(labels, turns, mirrored).flip(reverse)


def turn(picture: Tensor, turns: int, mirrored: bool = False) -> Tensor:
    """Mirror left and right, if asked, then turn by quarters.  (..., H, W) -> (..., H, W) or (..., W, H)

    Positive `turns` are counter-clockwise with the first row on top. Introduced in chapter 9.
    """
    require_tensor("the picture", picture)
    if picture.ndim < 2:
        raise ValueError(f"a picture is (..., H, W), got {tuple(picture.shape)}: one line cannot be turned")
    if mirrored:
        picture = picture.flip(-1)
    return picture.rot90(whole("turns", turns) % 4, (-2, -1))


def _turn_cube(volume: Tensor, way: int) -> Tensor:
    """Put the last three axes in one of six orders, and reverse some of them: 6 * 8 ways."""
    order, mirrored = ORDERS[way % 6], [axis - 3 for axis in range(3) if way // 6 >> axis & 1]
    before = range(volume.ndim - 3)
    return volume.permute(*before, *(len(before) + axis for axis in order)).flip(mirrored)


def shift_grey(image: Tensor, generator: torch.Generator, contrast: float = 0.25, brightness: float = 0.25) -> Tensor:
    """Stretch an image's grey values about their mean by a random factor, then shift them all by a random amount.

    Parameters
    ----------
    image : (C, H, W) or (C, D, H, W) floats; all channels change alike, nothing is clipped
    contrast : the factor is uniform in [1 - contrast, 1 + contrast]
    brightness : the shift is uniform in [-brightness, brightness], in standard deviations of this image

    Raises
    ------
    TypeError, ValueError
        If the image is no tensor of finite floats, what comes out is more than its type can hold, `contrast` is not in
        [0, 1), or `brightness` is negative.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1, without amounts: these are ours. Introduced in chapter 9.
    """
    require_floats(image)
    contrast, brightness = number("contrast", contrast), number("brightness", brightness)
    if not (0 <= contrast < 1 and 0 <= brightness < math.inf):
        raise ValueError(f"need 0 <= contrast < 1 and brightness >= 0, got {contrast} and {brightness}")
    grey = image.to(torch.promote_types(image.dtype, torch.float32))
    draw = 2 * torch.rand(2, generator=generator, device=generator.device).to(grey) - 1  # (2,) in [-1, 1)
    mean, sd = grey.mean(), grey.std(correction=0)
    return finite((grey - mean) * (1 + contrast * draw[0]) + mean + brightness * draw[1] * sd, image.dtype)


def elastic(
    image: Tensor, labels: Tensor, generator: torch.Generator, sd: float = 10.0, grid: int = 3
) -> tuple[Tensor, Tensor]:
    """Bend an image and its labels by one smooth random displacement field, as soft tissue bends.

    The grid spans the image, whatever its size: 3 x 3 vectors of 10 pixels bend a whole section gently, and a crop of
    64 pixels past recognition. So deform first and crop afterwards, or make `sd` smaller in proportion.

    Parameters
    ----------
    image, labels : as in `flip_and_rotate`; grey values are floats, sampled by cubic interpolation, labels are taken
        from the nearest pixel, so that no new value appears
    sd : standard deviation of each random vector's components, in pixels
    grid : vectors along each axis

    Returns
    -------
    image, labels : of the same shapes and types; beyond the border the image is mirrored. Cubic sampling keeps 0.86 of
        the standard deviation of white noise, where linear sampling, which blurs, keeps 0.67; beside a sharp edge it
        overshoots a little.

    Raises
    ------
    TypeError, ValueError
        As `flip_and_rotate` does, and if the image holds integers or no pixel, or `sd` or `grid` is out of range.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1. Introduced in chapter 9.
    """
    dims = require_pair(image, labels)
    require_floats(image)
    sizes = image.shape[1:]
    depth = sizes[0] if dims == 3 else None
    field = displacement(sizes[-2], sizes[-1], generator, sd, grid, depth).to(image.device)
    pixel = torch.meshgrid(*(torch.arange(size, device=image.device) for size in sizes), indexing="ij")
    places = [start + shift for start, shift in zip(pixel, field, strict=True)]  # (H, W) an axis: where pixels look

    kind = torch.promote_types(image.dtype, torch.float32)  # half precision cannot tell neighbouring places apart
    bent = look_up(image.to(kind), torch.stack(places).to(kind))

    # Labels by plain indexing: grid_sample would pass them through floats.
    nearest: list[Any] = [mirror(place, size).round().long() for place, size in zip(places, sizes, strict=True)]
    return finite(bent, image.dtype), labels[..., *nearest]


def displacement(
    height: int, width: int, generator: torch.Generator, sd: float = 10.0, grid: int = 3, depth: int | None = None
) -> Tensor:
    """Draw normal random vectors on a coarse grid, and fill in the pixels between by bicubic interpolation.

    Returns
    -------
    (2, height, width) float32 on the generator's device: each pixel's shift in pixels, down and to the right. With a
    depth (3, depth, height, width), the shift along the depth first, filled in by cubic interpolation along each axis.
    The outer grid points lie on the outermost pixels, and there the field takes the values drawn.

    Raises
    ------
    TypeError, ValueError
        If `sd` is negative, `grid` is below 2, a side below 1, or one of them is no such number.

    Source: Ronneberger, Fischer and Brox (2015), section 3.1. Introduced in chapter 9.
    """
    sides = [whole("height", height), whole("width", width), *([] if depth is None else [whole("depth", depth)])]
    sd, grid = number("sd", sd), whole("grid", grid)
    if not 0 <= sd <= 1e6 or grid < 2 or min(sides) < 1:
        raise ValueError(f"need sd >= 0, a grid of at least 2 x 2 vectors and sides from 1, got {sd}, {grid}, {sides}")
    vectors = sd * torch.randn(1, len(sides), *[grid] * len(sides), generator=generator, device=generator.device)
    if depth is None:
        return F.interpolate(vectors, sides, mode="bicubic", align_corners=True)[0]
    planes = F.interpolate(vectors[0], sides[:2], mode="bicubic", align_corners=True)  # (3, grid, height, width)
    flat = planes.flatten(2)[None]  # (1, 3, grid, height * width): the last axis keeps its size
    between = F.interpolate(flat, (sides[2], flat.shape[-1]), mode="bicubic", align_corners=True)
    return between[0].unflatten(-1, sides[:2])


def mirror(place: Tensor, size: int) -> Tensor:
    """Fold places beyond either end of an axis back into it, as often as it takes: -1 -> 1, size -> size - 2.

    Places are in pixels, whole or fractional; the same rule as `numpy.pad(mode="reflect")`, which does not repeat the
    pixel at the border. An axis of one pixel has only that pixel. Introduced in chapter 9.
    """
    require_tensor("the place", place)
    size = whole("size", size)
    if not 1 <= size <= 2**31:
        raise ValueError(f"an axis has at least one pixel, and at most 2**31, got {size}")
    # Eight bits do not hold the period of 200 pixels, nor half precision all the places in it.
    place = place.to(torch.promote_types(place.dtype, torch.float32)) if place.is_floating_point() else place.long()
    period = max(2 * (size - 1), 1)
    place = place.remainder(period)
    return torch.minimum(place, period - place)
