"""The models of chapter 2 against scipy's, scikit-image's, and what the mathematics says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.filters import gabor_kernel

from unet_teach.classical import ica
from unet_teach.classical import receptive_fields as vision


@given(st.floats(0.5, 3), st.floats(1.1, 3))
@settings(max_examples=25, deadline=None)
def test_centre_and_surround_cancel_and_equal_scipys_difference(centre, ratio):
    kernel = vision.difference_of_gaussians(centre, centre * ratio)
    dot = np.zeros(kernel.shape)
    dot[len(dot) // 2, len(dot) // 2] = 1
    radius = len(dot) // 2

    def bell(sigma):
        return ndimage.gaussian_filter(dot, sigma, radius=radius, mode="constant")

    assert abs(kernel.sum()) < 1e-12
    np.testing.assert_allclose(kernel, bell(centre) - bell(centre * ratio), atol=1e-12)


@given(st.floats(3, 12), st.floats(0, 180), st.floats(1.5, 5))
@settings(max_examples=40, deadline=None)
def test_a_gabor_equals_scikit_images_where_both_reach(wavelength, angle, sigma):
    ours = vision.gabor(wavelength, angle, sigma)
    theirs = gabor_kernel(1 / wavelength, np.radians(angle), sigma_x=sigma, sigma_y=sigma)
    rows, columns = (min(a, b) // 2 for a, b in zip(ours.shape, theirs.shape, strict=True))

    def middle(kernel):
        y, x = kernel.shape[0] // 2, kernel.shape[1] // 2
        return kernel[y - rows : y + rows + 1, x - columns : x + columns + 1]

    np.testing.assert_allclose(middle(ours), middle(theirs), atol=1e-12)


@pytest.mark.parametrize(("wavelength", "sigma"), [(8, 4), (8, 6), (6, 3), (10, 8)])
def test_the_half_width_is_measured_where_it_is_predicted(wavelength, sigma):
    cell = vision.gabor(wavelength, 0, sigma)
    angles = np.linspace(0, 60, 601)
    answers = [abs((cell * vision.grating(len(cell), wavelength, angle)).sum()) for angle in angles]
    measured = angles[np.argmax(np.array(answers) < answers[0] / 2)]
    assert abs(measured - vision.half_width(wavelength, sigma)) < 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda: vision.difference_of_gaussians(3, 2),
        lambda: vision.difference_of_gaussians(0, 2),
        lambda: vision.gabor(1.5, 0, 3),
        lambda: vision.gabor(8, 0, 0),
        lambda: vision.grating(8, 4, 0),
        lambda: vision.half_width(8, 0.5),
        lambda: ica.sample_patches([np.ones((4, 9))], 5, 10, np.random.default_rng(0)),
        lambda: ica.whiten(np.random.default_rng(0).normal(size=(50, 3)) @ np.ones((3, 4)), 4),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()


def test_whitened_numbers_have_the_identity_as_covariance():
    generator = np.random.default_rng(1)
    mixed = generator.normal(size=(500, 6)) @ generator.normal(size=(6, 6)) + 3
    white, whitener = ica.whiten(mixed, 4)
    np.testing.assert_allclose(white.T @ white / 500, np.eye(4), atol=1e-9)
    np.testing.assert_allclose(white, (mixed - mixed.mean(axis=0)) @ whitener.T, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_ica_finds_the_sources_that_were_mixed_and_pca_does_not(seed):
    generator = np.random.default_rng(seed)
    sources = generator.laplace(size=(5000, 5))
    white, _ = ica.whiten(sources @ generator.normal(size=(5, 5)), 5)
    rotation = ica.fast_ica(white, generator)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(5), atol=1e-9)

    def likeness(found):
        return np.abs(np.corrcoef(found.T, sources.T)[:5, 5:]).max(axis=1)

    assert likeness(white @ rotation.T).min() > 0.98
    assert likeness(white).min() < 0.95


def test_patches_come_from_every_image_and_have_mean_and_contrast_set():
    images = [np.arange(100.0).reshape(10, 10), 7 + np.eye(12)]
    patches = ica.sample_patches(images, 4, 40, np.random.default_rng(0))
    assert patches.shape == (40, 16)
    np.testing.assert_allclose(patches.mean(axis=1), 0, atol=1e-12)
    assert np.ptp(patches[:20], axis=0).max() < 1e-9  # a ramp looks the same everywhere
    even = ica.even_contrast(np.array([[1.0, -1.0], [100.0, -100.0], [0.0, 0.0]]))
    assert even[1, 0] == pytest.approx(1, abs=0.01)
    assert even[0, 0] < 0.2
    assert not even[2].any()


def test_a_gabor_fits_a_gabor_and_noise_does_not():
    y, x = np.mgrid[:12, :12]
    gabor = np.exp(-((x - 5) ** 2 + (y - 7) ** 2) / (2 * 2.0**2)) * np.cos(2 * np.pi * (x - 5) / 5 + 1)
    noise = np.random.default_rng(0).normal(size=(20, 144))
    wave = np.cos(2 * np.pi * x / 5)  # fills the patch: not local
    assert ica.gabor_fit(gabor.reshape(1, -1), 12)[0] > 0.9
    assert ica.gabor_fit(-3 * gabor.reshape(1, -1), 12)[0] > 0.9
    assert ica.gabor_fit(wave.reshape(1, -1), 12)[0] < 0.6
    assert ica.gabor_fit(noise, 12).max() < 0.4
