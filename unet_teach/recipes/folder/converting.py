"""Masks in colours, in layers, one file an object, or with other numbers, written anew (chapter 25)."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unet_teach.predict.export import write_labels
from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.several import object_by_object
from unet_teach.recipes.folder.faults.shapes import has_layers
from unet_teach.recipes.folder.looking import Look
from unet_teach.recipes.folder.reading import Picture, ending_of, read_picture
from unet_teach.recipes.folder.renumbering import renamed, renumbered
from unet_teach.recipes.folder.roles import stem_of
from unet_teach.recipes.folder.values import values_of
from unet_teach.recipes.folder.writing import save_volume

MOST_COLOURS = 50
BLACK = 0
Labels = NDArray[np.integer]
Converting = Iterator[tuple[str, tuple[Path, ...], Labels, Picture]]  # name, files of the image, labels, a mask


class Converted(NamedTuple):
    """How many masks were written, and what their numbers mean, the background first; () where they count objects."""

    masks: int
    names: tuple[str, ...]


def convert_folder(contents: Contents, out: Path, numbers: Mapping[int, int] | None = None) -> Converted:
    """Write a new folder with images/, masks/ and dataset.json, in each mask one number a pixel.

    Of colours, black is 0, or the most frequent one where none is black; the others count from 1, the most frequent
    first. Of files, each is an object with a number of its own; where all images have files of the same names, these
    are classes. Where two overlap, the smaller lies on top.

    Parameters
    ----------
    contents : what `check_folder` understood
    out : a folder that is not there yet
    numbers : number in the masks -> what is written for it, such as {255: 0}; others stay as they are

    Raises
    ------
    FileExistsError, ValueError
        If `out` is there; if there is nothing to convert, or a mask is no such one, or holds no such number.

    Introduced in chapter 25.
    """
    if out.exists():
        raise FileExistsError(f"{out} is there already: name a folder that is not there yet")
    several, kinds = object_by_object(contents), set(contents.kinds.values())
    names: tuple[str, ...] = ()
    cases: Converting
    sizes = [(look.image.size, look.mask.size) for look in contents.looks if look.image and look.mask]
    if numbers:
        cases = renumbered(contents, numbers)
    elif several:
        alike = {tuple(stem_of(mask) for mask in masks) for masks in several.values()}
        names = ("background", *alike.pop()) if len(alike) == 1 < len(several) else ()
        cases = _joined(several)
    elif kinds == {"colours"}:
        colours = _colours_of(contents)
        names, cases = tuple(f"#{colour:06x}" for colour in colours), _numbered(contents, colours)
    elif kinds == {"layers"} or (sizes and all(has_layers(image, mask) for image, mask in sizes)):
        names, cases = (), _one_layer(contents)
    else:
        raise ValueError(
            "not all masks are in colours, in layers or one file an object: see what check says of them. "
            "--numbers changes numbers, such as 255=0"
        )
    count = highest = 0
    for name, images, labels, mask in cases:
        _write(out, name, images, labels.astype(np.uint8 if labels.max() < 256 else np.uint16), mask)
        count, highest = count + 1, max(highest, int(labels.max()))
    if numbers:
        names = renamed(contents, numbers, range(highest + 1))
    elif not several:
        names = names or ("background", *(f"layer {number}" for number in range(1, highest + 1)))
    if names:
        said = {"labels": {name: number for number, name in enumerate(names)}, "numTraining": count}
        (out / "dataset.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return Converted(count, names)


def _joined(several: dict[Path, list[Path]]) -> Converting:
    for image, masks in several.items():
        pictures = [read_picture(mask, mask=True) for mask in masks]
        drawn = [picture.array.any(axis=0) for picture in pictures]
        if len({one.shape for one in drawn}) > 1:
            raise ValueError(f"the masks of {image.name} differ in size: export them again")
        labels = np.zeros(drawn[0].shape, dtype=np.uint16)
        for number in sorted(range(len(drawn)), key=lambda one: -int(drawn[one].sum())):
            labels[drawn[number]] = number + 1
        inner = image.parent.name if image.parent.name not in ("image", "images") else image.parent.parent.name
        twice = sum(stem_of(other) == stem_of(image) for other in several) > 1
        yield inner if twice else stem_of(image), (image,), labels, pictures[0]


def _colours_of(contents: Contents) -> list[int]:
    """List the colours of all masks, that of the background first, the others by how often they are."""
    found: Counter[int] = Counter()
    for look in contents.looks:
        codes, counts = np.unique(_codes(read_picture(look.pair.mask, mask=True)), return_counts=True)
        found.update(dict(zip(codes.tolist(), counts.tolist(), strict=True)))
        if len(found) > MOST_COLOURS:
            raise ValueError(f"there are more than {MOST_COLOURS} colours in the masks: these are pictures, no classes")
    return sorted(found, key=lambda colour: (colour != BLACK, -found[colour]))


def _numbered(contents: Contents, colours: list[int]) -> Converting:
    order = np.argsort(colours)
    for look in contents.looks:
        picture = read_picture(look.pair.mask, mask=True)
        labels = order[np.searchsorted(np.sort(colours), _codes(picture))]
        if values_of(labels).smeared:
            raise ValueError(f"the colours of {look.pair.mask.name} are smeared at the edges: export it without that")
        yield look.name, look.pair.images, labels, picture


def _one_layer(contents: Contents) -> Converting:
    full = all(np.all(layers.sum(axis=0) == 1) for _, layers, _ in _layers(contents))  # one is the background's then
    for look, layers, picture in _layers(contents):
        labels = layers.argmax(axis=0) + (0 if full else layers.any(axis=0))
        yield look.name, look.pair.images, labels, picture


def _layers(contents: Contents) -> Iterator[tuple[Look, NDArray[np.bool_], Picture]]:
    """Read masks as (layers, H, W) or (layers, Z, Y, X); the first of two layers that are set counts."""
    for look in contents.looks:
        picture = read_picture(look.pair.mask, mask=True)
        layers = picture.array if len(picture.array) > 1 else picture.array[0]
        layers = layers if look.image and layers.shape[1:] == look.image.size else np.moveaxis(layers, -1, 0)
        if not np.isin(layers, (0, layers.max())).all():
            raise ValueError(f"the layers of {picture.file.name} hold more than 0 and one number: threshold them first")
        yield look, layers > 0, picture


def _codes(picture: Picture) -> NDArray[np.int64]:
    red, green, blue = picture.array.astype(np.int64)
    return np.asarray((red << 16) + (green << 8) + blue)


def _write(out: Path, name: str, images: tuple[Path, ...], labels: Labels, mask: Picture) -> None:
    """Copy an image, and write its mask: NIfTI where it was one, TIFF of a stack, else PNG."""
    for home in ("images", "masks"):
        (out / home).mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images):
        channel = f"_{number:04}" if len(images) > 1 else ""
        if image.is_dir():
            shutil.copytree(image, out / "images" / name)
        else:
            shutil.copyfile(image, out / "images" / f"{name}{channel}{ending_of(image)}")
    if "affine" in mask.facts:
        save_volume(out / "masks" / f"{name}.nii.gz", labels, mask.facts["affine"])
    elif labels.ndim == 3:
        write_labels(out / "masks" / f"{name}.tif", labels, mask.spacing, mask.unit)
    else:
        Image.fromarray(labels).save(out / "masks" / f"{name}.png")
