"""NumPy's own files (chapter 25)."""

from pathlib import Path
from typing import Any

import numpy as np

from unet_teach.recipes.folder.reading.picture import (
    Picture,
    Unreadable,
    grey_if_equal,
    not_too_large,
    with_channels_first,
)

MOST_CHANNELS, SMALL = 4, 9  # an axis this short beside longer ones holds channels
IMAGE_KEYS = ("image", "img", "raw", "x", "data", "input", "arr_0")
MASK_KEYS = ("mask", "label", "labels", "masks", "seg", "segmentation", "y", "target", "gt")


def read_numpy(path: Path, mask: bool = False) -> Picture:
    """Read an array of .npy, or that of an .npz which its name says is the image, or the mask.

    (H, W), (H, W, channels), (channels, H, W), (Z, Y, X): up to four of something beside longer axes are channels.

    Raises
    ------
    Unreadable
        If an .npz does not say which array is meant, or arrays are pickled objects.

    Introduced in chapter 25.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
    except ValueError as error:
        raise Unreadable(f"{path.name} holds Python objects or is damaged: save plain numbers with np.save") from error
    if isinstance(loaded, np.lib.npyio.NpzFile):
        with loaded:
            keys = {key.lower(): key for key in loaded.files}
            known = [keys[key] for key in (MASK_KEYS if mask else IMAGE_KEYS) if key in keys]
            if not known and len(keys) != 1:
                raise Unreadable(f"{path.name} holds {', '.join(loaded.files)}: name its arrays 'image' and 'mask'")
            packed = loaded.zip.infolist() if loaded.zip else []
            not_too_large(path, sum(int(one.file_size) for one in packed))
            array = loaded[(known or list(keys.values()))[0]]
    else:
        array = np.asarray(loaded)
    facts: dict[str, Any] = {"format": "NumPy"}
    while array.ndim > 2 and 1 in (array.shape[0], array.shape[-1]):
        array = array[0] if array.shape[0] == 1 else array[..., 0]
    last = array.ndim > 2 and array.shape[-1] <= MOST_CHANNELS and min(array.shape[:-1]) >= SMALL
    first = array.ndim > 2 and not last and array.shape[0] <= MOST_CHANNELS and min(array.shape[1:]) >= SMALL
    channels = with_channels_first(path, np.moveaxis(array, 0, -1) if first else array, last or first)
    return Picture(path, grey_if_equal(channels, facts) if len(channels) == 3 else channels, facts=facts)


def holds_both(path: Path) -> bool:
    """Tell whether an .npz holds an image and its mask."""
    try:
        with np.load(path, allow_pickle=False) as loaded:
            keys = {key.lower() for key in loaded.files}
    except Exception:  # what is wrong with it is said when it is read
        return False
    return bool(keys & set(IMAGE_KEYS)) and bool(keys & set(MASK_KEYS))


def holds_objects(path: Path) -> bool:
    """Tell whether a .npy holds Python's objects, as Cellpose's _seg.npy does, which is no picture."""
    try:
        return bool(np.load(path, mmap_mode="r", allow_pickle=False).dtype.hasobject)
    except (ValueError, OSError, EOFError) as error:
        return "allow_pickle" in str(error) or "Python objects" in str(error)
