"""What can be wrong with names, pairs and files (chapter 25)."""

from collections.abc import Iterator
from pathlib import Path

from unet_teach.recipes.folder.contents import Contents
from unet_teach.recipes.folder.faults.fault import Fault, Level, listed
from unet_teach.recipes.folder.faults.several import object_by_object, sets_of_masks, told_apart_by
from unet_teach.recipes.folder.faults.stored import CONVERT
from unet_teach.recipes.folder.formats import FOREIGN, HOW, NOT_PIXELS
from unet_teach.recipes.folder.listing import DICOM, SESSION
from unet_teach.recipes.folder.names import same_but_for_writing
from unet_teach.recipes.folder.reading import ending_of
from unet_teach.recipes.folder.reading.volumes import drawn_in_dicom
from unet_teach.recipes.folder.roles import stem_of


def nothing_found(contents: Contents) -> Iterator[Fault]:
    """Say what lies there instead, where there is no pair at all."""
    layout = contents.layout
    foreign = [path for path in layout.unknown if ending_of(path) in FOREIGN]
    for kind in sorted({FOREIGN[ending_of(path)] for path in foreign}):
        files = dict.fromkeys(path.name for path in foreign if FOREIGN[ending_of(path)] == kind)
        level: Level = "warning" if layout.pairs else "error"
        yield Fault(level, "format", f"{listed(files)}: this format is not read here.", f"{HOW[kind]}.")
    if layout.pairs or layout.twice:
        return
    sessions = [path.name for path in layout.unknown if path.name.endswith(SESSION)]
    if sessions and not layout.lonely_masks:
        yield Fault(
            "error",
            "format",
            f"{listed(sessions)}: Cellpose keeps its sessions so, which no other program reads.",
            "open them in Cellpose and save the masks (File > Save masks as PNG/tif), then check with --instances.",
        )
    outlines = [path for path in layout.unknown if ending_of(path) in NOT_PIXELS and path.name != "dataset.json"]
    stems = {stem_of(image) for image in layout.lonely_images}
    outlines += [path for path in layout.unknown if ending_of(path) == ".txt" and path.stem in stems]  # as YOLO's
    if layout.lonely_images and layout.lonely_masks:
        return  # `lonely` says it
    if layout.lonely_images and outlines:
        yield Fault(
            "error",
            "outlines",
            f"There are images, but what was drawn is kept as outlines ({listed(p.name for p in outlines)}).",
            "export the drawing as one picture an image, whose pixels are 0, 1, 2 ... (labelme, CVAT, QuPath and Fiji "
            "can), and put them into a folder named masks.",
        )
    elif drawn := _contours(layout.lonely_images) if not layout.lonely_masks else []:
        yield Fault(
            "error",
            "outlines",
            f"What was drawn is kept in DICOM, as contours (RTSTRUCT) or a segmentation (SEG): {listed(drawn)}.",
            "open it with its scan in 3D Slicer (contours: with the extension SlicerRT), save it as a NIfTI label map, "
            "one a scan, into a folder named masks, and move these files out.",
        )
    elif layout.lonely_images and not layout.lonely_masks:
        words, choice = told_apart_by(layout), ""
        if len(words) > 1:
            choice = (
                f" If the masks are called one of {listed(words)}, say which, such as --images {words[-1]} --masks "
            )
            choice += f"{words[0]}."
        yield Fault(
            "error",
            "no masks",
            f"There {_are(layout.lonely_images, 'image')} and no mask that is called one.",
            "put the masks into a folder named masks beside one named images, each under its image's name; or give "
            "them the image's name and _mask. To apply a trained network, use predict." + choice,
        )
    elif layout.lonely_masks:
        yield Fault(
            "error",
            "no images",
            f"There {_are(layout.lonely_masks, 'mask')} and no image.",
            "put the images into a folder named images beside the masks, each under its mask's name.",
        )
    elif not foreign:
        yield Fault(
            "error",
            "empty folder",
            f"There is no image in {layout.root.name}.",
            "give the folder that holds a folder images and a folder masks (PNG, TIFF, NIfTI, DICOM or NumPy files).",
        )


def lonely(contents: Contents) -> Iterator[Fault]:
    """Say which images have no mask, which masks no image, and which two seem to be meant for each other."""
    layout = contents.layout
    if not layout.pairs and not (layout.lonely_images and layout.lonely_masks):
        return
    if sets_of_masks(contents):
        return  # `several` says it
    images, masks = list(layout.lonely_images), list(layout.lonely_masks)
    for image in layout.lonely_images:
        other = next((mask for mask in masks if same_but_for_writing(stem_of(image), stem_of(mask))), None)
        if other is not None:
            images.remove(image)
            masks.remove(other)
            yield Fault(
                "error",
                "names differ",
                f"The image {image.name} and the mask {other.name} are written differently.",
                "if they belong together, give the mask the image's name.",
                (stem_of(image),),
            )
    if object_by_object(contents):
        yield Fault(
            "error",
            "object by object",
            f"Each of {len(images)} images has several masks, such as {listed(p.name for p in masks[:2])}: "
            "one object a file, or one class.",
            f"{CONVERT}join those of an image into one picture, in which each object or class has its own number.",
        )
        return
    if images:
        yield Fault(
            "error",
            "mask missing",
            f"{_count(images, 'image')} no mask: {listed(p.name for p in images)}.",
            "add the masks under the images' names, or move these images into a folder named unlabelled.",
            tuple(stem_of(p) for p in images),
        )
    if masks:
        yield Fault(
            "error",
            "image missing",
            f"{_count(masks, 'mask')} no image: {listed(p.name for p in masks)}.",
            "add the images under the masks' names, or move these masks into a folder named aside.",
            tuple(stem_of(p) for p in masks),
        )


def twice(contents: Contents) -> Iterator[Fault]:
    """Say for which name there are two files."""
    if sets_of_masks(contents):
        return  # `several` says it
    for name, files in contents.layout.twice:
        shown = listed(p.relative_to(contents.layout.root).as_posix() for p in files)
        yield Fault(
            "error", "twice", f"{name} comes twice: {shown}.", "keep one of them, or rename the other.", (name,)
        )


def guessed(contents: Contents) -> Iterator[Fault]:
    """Note which pairs have little of their names in common."""
    pairs = contents.layout.guessed
    if pairs:
        yield Fault(
            "note",
            "paired by a part of their names",
            f"{len(pairs)} images and masks are paired by what tells their names apart, such as "
            f"{pairs[0].images[0].name} and {pairs[0].mask.name}. Look whether that is meant.",
        )


def set_aside(contents: Contents) -> Iterator[Fault]:
    """Note what is not trained on."""
    if contents.layout.aside:
        homes = sorted({p.relative_to(contents.layout.root).parts[0] for p in contents.layout.aside})
        yield Fault("note", "set aside", f"{len(contents.layout.aside)} files in {listed(homes)} are left alone.")


def unreadable(contents: Contents) -> Iterator[Fault]:
    """Pass on what the readers said."""
    for look in contents.looks:
        for sentence in look.unreadable:
            what, _, todo = sentence.rpartition(": ")
            what, todo = (what, f"{todo}.") if what else (sentence, "")
            what = what if look.name in sentence else f"{look.name}: {what}"
            yield Fault("error", "unreadable", f"{what}.", todo, (look.name,))


def _contours(images: list[Path]) -> list[str]:
    scans = [path for path in images if path.is_dir() or ending_of(path) in DICOM]
    return [name for path in scans for name in drawn_in_dicom(path)]


def _count(files: list[Path], what: str) -> str:
    return f"1 {what} has" if len(files) == 1 else f"{len(files)} of the {what}s have"


def _are(files: list[Path], what: str) -> str:
    return f"is 1 {what}" if len(files) == 1 else f"are {len(files)} {what}s"
