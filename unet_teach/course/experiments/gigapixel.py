"""How much memory do 40,000 x 40,000 pixels take, and 4,000 x 4,000? From a Zarr file, and in memory (chapter 26).

A U-Net of width 8, seeded and untrained, predicts a picture that is drawn square by square from a seed: a phantom
section of nerve tissue, repeated with turns and shifts. Each run is a process of its own with one thread. In memory the
largest picture is not tried. What is compared with other machines is the share of pixels with label 1; memory and
seconds are this machine's.
"""

import tempfile
from pathlib import Path

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.scaling.measure import peak_memory
from unet_teach.course.scaling.picture import write_picture

FILE, MEMORY = "from a file", "in memory"
SIDES = {FILE: (2500, 4000, 10_000, 40_000), MEMORY: (2500, 4000, 10_000)}


def run(way: str, side: int) -> dict[str, float]:
    """Draw a picture, predict it in one of two ways, and say what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        picture = write_picture(folder / "picture.zarr", side)
        options = {"target": str(folder / "labels.zarr")} if way == FILE else {}
        found = peak_memory(way, timeout=4 * 3600, picture=str(picture), **options)
        sizes = {f"{what} MB": _bytes(folder / f"{what}.zarr") / 1e6 for what in ("picture", "labels")}
    return found | {name: round(size, 1) for name, size in sizes.items()}


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


EXPERIMENT = Experiment(
    "gigapixel",
    "How much memory does a U-Net need to predict a picture of so many pixels a side, from a file and in memory?",
    [{"way": way, "side": side} for side in SIDES[FILE] for way in SIDES if side in SIDES[way]],
    run,
    {"share": 0.01},
    beside=("zarr", "psutil"),
)
