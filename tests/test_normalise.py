"""Each image is brought to mean 0 and standard deviation 1 by itself; what cannot be is named."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from unet_teach.transforms import standardise


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 1e4), shift=st.floats(-1e3, 1e3))
def test_it_equals_scipys_zscore_and_forgets_scale_and_shift(seed, scale, shift):
    images = np.random.default_rng(seed).normal(size=(2, 6, 5))
    ours = standardise(images)
    for one, image in zip(ours, images, strict=True):
        np.testing.assert_allclose(one, stats.zscore(image, axis=None), atol=1e-4)
    tolerance = 1e-3 + 1e-5 * abs(shift) / scale  # float32 keeps about seven digits of scale and shift together
    np.testing.assert_allclose(standardise(scale * images + shift), ours, atol=tolerance)


def test_bytes_and_volumes_become_float32():
    volumes = np.arange(2 * 3 * 4 * 5, dtype=np.uint8).reshape(2, 3, 4, 5)
    result = standardise(volumes)
    assert result.dtype == torch.float32
    assert result.shape == (2, 3, 4, 5)
    torch.testing.assert_close(result[0], result[1])


def test_big_endian_files_are_read():
    images = np.arange(12.0).reshape(1, 3, 4)
    torch.testing.assert_close(standardise(images.astype(">i2")), standardise(images))


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((4, 4)), "must be a stack"),
        (np.zeros((0, 4, 4)), "must be a stack"),
        (np.stack([np.eye(3), np.ones((3, 3))]), r"images \[1\] are of one grey value"),
        (np.stack([np.full((3, 3), np.nan), np.eye(3)]), r"images \[0\]"),
    ],
)
def test_what_cannot_be_normalised_is_named(images, message):
    with pytest.raises(ValueError, match=message):
        standardise(images)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value", [0.1, -0.1, 3000.7, 0])
def test_one_grey_value_is_one_grey_value_also_where_it_was_rounded(kind, value):
    image = np.full((1, 24, 24), value, dtype=kind)
    with pytest.raises(ValueError, match="one grey value throughout"):
        standardise(image)
    image[0, ::2] = np.nextafter(image[0, ::2], kind(np.inf))
    with pytest.raises(ValueError, match="one grey value throughout"):
        standardise(image)


@pytest.mark.parametrize(
    "images",
    [
        np.array([[[2**40, 2**40 + 1, 2**40 + 3]]]),
        np.array([[[65533, 65534, 65535]]], np.uint16),
        np.array([[[1e90, 2e90, 3e90]]]),
        np.array([[[1e30, 2e30, 5e30]]], np.float32),
        np.array([[[1e-30, 2e-30, 5e-30]]]),
    ],
)
def test_neither_small_steps_nor_large_numbers_are_lost(images):
    exact = images.astype(np.float64) / images.max()
    np.testing.assert_allclose(standardise(images), (exact - exact.mean()) / exact.std(), atol=1e-3)
