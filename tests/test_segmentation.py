"""Otsu's threshold and region growing do what scikit-image and scipy do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage
from skimage.filters import threshold_otsu
from skimage.segmentation import flood

from unet_teach.classical import grow_region, otsu

IMAGES = arrays(np.int64, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12), elements=st.integers(0, 6))


def between(values, threshold):
    """The variance between the two sides, which Otsu makes as large as it can."""
    low, high = values[values <= threshold], values[values > threshold]
    return len(low) * len(high) * (low.mean() - high.mean()) ** 2 if len(low) and len(high) else 0.0


@pytest.mark.parametrize("seed", range(5))
def test_otsu_is_scikit_images_on_images(seed):
    generator = np.random.default_rng(seed)
    image = np.where(generator.random((60, 70)) < 0.3, 40, 120) + generator.normal(0, 18, (60, 70))
    assert otsu(image) == pytest.approx(threshold_otsu(image), abs=1e-9)


@given(arrays(float, st.integers(2, 40), elements=st.floats(-1000, 1000, width=32)))
def test_otsu_is_scikit_images_or_as_good(values):
    ours = otsu(values)
    if values.min() == values.max():
        assert ours == values[0]
        return
    theirs = threshold_otsu(values)  # counts in single precision: of two equally good borders it may take the other
    assert ours == pytest.approx(theirs) or between(values, ours) >= between(values, theirs) * (1 - 1e-5)


def test_otsu_of_six_numbers_by_hand():
    assert otsu([1, 2, 3, 6, 8, 10]) == pytest.approx(3, abs=9 / 256)


@pytest.mark.parametrize("values", [[], [1, np.nan], [np.inf, 0]])
def test_otsu_refuses_what_has_no_threshold(values):
    with pytest.raises(ValueError, match="at least one value, and none"):
        otsu(values)


@given(IMAGES, st.data())
def test_growing_is_flooding_and_labelling(image, more):
    seed = tuple(more.draw(st.integers(0, side - 1)) for side in image.shape)
    low, high = sorted(more.draw(st.tuples(st.integers(0, 6), st.integers(0, 6))))
    band = (low <= image) & (image <= high)
    if not band[seed]:
        with pytest.raises(ValueError, match="outside"):
            grow_region(image, seed, low, high)
        return
    region = grow_region(image, seed, low, high)
    pieces, _ = ndimage.label(band)
    assert np.array_equal(region, pieces == pieces[seed])
    assert np.array_equal(region, flood(band, seed, connectivity=1))


@pytest.mark.parametrize("seed", [(-1, 0), (0, 4), (3, 0)])
def test_a_seed_outside_the_image_is_named(seed):
    with pytest.raises(ValueError, match="outside the image of 3 x 4"):
        grow_region(np.zeros((3, 4)), seed, 0, 1)
