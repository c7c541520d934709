"""Filters like the eye's and the cortex's: centre and surround, Gabors, gratings, energy (chapter 2).

They are models of how a cell's answer depends on the light, no models of the cell. Angles are in degrees, from the
horizontal towards the rows below; lengths are pixels. Kernels are `(h, w)`, and are laid on an image without a flip.
"""

import math

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, whole

Array = NDArray[np.floating]
WIDEST = 500  # pixels, of a bell


def difference_of_gaussians(centre: float, surround: float) -> Array:
    """Build a centre-surround kernel: a narrow bell minus a wide one, each with weights that add up to 1.

    Parameters
    ----------
    centre, surround : standard deviations in pixels, 0 < centre < surround

    Returns
    -------
    (2r + 1, 2r + 1) floats with r = 4 surround, rounded up; they add up to 0. Turn the sign for an off-centre cell.

    Raises
    ------
    ValueError
        If the two widths are not in this order.

    Source: Rodieck 1965. Taught in chapter 2, section "Centre and surround".
    """
    centre, surround = number("centre", centre), number("surround", surround)
    if not 0 < centre < surround <= WIDEST:
        raise ValueError(f"the centre must be narrower than its surround (at most {WIDEST}), got {centre}, {surround}")
    offset = np.arange(-math.ceil(4 * surround), math.ceil(4 * surround) + 1)

    def bell(sigma: float) -> Array:
        weights = np.exp(-(offset**2) / (2 * sigma**2))
        return np.outer(weights, weights) / weights.sum() ** 2

    return bell(centre) - bell(surround)


def gabor(wavelength: float, angle: float, sigma: float) -> NDArray[np.complexfloating]:
    """Build a Gabor filter with a round envelope: a wave under a bell. Its real part is even, its imaginary part odd.

    Parameters
    ----------
    wavelength : from crest to crest, in pixels, at least 2
    angle : the direction in which the wave runs, in degrees; stripes lie across it, so 0 gives upright stripes
    sigma : standard deviation of the bell in pixels

    Returns
    -------
    (2r + 1, 2r + 1) complex numbers with r = 3 sigma, rounded up. Inside a circle of that radius they equal
    `skimage.filters.gabor_kernel(1 / wavelength, angle in radians, sigma_x=sigma, sigma_y=sigma)`.

    Raises
    ------
    ValueError
        If the wavelength is below 2 (no pixel grid holds a shorter wave) or sigma is not positive.

    Source: Daugman 1985. Taught in chapter 2, section "A bank of Gabors".
    """
    wavelength, sigma, turn = number("wavelength", wavelength), number("sigma", sigma), _radians(angle)
    if not (2 <= wavelength < math.inf and 0 < sigma <= WIDEST):
        raise ValueError(
            f"need a wavelength of at least 2 and a sigma above 0, at most {WIDEST}, got {wavelength} and {sigma}"
        )
    radius = math.ceil(3 * sigma)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    along = x * math.cos(turn) + y * math.sin(turn)
    bell = np.exp(-(x**2 + y**2) / (2 * sigma**2)) / (2 * math.pi * sigma**2)
    wave = np.exp(2j * math.pi * along / wavelength)
    return bell * wave


def grating(size: int, wavelength: float, angle: float, phase: float = 0) -> Array:
    """Draw stripes: `(size, size)` floats from -1 to 1, a cosine that runs along `angle`.

    `size` is odd, so that there is a middle pixel; `phase`, in degrees, is the cosine's at that pixel.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an odd positive number, or another argument no number.

    Taught in chapter 2, section "Turning a grating".
    """
    size, wavelength, turn = whole("size", size), number("wavelength", wavelength), _radians(angle)
    if size < 1 or size % 2 == 0:
        raise ValueError(f"the size must be odd, so that there is a middle pixel; got {size}")
    if not 1e-6 <= wavelength < math.inf:
        raise ValueError(f"the wavelength must be a positive number of pixels, got {wavelength}")
    y, x = np.mgrid[:size, :size] - size // 2
    along = x * math.cos(turn) + y * math.sin(turn)
    return np.cos(2 * math.pi * along / wavelength + _radians(phase))


def half_width(wavelength: float, sigma: float) -> float:
    """Predict how far, in degrees, a grating may turn until a round Gabor's answer has fallen to a half.

    From the Fourier transform of the bell: cos(turn) = 1 - ln 2 (wavelength / (2 pi sigma))^2. The Gabor's mirrored
    wave is neglected, so it holds for a `sigma` of about a third of the wavelength or more.

    Raises
    ------
    ValueError
        If the filter is so short that a quarter turn does not halve its answer.

    Taught in chapter 2, section "Turning a grating".
    """
    wavelength, sigma = number("wavelength", wavelength), number("sigma", sigma)
    if not (0 < wavelength < math.inf and 1e-6 <= sigma < math.inf):
        raise ValueError(f"need a positive wavelength and sigma, got {wavelength} and {sigma}")
    cosine = 1 - math.log(2) * (wavelength / (2 * math.pi * sigma)) ** 2
    if cosine < 0:
        raise ValueError(f"with wavelength {wavelength} and sigma {sigma} no angle halves the answer")
    return math.degrees(math.acos(cosine))


def _radians(angle: float) -> float:
    degrees = number("an angle", angle)
    if not math.isfinite(degrees):
        raise ValueError(f"an angle must be a finite number of degrees, got {degrees}")
    return math.radians(degrees)
