"""Filters: what a small kernel does to an image (chapters 1 and 2).

The loops here are slow on purpose. They say what convolution *is*; `scipy.ndimage` and `torch` say the same, fast,
and the tests hold the three together. Images are arrays of shape `(H, W)`, kernels `(h, w)`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, prepared, reals, whole

Array = NDArray[np.floating]

WIDEST = 500  # pixels; the kernel of this bell has 16 million weights

BOX = np.full((3, 3), 1 / 9)
SOBEL_X = np.array(
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=float
)  # as a cross-correlation: grey rising to the right
SOBEL_Y = SOBEL_X.T
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], dtype=float)
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=float)  # the image minus its Laplacian


def _two_grids(image: Array, kernel: Array) -> tuple[Array, Array]:
    grids = reals("the image", image), reals("the kernel", kernel)
    if 0 in grids[0].shape + grids[1].shape:
        raise ValueError(f"the image and the kernel need pixels, got {grids[0].shape} and {grids[1].shape}")
    if grids[1].ndim != 2:
        raise ValueError("the image and the kernel must be grids: take one grey channel")
    return grids


def _two_lists(signal: Sequence[float] | Array, kernel: Sequence[float] | Array) -> tuple[Array, Array]:
    lists = reals("the signal", signal), reals("the kernel", kernel)
    if lists[0].ndim != 1 or lists[1].ndim != 1:
        raise ValueError("convolution in one dimension needs two plain lists of numbers")
    return lists


@prepared(_two_lists)
def convolve1d(signal: Sequence[float] | Array, kernel: Sequence[float] | Array) -> Array:
    """Convolve two sequences by adding up shifted, scaled copies of the second.

    Parameters
    ----------
    signal : (n,) numbers
    kernel : (k,) numbers

    Returns
    -------
    (n + k - 1,) floats, the full convolution; equal to `numpy.convolve(signal, kernel)`.

    Raises
    ------
    TypeError, ValueError
        If either sequence is empty, or no sequence of numbers.

    Taught in chapter 1, section "A filter in one dimension".
    """
    signal = np.asarray(signal, dtype=float)
    kernel = np.asarray(kernel, dtype=float)
    if len(signal) == 0 or len(kernel) == 0:
        raise ValueError("convolution needs two lists with at least one number each")
    result = np.zeros(len(signal) + len(kernel) - 1)
    for start, amount in enumerate(signal):
        for delay, weight in enumerate(kernel):
            result[start + delay] += amount * weight
    return result


@prepared(_two_grids)
def correlate2d(image: Array, kernel: Array) -> Array:
    """Slide a kernel over an image; at each place multiply, add up, and write the sum down.

    Parameters
    ----------
    image : (H, W) array
    kernel : (h, w) array, no larger than the image

    Returns
    -------
    (H - h + 1, W - w + 1) floats: only the places where the kernel fits entirely ("valid"). Equal to
    `torch.nn.functional.conv2d`, which is a cross-correlation in spite of its name.

    Raises
    ------
    TypeError, ValueError
        If either is not two-dimensional, empty or of no numbers, or the kernel is larger than the image.

    Taught in chapter 1, section "A filter in two dimensions".
    """
    image = np.asarray(image, dtype=float)
    kernel = np.asarray(kernel, dtype=float)
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("the image and the kernel must be grids: take one grey channel")
    (height, width), (h, w) = image.shape, kernel.shape
    if h > height or w > width:
        raise ValueError("the kernel is larger than the image: pad the image first")
    result = np.zeros((height - h + 1, width - w + 1))
    for row in range(height - h + 1):
        for column in range(width - w + 1):
            window = image[row : row + h, column : column + w]
            result[row, column] = (window * kernel).sum()
    return result


@prepared(_two_grids)
def convolve2d(image: Array, kernel: Array) -> Array:
    """Convolve an image: turn the kernel half a circle, then slide it as `correlate2d` does.

    Shapes and errors are those of `correlate2d`; equal to `scipy.signal.convolve2d(image, kernel, mode="valid")`.

    Taught in chapter 1, section "The flip".
    """
    return correlate2d(image, kernel[::-1, ::-1])


def gaussian_kernel(sigma: float) -> Array:
    """Sample a Gaussian bell of standard deviation `sigma` pixels on a square grid; the weights add up to 1.

    Returns
    -------
    (2r + 1, 2r + 1) floats with r = 4 sigma, rounded: the same weights as `scipy.ndimage.gaussian_filter`.

    Raises
    ------
    TypeError, ValueError
        If `sigma` is not a positive number, or absurdly large.

    Taught in chapter 1, section "What a filter costs".
    """
    sigma = number("sigma", sigma)
    if not 0 < sigma <= WIDEST:
        raise ValueError(f"sigma must be a positive number of pixels, at most {WIDEST}, got {sigma}")
    radius = int(4 * sigma + 0.5)
    offset = np.arange(-radius, radius + 1)
    bell = np.exp(-(offset**2) / (2 * sigma**2))
    bell /= bell.sum()
    return np.outer(bell, bell)


def output_size(size: int, kernel: int, padding: int = 0, stride: int = 1) -> int:
    """Count the places a kernel can take along one axis: floor((size + 2 padding - kernel) / stride) + 1.

    All in pixels; the same rule as `torch.nn.Conv2d` with dilation 1 (Dumoulin and Visin 2016, relationship 6).

    Raises
    ------
    TypeError, ValueError
        If the padded axis is shorter than the kernel, or a number is out of range or not whole.

    Taught in chapter 1, section "The border, and the step".
    """
    size, kernel, padding, stride = map(whole, ("size", "kernel", "padding", "stride"), (size, kernel, padding, stride))
    if size < 1 or kernel < 1 or padding < 0 or stride < 1:
        raise ValueError(f"need size, kernel, stride >= 1 and padding >= 0, got {(size, kernel, stride, padding)}")
    if size + 2 * padding < kernel:
        raise ValueError(f"a kernel of {kernel} does not fit into {size} + 2 * {padding} pixels: pad by more")
    return (size + 2 * padding - kernel) // stride + 1
