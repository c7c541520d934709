"""`check --workshop`: whether this computer can hold the course without a network (chapter 25)."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import NamedTuple

from unet_teach.data import SETS, data_folder, is_present

NEEDED = {  # what to import -> what for
    "torch": "everything",
    "skimage": "everything",
    "nibabel": "NIfTI files",
    "PIL": "PNG and JPEG files",
    "tifffile": "TIFF files",
}
EXTRAS = {  # what to import -> what for, and which extra brings it
    "pydicom": ("DICOM files", "dicom"),
    "highdicom": ("DICOM segmentations, chapter 21", "clinic"),
    "onnx": ("ONNX files", "export"),
    "onnxscript": ("ONNX files", "export"),
    "onnxruntime": ("comparing them", "export"),
    "accelerate": ("chapter 26", "scale"),
    "zarr": ("chapter 26", "scale"),
}
MEMORY, DISK = 4.0, 2.0  # GB that a workshop needs


class Finding(NamedTuple):
    """One line: whether it is fine, whether the course needs it, and what was found."""

    fine: bool
    needed: bool
    what: str


def workshop() -> int:
    """Print what is there and what is not; asks no other machine. Returns 1 if something is missing that is needed.

    Introduced in chapter 25.
    """
    found = list(findings())
    for one in found:
        print(f"{'fine   ' if one.fine else 'MISSING' if one.needed else 'without'}  {one.what}")
    bad = sum(not one.fine and one.needed for one in found)
    print("This computer is ready." if not bad else f"{bad} thing{'s' * (bad > 1)} to mend before the workshop.")
    return int(bool(bad))


def findings() -> Iterator[Finding]:
    """Look at the package, the libraries, the data and the memory, one by one.

    Introduced in chapter 25.
    """
    import unet_teach

    yield Finding(True, True, f"the course's package, version {unet_teach.__version__}")
    for name, purpose in NEEDED.items():
        there = importlib.util.find_spec(name) is not None
        yield Finding(there, True, f"{name}, for {purpose}" + ("" if there else ": install the course's wheel again"))
    for name, (purpose, extra) in EXTRAS.items():
        there = importlib.util.find_spec(name) is not None
        how = "" if there else f": python -m pip install 'unet_teach[{extra}]'"
        yield Finding(there, False, f"{name}, for {purpose}{how}")
    home = data_folder()
    for name in SETS:
        there = is_present(name)
        how = "" if there else f" is not in {home}: its stand-in is used. Copy the folder there, or fetch it beforehand"
        yield Finding(there, False, f"data set {name}{how}")
    memory = memory_in_gb()
    enough = memory is None or memory >= MEMORY
    size = "unknown" if memory is None else f"{memory:.1f} GB"
    yield Finding(enough, True, f"memory: {size}" + ("" if enough else f", and {MEMORY:g} are needed: close programs"))
    free = shutil.disk_usage(os.getcwd()).free / 1e9
    yield Finding(free >= DISK, True, f"free on this disk: {free:.1f} GB" + ("" if free >= DISK else ": make room"))


def memory_in_gb() -> float | None:
    """Return how much memory the computer has, or None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):  # Windows
        return None
