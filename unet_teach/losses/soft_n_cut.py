"""The soft normalised cut: how much likeness a division of an image cuts through (chapter 16).

Two pixels are alike that are near each other and have near grey values. A good cluster keeps most of its likeness
inside. No label is needed for that, only the image.
"""

import math

import torch
from torch import Tensor

from unet_teach._checks import number


def shifts(radius: float) -> list[tuple[int, int]]:
    """List one of each two opposite steps to a pixel nearer than the radius; the step that stays is left out.

    Parameters
    ----------
    radius : pixels, above 0; a pixel exactly so far away is not a neighbour

    Raises
    ------
    ValueError
        If the radius is not a finite number above 0.

    Introduced in chapter 16.
    """
    radius = _above_0("radius", radius)
    reach = range(-math.ceil(radius), math.ceil(radius) + 1)
    ahead = [(down, right) for down in reach for right in reach if (down, right) > (0, 0)]
    return [step for step in ahead if math.hypot(*step) < radius]


def soft_n_cut(
    probabilities: Tensor, image: Tensor, radius: float = 5, sigma_i: float = 0.5, sigma_x: float = 4
) -> Tensor:
    """Say how much likeness K soft clusters cut through: K minus the share that each cluster keeps inside.

    The weight of two pixels u and v is exp(-|F_u - F_v|^2 / sigma_i^2) exp(-|X_u - X_v|^2 / sigma_x^2) where they are
    nearer than the radius, else 0, with F the image's values and X the place; a pixel is its own neighbour (weight 1).
    Cluster k keeps sum_uv p_k(u) w(u, v) p_k(v) of the sum_uv p_k(u) w(u, v) that its pixels have. All neighbours
    count, and at the border a pixel has fewer. A cluster that no pixel has keeps nothing, and costs 1.

    Parameters
    ----------
    probabilities : (N, K, H, W) floats, of each cluster at each pixel: a softmax comes before, not in here
    image : (N, C, H, W) floats, standardised
    radius : pixels
    sigma_i : grey values that count as alike, in the image's units (here standard deviations)
    sigma_x : pixels that count as near

    Returns
    -------
    () tensor, the mean over the images, from 0 to K: the smaller, the better the cut

    Raises
    ------
    TypeError
        If an argument is not a tensor of floats, or a number is none.
    ValueError
        If shapes do not fit together, there is no pixel, a value is not between 0 and 1, or a number is not above 0.

    Source: Xia and Kulis (2017), after Shi and Malik (2000). Introduced in chapter 16.
    """
    _check(probabilities, image)
    kind = torch.promote_types(torch.promote_types(probabilities.dtype, image.dtype), torch.float32)
    p = probabilities.to(kind)  # sums of half precision overflow
    ends = torch.finfo(kind)
    sigma_i, sigma_x = (
        min(max(_above_0(name, sigma), ends.tiny), ends.max)
        for name, sigma in (("sigma_i", sigma_i), ("sigma_x", sigma_x))
    )
    f = image.to(p)
    height, width = f.shape[2:]
    kept = (p**2).sum(dim=(2, 3))  # (N, K): a pixel and itself, weight 1
    degree = torch.ones_like(f[:, :1])  # (N, 1, H, W): what all neighbours of a pixel weigh together
    for down, right in shifts(min(_above_0("radius", radius), math.hypot(height, width))):  # no pair is farther apart
        if down >= height or abs(right) >= width:
            continue
        here = slice(None), slice(None), slice(0, height - down), slice(max(0, -right), width - max(0, right))
        there = slice(None), slice(None), slice(down, height), slice(max(0, right), width - max(0, -right))
        apart = (f[here] - f[there]).square().sum(dim=1, keepdim=True)  # (N, 1, h, w)
        # divided twice: the square of a huge number overflows, that of a tiny one is 0
        weight = torch.exp(-apart / sigma_i / sigma_i - (down**2 + right**2) / sigma_x / sigma_x)
        kept = kept + 2 * (weight * p[here] * p[there]).sum(dim=(2, 3))  # u before v, and v before u
        degree[here] += weight
        degree[there] += weight
    all_of_it = (p * degree).sum(dim=(2, 3)) + torch.finfo(p.dtype).tiny  # (N, K), above 0 for an empty cluster, too
    return (p.shape[1] - (kept / all_of_it).sum(dim=1)).mean()


def _above_0(name: str, value: float) -> float:
    given = number(name, value)
    if not 0 < given < math.inf:
        raise ValueError(f"{name} must be a finite number above 0, got {given}")
    return given


def _check(probabilities: Tensor, image: Tensor) -> None:
    for name, value in (("probabilities", probabilities), ("image", image)):
        if not (isinstance(value, Tensor) and value.is_floating_point()):
            raise TypeError(f"{name} must be a torch tensor of floats: use torch.as_tensor(...).float()")
    if probabilities.ndim != 4 or image.ndim != 4 or not probabilities.shape[1]:
        shapes = f"{tuple(probabilities.shape)} and {tuple(image.shape)}"
        raise ValueError(f"probabilities must be (N, K, H, W) and the image (N, C, H, W), got {shapes}")
    if probabilities.shape[0] != image.shape[0] or probabilities.shape[2:] != image.shape[2:]:
        raise ValueError(
            f"there is one set of probabilities a pixel of the image: {tuple(probabilities.shape)} does not fit "
            f"{tuple(image.shape)}"
        )
    if not image.numel():
        raise ValueError(f"there is no pixel in an image of shape {tuple(image.shape)}")
    low, high = torch.aminmax(probabilities.detach())
    if not (low >= 0 and high <= 1 + 1e-3):
        raise ValueError(
            f"probabilities lie between 0 and 1, got {low:g} to {high:g}: call logits.softmax(dim=1) first"
        )
