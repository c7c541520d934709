"""Large pictures made small without a second copy of them (chapter 25)."""

import numpy as np
from numpy.typing import NDArray

LARGE, KEPT = 2**24, 2048  # pixels of a picture that is made smaller first, and about how many a side are left


def factor_of(size: tuple[int, ...]) -> int:
    """Say by which whole factor a picture (H, W) is made smaller before it is looked at: 1 for most.

    Introduced in chapter 25.
    """
    return max(max(size) // KEPT, 1) if size[0] * size[1] > LARGE else 1


def shrunk(flat: NDArray[np.number], step: int) -> NDArray[np.float32]:
    """Average blocks of step x step pixels over all channels, a strip at a time; NaN counts as 0.

    (C, H, W) -> (H / step, W / step)

    Introduced in chapter 25.
    """
    if step == 1:
        return np.asarray(np.nan_to_num(flat.astype(np.float32)).mean(axis=0))
    rows, columns = (side // step for side in flat.shape[1:])
    small = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        strip = np.nan_to_num(flat[:, row * step : (row + 1) * step, : columns * step].astype(np.float32))
        small[row] = strip.reshape(len(flat), step, columns, step).mean(axis=(0, 1, 3))
    return small
