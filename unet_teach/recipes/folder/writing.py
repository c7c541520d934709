"""Marking a folder of new images, and writing what was said (chapter 25)."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from unet_teach.predict.export import write_labels
from unet_teach.recipes.folder.listing import list_items
from unet_teach.recipes.folder.model import FolderModel
from unet_teach.recipes.folder.names import bare, channel_of
from unet_teach.recipes.folder.page import gallery, outlined, page, write_page
from unet_teach.recipes.folder.predicting import Answer, as_values, say
from unet_teach.recipes.folder.reading import READERS, Unreadable, read_picture
from unet_teach.recipes.folder.roles import masks_among, stem_of
from unet_teach.recipes.folder.shrinking import small_slice

SHOWN, FINE = 24, 512  # images on the page, and pixels of their longer side


class Done(NamedTuple):
    """The files that were written, and a sentence for each image that was left out."""

    files: list[Path]
    refused: list[str]


def predict_folder(model: FolderModel, folder: Path, out: Path, quiet: bool = True) -> Done:
    """Mark each image of a folder, or one file; masks that lie beside them are passed over.

    Parameters
    ----------
    model : of `train_folder` or `load_model`
    folder : images, or one of them
    out : a folder that is not there yet: labels (TIFF, and NIfTI for NIfTI), areas.tsv, summary.html
    quiet : no progress bar

    Raises
    ------
    FileNotFoundError, FileExistsError
        If there is no such folder or no image in it; if `out` is there.

    Introduced in chapter 25.
    """
    images = images_in(Path(folder), len(model.meaning.channels))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} is there already: name a folder that is not there yet (--out)")
    out.mkdir(parents=True, exist_ok=True)
    files, refused, rows = list[Path](), list[str](), ["image\tvalue\tpixels\tshare"]
    figures: list[tuple[NDArray[np.floating], str, str]] = []
    for name, parts in tqdm(images.items(), desc="marking", unit="image", disable=quiet):
        try:
            answer, labels, written = mark(model, parts, out, name)
        except (Unreadable, ValueError, ImportError) as problem:
            refused.append(f"{name}: {problem}")
            continue
        files += written
        rows += _areas(name, labels)
        if len(figures) < SHOWN:
            figures.append(_figure(name, answer, labels, model.meaning.instances))
    (out / "areas.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8", errors="backslashreplace")
    count = len(images) - len(refused)
    said = f"<p>{count} image{'s' * (count != 1)} marked: {', '.join(model.meaning.names[1:])}.</p>"
    left = "".join(f"<p>Left out: {escape(sentence)}</p>" for sentence in refused)
    write_page(out / "summary.html", page(f"Labels of {Path(folder).resolve().name}", [said, left, gallery(figures)]))
    return Done(files, refused)


def mark(
    model: FolderModel, parts: Sequence[Path], out: Path, name: str
) -> tuple[Answer, NDArray[np.integer], list[Path]]:
    """Mark one image, and write its labels.

    Returns
    -------
    what was said, the labels in the values of the masks that were learned from, and the files

    Raises
    ------
    ValueError
        As `say` does.

    Introduced in chapter 25.
    """
    answer = say(model, parts)
    labels = as_values(model, answer.classes)
    picture = answer.picture
    names = ", ".join(f"{value} {what}" for value, what in zip(model.meaning.values, model.meaning.names, strict=True))
    if "affine" in picture.facts:
        return answer, labels, [save_volume(out / f"{name}.nii.gz", labels, picture.facts["affine"])]
    return answer, labels, [write_labels(out / f"{name}.tif", labels, picture.spacing, picture.unit, names)]


def save_volume(file: Path, labels: NDArray[np.integer], affine: NDArray[np.floating]) -> Path:
    """Write labels (Z, Y, X), or a flat picture, as NIfTI."""
    import nibabel

    whole = labels.T if labels.ndim == 3 else labels.T[..., None]
    nibabel.save(nibabel.Nifti1Image(np.ascontiguousarray(whole), affine), file)
    return file


def images_in(folder: Path, channels: int) -> dict[str, list[Path]]:
    """Find the images of a folder, by their names; channels of one image are put together.

    Raises
    ------
    FileNotFoundError
        If there is none.

    Introduced in chapter 25.
    """
    if not folder.exists():
        raise FileNotFoundError(f"there is no {folder}: check the spelling, or give the whole path")
    if folder.is_file():
        return {stem_of(folder): [folder]}
    items, aside, _ = list_items(folder)
    items += [path for path in aside if "imagests" in (part.lower() for part in path.parts)]
    twins = len({(item.parent, stem_of(item)) for item in items}) < len(items)  # 1.jpg and 1.png: one is the mask
    masks = masks_among(items, folder, look=twins)
    images = [item for item in items if item not in masks] or (items if not masks else [])
    apart = _one_a_channel(images, channels)
    found: dict[str, list[Path]] = {}
    for image in images:
        stem = channel_of(stem_of(image))[0] if image in apart else stem_of(image)
        inside = image.relative_to(folder).parts[:-1]
        alike = [one for one in images if stem_of(one) == stem_of(image)]
        said = stem if bare(stem) else ""  # "raw" says nothing, its folder may
        name = said if said and len(alike) == 1 else "_".join([*inside, said] if said else inside)
        found.setdefault(name or stem, []).append(image)
    if not found:
        kinds = ", ".join(sorted(READERS))
        raise FileNotFoundError(f"there is no image in {folder}: files that are read end in {kinds}")
    return found


def _one_a_channel(images: Sequence[Path], channels: int) -> set[Path]:
    """Find the files that are named after a channel: in nnU-Net's folders, or as many as were learned.

    Others are pictures that are counted: img_0001, img_0002.
    """
    groups: dict[tuple[Path, str], list[Path]] = {}
    for image in images:
        base, channel = channel_of(stem_of(image))
        if channel:
            groups.setdefault((image.parent, base), []).append(image)
    found = set[Path]()
    for (home, _), files in groups.items():
        if home.name.lower() in ("imagestr", "imagests") or (len(files) == channels > 1 and _has_one_channel(files[0])):
            found |= set(files)
    return found


def _has_one_channel(file: Path) -> bool:
    try:
        return len(read_picture(file).array) == 1
    except (Unreadable, ImportError):  # which is said when it is marked
        return True


def _areas(name: str, labels: NDArray[np.integer]) -> list[str]:
    values, counts = np.unique(labels, return_counts=True)
    return [f"{name}\t{value}\t{n}\t{n / labels.size:.6f}" for value, n in zip(values, counts, strict=True) if value]


def _figure(
    name: str, answer: Answer, labels: NDArray[np.integer], numbered: bool
) -> tuple[NDArray[np.floating], str, str]:
    array = answer.picture.array
    number = int(np.argmax((labels > 0).sum(axis=(1, 2)))) if labels.ndim == 3 else 0
    flat = array[:, number] if array.ndim == 4 else array
    thin = np.asarray(flat[:, ::7, ::7], dtype=np.float32)
    low, high = (float(end) for end in np.nanpercentile(thin, (0.5, 99.5)))
    picture, step = small_slice(flat, (low, high), FINE)
    own = (labels[number] if labels.ndim == 3 else labels)[::step, ::step]
    count = len(np.unique(labels[labels > 0]))
    what = "object" if numbered else "class"
    below = f"{name}: {count} {what}{'' if count == 1 else 's' if numbered else 'es'} marked"
    return outlined(picture, own.astype(np.int64)), f"{name} with what was marked", below
