"""Volumes for the viewer, as `unet_teach/course/live/scans.json` names them, read and cut without numpy."""

import gzip
import json
import math
import struct
from array import array
from pathlib import Path
from typing import Any

from .crops import checked

SCANS = Path("unet_teach", "course", "live", "scans.json")
KINDS = {2: "B", 4: "h", 8: "i", 16: "f", 64: "d"}  # NIfTI's numbers for types, and Python's letters
SIZE = 48  # of the stand-in, in voxels


def scan_files(root: Path, name: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the viewer begins with, and the files that it fetches, by name; a stand-in where the set is not."""
    about = json.loads((root / SCANS).read_text(encoding="utf-8"))[name]
    parts = {part: checked(root, about["set"], about[part]) for part in ("image", "labels")}
    volume = {key: about.get(key) for key in ("names", "about", "low", "high")}
    if None in parts.values():
        parts = {"image": drawn(labels=False), "labels": drawn(labels=True)}
        names = [one | {"name": word} for one, word in zip(about["names"], ("shell", "kernel"), strict=False)]
        volume = {"names": [one | {"value": n} for n, one in enumerate(names, 1)]}
        volume["about"] = f"A drawn stand-in: the set {about['set']} was not here when this page was made."
    elif "crop" in about:
        low, high = about["greys"]
        parts = {
            "image": cut(parts["image"] or b"", about["crop"], low, 255 / (high - low)),
            "labels": cut(parts["labels"] or b"", about["crop"], 0, 1),
        }
    files = {f"{name}-{part}.nii.gz": content or b"" for part, content in parts.items()}
    volume |= {part: f"touch/{name}-{part}.nii.gz" for part in parts}
    return {"volume": volume}, files


def cut(content: bytes, box: list[list[int]], low: float, scale: float) -> bytes:
    """Cut a box out of a NIfTI, as whole numbers from 0 to 255; its axes point right, to the front, to the head then.

    box : first voxel and the one after the last, along each axis of the file, whose first two point left and back
    """
    raw = gzip.decompress(content)
    _, width, height, *_ = struct.unpack_from("<8h", raw, 40)
    (kind,), (start,) = struct.unpack_from("<h", raw, 70), struct.unpack_from("<f", raw, 108)
    rows = struct.unpack_from("<12f", raw, 280)
    if not (rows[0] < 0 and rows[5] < 0 and rows[10] > 0):
        raise ValueError("a volume to be cut has axes that point left, to the back, and to the head")
    numbers = array(KINDS[kind])
    numbers.frombytes(raw[int(start) or 352 :])
    (left, right), (front, back), (bottom, top) = box
    voxels = bytearray()
    for z in range(bottom, top):
        for y in reversed(range(front, back)):
            line = numbers[(z * height + y) * width + left : (z * height + y) * width + right]
            voxels += bytes(min(255, max(0, round((value - low) * scale))) for value in reversed(line))
    corner = (rows[3] + rows[0] * (right - 1), rows[7] + rows[5] * (back - 1), rows[11] + rows[10] * bottom)
    return written(voxels, (right - left, back - front, top - bottom), (-rows[0], -rows[5], rows[10]), corner)


def written(
    voxels: bytes | bytearray,
    size: tuple[int, int, int],
    spacing: tuple[float, float, float] = (1, 1, 1),
    corner: tuple[float, float, float] = (0, 0, 0),
) -> bytes:
    """Write voxels from 0 to 255, x fastest, as a NIfTI."""
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, *size, 1, 1, 1, 1)
    struct.pack_into("<hh", head, 70, 2, 8)
    struct.pack_into("<8f", head, 76, 1, *spacing, 0, 0, 0, 0)
    struct.pack_into("<3f", head, 108, 352, 1, 0)
    head[123] = 2  # mm
    struct.pack_into("<hh", head, 252, 0, 1)
    rows = [[spacing[axis] if axis == other else 0 for other in range(3)] + [corner[axis]] for axis in range(3)]
    struct.pack_into("<12f", head, 280, *(value for row in rows for value in row))
    head[344:348] = b"n+1\0"
    return gzip.compress(bytes(head) + bytes(voxels), mtime=0)


def drawn(labels: bool) -> bytes:
    """Draw the stand-in: a shell with a kernel that lies to the right, to the front, and up; or their labels."""
    middle, voxels = (SIZE - 1) / 2, bytearray()
    for z in range(SIZE):
        for y in range(SIZE):
            for x in range(SIZE):
                outer = math.hypot((x - middle) / 18, (y - middle) / 21, (z - middle) / 15) < 1
                inner = math.hypot((x - middle - 5) / 7, (y - middle - 6) / 7, (z - middle - 4) / 7) < 1
                label = 2 if inner else int(outer)
                voxels.append(label if labels else (20, 130, 220)[label] + (7 * x + 13 * y + 29 * z) % 17)
    return written(voxels, (SIZE, SIZE, SIZE))
