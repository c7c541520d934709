"""How masks were drawn: boxes, outlines, all of them shifted, classes counted from 1, a camera that stands still."""

import folders_to_check as made
import numpy as np
import pytest
from folders_to_check import change_all, load, picture, save
from scipy import ndimage

from unet_teach.__main__ import main
from unet_teach.recipes.folder import check_folder
from unet_teach.recipes.folder.alignment import best_shift, traces
from unet_teach.recipes.folder.forms import forms_of


def warned(folder):
    found = check_folder(folder)
    assert found.of("error") == [], str(found)
    return {fault.name for fault in found.of("warning")}, str(found)


def boxes(labels):
    new = np.zeros_like(labels)
    for place in ndimage.find_objects(ndimage.label(labels)[0]):
        new[place] = 1
    return new


def outlines(labels):
    return labels - ndimage.binary_erosion(labels, iterations=1).astype(np.uint8)


DRAWN = {
    "boxes": (boxes, "boxes", "upright boxes"),
    "outlines": (outlines, "outlines in masks", "Fill Holes"),
    "shifted": (lambda a: np.roll(a, (-7, 5), (0, 1)), "all masks shifted", "7 down and 5 to the left"),
}


@pytest.mark.parametrize("case", DRAWN)
def test_how_it_was_drawn_is_said(case, tmp_path):
    how, name, words = DRAWN[case]
    change_all(made.clean(tmp_path), how)
    names, said = warned(tmp_path)
    assert name in names
    assert words in said


def test_one_mask_in_six_that_is_boxes_is_left_to_whoever_drew_it(tmp_path):
    made.clean(tmp_path)
    save(tmp_path / "masks/cell_01.png", boxes(load(tmp_path / "masks/cell_01.png")))
    assert "boxes" not in warned(tmp_path)[0]


def test_pieces_are_counted():
    labels = np.zeros((60, 60), np.uint8)
    labels[2:10, 2:12] = 1
    labels[20:40, 20:40] = 2
    labels[23:37, 23:37] = 0
    labels[50:58, 50:58] = ndimage.generate_binary_structure(2, 1).repeat(3, 0).repeat(3, 1)[:8, :8]
    assert forms_of(labels) == (3, 1, 1)
    net = np.zeros((60, 60), np.uint8)
    net[::12], net[:, ::12] = 1, 1
    assert forms_of(net).outlines == 0
    assert forms_of(np.zeros((9, 9), np.uint8)) == (0, 0, 0)


@pytest.mark.parametrize("by", [(0, 0), (4, 0), (-3, 9)])
def test_the_best_shift_undoes_a_shift(by):
    grey, labels = picture(5)
    rows, columns, how = best_shift(traces(grey, np.roll(labels, by, (0, 1))))
    assert (rows, columns) == (-by[0], -by[1])
    assert how > 7


def test_classes_that_are_counted_from_1_in_some_masks(tmp_path):
    made.clean(tmp_path, classes=2)
    for name in made.names()[:2]:
        save(tmp_path / f"masks/{name}.png", load(tmp_path / f"masks/{name}.png") + np.uint8(1))
    names, said = warned(tmp_path)
    assert "counted from 1" in names
    assert "cell_01 and cell_02 hold no 0" in said


def test_a_camera_that_stands_still_takes_no_copies(tmp_path):
    """The place is the same, what walks through it is not."""
    chance = np.random.default_rng(3)
    place = 100 + 40 * ndimage.gaussian_filter(chance.normal(size=(96, 112)), 2) * 6
    for number, name in enumerate(made.names()):
        labels = np.zeros((96, 112), np.uint8)
        labels[20:40, 14 * number + 4 : 14 * number + 16] = 1
        labels[22:30, 14 * number + 4 : 14 * number + 8] = 0
        grey = np.where(labels, 200, place) + np.random.default_rng(number).normal(0, 4, labels.shape)
        save(tmp_path / f"images/{name}.png", grey.clip(0, 255).astype(np.uint8))
        save(tmp_path / f"masks/{name}.png", labels)
    assert "same image" not in warned(tmp_path)[0]


def test_lists_of_boxes_beside_images_are_no_masks(tmp_path):
    made.clean(tmp_path)
    made.remove(tmp_path, "masks")
    for name in made.names():
        (tmp_path / "labels").mkdir(exist_ok=True)
        (tmp_path / f"labels/{name}.txt").write_text("0 0.5 0.5 0.1 0.1\n", encoding="utf-8")
    assert {fault.name for fault in check_folder(tmp_path).of("error")} == {"outlines"}


def test_a_folder_that_may_not_be_read_is_said_in_words(tmp_path, monkeypatch, capsys):
    made.clean(tmp_path / "mine")
    monkeypatch.setattr("os.access", lambda path, mode: path.name != "masks")
    assert main(["check", str(tmp_path / "mine")]) == 1
    assert "the folder masks may not be read by you" in capsys.readouterr().err


def test_a_place_that_may_not_be_written_is_said_in_words(tmp_path, monkeypatch, capsys):
    def refuse(path, **how):
        raise PermissionError(13, "Permission denied", str(path))

    made.clean(tmp_path / "mine")
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert main(["train", str(tmp_path / "mine"), "--out", str(tmp_path / "net")]) == 1
    said = capsys.readouterr().err
    assert "--out names another place" in said
    assert "Errno" not in said
