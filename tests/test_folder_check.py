"""The checker says what is wrong with a folder, that and nothing else; and nothing about clean ones."""

import json
import re

import folders_to_check as made
import numpy as np
import pytest
import tifffile
from folders_to_check import change, change_all, load, picture, remove, resaved, save
from PIL import Image

from unet_teach.recipes.folder import check_folder


def turn_by_note(folder, name, note, which="images"):
    exif = Image.Exif()
    exif[274] = note
    path = folder / which / f"{name}.png"
    Image.open(path).save(path, exif=exif)


def truncate(path, to=60):
    path.write_bytes(path.read_bytes()[:to])


def palette(folder, name, colours):
    path = folder / "masks" / f"{name}.png"
    picture = Image.fromarray(load(path), "P") if False else Image.fromarray(load(path)).convert("L")
    picture = Image.fromarray(np.asarray(picture)).convert("P")
    indexed = Image.new("P", picture.size)
    indexed.putdata(load(path).ravel().tolist())
    indexed.putpalette([value for colour in colours for value in colour])
    indexed.save(path)


def in_parts(folder, parts=("train", "train", "train", "train", "val", "val")):
    for name, part in zip(made.names(), parts, strict=True):
        for which in ("images", "masks"):
            target = folder / part / which / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            (folder / which / f"{name}.png").rename(target)
    remove(folder, "images", "masks")


def rename_all(folder, new):
    for number, name in enumerate(made.names()):
        for which in ("images", "masks"):
            (folder / which / f"{name}.png").rename(folder / which / f"{new(number)}.png")


def as_tiffs(folder, resolution):
    for number, name in enumerate(made.names()):
        array = load(folder / "images" / f"{name}.png")
        (folder / "images" / f"{name}.png").unlink()
        scale = resolution(number)
        extra = {"resolution": (scale, scale), "metadata": {"unit": "um"}} if scale else {}
        tifffile.imwrite(folder / "images" / f"{name}.tif", array, imagej=bool(scale), **extra)


def describe(folder, **said):
    text = {
        "channel_names": {"0": "MRI"},
        "labels": {"background": 0, "blob": 1},
        "numTraining": 5,
        "file_ending": ".nii.gz",
    }
    (folder / "dataset.json").write_text(json.dumps({**text, **said}), encoding="utf-8")


def swap(folder, one, other, which="masks"):
    a, b = (folder / which / f"{name}.png" for name in (one, other))
    first, second = load(a), load(b)
    save(a, second)
    save(b, first)


def speck(labels, value, side=2):
    labels = labels.copy()
    labels[4 : 4 + side, 4 : 4 + side] = value
    return labels


def rgba(labels, alpha):
    return np.dstack([labels, labels, labels, alpha]).astype(np.uint8)


def noisy(array, seed=0):
    return (array + np.random.default_rng(seed).normal(0, 2, array.shape)).clip(0, 255).astype(np.uint8)


def copy_image(folder, one, other, change=lambda array: array, home="images"):
    save(folder / home / f"{other}.png", change(load(folder / home / f"{one}.png")))


# What is done to a clean folder of six pictures -> the fault, its level, and words of its sentence.
SPOILT = {
    # names and pairs
    "a mask is gone": (lambda f: remove(f, "masks/cell_03.png"), "mask missing", "cell_03.png"),
    "an image is gone": (lambda f: remove(f, "images/cell_03.png"), "image missing", "cell_03.png"),
    "three masks are gone": (lambda f: remove(f, *(f"masks/cell_0{n}.png" for n in (1, 2, 3))), "mask missing", "3 of"),
    "a zero less": (lambda f: (f / "masks/cell_03.png").rename(f / "masks/cell_3.png"), "names differ", "cell_3.png"),
    "an image twice": (lambda f: save(f / "images/cell_02.tif", picture(1)[0]), "twice", "cell_02"),
    "a mask twice": (lambda f: save(f / "masks/cell_02.tif", picture(1)[1]), "twice", "cell_02"),
    "no masks": (lambda f: remove(f, "masks"), "no masks", "and no mask"),
    "no images": (lambda f: remove(f, "images"), "no images", "no image"),
    "nothing": (lambda f: remove(f, "images", "masks"), "empty folder", "no image"),
    "outlines only": (
        lambda f: (remove(f, "masks"), (f / "cell_01.json").write_text("{}", encoding="utf-8")),
        "outlines",
        "outlines",
    ),
    "a microscope's format": (
        lambda f: (remove(f, "images", "masks"), (f / "scan.czi").write_bytes(b"ZISRAWFILE")),
        "format",
        "Fiji",
    ),
    "an object a file": (
        lambda f: (
            [
                save(f / n / which, picture(k)[which != f"images/{n}.png"])
                for k, n in enumerate(made.names())
                for which in (f"images/{n}.png", "masks/a.png", "masks/b.png")
            ],
            remove(f, "images", "masks"),
        ),
        "object by object",
        "one object a file",
    ),
    # files
    "an empty file": (lambda f: (f / "images/cell_02.png").write_bytes(b""), "unreadable", "0 bytes"),
    "a torn image": (lambda f: truncate(f / "images/cell_02.png", 200), "unreadable", "damaged"),
    "a torn mask": (lambda f: truncate(f / "masks/cell_02.png"), "unreadable", "damaged"),
    "text called PNG": (
        lambda f: (f / "images/cell_02.png").write_text("hello", encoding="utf-8"),
        "unreadable",
        "damaged",
    ),
    "a film of a mask": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            Image.new("L", (112, 96)).save(
                f / "masks/cell_02.gif", save_all=True, append_images=[Image.new("L", (112, 96), n) for n in (1, 2)]
            ),
        ),
        "unreadable",
        "3 pictures",
    ),
    "a film": (
        lambda f: (
            remove(f, "images/cell_02.png"),
            tifffile.imwrite(
                f / "images/cell_02.tif", np.zeros((5, 96, 112), np.uint8), imagej=True, metadata={"axes": "TYX"}
            ),
        ),
        "unreadable",
        "film of 5 frames",
    ),
    "objects of Python": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            np.save(f / "masks/cell_02.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True),
        ),
        "unreadable",
        "Python objects",
    ),
    # images
    "another size": (lambda f: change(f, "cell_02", lambda a: a[:80]), "sizes differ", "80 x 112"),
    "half the size": (lambda f: change(f, "cell_02", lambda a: a[::2, ::2]), "sizes differ", "made smaller"),
    "turned by 90 degrees": (lambda f: change(f, "cell_02", lambda a: a.T.copy()), "sizes differ", "turned by 90"),
    "a tiny image": (
        lambda f: [change(f, "cell_02", lambda a: a[:10, :10], w) for w in ("images", "masks")],
        "too small",
        "16 pixels",
    ),
    "a note turns an image": (lambda f: turn_by_note(f, "cell_02", 6), "turned by a note", "EXIF"),
    "a note mirrors an image": (lambda f: turn_by_note(f, "cell_02", 2), "turned by a note", "EXIF"),
    "a note turns a mask": (lambda f: turn_by_note(f, "cell_04", 3, "masks"), "turned by a note", "mask file"),
    "one in colour": (
        lambda f: change(f, "cell_02", lambda a: np.dstack([a, a // 2, 255 - a]), "images"),
        "channels differ",
        "cell_02",
    ),
    "one image black": (lambda f: change(f, "cell_02", lambda a: a * 0, "images"), "one grey value", "cell_02"),
    "a hole of NaN": (
        lambda f: (
            remove(f, "images/cell_02.png"),
            tifffile.imwrite(
                f / "images/cell_02.tif", np.where(picture(1)[1], np.nan, picture(1)[0]).astype(np.float32)
            ),
        ),
        "not numbers",
        "NaN",
    ),
    "one from 0 to 1": (
        lambda f: (
            remove(f, "images/cell_02.png"),
            tifffile.imwrite(f / "images/cell_02.tif", (picture(1)[0] / 255).astype(np.float32)),
        ),
        "ranges differ",
        "cell_02",
    ),
    "one of 16 bits": (
        lambda f: (
            remove(f, "images/cell_02.png"),
            save(f / "images/cell_02.png", picture(1)[0].astype(np.uint16) * 200),
        ),
        "ranges differ",
        "cell_02",
    ),
    "a see-through image": (
        lambda f: change(f, "cell_02", lambda a: rgba(a, np.where(np.arange(112) > 50, 255, 0) + 0 * a), "images"),
        "see-through image",
        "transparent",
    ),
    "a stack among pictures": (
        lambda f: (
            remove(f, "images/cell_02.png", "masks/cell_02.png"),
            tifffile.imwrite(f / "images/cell_02.tif", made.stack(1)[0]),
            tifffile.imwrite(f / "masks/cell_02.tif", made.stack(1)[1]),
        ),
        "flat and deep",
        "cell_02",
    ),
    "a flat mask for a stack": (
        lambda f: (remove(f, "images/cell_02.png"), tifffile.imwrite(f / "images/cell_02.tif", made.stack(1)[0])),
        {"sizes differ", "flat and deep"},
        "a stack",
    ),
    # numbers in masks
    "masks in colours": (lambda f: change_all(f, made.as_colour), "mask in colours", "#ff0000"),
    "one mask in colours": (lambda f: change(f, "cell_02", made.as_colour), "mask in colours", "cell_02"),
    "layers": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            tifffile.imwrite(
                f / "masks/cell_02.tif", np.stack([picture(1)[1]] * 2), imagej=True, metadata={"axes": "CYX"}
            ),
        ),
        "mask in layers",
        "2 layers",
    ),
    "drawn in the transparency": (
        lambda f: change(f, "cell_02", lambda a: np.dstack([a * 0 + 255] * 3 + [a * 255]).astype(np.uint8)),
        "mask in transparency",
        "alpha",
    ),
    "a half see-through mask": (
        lambda f: change(f, "cell_02", lambda a: rgba(a, 255 - 100 * a)),
        "mask in transparency",
        "alpha",
    ),
    "a JPEG mask": (
        lambda f: resaved(f, "cell_02", ".jpg", array=load(f / "masks/cell_02.png") * 255, quality=70),
        "lossy mask",
        "JPEG",
    ),
    "JPEG masks": (
        lambda f: [resaved(f, n, ".jpg", array=load(f / f"masks/{n}.png") * 255) for n in made.names()],
        "lossy mask",
        "Changing the ending does not help",
    ),
    "a JPEG called PNG": (
        lambda f: Image.fromarray(load(f / "masks/cell_02.png") * 255).save(f / "masks/cell_02.png", format="JPEG"),
        "lossy mask",
        "JPEG",
    ),
    "once a JPEG": (
        lambda f: (
            save(
                f / "masks/cell_02.png",
                load(resaved(f, "cell_02", ".jpg", array=load(f / "masks/cell_02.png") * 255, quality=60)),
            )
            and remove(f, "masks/cell_02.jpg")
        ),
        "smeared mask",
        "smeared",
    ),
    "a soft brush": (lambda f: change(f, "cell_02", made.soft), "smeared mask", "anti-aliasing"),
    "soft brushes": (lambda f: change_all(f, made.soft), "smeared mask", "anti-aliasing"),
    "made smaller smoothly": (
        lambda f: change(f, "cell_02", lambda a: np.array(Image.fromarray(a * 255).resize((60, 50)).resize((112, 96)))),
        "smeared mask",
        "nearest",
    ),
    "the image as its mask": (
        lambda f: save(f / "masks/cell_02.png", load(f / "images/cell_02.png")),
        "mask is image",
        "itself",
    ),
    "a picture as a mask": (lambda f: save(f / "masks/cell_02.png", picture(77)[0]), "mask is picture", "not masks"),
    "probabilities": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            tifffile.imwrite(f / "masks/cell_02.tif", (made.soft(picture(1)[1]) / 255).astype(np.float32)),
        ),
        "mask fractions",
        "0.5",
    ),
    "a mask with NaN": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            tifffile.imwrite(f / "masks/cell_02.tif", np.where(picture(1)[1], np.nan, 0).astype(np.float32)),
        ),
        "mask not numbers",
        "NaN",
    ),
    "below 0": (
        lambda f: (
            remove(f, "masks/cell_02.png"),
            np.save(f / "masks/cell_02.npy", picture(1)[1].astype(np.int16) - 1),
        ),
        "mask negative",
        "below 0",
    ),
    "255 in one mask": (lambda f: change(f, "cell_02", lambda a: a * 255), "two scales", "cell_02"),
    "1 in one mask of 255": (
        lambda f: [change(f, n, lambda a: a * 255) for n in made.names()[1:]],
        "two scales",
        "cell_01",
    ),
    "255 beside 1": (lambda f: change(f, "cell_02", lambda a: speck(a, 255, 9)), "255 among classes", "not drawn"),
    "nothing drawn in one": (lambda f: change(f, "cell_02", lambda a: a * 0), "empty mask", "cell_02"),
    "nothing drawn": (lambda f: change_all(f, lambda a: a * 0), "nothing drawn", "empty"),
    "everything drawn": (lambda f: change(f, "cell_02", lambda a: a * 0 + 1), "full mask", "no background"),
    "inside out": (lambda f: change(f, "cell_02", lambda a: 1 - a), "inverted mask", "exchanged"),
    "a slip of 3": (
        lambda f: change_all(f, lambda a: np.where(a & (np.arange(112) > 56), 3, a).astype(np.uint8)),
        "gap in labels",
        "no mask holds 2",
    ),
    "a class in one image": (
        lambda f: change(f, "cell_02", lambda a: np.where(a & (np.arange(112) > 56), 2, a).astype(np.uint8)),
        "rare class",
        "one image only",
    ),
    "a class of a few pixels": (
        lambda f: [change(f, n, lambda a: speck(a, 2, 1)) for n in made.names()[:4]],
        "rare class",
        "hardly anything",
    ),
    "numbered objects": (
        lambda f: [save(f / f"masks/{n}.png", made.objects(k)[1]) for k, n in enumerate(made.names())],
        "instance numbers",
        "--instances",
    ),
    "palettes that differ": (
        lambda f: [palette(f, n, [(0, 0, 0), (255, 0, 0) if n != "cell_02" else (0, 255, 0)]) for n in made.names()],
        "palettes differ",
        "table of colours",
    ),
    # where masks lie
    "mirrored": (lambda f: change(f, "cell_02", lambda a: a[:, ::-1].copy()), "mask turned", "left to right"),
    "upside down": (lambda f: change(f, "cell_05", lambda a: a[::-1].copy()), "mask turned", "top to bottom"),
    "by 180 degrees": (lambda f: change(f, "cell_02", lambda a: a[::-1, ::-1].copy()), "mask turned", "180"),
    "all mirrored": (lambda f: change_all(f, lambda a: a[:, ::-1].copy()), "mask turned", "cell_06"),
    "two exchanged": (lambda f: swap(f, "cell_02", "cell_05"), "mask of another image", "cell_05"),
    "one mask twice": (
        lambda f: save(f / "masks/cell_02.png", load(f / "masks/cell_05.png")),
        {"same mask", "mask of another image"},
        "same mask",
    ),
    # the set
    "one image": (
        lambda f: [remove(f, f"{w}/{n}.png") for n in made.names()[1:] for w in ("images", "masks")],
        "too few",
        "1 image",
    ),
    "three images": (
        lambda f: [remove(f, f"{w}/{n}.png") for n in made.names()[3:] for w in ("images", "masks")],
        "too few",
        "only 3",
    ),
    "one patient": (
        lambda f: rename_all(f, lambda n: f"patient01_slice{n}"),
        "one group",
        "patient_01",
    ),
    "the same image twice": (
        lambda f: [
            copy_image(f, "cell_02", "cell_05", noisy if h == "images" else np.copy, h) for h in ("images", "masks")
        ],
        "same image",
        "cell_02 and cell_05",
    ),
    "the same on both sides": (
        lambda f: (
            [copy_image(f, "cell_02", "cell_05", noisy if h == "images" else np.copy, h) for h in ("images", "masks")],
            in_parts(f),
        ),
        "alike on both sides",
        "memory",
    ),
    "neighbours on both sides": (
        lambda f: (
            copy_image(f, "cell_02", "cell_05", lambda a: noisy(np.roll(a, 1, 1) // 2 + 40)),
            copy_image(f, "cell_02", "cell_05", lambda a: np.roll(a, 1, 1), "masks"),
            in_parts(f),
        ),
        "alike on both sides",
        "memory",
    ),
    "one patient on both sides": (
        lambda f: (
            in_parts(f),
            [
                (f / part / which / f"cell_0{n}.png").rename(f / part / which / f"patient0{p}_{n}.png")
                for n, part, p in (
                    (1, "train", 1),
                    (2, "train", 1),
                    (3, "train", 2),
                    (4, "train", 2),
                    (5, "val", 2),
                    (6, "val", 3),
                )
                for which in ("images", "masks")
            ],
        ),
        "group on both sides",
        "patient_02",
    ),
    "two scales of pixels": (lambda f: as_tiffs(f, lambda n: 2.0 if n == 1 else 5.0), "scales differ", "cell_02"),
    "one without a scale": (lambda f: as_tiffs(f, lambda n: None if n == 1 else 5.0), "scale missing", "cell_02"),
}


def names_of(expected):
    return expected if isinstance(expected, set) else {expected}


@pytest.mark.parametrize("case", SPOILT, ids=str)
def test_what_is_wrong_is_said_and_nothing_else(case, tmp_path):
    spoil, expected, words = SPOILT[case]
    spoil(made.clean(tmp_path / "mine"))
    found = check_folder(tmp_path / "mine")
    said = [fault for fault in found.faults if fault.level != "note"]
    assert {fault.name for fault in said} == names_of(expected), str(found)
    assert words in str(found)
    assert all(fault.what.endswith((".", "!", "?")) and fault.todo.endswith(".") for fault in said), str(found)
    assert not re.search(r"Traceback|Error\b|ndarray|None\b", str(found))


VOLUMES = {
    "a scan without mask": (lambda f: remove(f, "labelsTr/scan_2.nii.gz"), "mask missing", "scan_2"),
    "a mask shifted by its header": (lambda f: made.volume_pair(f, "scan_2", 1, shift=7.0), "mask elsewhere", "scan_2"),
    "voxels of another size in a mask": (
        lambda f: made.volume_pair(f, "scan_2", 1, mask_spacing=(2.0, 2.0, 2.0)),
        "mask elsewhere",
        "grid",
    ),
    "spacings that differ": (
        lambda f: made.volume_pair(f, "scan_2", 1, spacing=(1.0, 1.0, 6.0)),
        "scales differ",
        "scan_2",
    ),
    "a label without a name": (
        lambda f: describe(f, labels={"background": 0, "one": 2}),
        "dataset.json",
        "does not name",
    ),
    "more cases than there are": (lambda f: describe(f, numTraining=9), "dataset.json", "counts 9"),
    "a description that is torn": (
        lambda f: (f / "dataset.json").write_text("{", encoding="utf-8"),
        "dataset.json",
        "no JSON",
    ),
    "a torn volume": (lambda f: truncate(f / "imagesTr/scan_2_0000.nii.gz", 500), "unreadable", "damaged"),
}


@pytest.mark.parametrize("case", VOLUMES, ids=str)
def test_what_is_wrong_with_volumes_is_said(case, tmp_path):
    spoil, expected, words = VOLUMES[case]
    spoil(made.volumes(tmp_path / "Dataset001_Mine"))
    found = check_folder(tmp_path / "Dataset001_Mine")
    said = [fault for fault in found.faults if fault.level != "note"]
    assert {fault.name for fault in said} == names_of(expected), str(found)
    assert words in str(found)


def test_scans_of_which_one_is_not_in_hounsfield_units(tmp_path):
    folder = made.volumes(tmp_path / "ct", count=5, kind=np.int16, offset=-1000)
    made.volume_pair(folder, "scan_2", 1, kind=np.int16, offset=24)
    found = check_folder(folder)
    assert [fault.name for fault in found.faults if fault.level != "note"] == ["ranges differ"]
    assert "Hounsfield" in str(found)
    assert "scan_2" in str(found)


def test_there_are_at_least_sixty_ways():
    assert len(SPOILT) + len(VOLUMES) >= 60
