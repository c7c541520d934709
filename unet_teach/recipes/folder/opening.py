"""A picture to predict, of any size: read piece by piece where the file allows it (chapter 25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.recipes.folder.cases import with_all_channels
from unet_teach.recipes.folder.looking import read_image
from unet_teach.recipes.folder.reading import Picture, ending_of
from unet_teach.recipes.folder.reading.tiff import scale_of, tifffile_or_advice
from unet_teach.recipes.folder.shrinking import finite

STRIP = 256  # rows that are looked at together
MAPPED = 2000 * 2000  # pixels from which a TIFF stays on the disk


@dataclass(frozen=True)
class Opened:
    """A flat picture, whose pixels may still lie on the disk.

    picture : array (C, H, W), in the file's own numbers
    box : rows and columns that are not empty
    mean, sd : of each channel, within the box
    masked : whether only what is not 0 counts, and is changed

    Introduced in chapter 25.
    """

    picture: Picture
    box: tuple[slice, slice]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    masked: bool
    channels: int

    def read(self, place: tuple[slice, slice]) -> NDArray[np.float32]:
        """Read a piece of the box, normalised as in training."""
        rows, columns = (slice(b.start + p.start, b.start + p.stop) for b, p in zip(self.box, place, strict=True))
        grey = np.asarray(self.picture.array[:, rows, columns], dtype=np.float32)
        grey = with_all_channels(finite(grey), self.channels)
        ready = (grey - self.mean[:, None, None]) / np.maximum(self.sd, 1e-8)[:, None, None]
        return np.asarray(np.where((grey != 0).any(axis=0), ready, grey) if self.masked else ready, np.float32)


def open_picture(files: Sequence[Path], channels: int, masked: bool = False) -> Opened:
    """Open a flat picture and look at its grey values, a strip of rows at a time.

    Parameters
    ----------
    files : one, or one a channel
    channels : that were learned
    masked : as the plan's "use_mask_for_norm"

    Raises
    ------
    ValueError
        If it cannot be read, is no flat picture, has other channels, or is 0 everywhere.

    Introduced in chapter 25.
    """
    picture = _mapped(files[0]) if len(files) == 1 else None
    picture = picture or read_image(tuple(files))
    name = picture.file.name
    if picture.array.ndim != 3:
        raise ValueError(f"{name} is a stack, and the network has learned flat pictures: save its slices one by one")
    count, total, squares = 0, np.zeros(channels), np.zeros(channels)
    rows, columns = np.zeros(picture.size[0], bool), np.zeros(picture.size[1], bool)
    for start in range(0, picture.size[0], STRIP):
        strip = finite(np.asarray(picture.array[:, start : start + STRIP], dtype=np.float64))
        strip = with_all_channels(strip, channels)
        there = (strip != 0).any(axis=0)
        rows[start : start + STRIP] = there.any(axis=1)
        columns |= there.any(axis=0)
        count += int(there.sum())
        total += strip.sum(axis=(1, 2))
        squares += (strip**2).sum(axis=(1, 2))
    if not count:
        raise ValueError(f"{name} is 0 everywhere: there is nothing to see in it")
    box = (_span(rows), _span(columns))
    if not masked:
        count = (box[0].stop - box[0].start) * (box[1].stop - box[1].start)
    mean = total / count
    return Opened(picture, box, mean, np.sqrt(np.maximum(squares / count - mean**2, 0)), masked, channels)


def _mapped(path: Path) -> Picture | None:
    """Leave a large TIFF on the disk, if it is stored plainly."""
    if path.is_dir() or ending_of(path) not in (".tif", ".tiff"):
        return None
    tifffile = tifffile_or_advice()
    try:
        with tifffile.TiffFile(path) as tif:
            series = tif.series[0]
            if series.axes != "YX" or series.size < MAPPED or not series.keyframe.is_memmappable:
                return None
            spacing, unit = scale_of(tif, series.keyframe)
        array: NDArray[Any] = tifffile.memmap(path, mode="r")
    except (ValueError, OSError, IndexError):
        return None
    return Picture(path, array[None], spacing[1:], unit, {"format": "TIFF"})


def _span(there: NDArray[np.bool_]) -> slice:
    places = np.flatnonzero(there)
    return slice(int(places[0]), int(places[-1]) + 1)
