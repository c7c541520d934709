"""The loops of chapter 1 against numpy, scipy and torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage, signal

from unet_teach.classical import filters

numbers = st.floats(-1e3, 1e3)
sequences = hnp.arrays(float, st.integers(1, 8), elements=numbers)
kernels = hnp.arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=numbers)
images = hnp.arrays(float, st.tuples(st.integers(4, 9), st.integers(4, 9)), elements=numbers)


@given(sequences, sequences)
def test_convolve1d_equals_numpy(f, g):
    np.testing.assert_allclose(filters.convolve1d(f, g), np.convolve(f, g), atol=1e-6)


@given(sequences, sequences)
def test_convolution_commutes(f, g):
    np.testing.assert_allclose(filters.convolve1d(f, g), filters.convolve1d(g, f), atol=1e-6)


@given(images, kernels)
def test_correlate2d_equals_scipy_and_torch(image, kernel):
    ours = filters.correlate2d(image, kernel)
    np.testing.assert_allclose(ours, signal.correlate2d(image, kernel, mode="valid"), atol=1e-6)
    by_torch = torch.nn.functional.conv2d(torch.tensor(image)[None, None], torch.tensor(kernel)[None, None])
    np.testing.assert_allclose(ours, by_torch[0, 0], atol=1e-6)


@given(images, kernels)
def test_convolve2d_equals_scipy(image, kernel):
    ours = filters.convolve2d(image, kernel)
    np.testing.assert_allclose(ours, signal.convolve2d(image, kernel, mode="valid"), atol=1e-6)


def test_convolution_and_correlation_differ_on_a_lopsided_kernel():
    image, kernel = np.eye(5), np.array([[0.0, 1.0], [0.0, 0.0]])
    assert not np.allclose(filters.convolve2d(image, kernel), filters.correlate2d(image, kernel))


@given(st.floats(0.3, 4))
def test_gaussian_kernel_is_the_one_of_scipy(sigma):
    kernel = filters.gaussian_kernel(sigma)
    dot = np.zeros((41, 41))
    dot[20, 20] = 1
    radius = len(kernel) // 2
    window = slice(20 - radius, 21 + radius)
    np.testing.assert_allclose(ndimage.gaussian_filter(dot, sigma)[window, window], kernel, atol=1e-12)
    assert kernel.sum() == pytest.approx(1)


@given(st.integers(1, 30), st.integers(1, 7), st.integers(0, 3), st.integers(1, 4))
def test_output_size_is_torchs(size, kernel, padding, stride):
    if size + 2 * padding < kernel:
        with pytest.raises(ValueError, match="does not fit"):
            filters.output_size(size, kernel, padding, stride)
        return
    layer = torch.nn.Conv1d(1, 1, kernel, padding=padding, stride=stride)
    assert filters.output_size(size, kernel, padding, stride) == layer(torch.zeros(1, 1, size)).shape[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: filters.convolve1d([], [1]), "at least one number"),
        (lambda: filters.correlate2d(np.ones((5, 5, 3)), np.ones((3, 3))), "one grey channel"),
        (lambda: filters.correlate2d(np.ones((2, 5)), np.ones((3, 3))), "pad the image"),
        (lambda: filters.gaussian_kernel(0), "positive"),
        (lambda: filters.gaussian_kernel(float("nan")), "positive"),
        (lambda: filters.output_size(5, 3, stride=0), "stride >= 1"),
    ],
)
def test_bad_input_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_named_kernels_do_what_their_names_say():
    ramp = np.tile(np.arange(5.0), (5, 1))  # grey rising to the right
    assert (filters.correlate2d(ramp, filters.SOBEL_X) > 0).all()
    assert (filters.correlate2d(ramp, filters.SOBEL_Y) == 0).all()
    assert filters.BOX.sum() == pytest.approx(1)
    assert filters.LAPLACIAN.sum() == 0
    identity = np.zeros((3, 3))
    identity[1, 1] = 1
    np.testing.assert_array_equal(filters.SHARPEN, identity - filters.LAPLACIAN)
