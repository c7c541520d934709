"""A picture larger than a memory: from Zarr to Zarr, tile by tile, and on after a kill (chapter 26)."""

import json
import os
import shutil
from collections.abc import Callable
from hashlib import blake2b
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unet_teach.predict.inference import evaluating, whole, window_starts
from unet_teach.predict.overlap_tile import answer_at
from unet_teach.predict.zarr_files import digest_of_folder, open_picture, read_place, zarr_or_advice

KEEP = ("labels", "logits")


def predict_whole_slide(
    network: nn.Module,
    picture: Path,
    target: Path,
    *,
    tile: int,
    margin: int,
    stride: int | None = None,
    mean: float = 0.0,
    sd: float = 1.0,
    keep: str = "labels",
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Predict a picture of any size at the memory of one tile, as `overlap_tile` would, and go on after a kill.

    A square of the result is written whole, and then counted in a small file beside the target, each in one step that
    cannot be seen half-done. The same call goes on from there, and ends with the same bytes.

    Parameters
    ----------
    network : (1, C, tile, tile) -> (1, K, tile - 2 margin, tile - 2 margin); `WithoutMargin` makes one of a padded one
    picture : a Zarr array (H, W) or (C, H, W) of numbers
    target : a Zarr array to write, in pieces of `stride` pixels a side
    tile, margin, stride : as `overlap_tile` takes them
    mean, sd : the network sees (picture - mean) / sd
    keep : "labels" writes the class with the largest logit, (H, W) uint8; "logits" all, (K, H, W) float32
    progress : is told after each square how many are done, and of how many

    Returns
    -------
    the target

    Raises
    ------
    FileNotFoundError, ImportError
        If there is no picture, or no zarr.
    OSError
        If the disk has too little room for the result.
    ValueError
        If a number, the picture or the network is not as above, or the target was begun with another network,
        picture or setting.

    Introduced in chapter 26.
    """
    zarr, array, target = zarr_or_advice(), open_picture(picture), Path(target)
    tile, margin = whole("tile", tile), whole("margin", margin)
    out = tile - 2 * margin
    stride = max(out // 16 * 16, 1) if stride is None else whole("stride", stride)
    if margin < 0 or not 1 <= stride <= out:
        raise ValueError(
            f"a tile of {tile} less {margin} a side leaves {out} pixels: need margin >= 0, and a stride from 1 to {out}"
        )
    if not (np.isfinite(mean) and 0 < sd < np.inf):
        raise ValueError(f"mean is a number and sd one above 0, got {mean} and {sd}: mean_and_sd finds them")
    if keep not in KEEP:
        raise ValueError(f"keep is one of {', '.join(KEEP)}, got {keep!r}")
    size = array.shape[-2:]
    corners = list(product(*(window_starts(length, out, stride) for length in size)))
    settings: dict[str, Any] = {"tile": tile, "margin": margin, "stride": stride, "mean": float(mean), "sd": float(sd)}
    settings |= {"keep": keep, "network": digest_of_network(network), "picture": digest_of_folder(Path(picture))}
    journal = Journal(target, settings, len(corners))

    def read(rows: Tensor, columns: Tensor) -> Tensor:
        top, left = int(rows.min()), int(columns.min())
        place = (..., slice(top, int(rows.max()) + 1), slice(left, int(columns.max()) + 1))
        piece = read_place(array, place, picture).astype(np.float32)
        seen = torch.from_numpy((piece - np.float32(mean)) / np.float32(sd)).reshape(-1, *piece.shape[-2:])
        if not seen.isfinite().all():
            raise ValueError(f"the picture holds NaN or infinity near row {top}, column {left}: replace it first")
        return seen[:, (rows - top)[:, None], columns - left]

    result = zarr.open(target, mode="r+") if journal.done else None
    with evaluating(network):
        for number in range(journal.done, len(corners)):
            top, left = corners[number]
            logits = answer_at(network, read, (top, left), size, tile, margin)
            ends = [  # the last tile of a row or column gives all that it has
                length if start + out >= length else start + stride
                for start, length in zip((top, left), size, strict=True)
            ]
            square = to_keep(logits[:, : ends[0] - top, : ends[1] - left], keep)
            if result is None:
                journal.count(0)
                result = _make(zarr, target, (*square.shape[:-2], *size), stride, square.dtype)
            result[..., top : ends[0], left : ends[1]] = square
            journal.count(number + 1)
            if progress is not None:
                progress(number + 1, len(corners))
    return target


def to_keep(logits: Tensor, keep: str) -> NDArray[np.generic]:
    """Return what is written of a tile's logits (K, H, W): the best class as uint8, or all as float32.

    Raises a `ValueError` if there are more than 256 classes to write as labels. Introduced in chapter 26.
    """
    if keep == "logits":
        return logits.float().numpy()
    if len(logits) > 256:
        raise ValueError(f"labels are uint8, and {len(logits)} classes are too many: take keep='logits'")
    return logits.argmax(0).to(torch.uint8).numpy()


def digest_of_network(network: nn.Module) -> str:
    """Make a short text out of a network's layers and all bytes of its weights: other weights, another text.

    Introduced in chapter 26.
    """
    sums = blake2b(str(network).encode(), digest_size=16)
    for name, tensor in network.state_dict().items():
        values = tensor.detach().cpu().contiguous()
        sums.update(f"{name} {tuple(values.shape)} {values.dtype}\n".encode())
        sums.update(values.flatten().view(torch.uint8).numpy().data)
    return sums.hexdigest()


class Journal:
    """The small file beside a target: with which settings it was begun, and how many of its squares are written."""

    def __init__(self, target: Path, settings: dict[str, Any], squares: int) -> None:
        self.file, self.settings, self.done = target.with_name(f"{target.name}.progress.json"), settings, 0
        afresh = f"delete {target.name} and {self.file.name} to start afresh, or name another target"
        if not target.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {target.parent}: make it first, or name another target")
        if not self.file.exists():
            if target.exists():
                raise ValueError(f"{target.name} is there, and no file says how far it came: {afresh}")
            return
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
            begun, done = dict(found["settings"]), int(found["done"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self.file.name} cannot be read: {afresh}") from error
        for name, value in settings.items() if done else ():  # before the first square nothing is begun
            if begun.get(name) != value:
                change = f"{name} {begun.get(name)}, not {value}"
                change = f"another {name}" if name in ("network", "picture") else change
                raise ValueError(f"{target.name} was begun with {change}: go on with that, or {afresh}")
        if not 0 <= done <= squares or (done and not target.exists()):
            raise ValueError(f"{self.file.name} counts {done} of {squares} squares that are not there: {afresh}")
        self.done = done

    def count(self, done: int) -> None:
        """Write how many squares are done."""
        unfinished = self.file.with_name(f"{self.file.name}.{os.getpid()}.part")
        unfinished.write_text(json.dumps({"done": done, "settings": self.settings}, indent=1), encoding="utf-8")
        unfinished.replace(self.file)


def _make(zarr: Any, target: Path, shape: tuple[int, ...], stride: int, kind: np.dtype[Any]) -> Any:
    needed, free = int(np.prod(shape)) * kind.itemsize, shutil.disk_usage(target.parent).free
    if needed > free:
        raise OSError(
            f"{target.name} may take {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free: make room, name a target "
            "on another disk, or keep='labels'"
        )
    pieces = (*shape[:-2], *(min(stride, side) for side in shape[-2:]))
    options = {"config": {"write_empty_chunks": True}, "overwrite": True}  # every square is a file
    return zarr.create_array(target, shape=shape, chunks=pieces, dtype=kind, **options)
