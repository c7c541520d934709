"""Pack the course into one zip beside the wheel, for readers: `make book` ends with it.

It holds what the repository holds, by folder and by kind of file: never a hidden file, a built one, or data. The bytes
follow from the files alone: names in order, one date, one mode.
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "_build" / "html" / "downloads" / "u-net-course.zip"
INSIDE = "u-net-course"  # the folder that unpacking makes
FIRST = ("book", "READ-ME-FIRST.txt")  # stands in book/, is packed at the top
LOOSE = (
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "_config.yml",
    "pyproject.toml",
)
NETWORKS = {".npz", ".onnx", ".pt"}  # small trained ones: of chapter 21, of chapter 27, and of the pages
FOLDERS = {
    "book": {".bib", ".css", ".html", ".js", ".json", ".md", ".png", ".py", ".svg", ".tsv", ".txt", ".yml"},
    "notebooks": {".ipynb", ".toml"},
    "tests": {".java", ".json", ".mjs", ".py", ".txt"},
    "tools": {".json", ".py", ".tsv", ".txt"},
    "unet_teach": {".css", ".csv", ".js", ".json", ".py", ".toml", ".tsv", ".txt", ".typed", *NETWORKS},
}
MADE = {"__pycache__", "node_modules", "api"}  # the reference's pages are written at build


def sources(root: Path) -> Iterator[Path]:
    """Yield the files of the course, as paths from its root."""
    yield from (Path(name) for name in (*LOOSE, "requirements.txt"))
    for folder, kinds in FOLDERS.items():
        for path in (root / folder).rglob("*"):
            inner = path.relative_to(root)
            hidden = any(part.startswith(".") or part in MADE for part in inner.parts)
            if path.is_file() and path.suffix in kinds and not hidden:
                yield inner


def pack(root: Path, target: Path) -> int:
    """Write the zip; return how many files are in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    files = {path.as_posix(): root / path for path in sources(root) if path.parts != FIRST}
    names = ["READ-ME-FIRST.txt", *sorted(files)]
    files[names[0]] = root.joinpath(*FIRST)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{INSIDE}/{name}")  # of 1 January 1980, whatever the file's own date
            entry.create_system = 3  # as Unix writes it, on every system
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name].read_bytes(), compresslevel=9)
    return len(names)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else TARGET
    count = pack(ROOT, target)
    print(f"{count} files, {target.stat().st_size / 1e6:.1f} MB, in {target.name}")
