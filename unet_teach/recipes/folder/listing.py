"""What of a folder could be an image or a mask (chapter 25)."""

import os
import warnings
from collections import Counter
from pathlib import Path

from unet_teach.data.dicom.swelling import swells
from unet_teach.recipes.folder.formats import FOREIGN
from unet_teach.recipes.folder.names import in_order, is_set_aside, plain
from unet_teach.recipes.folder.reading import READERS, ending_of
from unet_teach.recipes.folder.reading.arrays import holds_objects
from unet_teach.recipes.folder.reading.outlines import is_drawing

IGNORED = ("thumbs.db", "ehthumbs.db", "desktop.ini", "dicomdir", "__macosx", "@eadir", "$recycle.bin", "lost+found")
DICOM = (".dcm", ".dicom", ".ima")
SESSION = "_seg.npy"  # how the names of Cellpose's sessions end
TOGETHER = 3  # files a series, on average: a folder in which series got mixed, not single pictures


def list_items(folder: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """List a folder and its folders: what is readable, what is set aside, and what nothing here reads.

    A folder of DICOM files is one item. Hidden files, and those that systems leave behind, are passed over.

    Introduced in chapter 25.
    """
    items, aside, unknown = list[Path](), list[Path](), list[Path]()
    _may_be_read(folder)
    for path in sorted(folder.iterdir(), key=lambda one: in_order(one.name)):
        if path.name.startswith((".", "~")) or plain(path.name) in IGNORED:
            continue
        if path.is_dir() and ending_of(path) in FOREIGN:  # such as Zarr's, which is a folder of many files
            unknown.append(path)
        elif path.is_symlink() and path.is_dir() and path.resolve() in (folder.resolve(), *folder.resolve().parents):
            continue  # a link back up, which has no end
        elif path.is_dir():
            _may_be_read(path)
            if (path / "model.pt").is_file() or is_set_aside((path.name,)):
                aside += [p for p in sorted(path.rglob("*")) if p.is_file() and ending_of(p) in READERS]
            elif _is_series(path):
                items.append(path)
            else:
                for all_of, inner in zip((items, aside, unknown), list_items(path), strict=True):
                    all_of += inner
        elif path.name.endswith(SESSION) and holds_objects(path):
            unknown.append(path)
        elif ending_of(path) in READERS and (ending_of(path) != ".txt" or is_drawing(path)):
            items.append(path)
        else:
            unknown.append(path)
    return items, aside, unknown


def _may_be_read(folder: Path) -> None:
    if not os.access(folder, os.R_OK | os.X_OK):
        raise PermissionError(f"the folder {folder.name} may not be read by you: ask whoever owns it to allow that")


def _is_series(folder: Path) -> bool:
    """Tell whether a folder holds the files of a DICOM series, or of a few that got mixed, and nothing else.

    Pictures that are each a series of its own, such as X-rays, stay pictures.
    """
    files = [p for p in folder.iterdir() if not p.name.startswith(".") and plain(p.name) not in IGNORED]
    if len(files) < 2 or not all(p.is_file() and _is_dicom(p) for p in files):
        return False
    series: Counter[str] = Counter()
    for file in files:
        try:
            series[_series_of(file)] += 1
        except Exception:  # what is wrong with it is said when it is read
            continue
    count = sum(series.values())
    return not count or max(series.values()) > count / 2 or len(series) * TOGETHER <= count


def _series_of(file: Path) -> str:
    import pydicom

    if swells(file):
        raise ValueError(f"{file.name} is too large to be looked at")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = pydicom.dcmread(file, specific_tags=["SeriesInstanceUID"], stop_before_pixels=True, force=True)
    return str(header.get("SeriesInstanceUID"))


def _is_dicom(path: Path) -> bool:
    if ending_of(path) in DICOM:
        return True
    if path.suffix and not path.suffix[1:].isdigit():
        return False
    with path.open("rb") as stream:
        return stream.read(132)[128:] == b"DICM"
