"""PNG, JPEG and their kind, by Pillow (chapter 25)."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from unet_teach.recipes.folder.reading.picture import (
    Picture,
    Unreadable,
    grey_if_equal,
    with_channels_first,
    without_alpha,
)

LOSSY = ("JPEG", "JPEG2000", "MPO")
TURNED = 274  # the number of EXIF's entry for the orientation; 1 is upright


def read_flat(path: Path, mask: bool = False) -> Picture:
    """Read one flat picture.

    Raises
    ------
    Unreadable
        If the file holds several pictures, or too large a one.

    Introduced in chapter 25.
    """
    from PIL import Image

    facts: dict[str, Any] = {}
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")
        try:
            picture: Any = Image.open(stream)
        except Image.DecompressionBombError as error:
            raise Unreadable(f"{path.name} is too large for this format: save it as TIFF") from error
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
            raise Unreadable(f"{path.name} holds {picture.n_frames} pictures: save it as a TIFF stack")
        facts["format"] = picture.format
        if picture.format in LOSSY or (picture.format == "WEBP" and not _lossless(path)):
            facts["lossy"] = True
        turned = picture.getexif().get(TURNED, 1)
        if turned in range(2, 9):
            facts["turned"] = int(turned)
        if picture.mode in ("P", "PA") and mask:
            facts["palette"] = tuple(picture.getpalette() or ())
            picture = picture if picture.mode == "P" else picture.convert("P")
            if "transparency" in picture.info:
                facts["alpha"] = "opaque"
        elif picture.mode in ("P", "PA", "CMYK", "YCbCr", "LAB", "HSV"):
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        array = np.array(picture)
    alpha = picture.mode in ("LA", "RGBA", "La", "RGBa")
    channels = with_channels_first(path, array, array.ndim == 3)
    if alpha:
        if mask and all(len(np.unique(channel)) == 1 for channel in channels[:-1]):
            facts["mask in alpha"] = channels[-1].min() != channels[-1].max()
        channels = without_alpha(channels, facts)
    return Picture(path, grey_if_equal(channels, facts), facts=facts)


def _lossless(path: Path) -> bool:
    return b"VP8L" in path.read_bytes()[:64]
