"""The rule without learning: blur a section, and call dark what is below a threshold (chapter 1)."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]


def blur_and_threshold(image: ArrayLike, sigma: float, threshold: float) -> Mask:
    """Blur a section by a Gaussian of sigma pixels; membrane is what is darker than the threshold.  (H, W) -> (H, W)

    Whole grey values are blurred as floats. Introduced in chapter 1.
    """
    grey = np.asarray(image)
    grey = grey if np.issubdtype(grey.dtype, np.floating) else grey.astype(float)
    mask: Mask = ndimage.gaussian_filter(grey, sigma) < threshold
    return mask


def best_blur_and_threshold(
    images: Sequence[ArrayLike] | NDArray[np.number],
    membranes: Sequence[Mask] | Mask,
    score: Callable[[Mask, Mask], float],
    sigmas: Sequence[float],
    thresholds: Iterable[float],
) -> tuple[float, float]:
    """Try all pairs of sigma and threshold, and return the one with the best mean score. On validation sections."""

    def mean_score(choice: tuple[float, float]) -> float:
        masks = [blur_and_threshold(image, *choice) for image in images]
        return float(np.mean([score(mask, true) for mask, true in zip(masks, membranes, strict=True)]))

    return max(product(sigmas, thresholds), key=mean_score)
