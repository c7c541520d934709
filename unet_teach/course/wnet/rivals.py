"""What divided images before networks did: k-means, Otsu's thresholds, and features from filters (chapter 16)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import ClusterError, kmeans2, vq
from skimage.filters import threshold_multiotsu

Features = NDArray[np.float32]  # (F, H, W)
STARTS, SAMPLE = 8, 4_000


def grey(image: NDArray[np.floating], blur: float) -> Features:
    """Take the grey value of each pixel, blurred.  (H, W) -> (1, H, W)"""
    return _blurred(image, blur)[None]


def filter_bank(image: NDArray[np.floating], blur: float) -> Features:
    """Take five features of each pixel: grey, and how strong four filters answer around it.  (H, W) -> (5, H, W)

    The filters are fine detail, middle detail, and the slope down and across; of their answers the root of the blurred
    square is taken: how much there is, whatever its sign.
    """
    smooth, smoother = _blurred(image, 1), _blurred(image, 3)
    answers = [image - smooth, smooth - smoother, *(ndimage.sobel(smooth, axis, mode="reflect") / 8 for axis in (0, 1))]
    return np.stack([_blurred(image, blur), *(np.sqrt(_blurred(answer**2, blur).clip(min=0)) for answer in answers)])


def k_means(points: NDArray[np.floating], count: int, seed: int) -> NDArray[np.float64]:
    """Find centres that lie near to all points: the best of eight starts.

    Parameters
    ----------
    points : (N, F)
    count : how many centres
    seed : of the starts, each at points of different values

    Returns
    -------
    (count, F) centres

    Raises
    ------
    ValueError
        If there are fewer different points than centres.

    Lloyd's algorithm, as `scipy.cluster.vq.kmeans2` has it. Introduced in chapter 16.
    """
    values = np.unique(points, axis=0).astype(float)
    if len(values) < count:
        raise ValueError(f"{len(values)} different points cannot have {count} centres")
    rng, best, least = np.random.default_rng(seed), values[:count], np.inf
    for _ in range(STARTS):
        try:
            centres, _ = kmeans2(
                points.astype(float), rng.permutation(values)[:count], iter=30, minit="matrix", missing="raise"
            )
        except ClusterError:  # a centre lost all its points
            continue
        distortion = (vq(points.astype(float), centres)[1] ** 2).mean()
        if distortion < least:
            best, least = centres, distortion
    return best


def nearest_centre(centres: NDArray[np.floating], features: Features) -> NDArray[np.int64]:
    """Give each pixel the number of its nearest centre.  (K, F), (F, H, W) -> (H, W)"""
    points = features.reshape(len(features), -1).T.astype(float)
    return vq(points, centres)[0].reshape(features.shape[1:]).astype(np.int64)


def some_pixels(features: Sequence[Features], seed: int) -> NDArray[np.float32]:
    """Draw 4,000 pixels out of several images.  (F, H, W) each -> (4000, F)"""
    pixels = np.concatenate([each.reshape(len(each), -1) for each in features], axis=1).T
    return pixels[np.random.default_rng(seed).choice(len(pixels), SAMPLE, replace=False)]


def otsu_clusters(images: Sequence[Features], count: int) -> NDArray[np.float64]:
    """Return Otsu's thresholds between `count` groups of grey values.  (1, H, W) each -> (count - 1,)"""
    return np.asarray(threshold_multiotsu(np.stack(images), classes=count))


def _blurred(image: NDArray[np.floating], blur: float) -> NDArray[np.float32]:
    smooth: NDArray[np.float32] = ndimage.gaussian_filter(image.astype(np.float32), blur, mode="reflect")
    return smooth
