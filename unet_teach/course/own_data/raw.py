"""The cell fields as their authors published them: a folder a field, with two files (chapter 25)."""

import shutil
from pathlib import Path

import numpy as np

from unet_teach.data import load_cells
from unet_teach.data.cells import SPLITS
from unet_teach.data.download import FetchError, fetch
from unet_teach.data.splits import numbers_of


def raw_fields(folder: Path, split: str) -> Path:
    """Copy the files of some fields, byte for byte, into set01, set02 ...; of a stand-in, write such files.

    Parameters
    ----------
    folder : made where it is missing
    split : "train", "validation" or "test", as `load_cells` has them

    Raises
    ------
    ValueError
        If there is no such split.

    Introduced in chapter 25.
    """
    try:
        home = fetch("usiigaci")
    except FetchError:
        fields = load_cells(split)  # says so
        for number, image, instances in zip(fields.numbers, fields.images, fields.instances, strict=True):
            _write(folder / f"set{number:02}", image, instances.astype(np.uint8))
        return folder
    for number in numbers_of(split, SPLITS):
        name = f"set{number:02}"
        shutil.copytree(home / ("train" if number < 46 else "val") / name, folder / name)
    return folder


def _write(folder: Path, image: np.ndarray, instances: np.ndarray) -> None:
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(folder / "raw.tif")
    Image.fromarray(instances).save(folder / "instances_ids.png")
