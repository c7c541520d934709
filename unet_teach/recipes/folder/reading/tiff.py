"""TIFF: pictures, stacks, ImageJ's hyperstacks, by tifffile (chapter 25)."""

import logging
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import needed
from unet_teach.recipes.folder.reading.picture import (
    MICROMETRE,
    UNITS,
    Picture,
    Unreadable,
    grey_if_equal,
    not_too_large,
    without_alpha,
)

LOSSY = ("JPEG", "OJPEG", "APERIO_JP2000", "JPEG2000", "WEBP")


def tifffile_or_advice() -> Any:
    """Import tifffile, which comes with scikit-image, or say how to get it."""
    tifffile = needed("tifffile", "TIFF files are read with", "tifffile")
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # what is wrong is said in words of ours
    return tifffile


def read_tiff(path: Path, mask: bool = False) -> Picture:
    """Read a picture (C, H, W) or a stack (C, Z, Y, X), with its scale where the file says it.

    Raises
    ------
    Unreadable
        If it is a film, or holds several pictures of different sizes.

    Introduced in chapter 25.
    """
    tifffile = tifffile_or_advice()
    facts: dict[str, Any] = {"format": "TIFF"}
    with tifffile.TiffFile(path) as tif:
        series = [one for one in tif.series if one.size]
        if not series:
            raise Unreadable(f"{path.name} holds no picture: export it again")
        if len(series) > 1 and not tif.is_ome and len({one.shape for one in series}) > 1:
            raise Unreadable(f"{path.name} holds {len(series)} pictures of different sizes: save one a file")
        not_too_large(path, series[0].nbytes)
        page, axes = series[0].keyframe, series[0].axes
        try:
            array = series[0].asarray()
        except ValueError:  # a compression that only Pillow knows here, such as LZW
            array, axes = _by_pillow(path, axes)
        if getattr(page.compression, "name", "") in LOSSY:
            facts["lossy"] = True
        turned = page.tags.get(274)
        if turned is not None and int(turned.value) in range(2, 9):
            facts["turned"] = int(turned.value)
        extra = len(page.extrasamples) > 0 and axes.endswith("S")
        if page.photometric == 3 and page.colormap is not None:
            if mask:
                facts["palette"] = tuple((page.colormap >> 8).T.ravel().tolist())
            elif axes[-1] == "X":
                array, axes = (page.colormap[:, array] >> 8).astype(np.uint8), "C" + axes
        spacing, unit = scale_of(tif, page)
    if array.dtype.kind not in "buif":
        raise Unreadable(f"{path.name} holds {array.dtype}, not grey values: export it again")
    array, axes = _in_order(path, array, axes, facts)
    if extra and len(array) in (2, 4):
        array = without_alpha(array, facts)
    steps = spacing if axes == "CZYX" or not spacing else spacing[1:]
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    return Picture(path, grey_if_equal(array, facts), steps, unit, facts)


def _in_order(path: Path, array: NDArray[Any], axes: str, facts: dict[str, Any]) -> tuple[NDArray[Any], str]:
    """Order the axes as CYX or CZYX."""
    for axis, length in reversed(list(enumerate(array.shape))):
        if length == 1 and axes[axis] not in "YX":
            array, axes = array.squeeze(axis), axes[:axis] + axes[axis + 1 :]
    if "T" in axes:
        frames = array.shape[axes.index("T")]
        raise Unreadable(f"{path.name} is a film of {frames} frames: save each frame as a picture of its own")
    facts["axes"] = axes
    for unknown in "QIRAHEPLV":  # what files call pages when they do not say what they are
        if unknown in axes and "Z" not in axes:
            axes = axes.replace(unknown, "Z", 1)
            facts["pages as slices"] = True
    if "S" in axes:
        if "C" in axes:
            raise Unreadable(f"{path.name} has channels of colours: save one channel a file")
        axes = axes.replace("S", "C")
    if "C" not in axes:
        array, axes = array[None], "C" + axes
    wanted = "CZYX" if "Z" in axes else "CYX"
    if sorted(axes) != sorted(wanted):
        raise Unreadable(f"{path.name} has the axes {axes}: save one picture or one stack a file")
    return array.transpose([axes.index(axis) for axis in wanted]), wanted


def scale_of(tif: Any, page: Any) -> tuple[tuple[float, ...], str]:
    """Return the distance of slices, rows and columns; nothing where only dots per inch of a printer stand."""
    if tif.is_ome:
        found = [re.search(rf'PhysicalSize{axis}="([^"]+)"', tif.ome_metadata or "") for axis in "ZYX"]
        if found[1] and found[2]:
            units = re.search(r'PhysicalSizeXUnit="([^"]+)"', tif.ome_metadata)
            factor = UNITS.get(units[1].lower() if units else "µm", 0.0)
            steps = [float(one[1]) * factor if one else float("nan") for one in found]
            steps[0] = steps[0] if np.isfinite(steps[0]) else steps[1]
            return _sane(steps)
    resolution = [page.tags.get(name) for name in ("YResolution", "XResolution")]
    if None in resolution:
        return (), "pixel"
    per_unit = [number[0] / number[1] if number[1] else 0.0 for number in (tag.value for tag in resolution)]
    imagej = tif.imagej_metadata or {}
    unit = str(imagej.get("unit", "")).strip().lower()
    if not tif.is_imagej or unit not in UNITS:
        tag = page.tags.get("ResolutionUnit")
        if tif.is_imagej or tag is None or int(tag.value) != 3:  # 3: dots per centimetre
            return (), "pixel"
        unit = "cm"
    if min(per_unit) <= 0:
        return (), "pixel"
    rows, columns = (UNITS[unit] / number for number in per_unit)
    return _sane([float(imagej.get("spacing", 0)) * UNITS[unit] or rows, rows, columns])


def _sane(steps: list[float]) -> tuple[tuple[float, ...], str]:
    whole = all(np.isfinite(steps)) and min(steps) > 0
    return (tuple(steps), MICROMETRE) if whole else ((), "pixel")


def _by_pillow(path: Path, axes: str) -> tuple[NDArray[Any], str]:
    from PIL import Image, ImageSequence

    with Image.open(path) as picture:
        pages = np.stack([np.array(page) for page in ImageSequence.Iterator(picture)])
    inner = "YXS" if pages.ndim == 4 else "YX"
    outer = axes.replace("S", "").replace("Y", "").replace("X", "")
    return (pages, (outer if len(outer) == 1 else "Q") + inner) if len(pages) > 1 else (pages[0], inner)
