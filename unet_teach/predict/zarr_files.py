"""Pictures in Zarr files, which lie in pieces (chunks) and are read by the piece: what to ask of one (chapter 26)."""

import hashlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import needed

LARGEST_PIECE = 2**26  # bytes; a tile reads several
PIECE = 512  # pixels a side, where we advise


def zarr_or_advice() -> Any:
    """Return the package zarr, or say how to get it.

    Raises an `ImportError` if it is not installed.
    """
    return needed("zarr", "pictures in Zarr files are read with", "unet_teach[scale]")


def open_picture(picture: Path) -> Any:
    """Open a picture for reading: a Zarr array (H, W) or (C, H, W) of numbers, in pieces that fit a memory.

    Raises
    ------
    FileNotFoundError
        If nothing is there.
    ValueError
        If it is no Zarr array, holds no numbers, or its axes or pieces are not as above.
    ImportError
        If zarr is not installed.

    Introduced in chapter 26.
    """
    zarr, picture = zarr_or_advice(), Path(picture)
    if not picture.exists():
        raise FileNotFoundError(f"there is no picture {picture}: name the folder of a Zarr array")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about files beside the array's own
            found = zarr.open(picture, mode="r")
    except Exception as error:  # zarr has many; none says what to do
        raise ValueError(f"{picture.name} is no Zarr file: store the picture with zarr.create_array first") from error
    if not isinstance(found, zarr.Array):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            inside = ", ".join(sorted(found.array_keys())) or "none"
        raise ValueError(f"{picture.name} is a group of arrays ({inside}): name one of them, {picture.name}/NAME")
    if found.dtype.kind not in "iuf":
        raise ValueError(f"{picture.name} holds {found.dtype}: a picture holds whole numbers or floats")
    if found.ndim not in (2, 3) or 0 in found.shape:
        raise ValueError(f"a picture is (H, W) or (C, H, W), {picture.name} is {found.shape}: store it as one of them")
    piece = int(np.prod(found.chunks)) * found.dtype.itemsize
    if piece > LARGEST_PIECE:
        raise ValueError(
            f"{picture.name} lies in pieces of {found.chunks}, {piece / 1e6:.0f} MB each, and every tile would read "
            f"whole ones: store it in pieces of about {PIECE} x {PIECE}"
        )
    return found


def read_place(array: Any, place: tuple[Any, ...], picture: Path) -> NDArray[Any]:
    """Read a part of a picture that is open, or say that it is damaged.

    Raises
    ------
    ValueError
        If a piece cannot be unpacked.

    Introduced in chapter 26.
    """
    try:
        return np.asarray(array[place])
    except Exception as error:  # each way of packing has its own
        raise ValueError(
            f"a piece of {Path(picture).name} is damaged and cannot be unpacked: copy the picture again"
        ) from error


def mean_and_sd(picture: Path) -> tuple[float, float]:
    """Find a picture's mean and standard deviation, piece by piece; whole numbers are added without rounding.

    Raises
    ------
    FileNotFoundError, ImportError, ValueError
        As `open_picture`; also if the picture holds NaN or infinity, or one value only.

    Introduced in chapter 26.
    """
    array = open_picture(picture)
    exact = array.dtype.kind in "iu"
    exactly = np.int64 if exact and array.dtype.itemsize < 4 else np.float64
    count, total, squares = 0, 0, 0
    for place in _places(array):
        piece = read_place(array, place, picture).astype(exactly).ravel()
        if not np.isfinite(piece).all():
            raise ValueError(f"{Path(picture).name} holds NaN or infinity: replace it first")
        count += piece.size
        total += piece.sum().item()
        squares += (piece**2).sum().item()
    mean = total / count
    variance = (squares * count - total * total) / count**2 if exact else squares / count - mean**2
    if not variance > 1e-12 * max(mean**2, 1e-300):
        raise ValueError(f"all of {Path(picture).name} has the value {mean:g}: there is nothing to see in it")
    return mean, float(variance**0.5)


def digest_of_folder(folder: Path) -> str:
    """Make a short text out of all bytes of a folder's files: other bytes, another text.

    Introduced in chapter 26.
    """
    sums = hashlib.blake2b(digest_size=16)
    for file in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
        sums.update(f"{file.relative_to(folder).as_posix()} {file.stat().st_size}\n".encode())
        with file.open("rb") as content:
            while piece := content.read(2**20):
                sums.update(piece)
    return sums.hexdigest()


def _places(array: Any) -> list[tuple[slice, ...]]:
    axes = [
        [slice(start, min(start + step, length)) for start in range(0, length, step)]
        for length, step in zip(array.shape, array.chunks, strict=True)
    ]
    places: list[tuple[slice, ...]] = [()]
    for axis in axes:
        places = [(*place, part) for place in places for part in axis]
    return places
