"""Masks in colours, in layers or one file an object become masks with one number a pixel, in a new folder."""

import json

import folders_to_check as made
import nibabel
import numpy as np
import pytest
import tifffile
from folders_to_check import change, change_all, load, picture, remove, save

from unet_teach.__main__ import main
from unet_teach.recipes.folder import check_folder
from unet_teach.recipes.folder.converting import convert_folder

COLOURS = np.array([(64, 128, 64), (255, 0, 0), (0, 0, 0), (0, 255, 0)], np.uint8)


def convert(folder, out):
    done = convert_folder(check_folder(folder).contents, out)
    assert check_folder(out, instances=not done.names).of("error") == []
    return done


def described(folder):
    return json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["labels"]


def test_colours_become_numbers_black_first_and_the_others_by_how_often_they_are(tmp_path):
    made.clean(tmp_path / "mine", classes=2)
    change_all(tmp_path / "mine", lambda labels: COLOURS[np.where(labels, labels, 2)])  # 0 black, 1 red, 2 black
    for name in made.names():
        labels = picture(int(name[-2:]) - 1, classes=2)[1]
        labels[:3] = 3
        save(tmp_path / "mine/masks" / f"{name}.png", COLOURS[np.array([2, 1, 0, 3])[labels]])
    assert convert(tmp_path / "mine", tmp_path / "new").masks == 6
    numbers = described(tmp_path / "new")
    assert numbers["#000000"] == 0
    assert sorted(numbers.values()) == [0, 1, 2, 3]
    all_pixels = np.concatenate([load(tmp_path / f"new/masks/{name}.png").ravel() for name in made.names()])
    assert np.all(np.diff(np.bincount(all_pixels)) <= 0)
    for name in made.names():
        wanted = load(tmp_path / f"mine/masks/{name}.png")
        codes = {number: tuple(bytes.fromhex(colour[1:])) for colour, number in numbers.items()}
        given = np.array([codes[n] for n in range(4)], np.uint8)[load(tmp_path / f"new/masks/{name}.png")]
        assert np.array_equal(given, wanted)
        assert (tmp_path / f"new/images/{name}.png").read_bytes() == (tmp_path / f"mine/images/{name}.png").read_bytes()


def test_without_black_the_most_frequent_colour_is_0(tmp_path):
    made.clean(tmp_path / "mine")
    change_all(tmp_path / "mine", lambda labels: COLOURS[labels])
    assert convert(tmp_path / "mine", tmp_path / "new").names == ("#408040", "#ff0000")
    assert np.array_equal(load(tmp_path / "new/masks/cell_01.png"), picture(0)[1])


def objects_in_files(folder, names):
    """A folder an image, and in it a file an object; returns image -> numbers, in the order of the files."""
    wanted = {}
    for seed in range(3):
        labels, home = made.objects(seed)[1], folder / f"case{seed}"
        save(home / "images" / f"case{seed}.png", picture(seed)[0])
        for number in range(1, labels.max() + 1):
            save(home / "masks" / f"{names(seed, number)}.png", np.uint8(255) * (labels == number))
        wanted[f"case{seed}"] = labels
    return wanted


def test_a_file_an_object_becomes_a_number_an_object(tmp_path):
    wanted = objects_in_files(tmp_path / "mine", lambda seed, number: f"x{seed}{number:02}")
    done = convert(tmp_path / "mine", tmp_path / "new")
    assert done == (3, ())
    assert not (tmp_path / "new/dataset.json").exists()
    for name, labels in wanted.items():
        assert np.array_equal(load(tmp_path / f"new/masks/{name}.png"), labels)


def test_the_smaller_of_two_that_overlap_lies_on_top(tmp_path):
    for home in ("one", "two"):
        save(tmp_path / "mine" / home / "images" / f"{home}.png", picture(len(home) + ord(home[0]))[0])
        big, small = np.zeros((2, 96, 112), np.uint8)
        big[10:60, 10:60], small[20:30, 20:30] = 1, 1
        for name, mask in (("a", small), ("b", big)):
            save(tmp_path / "mine" / home / "masks" / f"{home}{name}.png", mask)
    convert_folder(check_folder(tmp_path / "mine").contents, tmp_path / "new")
    labels = load(tmp_path / "new/masks/one.png")
    assert (labels[25, 25], labels[50, 50], labels[80, 80]) == (1, 2, 0)


def test_files_of_the_same_names_are_classes_and_volumes_keep_their_place(tmp_path):
    """As TotalSegmentator has them: a scan, and a file an organ beside it."""
    affine = np.array([[0, -2.0, 0, 5], [1.5, 0, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1]])
    for seed in range(3):
        grey, labels = made.stack(seed, classes=2)
        for name, array in (("ct", grey), ("segmentations/liver", labels == 1), ("segmentations/spleen", labels == 2)):
            path = tmp_path / f"mine/s{seed:04}/{name}.nii.gz"
            path.parent.mkdir(parents=True, exist_ok=True)
            nibabel.save(nibabel.Nifti1Image(array.T.astype(np.uint8), affine), path)
    assert convert(tmp_path / "mine", tmp_path / "new").names == ("background", "liver", "spleen")
    assert described(tmp_path / "new") == {"background": 0, "liver": 1, "spleen": 2}
    mask = nibabel.load(tmp_path / "new/masks/s0001.nii.gz")
    assert np.array_equal(np.asarray(mask.dataobj), made.stack(1, classes=2)[1].T)
    assert np.allclose(mask.affine, affine)


@pytest.mark.parametrize("background", [True, False])
@pytest.mark.parametrize("last", [True, False])
def test_layers_become_numbers_with_or_without_one_for_the_background(tmp_path, background, last):
    made.clean(tmp_path / "mine", classes=2)
    for name in made.names():
        labels = load(tmp_path / f"mine/masks/{name}.png")
        layers = np.stack([labels == number for number in range(0 if background else 1, 3)]).astype(np.uint8)
        remove(tmp_path / "mine", f"masks/{name}.png")
        np.save(tmp_path / f"mine/masks/{name}.npy", np.moveaxis(layers, 0, -1) if last else layers)
    done = convert(tmp_path / "mine", tmp_path / "new")
    assert done.names == ("background", "layer 1", "layer 2")
    assert np.array_equal(load(tmp_path / "new/masks/cell_03.png"), picture(2, classes=2)[1])


def test_what_cannot_be_converted_is_refused_and_nothing_is_written_over(tmp_path, capsys):
    made.clean(tmp_path / "mine")
    assert main(["convert", str(tmp_path / "mine"), str(tmp_path / "new")]) == 1
    assert "see what check says" in capsys.readouterr().err
    change_all(tmp_path / "mine", made.as_colour)
    assert main(["convert", str(tmp_path / "mine"), str(tmp_path / "mine")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["convert", str(tmp_path / "mine"), str(tmp_path / "new")]) == 0
    assert "1  #ff0000" in capsys.readouterr().out
    change(tmp_path / "mine", "cell_02", lambda a: np.dstack([made.soft(a[..., 0]), a[..., 1], a[..., 2]]))
    assert main(["convert", str(tmp_path / "mine"), str(tmp_path / "other")]) == 1
    assert not (tmp_path / "other").exists()


def test_the_checker_offers_it(tmp_path):
    made.clean(tmp_path / "mine")
    change_all(tmp_path / "mine", made.as_colour)
    assert "python -m unet_teach convert" in str(check_folder(tmp_path / "mine"))
    for name in made.names():
        remove(tmp_path / "mine", f"masks/{name}.png")
        tifffile.imwrite(tmp_path / f"mine/masks/{name}.tif", np.zeros((96, 112, 5), np.uint8))
    assert "python -m unet_teach convert" in str(check_folder(tmp_path / "mine"))
