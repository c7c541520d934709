"""A folder of images and masks that looks fine, and in which five things are wrong, planted one by one (chapter 25)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from unet_teach.data import load_cells

SIDE = 384  # pixels of a cutting
COUNT, HELD_BACK = 12, 3  # pictures, and how many of them are in val
CORNERS = (40, 60)  # rows and columns from which the first cutting is taken; the next fields' are a little further
TURNED = 274  # EXIF's entry for the orientation

Folder = dict[str, tuple[Path, Path]]


def sound_folder(folder: Path) -> Path:
    """Write twelve cuttings of the cell fields, and masks of 0 and 255, into train and val; nothing is wrong with them.

    Raises
    ------
    FileExistsError
        If the folder is there and not empty.

    Introduced in chapter 25.
    """
    _fresh(folder)
    fields = load_cells("train")
    for number in range(COUNT):
        image, instances = fields.images[number], fields.instances[number]
        top, left = CORNERS[0] + 31 * number, CORNERS[1] + 17 * number
        place = (slice(top, top + SIDE), slice(left, left + SIDE))
        part = "val" if number >= COUNT - HELD_BACK else "train"
        name = f"field_{number + 1:02}.png"
        _save(folder / part / "images" / name, _eight_bits(image[place]))
        _save(folder / part / "masks" / name, np.where(instances[place] > 0, 255, 0).astype(np.uint8))
    return folder


def planted_folder(folder: Path) -> Path:
    """Write the same folder with the five faults of `FAULTS`.

    Raises
    ------
    FileExistsError
        If the folder is there and not empty.

    Introduced in chapter 25.
    """
    sound_folder(folder)
    for plant, _ in FAULTS.values():
        plant(folder)
    return folder


def _mirror(folder: Path) -> None:
    path = folder / "train/masks/field_03.png"
    _save(path, _load(path)[:, ::-1])


def _nearly_twice(folder: Path) -> None:
    """Take the picture of one field again, a moment later: moved by a few pixels, a little brighter, with new noise."""
    image, mask = (folder / "train" / which / "field_05.png" for which in ("images", "masks"))
    grey = _moved(_load(image)).astype(float)
    grey = 1.1 * grey + 6 + np.random.default_rng(25).normal(0, 3, grey.shape)
    _save(folder / "val/images/field_11.png", grey.clip(0, 255).astype(np.uint8))
    _save(folder / "val/masks/field_11.png", _moved(_load(mask)))


def _moved(array: NDArray[np.uint8], down: int = 3, right: int = 2) -> NDArray[np.uint8]:
    return np.pad(array, ((down, 0), (right, 0)), mode="edge")[:SIDE, :SIDE]


def _jpeg(folder: Path) -> None:
    from PIL import Image

    path = folder / "train/masks/field_06.png"
    Image.fromarray(_load(path)).save(path, format="JPEG", quality=60)


def _turn_by_note(folder: Path) -> None:
    from PIL import Image

    path = folder / "train/images/field_08.png"
    note = Image.Exif()
    note[TURNED] = 3  # to be turned by 180 degrees before it is shown
    Image.fromarray(_load(path)).save(path, exif=note)


def _other_scale(folder: Path) -> None:
    path = folder / "train/masks/field_02.png"
    _save(path, (_load(path) > 0).astype(np.uint8))


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "mask turned": (_mirror, "the mask of field 3 is mirrored"),
    "alike on both sides": (_nearly_twice, "field 11, held back, is field 5 once more"),
    "lossy mask": (_jpeg, "the mask of field 6 is a JPEG that calls itself PNG"),
    "turned by a note": (_turn_by_note, "the image of field 8 asks to be turned"),
    "two scales": (_other_scale, "the mask of field 2 has 1 where the others have 255"),
}


def _fresh(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty: name a folder that is not there yet")


def _eight_bits(grey: NDArray[np.number]) -> NDArray[np.uint8]:
    low, high = np.percentile(grey, (0.1, 99.9))
    return np.asarray(((grey - low) / max(high - low, 1) * 255).clip(0, 255), dtype=np.uint8)


def _save(path: Path, array: NDArray[np.uint8]) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(array)).save(path)


def _load(path: Path) -> NDArray[np.uint8]:
    from PIL import Image

    return np.array(Image.open(path))
