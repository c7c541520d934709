"""What a trained network says of an image, of any size (chapter 25)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.nnunet import Case, Trained, segment
from unet_teach.predict.blocks import predict_blocks
from unet_teach.recipes.folder.cases import with_all_channels
from unet_teach.recipes.folder.faults.fault import size_of
from unet_teach.recipes.folder.looking import read_image
from unet_teach.recipes.folder.model import FolderModel
from unet_teach.recipes.folder.opening import open_picture
from unet_teach.recipes.folder.reading import Picture
from unet_teach.recipes.folder.shrinking import finite
from unet_teach.train import History

ALIKE = 0.02  # how far a pixel's size may be from the one that was learned, as a share
WHOLE = 5000 * 5000  # pixels of a picture that is resampled, or whose objects are numbered, at most


class Answer(NamedTuple):
    """What was said of one image.

    picture : the image, as it was read
    classes : class numbers 0, 1, 2 ... of the image's size
    """

    picture: Picture
    classes: NDArray[np.uint8]


def say(model: FolderModel, files: Sequence[Path], out: NDArray[np.uint8] | None = None) -> Answer:
    """Name the class of each pixel of an image.

    A flat picture of the learned scale is answered block by block; what else there is, whole.

    Parameters
    ----------
    model : of `train_folder` or `load_model`
    files : of the image, one or one a channel
    out : where to write the classes, such as an array that lies on the disk; if None, into memory

    Raises
    ------
    ValueError
        If the image cannot be read, or is of another kind than those that were learned.

    Introduced in chapter 25.
    """
    if len(model.settings["patch_size"]) == 3 or len(model.plan["transpose_forward"]) != 3:
        return _whole(model, read_image(tuple(files)))
    opened = open_picture(files, len(model.meaning.channels), bool(model.settings["use_mask_for_norm"][0]))
    scale = _scale(opened.picture, model)
    if not np.allclose(scale, model.settings["spacing"], rtol=ALIKE) or "CTNorm" in _scheme(model):
        return _whole(model, opened.picture)
    classes = out if out is not None else np.zeros(opened.picture.size, np.uint8)
    inner = classes[opened.box]

    def write(place: tuple[slice, slice], said: NDArray[np.uint8]) -> None:
        inner[place] = said

    predict_blocks(model.network, inner.shape, opened.read, write, model.settings["patch_size"])
    return Answer(opened.picture, classes)


def as_values(model: FolderModel, classes: NDArray[np.uint8]) -> NDArray[Any]:
    """Turn class numbers into the values of the masks that were learned from, or number the objects.

    Raises
    ------
    ValueError
        If objects are to be numbered in a picture that is too large for it.

    Introduced in chapter 25.
    """
    if model.meaning.instances:
        if classes.size > WHOLE:
            raise ValueError(f"a picture of {size_of(classes.shape)} is too large to number its objects: cut it first")
        return numbered_objects(classes > 0, model.meaning.smallest)
    kind = np.uint8 if max(model.meaning.values) < 256 else np.uint16
    return np.array(model.meaning.values, kind)[classes]


def numbered_objects(mask: NDArray[np.bool_], smallest: int) -> NDArray[np.int32]:
    """Number connected pieces, without those far smaller than any object that was drawn.

    Introduced in chapter 25.
    """
    pieces, _ = ndimage.label(mask)
    kept = np.bincount(pieces.ravel()) >= max(smallest, 1)
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0)
    return numbers[pieces].astype(np.int32)


def _whole(model: FolderModel, picture: Picture) -> Answer:
    grey = with_all_channels(finite(np.asarray(picture.array, dtype=np.float32)), len(model.meaning.channels))
    flat = len(model.settings["patch_size"]) == 2
    if grey.ndim - 1 != (2 if flat else 3):
        wanted = "flat pictures" if flat else "stacks or volumes"
        raise ValueError(f"{picture.file.name} is {size_of(picture.size)}, and the network has learned {wanted}")
    if flat and grey[0].size > WHOLE:
        raise ValueError(f"{picture.file.name} is too large to be brought to the learned scale: resample it first")
    case = Case(picture.file.stem, grey, np.zeros(grey.shape[1:], np.uint8), _scale(picture, model))
    trained = Trained(model.network, model.plan, model.configuration, History(), [])
    return Answer(picture, segment(trained, case, mirrored=False))


def _scale(picture: Picture, model: FolderModel) -> tuple[float, ...]:
    """Return the size of a pixel, in the unit that was learned; where the file does not say it, the learned one."""
    from unet_teach.recipes.folder.reading.picture import UNITS

    learned = model.meaning.spacing or (1.0,) * (picture.array.ndim - 1)
    if not picture.spacing or not model.meaning.spacing or len(picture.spacing) != len(learned):
        return tuple(learned)
    factor = UNITS.get(picture.unit, 1.0) / UNITS.get(model.meaning.unit, 1.0)
    return tuple(step * factor for step in picture.spacing)


def _scheme(model: FolderModel) -> str:
    return " ".join(model.settings["normalization_schemes"])
