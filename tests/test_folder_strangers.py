"""Folders as other laboratories leave them: what is wrong is named, what is right passes."""

import hashlib

import folders_to_check as made
import numpy as np
import pytest
import tifffile
from folders_to_check import change, change_all, load, picture, remove, save

from unet_teach.recipes.folder import check_folder
from unet_teach.recipes.folder.cores import cores_of
from unet_teach.recipes.folder.faults.several import sets_of_masks


def renamed(folder, image, mask, images=".", masks="."):
    """The six pairs under other names; {} stands for the number."""
    for number, name in enumerate(made.names(), start=1):
        for which, home, new in (("images", images, image), ("masks", masks, mask)):
            (folder / home).mkdir(parents=True, exist_ok=True)
            (folder / which / f"{name}.png").rename(folder / home / new.format(number))
    remove(folder, *({"images", "masks"} - {images.split("/")[0], masks.split("/")[0]}))


def object_by_object(folder, word="{}"):
    for seed in range(6):
        labels, home = made.objects(seed)[1], folder / hashlib.sha256(bytes([seed])).hexdigest()[:9]
        save(home / "images" / f"{home.name}.png", picture(seed)[0])
        for one in range(1, labels.max() + 1):
            save(home / "masks" / (word.format(hashlib.sha256(bytes([seed, one])).hexdigest()) + ".png"), labels == one)
    remove(folder, "images", "masks")


def two_sets(folder, one, other):
    for number, name in enumerate(made.names(), start=1):
        labels = load(folder / f"masks/{name}.png")
        for new in (one, other):
            save(folder / new.format(number), labels if new == one else np.roll(labels, 1, 0))
    remove(folder, "masks")


def text_instead(folder, start, which="images"):
    for path in (folder / which).iterdir():
        path.write_bytes(start)


def tiffs(folder, how, which="masks"):
    for path in sorted((folder / which).iterdir()):
        tifffile.imwrite(path.with_suffix(".tif"), how(load(path)))
        path.unlink()


# What is done to six clean pairs -> the fault, and words of its sentence.
WRONG = {
    "photographs without a mask": (
        lambda f: (remove(f, "masks"), [(f / f"images/{n}.png").rename(f / f"{n}.png") for n in made.names()]),
        "no masks",
        "6 images",
    ),
    "a web page": (lambda f: text_instead(f, b"<!DOCTYPE html><html>"), "unreadable", "download failed"),
    "pointers": (
        lambda f: text_instead(f, b"version https://git-lfs.github.com/spec/v1\n"),
        "unreadable",
        "git lfs pull",
    ),
    "a link to nothing": (
        lambda f: (remove(f, "images/cell_02.png"), (f / "images/cell_02.png").symlink_to(f / "no")),
        "unreadable",
        "link",
    ),
    "complex numbers": (lambda f: tiffs(f, lambda a: a.astype(np.complex64), "images"), "unreadable", "complex64"),
    "folders of Zarr": (
        lambda f: (remove(f, "images", "masks"), (f / "a.zarr/0").mkdir(parents=True)),
        "format",
        "a.zarr",
    ),
    "two observers": (
        lambda f: two_sets(f, "images/cell_0{}_1stHO.png", "images/cell_0{}_2ndHO.png"),
        "several sets of masks",
        "--masks 1stHO",
    ),
    "two folders of masks": (
        lambda f: two_sets(f, "SegmentationClass/cell_0{}.png", "SegmentationObject/cell_0{}.png"),
        "several sets of masks",
        "SegmentationObject",
    ),
    "three ends of names": (
        lambda f: [
            two_sets(made.clean(f), "labels/cell_0{}_gt_color.png", "labels/cell_0{}_gt_" + end + ".png")
            for end in ("labelIds", "instanceIds")
        ],
        "several sets of masks",
        "3 sets",
    ),
    "an object a file": (object_by_object, "object by object", "one object a file"),
    "layers that nobody calls so": (
        lambda f: tiffs(f, lambda a: np.eye(5, dtype=np.uint8)[a]),
        "mask in layers",
        "5 layers",
    ),
    "pictures with outlines as masks": (
        lambda f: change_all(f, lambda a: np.random.default_rng(0).integers(0, 255, (*a.shape, 3)).astype(np.uint8)),
        "mask is picture",
        "many grey values",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(case, tmp_path):
    spoil, name, words = WRONG[case]
    spoil(made.clean(tmp_path / "mine"))
    found = check_folder(tmp_path / "mine")
    assert {fault.name for fault in found.of("error")} == {name}, str(found)
    assert words in str(found)


RIGHT = {
    "101_sat and 101_mask": lambda f: renamed(f, "10{}_sat.png", "10{}_mask.png"),
    "21_training and 21_manual1": lambda f: renamed(f, "2{}_training.png", "2{}_manual1.png", "images", "1st_manual"),
    "t001 and man_seg001": lambda f: renamed(f, "t00{}.png", "man_seg00{}.png", "01", "01_GT/SEG"),
    "x.png and x_anno.png": lambda f: renamed(f, "train_{}.png", "train_{}_anno.png"),
    "x.png and x_1stHO.png": lambda f: renamed(f, "Image_0{}L.png", "Image_0{}L_1stHO.png"),
    "f00001 and f00001_L": lambda f: renamed(
        f, "0006_f0000{}.png", "0006_f0000{}_L.png", "StillsRaw", "LabeledApproved"
    ),
    "a link back up": lambda f: (f / "up").symlink_to(f),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_right_passes(case, tmp_path):
    RIGHT[case](made.clean(tmp_path / "mine"))
    found = check_folder(tmp_path / "mine")
    assert len(found.contents.looks) == 6, str(found)
    assert found.of("error") + found.of("warning") == [], str(found)


def test_a_number_in_three_parts_is_no_patient(tmp_path):
    for start, part in enumerate(("train", "val", "test")):
        for number in range(4):
            for which, array in zip(("images", "masks"), picture(10 * start + number), strict=True):
                save(tmp_path / part / which / f"{part}_{number:03}.png", array)
    assert check_folder(tmp_path).of("error") == []


def test_the_word_says_which_set_is_meant_and_the_others_are_left_alone(tmp_path):
    two_sets(made.clean(tmp_path), "images/cell_0{}_1stHO.png", "images/cell_0{}_2ndHO.png")
    assert sets_of_masks(check_folder(tmp_path).contents) == ["1stHO", "2ndHO"]
    found = check_folder(tmp_path, masks="1stHO")
    assert found.of("error") == []
    assert {look.pair.mask.name[-9:-4] for look in found.contents.looks} == {"1stHO"}
    assert len(found.contents.layout.aside) == 6


def test_files_of_one_name_in_each_folder_are_offered_with_what_looks_like_a_mask_first(tmp_path):
    for seed, name in enumerate(made.names()):
        for word, array in zip(("flair", "tumour"), picture(seed), strict=True):
            save(tmp_path / name / f"{word}.png", array)
    assert "--images flair --masks tumour" in str(check_folder(tmp_path))
    assert check_folder(tmp_path, images="flair", masks="tumour").of("error") == []


def test_pairs_that_were_guessed_are_noted(tmp_path):
    renamed(made.clean(tmp_path), "10{}_sat.png", "10{}_mask.png")
    assert "101_sat.png and 101_mask.png" in str(check_folder(tmp_path))
    assert cores_of(["21_training", "22_training"]) == ["21", "22"]
    assert cores_of(["t000", "t010"]) == ["0", "10"]
    assert cores_of(["alone"]) == [""]
    assert cores_of(["a_1", "a_1"]) == ["", ""]


def test_two_scans_of_one_build_are_no_copies_but_a_copy_is(tmp_path):
    """The outline of the body is the same in all; what is inside differs."""
    y, x = np.mgrid[:128, :128]
    body = ((y - 64) / 58) ** 2 + ((x - 64) / 50) ** 2 < 1
    for name in made.names():
        chance = np.random.default_rng(int(name[-2:]))
        cy, cx = chance.integers(40, 90, 2)
        inside = (y - cy) ** 2 + (x - cx) ** 2 < 144
        grey = np.where(body, 120.0, 0) + 25 * inside + chance.normal(6, 2, body.shape)
        save(tmp_path / f"images/{name}.png", grey.clip(0, 255).astype(np.uint8))
        save(tmp_path / f"masks/{name}.png", (inside & body).astype(np.uint8))
    assert check_folder(tmp_path).of("warning") == []
    save(tmp_path / "images/cell_01.png", (load(tmp_path / "images/cell_02.png") * 0.9).astype(np.uint8))
    save(tmp_path / "masks/cell_01.png", load(tmp_path / "masks/cell_02.png"))
    assert [fault.name for fault in check_folder(tmp_path).of("warning")] == ["same image"]


def test_what_many_share_is_said_once(tmp_path):
    change_all(made.clean(tmp_path), lambda a: a[:80])
    found = check_folder(tmp_path)
    assert [fault.name for fault in found.of("error")] == ["sizes differ"]
    assert found.of("error")[0].where == tuple(made.names())
    assert "The same holds for cell_02, cell_03" in str(found)
    change(tmp_path, "cell_01", lambda a: np.zeros((50, 60), np.uint8))
    assert "cell_01 is 96 x 112, its mask 50 x 60." in str(check_folder(tmp_path))
