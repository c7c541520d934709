"""What the course's canvas drew, as text (chapters 5 and 25)."""

from pathlib import Path

import numpy as np

from unet_teach.data.drawings import instances, membrane, shapes
from unet_teach.recipes.folder.reading.picture import Picture, Unreadable


def read_drawing(path: Path, mask: bool = False, size: tuple[int, ...] = ()) -> Picture:
    """Read a drawing as a mask of the image's size: lines and areas are 1, areas alone are numbered.

    Raises
    ------
    Unreadable
        If a line is no shape or outside the image, or the image is no flat picture.

    Introduced in chapter 25.
    """
    if len(size) != 2:
        raise Unreadable(f"{path.name} is a drawing, which needs a flat image of the same name beside it")
    try:
        text = path.read_text(encoding="utf-8-sig")
        drawn = shapes(text)
        areas = bool(drawn) and all(one.kind == "area" for one in drawn)
        height, width = size
        array = instances(text, (height, width)) if areas else membrane(text, (height, width)).astype(np.uint8)
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name} is no plain text: save the drawing as UTF-8") from error
    except ValueError as error:
        raise Unreadable(f"{path.name}, {error}") from error
    return Picture(path, array[None], facts={"format": "drawing"})


def is_drawing(path: Path) -> bool:
    """Tell whether a text file looks like a drawing, by its first line that says something."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    said = [line.partition("#")[0].strip() for line in lines]
    first = next((line for line in said if line), "")
    return first.partition(":")[0].split()[:1] in (["line"], ["area"])
