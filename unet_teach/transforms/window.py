"""Windows: which grey values a screen, or a network, gets to see (chapter 14)."""

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, reals


def window(values: NDArray[np.number], centre: float, width: float) -> NDArray[np.float32]:
    """Map the grey values of a window to 0 ... 1; what is below becomes 0, what is above 1.

    Parameters
    ----------
    values : any shape, for a CT in Hounsfield units
    centre, width : of the window, in the same unit: 40 and 400 for soft tissue

    Returns
    -------
    the same shape, float32

    Raises
    ------
    TypeError, ValueError
        If something is no number, or the width is not above 0.

    Source: DICOM PS3.3, C.11.2.1.3.2, the function LINEAR_EXACT. Introduced in chapter 14.
    """
    grey, middle, wide = reals("values", values), number("centre", centre), number("width", width)
    if not (np.isfinite(middle) and np.isfinite(wide) and wide > 0):
        raise ValueError(f"a window needs a finite centre and a width above 0, got {middle:g} and {wide:g}")
    with np.errstate(over="ignore"):  # far outside of a narrow window
        return np.clip((grey - middle) / wide + 0.5, 0, 1).astype(np.float32)
