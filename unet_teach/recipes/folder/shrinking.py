"""Large pictures made small without a second copy of them (chapter 25)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGE, KEPT = 2**24, 2048  # pixels of a picture that is made smaller first, and about how many a side are left
SHOWN = 240  # pixels of the longer side on the summary page


def factor_of(size: tuple[int, ...]) -> int:
    """Say by which whole factor a picture (H, W) is made smaller before it is looked at: 1 for most.

    Introduced in chapter 25.
    """
    return max(max(size) // KEPT, 1) if size[0] * size[1] > LARGE else 1


def finite(grey: NDArray[Any]) -> NDArray[Any]:
    """Put 0 where a grey value is NaN or infinite."""
    return np.nan_to_num(grey, posinf=0, neginf=0)


def shrunk(flat: NDArray[np.number], step: int) -> NDArray[np.float32]:
    """Average blocks of step x step pixels over all channels, a strip at a time; what is no number counts as 0.

    (C, H, W) -> (H / step, W / step)

    Introduced in chapter 25.
    """
    if step == 1:
        return np.asarray(finite(flat.astype(np.float32)).mean(axis=0))
    rows, columns = (side // step for side in flat.shape[1:])
    small = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        strip = finite(flat[:, row * step : (row + 1) * step, : columns * step].astype(np.float32))
        small[row] = strip.reshape(len(flat), step, columns, step).mean(axis=(0, 1, 3))
    return small


def small_slice(flat: NDArray[Any], limits: tuple[float, float], side: int = SHOWN) -> tuple[NDArray[np.float32], int]:
    """Shrink a slice (C, H, W) for a page: (H, W) or, of three channels, (H, W, 3); and say by which step."""
    step = max(-(-max(flat.shape[1:]) // side), 1)
    thin = finite(flat[:, ::step, ::step].astype(np.float32))
    scaled = ((thin - limits[0]) / max(limits[1] - limits[0], 1e-12)).clip(0, 1)
    return (np.moveaxis(scaled, 0, -1) if len(scaled) == 3 else np.asarray(scaled[0])), step
