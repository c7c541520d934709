"""The phantom of textures: grey values say nothing, neighbourhoods say all."""

import numpy as np
import pytest
from scipy import ndimage, stats

from unet_teach.data.phantoms.textures import TEXTURES, texture_images


def test_regions_have_one_histogram_and_are_not_small():
    images, labels = texture_images(3, seed=4)
    assert images.shape == labels.shape == (3, 96, 96)
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)
    for image, label in zip(images, labels, strict=True):
        parts = [image[label == number] for number in range(len(TEXTURES))]
        assert min(map(len, parts)) >= 0.12 * 96**2
        for part in parts:
            assert part.mean() == pytest.approx(0, abs=1e-3)
            assert part.std() == pytest.approx(1, abs=0.01)
            assert stats.ks_2samp(part, parts[0]).statistic < 0.002


def test_a_neighbour_says_which_texture_it_is():
    """Across, along and beside: how alike neighbours are tells the four apart, in the direction that the name says."""
    images, labels = texture_images(2, seed=0)
    inner = np.stack([ndimage.minimum_filter(x, 5) == ndimage.maximum_filter(x, 5) for x in labels])
    alike = np.zeros((4, 2))
    for number in range(4):
        for axis in range(2):
            product = images * np.roll(images, 1, axis=axis + 1)
            alike[number, axis] = product[inner & (labels == number)].mean()
    fine, coarse, across, down = alike
    assert fine.max() < 0.5
    assert coarse.min() > 0.7
    assert across[1] > across[0] + 0.3
    assert down[0] > down[1] + 0.3


def test_a_seed_gives_the_same_images_and_the_first_do_not_depend_on_how_many():
    one, three = texture_images(1, 7), texture_images(3, 7)
    np.testing.assert_array_equal(one.images[0], three.images[0])
    assert (one.images != texture_images(1, 8).images).any()


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        texture_images(0, 0)
    with pytest.raises(TypeError, match="whole"):
        texture_images(1.5, 0)
    with pytest.raises(ValueError, match="seed"):
        texture_images(1, -1)
