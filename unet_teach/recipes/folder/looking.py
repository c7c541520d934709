"""What the checker keeps of a case: a few numbers and small pictures, so that a large folder fits (chapter 25)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.recipes.folder.alignment import Traces, traces
from unet_teach.recipes.folder.depth import agreement_in_depth
from unet_teach.recipes.folder.forms import Forms, forms_of
from unet_teach.recipes.folder.layout import Pair
from unet_teach.recipes.folder.likeness import thumbnail_to_compare
from unet_teach.recipes.folder.reading import Picture, Unreadable, read_picture
from unet_teach.recipes.folder.shrinking import SHOWN, factor_of, shrunk, small_slice
from unet_teach.recipes.folder.values import MaskValues, values_of

MANY = 50  # colours of a mask, of which no more are kept
Size = tuple[int, ...]


@dataclass
class Side:
    """What is known of an image, or of a mask: see `Picture`; `digest` is the same for the same pixels."""

    size: Size
    channels: int
    kind: np.dtype[Any]
    spacing: tuple[float, ...]
    unit: str
    facts: Mapping[str, Any]
    digest: str


@dataclass
class Look:
    """What is known of one case.

    unreadable : sentences about its files; the rest is then empty
    low, high : of the image, once a thousandth at either end is left out
    ends : its least and its largest grey value
    spread : its standard deviation
    in_depth : how the mask of a stack follows its image, as it is and in reverse order, see `agreement_in_depth`
    dead : channels with one grey value throughout, of an image of several
    bad : pixels that are NaN or infinite, of the image and of the mask
    shown, drawn : a small slice, (H, W) or (H, W, 3) from 0 to 1, and its labels

    Introduced in chapter 25.
    """

    pair: Pair
    unreadable: list[str] = field(default_factory=list)
    image: Side | None = None
    mask: Side | None = None
    low: float = 0.0
    high: float = 0.0
    ends: tuple[float, float] = (0.0, 0.0)
    spread: float = 0.0
    dead: tuple[int, ...] = ()
    bad: tuple[int, int] = (0, 0)
    values: MaskValues | None = None
    mask_channels: NDArray[Any] | None = None
    inside: float = float("nan")
    thumbnail: NDArray[np.float32] | None = None
    traces: Traces | None = None
    in_depth: Mapping[str, float] = field(default_factory=dict)
    forms: Forms | None = None
    shown: NDArray[np.floating] | None = None
    drawn: NDArray[np.integer] | None = None

    @property
    def name(self) -> str:
        """The case's name."""
        return self.pair.name


def read_case(pair: Pair) -> tuple[Picture, Picture]:
    """Read a case's image, all channels of it, and its mask.

    Raises
    ------
    Unreadable
        If one of the files cannot be used, or channels differ in size.

    Introduced in chapter 25.
    """
    image = read_image(pair.images)
    return image, read_picture(pair.mask, mask=True, size=image.size)


def read_image(files: tuple[Any, ...]) -> Picture:
    """Read an image, of one file or of one a channel.

    Raises
    ------
    Unreadable
        As `read_case` does.
    """
    parts = [read_picture(file) for file in files]
    if len({part.size for part in parts}) > 1:
        sizes = ", ".join(" x ".join(map(str, part.size)) for part in parts)
        raise Unreadable(f"the channels of {files[0].name} differ in size ({sizes}): export them again")
    array = parts[0].array if len(parts) == 1 else np.concatenate([part.array for part in parts])
    return Picture(parts[0].file, array, parts[0].spacing, parts[0].unit, parts[0].facts)


def look_at(pair: Pair) -> Look:
    """Read one case, and keep what the checks need; what cannot be read is said.

    Introduced in chapter 25.
    """
    look = Look(pair)
    image = mask = None
    try:
        image = read_image(pair.images)
    except Unreadable as problem:
        look.unreadable.append(str(problem))
    try:
        mask = read_picture(pair.mask, mask=True, size=image.size if image else ())
    except Unreadable as problem:
        if image is not None or pair.mask.suffix != ".txt":
            look.unreadable.append(str(problem))
    if image is not None:
        look.image = _side(image)
        _look_at_grey(look, image.array)
    if mask is not None:
        look.mask = _side(mask)
        if len(mask.array) == 1:
            labels = mask.array[0]
            bad = int(np.count_nonzero(~np.isfinite(labels))) if labels.dtype.kind == "f" else 0
            look.bad = (look.bad[0], bad)
            look.values = values_of(labels)
        else:
            colours = np.unique(mask.array.reshape(len(mask.array), -1)[:, ::7], axis=1)
            look.mask_channels = colours[:, :MANY]
    if image is not None and mask is not None and image.size == mask.size and look.values is not None:
        _look_at_both(look, image.array, mask.array[0])
    return look


def _side(picture: Picture) -> Side:
    digest = hashlib.sha256(np.ascontiguousarray(picture.array).data).hexdigest()
    return Side(
        picture.size,
        len(picture.array),
        picture.array.dtype,
        picture.spacing,
        picture.unit,
        picture.facts,
        f"{digest} {picture.array.shape}",
    )


def _look_at_grey(look: Look, array: NDArray[Any]) -> None:
    finite = np.isfinite(array) if array.dtype.kind == "f" else None
    look.bad = (0 if finite is None else int(np.count_nonzero(~finite)), 0)
    known = array if finite is None or finite.all() else array[finite]
    if known.size:
        thin = known.ravel()[:: max(known.size // 200_000, 1)]
        look.low, look.high = (float(one) for one in np.percentile(thin, (0.1, 99.9)))
        look.ends = (float(known.min()), float(known.max()))
        look.spread = float(np.std(thin, dtype=np.float64))
    if len(array) > 1:
        look.dead = tuple(number for number, one in enumerate(array, start=1) if one.min() == one.max())
    flat = _middle_slice(array, array.shape[1] // 2 if array.ndim == 4 else 0)
    grey = shrunk(flat, factor_of(flat.shape[1:]))
    look.thumbnail = thumbnail_to_compare(grey) if min(grey.shape) >= 8 else None
    look.shown = small_slice(flat, (look.low, look.high))[0].astype(np.float16)


def _look_at_both(look: Look, image: NDArray[Any], labels: NDArray[Any]) -> None:
    number = int(np.argmax((labels > 0).sum(axis=(1, 2)))) if labels.ndim == 3 else 0
    flat = _middle_slice(image, number)
    drawn = labels[number] if labels.ndim == 3 else labels
    look.shown = small_slice(flat, (look.low, look.high))[0].astype(np.float16)
    step = max(-(-max(drawn.shape) // SHOWN), 1)
    thin = _whole(drawn[::step, ::step])
    look.drawn = thin.astype(np.uint16) if thin.min() >= 0 and thin.max() < 2**16 else thin
    step = factor_of(drawn.shape)
    grey = shrunk(flat, step)
    own = _whole(drawn[::step, ::step][: grey.shape[0], : grey.shape[1]])
    if min(own.shape) >= 16:
        look.traces = traces(grey, own)
    look.forms = forms_of(own) if step == 1 else None
    if labels.ndim == 3:
        look.in_depth = agreement_in_depth(image, labels)
    inside = own > 0
    if 0 < inside.mean() < 1 and look.spread > 0:
        look.inside = float((grey[inside].mean() - grey[~inside].mean()) / look.spread)


def _whole(labels: NDArray[Any]) -> NDArray[np.int64]:
    return np.nan_to_num(labels).astype(np.int64)


def _middle_slice(array: NDArray[Any], number: int) -> NDArray[Any]:
    return array[:, number] if array.ndim == 4 else array
