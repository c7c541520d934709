"""Phantom images whose regions differ in texture and in nothing else: the laboratory for clusters (chapter 16)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from unet_teach._checks import whole
from unet_teach.data.phantoms.noise import Field, seeded, smooth_noise

SIZE = 96  # pixels
TEXTURES: dict[str, float | tuple[float, float]] = {  # how far, in pixels down and across, the noise is alike
    "fine": 0.5,
    "coarse": 2.5,
    "across": (0.6, 5),
    "down": (5, 0.6),
}
REGION = 14  # pixels over which a region goes on, about
SMALLEST = 0.12  # share of the image that each texture has at least


class TextureImages(NamedTuple):
    """Images and which texture is where; see `texture_images`."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def texture_images(count: int, seed: int) -> TextureImages:
    """Draw images of four textures: fine grain, coarse grain, and stripes across and down.

    Within each region the grey values are replaced, rank by rank, by those of a normal distribution: all regions have
    the same histogram, and how bright a pixel is says nothing about where it lies.

    Parameters
    ----------
    count : images, 1 or more
    seed : any integer from 0 on; each image depends on the ones before it

    Returns
    -------
    TextureImages
        images : (count, 96, 96) float32, mean 0 and standard deviation 1 in each region
        labels : (count, 96, 96) int64, 0 fine, 1 coarse, 2 stripes across, 3 stripes down; each at least 12 %

    Raises
    ------
    TypeError, ValueError
        If count is not a whole number from 1 on, or the seed none from 0 on.

    Introduced in chapter 16.
    """
    count = whole("count", count)
    if count < 1:
        raise ValueError(f"the number of images must be 1 or more, got {count}")
    rng = seeded(seed)
    drawn = [_image(rng) for _ in range(count)]
    return TextureImages(np.stack([image for image, _ in drawn]), np.stack([labels for _, labels in drawn]))


def _image(rng: np.random.Generator) -> tuple[Field, NDArray[np.int64]]:
    labels = _regions(rng)
    image = np.zeros((SIZE, SIZE), np.float32)
    for number, alike in enumerate(TEXTURES.values()):
        region = labels == number
        image[region] = _normal_ranks(smooth_noise(rng, (SIZE, SIZE), alike)[region])
    return image, labels


def _regions(rng: np.random.Generator) -> NDArray[np.int64]:
    while True:
        hills = np.stack([smooth_noise(rng, (SIZE, SIZE), REGION) for _ in TEXTURES])
        labels: NDArray[np.int64] = hills.argmax(axis=0)
        if np.bincount(labels.ravel(), minlength=len(TEXTURES)).min() >= SMALLEST * SIZE**2:
            return labels


def _normal_ranks(values: Field) -> NDArray[np.float64]:
    ranks = values.argsort().argsort()
    return stats.norm.ppf((ranks + 0.5) / len(values))
