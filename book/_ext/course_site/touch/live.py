"""Sections for the live U-Net: files of the real set as they are, or a drawing of cells, named as such."""

import math
import random
import struct
import zlib
from pathlib import Path
from typing import Any

from .crops import checked

NUMBERS = (24, 26, 28)  # test sections: the network never saw them
SIZE = 256  # of the stand-in


def live_files(root: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the live U-Net begins with, and the files that it fetches, by name."""
    sections: list[dict[str, str]] = []
    files: dict[str, bytes] = {}
    for number in NUMBERS:
        pictures = [checked(root, "isbi2012_em", f"{kind}/{number:02d}.png") for kind in ("image", "label")]
        if None not in pictures:
            names = [f"em-{number}.png", f"em-{number}-truth.png"]
            files |= {name: content for name, content in zip(names, pictures, strict=True) if content}
            image, truth = (f"touch/{name}" for name in names)
            sections.append({"name": f"section {number}", "image": image, "truth": truth})
    if not sections:
        files["cells.png"], files["cells-truth.png"] = drawn_cells()
        name = "drawn cells, a stand-in"
        sections.append({"name": name, "image": "touch/cells.png", "truth": "touch/cells-truth.png"})
    return {"sections": sections}, files


def drawn_cells(size: int = SIZE, count: int = 40) -> tuple[bytes, bytes]:
    """Draw cells with dark borders and noise, and their truth, 0 on the borders and 255 inside; both as PNG."""
    chance = random.Random(0)
    middles = [(chance.uniform(0, size), chance.uniform(0, size)) for _ in range(count)]
    greys, truth = bytearray(), bytearray()
    for y in range(size):
        for x in range(size):
            nearest, second = sorted(math.hypot(x - u, y - v) for u, v in middles)[:2]
            border = second - nearest < 5
            truth.append(0 if border else 255)
            greys.append(round((70 if border else 165) + chance.uniform(-35, 35)))
    return written(greys, size), written(truth, size)


def written(greys: bytes | bytearray, width: int) -> bytes:
    """Write greys, row by row, as a PNG."""
    height = len(greys) // width
    rows = b"".join(b"\0" + greys[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = {b"IHDR": head, b"IDAT": zlib.compress(rows, 9), b"IEND": b""}
    parts = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
