"""The checker does not cry wolf: clean folders, in all formats and layouts, pass without a warning."""

import shutil

import folders_to_check as made
import nibabel
import numpy as np
import pytest
import tifffile
from folders_to_check import change_all, load, picture, resaved, save, stack
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from unet_teach.data.dicom import write_dicom
from unet_teach.recipes.folder import check_folder
from unet_teach.recipes.folder.pairing import find_pairs

NAMES = made.names()


def in_one_folder(folder, mask="_mask", ending=".png"):
    for name in NAMES:
        shutil.move(folder / f"images/{name}.png", folder / f"{name}{ending}")
        shutil.move(folder / f"masks/{name}.png", folder / f"{name}{mask}{ending}")
    made.remove(folder, "images", "masks")


def called(folder, images, masks):
    for old, new in (("images", images), ("masks", masks)):
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(folder / new)


def a_folder_each(folder):
    for number, name in enumerate(NAMES):
        home = folder / f"set{number:02}"
        home.mkdir()
        shutil.move(folder / f"images/{name}.png", home / "raw.png")
        shutil.move(folder / f"masks/{name}.png", home / "cell_mask.png")
    made.remove(folder, "images", "masks")


def with_litter(folder):
    for name in (
        ".DS_Store",
        "images/Thumbs.db",
        "images/._cell_01.png",
        "desktop.ini",
        "readme.md",
        "masks/.hidden.png",
    ):
        (folder / name).write_bytes(b"\x00\x01")


def with_names(folder, new):
    for number, name in enumerate(NAMES):
        for which in ("images", "masks"):
            (folder / which / f"{name}.png").rename(folder / which / new(number))


def channels_by_name(folder):
    for name in NAMES:
        grey = load(folder / f"images/{name}.png")
        for channel, array in (("DAPI", grey), ("GFP", 255 - grey)):
            save(folder / name / f"{name}_{channel}.png", array)
        shutil.move(folder / f"masks/{name}.png", folder / name / f"{name}_seg.png")
    made.remove(folder, "images", "masks")


def organs(folder):
    """Ten classes, each in one piece and at its place, of which some pictures show only some."""
    y, x = np.mgrid[:96, :112]
    for seed, name in enumerate(NAMES):
        chance = np.random.default_rng(seed)
        labels = np.zeros((96, 112), np.uint8)
        for number in range(10):
            if seed % 3 and number in ((0, 1, 2) if seed % 3 == 1 else (7, 8, 9)):
                continue
            row, column = 14 + 34 * (number // 4) + chance.integers(-2, 3), 14 + 27 * (number % 4)
            labels[(y - row) ** 2 + (x - column) ** 2 < (2 + number) ** 2] = number + 1
        save(folder / f"masks/{name}.png", labels)
        save(folder / f"images/{name}.png", (60 + 12 * labels + chance.normal(0, 4, labels.shape)).astype(np.uint8))


def in_colour(folder):
    change_all(folder, lambda a: np.dstack([a, 255 - a, a // 2 + 20]), "images")


def indexed(folder):
    for name in NAMES:
        path = folder / f"masks/{name}.png"
        one = Image.new("P", (112, 96))
        one.putdata(load(path).ravel().tolist())
        one.putpalette([0, 0, 0, 200, 30, 30])
        one.save(path)


def hyperstacks(folder):
    for seed, name in enumerate(NAMES):
        grey, labels = stack(seed)
        both = np.stack([grey, 200 - grey], axis=1)  # (Z, C, Y, X)
        scale = {"resolution": (2.0, 2.0), "imagej": True}
        tifffile.imwrite(
            folder / f"images/{name}.tif", both, metadata={"axes": "ZCYX", "spacing": 1.5, "unit": "um"}, **scale
        )
        tifffile.imwrite(
            folder / f"masks/{name}.tif", labels, metadata={"axes": "ZYX", "spacing": 1.5, "unit": "um"}, **scale
        )
        (folder / f"images/{name}.png").unlink()
        (folder / f"masks/{name}.png").unlink()


def ome(folder):
    for name in NAMES:
        for which in ("images", "masks"):
            said = {
                "axes": "YX",
                "PhysicalSizeX": 0.3,
                "PhysicalSizeXUnit": "µm",
                "PhysicalSizeY": 0.3,
                "PhysicalSizeYUnit": "µm",
            }
            tifffile.imwrite(folder / which / f"{name}.ome.tif", load(folder / which / f"{name}.png"), metadata=said)
            (folder / which / f"{name}.png").unlink()


def dicom(folder):
    made.remove(folder, "images", "masks")
    (folder / "masks").mkdir()
    for seed in range(5):
        grey, labels = stack(seed)
        home = folder / "images" / f"scan{seed}"
        affine = np.diag([0.8, 0.8, 3.0, 1.0])
        write_dicom(home, grey.transpose(2, 1, 0).astype(np.int16) - 1000, affine)
        nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), affine), folder / "masks" / f"scan{seed}.nii.gz")


def arrays(folder):
    for name in NAMES:
        np.save(folder / f"images/{name}.npy", load(folder / f"images/{name}.png").astype(np.float32) / 255)
        np.save(folder / f"masks/{name}.npy", load(folder / f"masks/{name}.png") > 0)
        (folder / f"images/{name}.png").unlink()
        (folder / f"masks/{name}.png").unlink()


def both_in_one(folder):
    for name in NAMES:
        np.savez(
            folder / f"{name}.npz", image=load(folder / f"images/{name}.png"), mask=load(folder / f"masks/{name}.png")
        )
    made.remove(folder, "images", "masks")


def drawn(folder):
    made.remove(folder, "masks")
    for seed, name in enumerate(NAMES):
        grey = np.random.default_rng(seed).normal(100, 6, (96, 112))
        x, y = 10 + 11 * seed, 20 + 7 * seed
        grey[y : y + 30, x : x + 8] += 60
        save(folder / f"images/{name}.png", grey.astype(np.uint8))
        text = f"# the course's canvas\nline 8: {x + 4},{y} {x + 4},{y + 30}\n"
        (folder / f"images/{name}.txt").write_text(text, encoding="utf-8")


def in_parts(folder):
    for name, part in zip(NAMES, ["train"] * 4 + ["val"] * 2, strict=True):
        for which in ("images", "masks"):
            (folder / part / which).mkdir(parents=True, exist_ok=True)
            shutil.move(folder / which / f"{name}.png", folder / part / which / f"{name}.png")
    made.remove(folder, "images", "masks")


def flat_dicom(folder):
    import pydicom

    for seed, name in enumerate(NAMES):
        home = folder / "scratch"
        grey = np.stack([picture(seed)[0]] * 2)
        write_dicom(home, grey.transpose(2, 1, 0).astype(np.int16), np.eye(4))
        one = pydicom.dcmread(sorted(home.iterdir())[0])
        one.SeriesInstanceUID = f"1.2.3.{seed}"
        one.save_as(folder / f"images/{name}.dcm")
        made.remove(folder, "scratch")
        (folder / f"images/{name}.png").unlink()


CLEAN = {
    "images and masks": lambda f: None,
    "0 and 255": lambda f: change_all(f, lambda a: a * 255),
    "0 and 127": lambda f: change_all(f, lambda a: a * 127),
    "two classes": lambda f: made.clean(f, classes=2),
    "three classes of shades": lambda f: change_all(made.clean(f, classes=3), lambda a: a * 85),
    "labels": lambda f: called(f, "images", "labels"),
    "annotations": lambda f: called(f, "Images", "Annotations"),
    "ground truth": lambda f: called(f, "raw data", "ground truth"),
    "other languages": lambda f: called(f, "Bilder", "Masken"),
    "names that say nothing": lambda f: called(f, "A", "B"),
    "another name": lambda f: called(f, "cells", "cells drawn by Ada/masks"),
    "below a folder": lambda f: called(f, "project/2024/images", "project/2024/masks"),
    "_mask": in_one_folder,
    "_seg": lambda f: in_one_folder(f, "_seg"),
    "_label": lambda f: in_one_folder(f, "_label"),
    "-mask": lambda f: in_one_folder(f, "-mask"),
    ".mask": lambda f: in_one_folder(f, ".mask"),
    " Mask": lambda f: in_one_folder(f, " Mask", ".PNG"),
    "_gt in the masks' folder": lambda f: [(f / f"masks/{n}.png").rename(f / f"masks/{n}_gt.png") for n in NAMES],
    "mask_01 for img_01": lambda f: [
        (
            (f / f"images/{n}.png").rename(f / f"images/img_{n[-2:]}.png"),
            (f / f"masks/{n}.png").rename(f / f"masks/mask_{n[-2:]}.png"),
        )
        for n in NAMES
    ],
    "a folder each": a_folder_each,
    "train and val": in_parts,
    "litter": with_litter,
    "spaces and accents": lambda f: with_names(f, lambda n: f"Zelle {n} — Müller, été.png"),
    "capital endings": lambda f: with_names(f, lambda n: f"{n}.PNG"),
    "signs that differ": lambda f: (f / "masks/cell_03.png").rename(f / "masks/cell 03.png"),
    "as Cellpose names them": lambda f: (
        [(f / f"masks/{n}.png").rename(f / f"images/{n}_cp_masks.png") for n in NAMES],
        made.remove(f, "masks"),
    ),
    "organs": organs,
    "a file a channel": channels_by_name,
    "colour": in_colour,
    "grey as colour": lambda f: change_all(f, lambda a: np.dstack([a] * 3), "images"),
    "masks grey as colour": lambda f: change_all(f, lambda a: np.dstack([a * 255] * 3)),
    "opaque masks": lambda f: change_all(f, lambda a: np.dstack([a * 255] * 3 + [a * 0 + 255])),
    "palette": indexed,
    "one bit": lambda f: [save(f / f"masks/{n}.png", load(f / f"masks/{n}.png") > 0) for n in NAMES],
    "16 bits": lambda f: change_all(f, lambda a: a.astype(np.uint16) * 150, "images"),
    "JPEG images": lambda f: [resaved(f, n, ".JPG", "images", quality=90) for n in NAMES],
    "TIFF": lambda f: [resaved(f, n, ".tif", w) for n in NAMES for w in ("images", "masks")],
    "LZW": lambda f: [resaved(f, n, ".tiff", w, compression="tiff_lzw") for n in NAMES for w in ("images", "masks")],
    "BMP": lambda f: [resaved(f, n, ".bmp", w) for n in NAMES for w in ("images", "masks")],
    "NumPy": arrays,
    "both in one .npz": both_in_one,
    "hyperstacks": hyperstacks,
    "OME": ome,
    "drawn on the course's canvas": drawn,
    "DICOM series": dicom,
    "flat DICOM": flat_dicom,
    "NIfTI": lambda f: (made.remove(f, "images", "masks"), made.volumes(f)),
    "other sizes": lambda f: [
        save(f / f"{w}/cell_02.png", load(f / f"{w}/cell_02.png")[:70, :90]) for w in ("images", "masks")
    ],
    "several of a patient": lambda f: with_names(f, lambda n: f"patient{n // 2}_slice{n}.png"),
}


@pytest.mark.parametrize("case", CLEAN, ids=str)
def test_a_clean_folder_passes_without_a_word_of_warning(case, tmp_path):
    folder = made.clean(tmp_path / "mine")
    CLEAN[case](folder)
    found = check_folder(folder)
    assert [fault for fault in found.faults if fault.level != "note"] == [], str(found)
    assert len(found.contents.looks) >= 5
    assert "Ready to train" in str(found)


@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(5, 8))
@settings(max_examples=5, deadline=None)
def test_no_clean_folder_is_accused(tmp_path_factory, seed, classes, count):
    folder = tmp_path_factory.mktemp("clean")
    for number in range(count):
        grey, labels = picture(seed + number, classes=classes)
        save(folder / "images" / f"{number}.png", grey)
        save(folder / "masks" / f"{number}.png", labels)
    assert check_folder(folder).of("error") == []


def test_numbered_objects_are_clean_once_it_is_said_what_they_are(tmp_path):
    folder = made.clean(tmp_path)
    for seed, name in enumerate(NAMES):
        save(folder / f"masks/{name}.png", made.objects(seed)[1])
    assert [f.name for f in check_folder(folder).of("error")] == ["instance numbers"]
    found = check_folder(folder, instances=True)
    assert found.may_train
    assert found.of("warning") == []


def test_cuttings_of_numbered_objects_are_seen_as_such(tmp_path):
    made.clean(tmp_path)
    for seed, name in enumerate(NAMES):
        grey, labels = made.objects(seed)
        numbers = np.random.default_rng(seed).choice(np.arange(1, 40), 20, replace=False)  # what is left of more cells
        save(tmp_path / f"masks/{name}.png", np.append(0, numbers)[labels].astype(np.uint8))
    assert "instance numbers" in {fault.name for fault in check_folder(tmp_path).faults}


def test_where_names_say_nothing_one_may_say_which_are_masks(tmp_path):
    made.clean(tmp_path, images="raw", masks="membranes")
    for name in NAMES:
        save(tmp_path / "mitochondria" / f"{name}.png", picture(9)[1])
    assert "--masks membranes" in str(check_folder(tmp_path))
    found = check_folder(tmp_path, masks="membranes", images="raw")
    assert found.faults
    assert found.may_train
    assert {look.pair.mask.parent.name for look in found.contents.looks} == {"membranes"}


def test_nnunets_raw_folder_pairs_channels_and_leaves_the_test_images(tmp_path):
    made.volumes(tmp_path / "Dataset007_Mine")
    for path in sorted((tmp_path / "Dataset007_Mine/imagesTr").iterdir()):
        shutil.copy(path, path.with_name(path.name.replace("_0000", "_0001")))
    (tmp_path / "Dataset007_Mine/imagesTs").mkdir()
    shutil.copy(path, tmp_path / "Dataset007_Mine/imagesTs/scan_9_0000.nii.gz")
    layout = find_pairs(tmp_path)
    assert [len(pair.images) for pair in layout.pairs] == [2] * 5
    assert [pair.name for pair in layout.pairs] == [f"scan_{n}" for n in range(1, 6)]
    assert len(layout.aside) == 1
    assert [pair.part for pair in layout.pairs] == [""] * 5


@pytest.mark.parametrize(("path", "words"), [("nowhere", "no folder"), ("file.png", "is a file")])
def test_a_folder_that_is_none_is_refused_in_words(tmp_path, path, words):
    save(tmp_path / "file.png", picture(1)[0])
    with pytest.raises(OSError, match=words):
        check_folder(tmp_path / path)


def test_there_are_at_least_twelve_clean_ones():
    assert len(CLEAN) >= 12
