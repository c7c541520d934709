"""Fields of cells for *click a cell*, at half their size, read without numpy; or drawn cells, named as such."""

import math
import random
import struct
from array import array
from pathlib import Path
from typing import Any

from .crops import Grid, checked, png
from .live import written

FIELDS = {10: "train/set10", 48: "val/set48"}  # test fields, one of each population
SPECK = 50  # pixels; smaller pieces of a cell are slips of the pen
DARKEST, BRIGHTEST = 0.001, 0.999  # of a field's pixels, drawn black and white


def click_files(root: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what *click a cell* begins with, and the files that it fetches, by name."""
    fields: list[dict[str, str]] = []
    files: dict[str, bytes] = {}
    for number, home in FIELDS.items():
        parts = [checked(root, "usiigaci", f"{home}/{name}") for name in ("raw.tif", "instances_ids.png")]
        if parts[0] is not None and parts[1] is not None:
            image, cells = halved_field(parts[0]), halved_cells(png(parts[1]))
            files |= {f"field-{number}.png": written(*image), f"field-{number}-cells.png": written(*cells)}
            fields.append(entry(f"field {number}", f"field-{number}"))
    if not fields:
        image, cells = drawn_field()
        files |= {"field.png": written(*image), "field-cells.png": written(*cells)}
        fields.append(entry("drawn cells, a stand-in", "field"))
    return {"fields": fields}, files


def entry(name: str, file: str) -> dict[str, str]:
    """Name a field and its two files."""
    return {"name": name, "image": f"touch/{file}.png", "cells": f"touch/{file}-cells.png"}


def halved_field(content: bytes) -> tuple[bytes, int]:
    """Read a TIFF of 16 bits, not packed, and average squares of four pixels; -> 256 greys, and the width."""
    width, height, start = tiff_parts(content)
    values = array("H", content[start : start + 2 * width * height])
    rows = [values[row * width : (row + 1) * width] for row in range(height // 2 * 2)]
    means = [
        (above[at] + above[at + 1] + below[at] + below[at + 1]) / 4
        for above, below in zip(rows[::2], rows[1::2], strict=True)
        for at in range(0, width - 1, 2)
    ]
    order = sorted(means)
    low, high = (order[round(share * (len(order) - 1))] for share in (DARKEST, BRIGHTEST))
    scale = 255 / (high - low)
    return bytes(min(255, max(0, round((value - low) * scale))) for value in means), width // 2


def tiff_parts(content: bytes) -> tuple[int, int, int]:
    """Return width, height and the place of the first pixel; raise ValueError for any other kind of TIFF."""
    (place,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, place)
    found: dict[int, int] = {}
    for at in range(place + 2, place + 2 + 12 * count, 12):
        tag, kind, many = struct.unpack_from("<HHI", content, at)
        size = {3: "<H", 4: "<I"}.get(kind)
        if size:
            inside = many * struct.calcsize(size) <= 4
            (where,) = struct.unpack_from("<I", content, at + 8)
            (found[tag],) = struct.unpack_from(size, content, at + 8 if inside else where)
    if content[:4] != b"II*\0" or found.get(258) != 16 or found.get(259, 1) != 1:
        raise ValueError("a TIFF of 16 bits, lower byte first and not packed, is needed")
    return found[256], found[257], found[273]


def halved_cells(grid: Grid) -> tuple[bytes, int]:
    """Clear pieces of cells below 50 pixels, and keep every second pixel; -> numbers of cells, and the width."""
    numbers, width = bytearray(grid.values), grid.width
    seen = bytearray(len(numbers))
    for start, number in enumerate(numbers):
        if not number or seen[start]:
            continue
        piece, todo = [], [start]
        seen[start] = 1
        while todo:
            at = todo.pop()
            piece.append(at)
            row, column = divmod(at, width)
            for r in range(max(row - 1, 0), min(row + 2, grid.height)):
                for c in range(max(column - 1, 0), min(column + 2, width)):
                    other = r * width + c
                    if not seen[other] and numbers[other] == number:
                        seen[other] = 1
                        todo.append(other)
        if len(piece) < SPECK:
            for at in piece:
                numbers[at] = 0
    rows = (numbers[row * width : (row + 1) * width : 2] for row in range(0, grid.height, 2))
    return b"".join(rows), (width + 1) // 2


def drawn_field(size: int = 256, count: int = 14) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """Draw round cells with bright rims on grey, and their numbers."""
    chance = random.Random(1)
    discs = [(chance.uniform(0, size), chance.uniform(0, size), chance.uniform(9, 20)) for _ in range(count)]
    greys, numbers = bytearray(), bytearray()
    for y in range(size):
        for x in range(size):
            away, number = min((math.hypot(x - u, y - v) / r, n) for n, (u, v, r) in enumerate(discs, start=1))
            numbers.append(number if away < 1 else 0)
            base = 90 if away < 0.85 else 210 if away < 1.1 else 130
            greys.append(round(base + chance.uniform(-20, 20)))
    return (bytes(greys), size), (bytes(numbers), size)
