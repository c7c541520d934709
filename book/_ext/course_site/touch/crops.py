"""Small crops of the real sets for the site, read without numpy: the site is built where only Python is.

A set counts as here when `UNET_TEACH_DATA` names a folder with the file and its checksum is the manifest's.
"""

import base64
import hashlib
import os
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MANIFEST = Path("unet_teach", "data", "manifest.tsv")
WINDOW = -160, 240  # Hounsfield units drawn black and white


@dataclass
class Grid:
    """A grey picture: `values` row by row, 0 to 255."""

    width: int
    height: int
    values: bytes


def checked(root: Path, dataset: str, path: str) -> bytes | None:
    """Return a file of a set, whole and right, or None."""
    chosen = os.environ.get("UNET_TEACH_DATA")
    file = root / Path(chosen).expanduser() / dataset / path if chosen else None
    if file is None or not file.is_file():
        return None
    rows = (line.split("\t") for line in (root / MANIFEST).read_text(encoding="utf-8").splitlines())
    wanted = {(row[0], row[1]): row[3] for row in rows}
    content = file.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == wanted[dataset, path] else None


@cache
def em_section(root: Path, number: int, kind: str = "image") -> Grid | None:
    """Return a section of `isbi2012_em` (24 to 29 are its test sections), or its drawing (`kind="label"`)."""
    content = checked(root, "isbi2012_em", f"{kind}/{number:02d}.png")
    return None if content is None else png(content)


@cache
def ct_slice(root: Path) -> Grid | None:
    """Return the slice of `fatsegmentation` in a window for soft tissue."""
    content = checked(root, "fatsegmentation", "1004244319.dcm.raw")
    if content is None:
        return None
    low, high = WINDOW
    numbers = struct.unpack(f">{len(content) // 2}h", content)
    greys = bytes(round(255 * (min(max(number, low), high) - low) / (high - low)) for number in numbers)
    return Grid(512, 512, greys)


def png(content: bytes) -> Grid:
    """Read a PNG of one grey channel with 8 bits, not interlaced; raise ValueError for any other."""
    place, packed, head = 8, b"", b""
    while place < len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        chunk = content[place + 8 : place + 8 + size]
        head = chunk if kind == b"IHDR" else head
        packed += chunk if kind == b"IDAT" else b""
        place += size + 12
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if (depth, colour, interlaced) != (8, 0, 0):
        raise ValueError(f"a grey PNG of 8 bits is needed, got {depth} bits and colour type {colour}")
    raw, above, values = zlib.decompress(packed), bytearray(width), bytearray()
    for row in range(height):
        start = row * (width + 1)
        above = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width]), above)
        values += above
    return Grid(width, height, bytes(values))


def unfiltered(kind: int, line: bytearray, above: bytearray) -> bytearray:
    """Undo the filter of one row of a PNG: none, left, above, their mean, or Paeth's choice."""
    left = corner = 0
    for place, value in enumerate(line):
        up = above[place]
        if kind == 4:
            guess = left + up - corner
            distances = abs(guess - left), abs(guess - up), abs(guess - corner)
            predicted = (left, up, corner)[distances.index(min(distances))]
        else:
            predicted = (0, left, up, (left + up) // 2)[kind]
        left, corner = (value + predicted) & 255, up
        line[place] = left
    return line


def packed(name: str, grid: Grid, corner: tuple[int, int], size: int, every: int = 1) -> dict[str, Any]:
    """Return a square crop, shrunk by averaging `every` by `every` pixels, as the modules take a picture."""
    top, left = corner
    values = bytearray()
    for row in range(size):
        for column in range(size):
            inner = (
                grid.values[(top + row * every + down) * grid.width + left + column * every + right]
                for down in range(every)
                for right in range(every)
            )
            values.append(round(sum(inner) / every**2))
    return {"name": name, "width": size, "height": size, "grey": base64.b64encode(values).decode()}
