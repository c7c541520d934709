"""Pack the course for a room without a network into one zip: `make offline`, or `make offline DATA=FOLDER`.

It holds the built site with its slides, the notebooks, the helper package's wheel, on request the data sets, and a list
of checksums that `sha256sum -c SHA256SUMS` reads; where there is no such program, `python check.py` does the same.
"""

import csv
import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "dist" / "u-net-offline.zip"
INSIDE = "u-net-offline"  # the folder that unpacking makes
MANIFEST = Path("unet_teach", "data", "manifest.tsv")
PACKED = {".png", ".jpg", ".zip", ".whl", ".gz", ".wasm", ".pdf"}  # what another compression does not make smaller
SUMS = "SHA256SUMS"


class OfflineError(ValueError):
    """Something that belongs into the zip is missing or damaged; the message says what to do."""


def contents(root: Path, data: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the name in the zip and the file of all that is packed.

    Raises
    ------
    OfflineError
        If the site is not built, or a file of the data is missing or is not the one that the manifest describes.
    """
    site = root / "_build" / "html"
    wheels = sorted((site / "downloads").glob("unet_teach-*.whl"))
    if not (site / "index.html").exists() or not wheels:
        raise OfflineError("there is no built site here: run `make book` first, which `make offline` does by itself")
    yield "READ-ME-FIRST.txt", root / "book" / "OFFLINE.txt"
    yield "check.py", root / "tools" / "offline_check.py"
    yield wheels[-1].name, wheels[-1]
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        yield f"site/{path.relative_to(site).as_posix()}", path
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        yield f"notebooks/{path.name}", path
    if data is not None:
        yield from _data(root, data)


def _data(root: Path, data: Path) -> Iterator[tuple[str, Path]]:
    with (root / MANIFEST).open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text, delimiter="\t"))
    for row in rows:
        path = data / row["set"] / row["path"]
        if not path.is_file():
            raise OfflineError(f"{path} is missing: `python -m unet_teach.data fetch {data}` fills the folder")
        if sha256(path) != row["sha256"]:
            raise OfflineError(f"{path} is damaged: delete it, then `python -m unet_teach.data fetch {data}`")
        yield f"data/{row['set']}/{row['path']}", path


def sha256(path: Path) -> str:
    """Return a file's checksum, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(root: Path, target: Path, data: Path | None = None) -> int:
    """Write the zip, whole or not at all; return how many files are in it. The bytes follow from the files alone."""
    files = dict(contents(root, data))
    sums = "".join(f"{sha256(path)}  {name}\n" for name, path in files.items())
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, path in files.items():
            entry = _entry(name, zipfile.ZIP_STORED if path.suffix in PACKED else zipfile.ZIP_DEFLATED)
            with path.open("rb") as source, archive.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy)
        archive.writestr(_entry(SUMS, zipfile.ZIP_DEFLATED), sums)
    unfinished.replace(target)
    return len(files) + 1


def _entry(name: str, how: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{INSIDE}/{name}")  # of 1 January 1980, whatever the file's own date
    entry.create_system = 3  # as Unix writes it, on every system
    entry.external_attr = 0o100644 << 16
    entry.compress_type = how
    return entry


if __name__ == "__main__":
    try:
        count = pack(ROOT, TARGET, Path(sys.argv[1]).resolve() if sys.argv[1:] else None)
    except OfflineError as error:
        sys.exit(str(error))
    print(f"{count} files, {TARGET.stat().st_size / 1e6:.0f} MB, in {TARGET.relative_to(ROOT)}")
