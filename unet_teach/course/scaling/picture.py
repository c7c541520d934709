"""A picture of any size, drawn square by square from a seed: no more than one square is ever in memory (chapter 26)."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PIECE = 512  # pixels a side of what lies together in the file, as in `predict.zarr_files`


def write_picture(path: Path, side: int, seed: int = 0) -> Path:
    """Store a square picture of `side` pixels a side as a Zarr array, uint8, in pieces of 512 x 512.

    Each piece is one phantom section of nerve tissue, turned, flipped, moved round and made a little brighter or darker
    as the seed and the piece's place say. So it has the grey values and the grain of a section, and seams.

    Raises
    ------
    ImportError
        If zarr is not installed.
    ValueError
        If the side is below 1.

    Introduced in chapter 26.
    """
    # Here and not above: what the workers of this folder import, they hold, each for itself.
    from unet_teach.data.phantoms.em import em_sections
    from unet_teach.data.phantoms.noise import seeded
    from unet_teach.predict.zarr_files import zarr_or_advice

    if side < 1:
        raise ValueError(f"a picture has at least one pixel a side, got {side}")
    section = em_sections(1, seed).images[0]
    array = zarr_or_advice().create_array(
        path, shape=(side, side), chunks=(min(PIECE, side),) * 2, dtype="uint8", overwrite=True
    )
    for top in range(0, side, PIECE):
        for left in range(0, side, PIECE):
            bottom, right = min(top + PIECE, side), min(left + PIECE, side)
            square = _turned(section, seeded(seed, top // PIECE, left // PIECE))
            array[top:bottom, left:right] = square[: bottom - top, : right - left]
    return path


def _turned(section: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    turns, flip, down, along, brighter = rng.integers((0, 0, 0, 0, -15), (4, 2, PIECE, PIECE, 16)).tolist()
    turned = np.roll(np.rot90(section, turns)[:: 1 - 2 * flip], (down, along), axis=(0, 1))
    return np.clip(turned.astype(np.int16) + brighter, 0, 255).astype(np.uint8)
