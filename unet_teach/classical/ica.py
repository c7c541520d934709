"""Independent component analysis of image patches, and how Gabor-like what comes out is (chapter 2)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals, whole

Array = NDArray[np.floating]


def sample_patches(images: Sequence[Array], size: int, count: int, generator: np.random.Generator) -> Array:
    """Cut square patches at random places, in equal numbers from each image, and subtract each patch's mean.

    Parameters
    ----------
    images : (H, W) arrays, each at least `size` wide and high
    size : side of a patch in pixels
    count : patches in all; what is left over by the division goes to nobody

    Returns
    -------
    (about count, size * size) floats, a patch a row.

    Raises
    ------
    TypeError, ValueError
        If there is no image, one is smaller than a patch or holds no numbers, or `count` leaves none for each.

    Taught in chapter 2, section "Filters that nobody designed".
    """
    size, count = whole("size", size), whole("count", count)
    if size < 1 or not len(images) or count < len(images):
        raise ValueError(
            f"need an image, a size of at least 1 and a patch of each image, got size {size}, {count} patches"
        )
    patches = []
    for image in (reals("an image", image) for image in images):
        if image.ndim != 2 or min(image.shape) < size:
            raise ValueError(f"an image of {image.shape} holds no patch of {size} x {size}")
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
        rows = generator.integers(windows.shape[0], size=count // len(images))
        columns = generator.integers(windows.shape[1], size=count // len(images))
        patches.append(windows[rows, columns].reshape(-1, size * size))
    found = np.concatenate(patches)
    return found - found.mean(axis=1, keepdims=True)


def even_contrast(patches: Array) -> Array:
    """Divide each patch by its contrast (root mean square), so that strong ones do not speak for all.

    Parameters
    ----------
    patches : (n, d) array, each row with mean 0

    Returns
    -------
    (n, d) floats. A tenth of the whole set's contrast is added (in squares) before the division, so that flat patches
    stay faint and are not blown up into noise; where all are flat, they stay 0.

    Raises
    ------
    TypeError, ValueError
        If they are not (n, d) finite numbers.

    Taught in chapter 2, section "Filters that nobody designed".
    """
    patches = _table("patches", patches)
    squares = (patches**2).mean(axis=1, keepdims=True)
    contrast = np.sqrt(squares + 0.01 * squares.mean())
    return np.divide(patches, contrast, out=np.zeros_like(patches), where=contrast > 0)


def whiten(patches: Array, components: int) -> tuple[Array, Array]:
    """Turn patches into numbers that are uncorrelated and have variance 1, by principal components.

    Parameters
    ----------
    patches : (n, d) array, n > d
    components : how many principal components to keep, the strongest; at most the rank of the patches

    Returns
    -------
    white : (n, components) floats, with the covariance 1 on the diagonal and 0 elsewhere
    whitener : (components, d) floats; `white = (patches - mean) @ whitener.T`

    Raises
    ------
    TypeError, ValueError
        If they are not (n, d) finite numbers, or there are fewer directions with variance than components.

    Taught in chapter 2, section "Filters that nobody designed".
    """
    patches, components = _table("patches", patches), whole("components", components)
    if components < 1:
        raise ValueError(f"keep at least one component, not {components}")
    centred = patches - patches.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred / len(centred))  # the weakest first
    variances, directions = variances[::-1][:components], directions[:, ::-1][:, :components]
    if len(variances) < components or variances[-1] <= 1e-10 * variances[0]:
        raise ValueError(f"the patches vary in fewer than {components} directions: keep fewer components")
    whitener = (directions / np.sqrt(variances)).T
    return centred @ whitener.T, whitener


def fast_ica(white: Array, generator: np.random.Generator, steps: int = 100) -> Array:
    """Turn the axes of whitened numbers until each axis holds something as unlike a bell curve as it can be.

    Parameters
    ----------
    white : (n, k) array from `whiten`
    generator : draws the first axes
    steps : how often all axes are renewed, together

    Returns
    -------
    (k, k) floats, a rotation (its rows are orthonormal): `white @ rotation.T` are the independent components.

    Source: Hyvarinen 1999, the symmetric form with tanh. Taught in chapter 2, section "Filters that nobody designed".
    """
    white, steps = _table("the whitened numbers", white), whole("steps", steps)
    rotation = _orthonormal(generator.normal(size=(white.shape[1], white.shape[1])))
    for _ in range(steps):
        answers = np.tanh(white @ rotation.T)
        slopes = 1 - (answers**2).mean(axis=0)
        rotation = _orthonormal(answers.T @ white / len(white) - slopes[:, None] * rotation)
    return rotation


def _orthonormal(matrix: Array) -> Array:
    left, _, right = np.linalg.svd(matrix)
    return left @ right


def _table(name: str, rows: Array) -> NDArray[np.float64]:
    table = reals(name, rows, finite=True)
    if table.ndim != 2 or not table.size:
        raise ValueError(f"{name} must be a table with a patch a row, got {table.shape}")
    return table


def gabor_fit(fields: Array, size: int) -> Array:
    """Say which share of each field the best Gabor of a large bank explains: 1 is a perfect copy, 0 is nothing.

    Parameters
    ----------
    fields : (m, size * size) array, a receptive field a row
    size : side of the fields in pixels

    Returns
    -------
    (m,) floats from 0 to 1. The bank holds every middle pixel, 12 angles, 5 wavelengths, and bells of two widths along
    and across the wave; all are local (a standard deviation of at most a fifth of the side). Phase and size are
    fitted by least squares.

    Taught in chapter 2, section "Filters that nobody designed".
    """
    fields, size = _table("fields", fields), whole("size", size)
    if fields.shape[1] != size**2:
        raise ValueError(f"fields of {size} x {size} pixels have {size**2} numbers a row, not {fields.shape[1]}")
    y, x = np.mgrid[:size, :size].reshape(2, -1)
    best = np.zeros(len(fields))
    lengths = np.linalg.norm(fields, axis=1, keepdims=True)
    units = np.divide(fields, lengths, out=np.zeros_like(fields), where=lengths > 0).T  # nothing explains nothing: 0
    middle_y, middle_x = (grid.reshape(-1, 1) for grid in np.mgrid[:size, :size])
    down, right = y - middle_y, x - middle_x  # (middles, pixels)
    for angle in np.pi * np.arange(12) / 12:
        along = right * np.cos(angle) + down * np.sin(angle)
        across = -right * np.sin(angle) + down * np.cos(angle)
        for sigma_along, sigma_across in [(0.1, 0.1), (0.1, 0.2), (0.2, 0.1), (0.2, 0.2)]:
            bell = np.exp(-((along / sigma_along) ** 2 + (across / sigma_across) ** 2) / (2 * size**2))
            for wavelength in size * np.array([0.2, 0.28, 0.4, 0.57, 0.8]):
                even, odd = bell * np.cos(2 * np.pi * along / wavelength), bell * np.sin(2 * np.pi * along / wavelength)
                even /= np.linalg.norm(even, axis=1, keepdims=True)
                odd -= (odd * even).sum(axis=1, keepdims=True) * even  # at the border the two overlap
                odd /= np.linalg.norm(odd, axis=1, keepdims=True)
                best = np.maximum(best, ((even @ units) ** 2 + (odd @ units) ** 2).max(axis=0))
    return best
