"""Numbers that may be no class: 255, 65535, 200, -1, or one that dataset.json calls ignore; convert changes them."""

import json

import folders_to_check as made
import numpy as np
import pytest
import tifffile
from folders_to_check import change_all, load, picture, remove

from unet_teach.__main__ import main
from unet_teach.recipes.folder import check_folder
from unet_teach.recipes.folder.converting import convert_folder


def with_number(folder, number, kind=np.uint8, classes=2):
    """Six pairs with classes, and a strip of another number."""
    made.clean(folder, classes=classes)
    for path in sorted((folder / "masks").iterdir()):
        labels = load(path).astype(kind)
        labels[:9, :31] = number
        path.unlink()
        tifffile.imwrite(path.with_suffix(".tif"), labels)
    return folder


def described(folder, **said):
    (folder / "dataset.json").write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "kind", "classes", "level", "fault"),
    [
        (255, np.uint8, 2, "error", "255 among classes"),
        (255, np.uint8, 1, "error", "255 among classes"),
        (65535, np.uint16, 2, "error", "65535 among classes"),
        (200, np.uint8, 2, "warning", "lone number"),
        (-1, np.int16, 2, "error", "mask negative"),
    ],
)
def test_a_number_for_what_was_not_drawn_is_said_and_the_advice_works(
    tmp_path, capsys, number, kind, classes, level, fault
):
    folder = with_number(tmp_path / "mine", number, kind, classes)
    found = next(one for one in check_folder(folder).of(level) if one.name == fault)
    advised = f"--numbers {number}=0" if number > 0 else f"--numbers={number}=0"
    assert advised in found.todo
    assert main(["convert", str(folder), str(tmp_path / "new"), *advised.split()]) == 0
    assert f"{number} became 0" in capsys.readouterr().out
    checked = check_folder(tmp_path / "new")
    assert checked.of("error") == checked.of("warning") == []
    assert checked.contents.classes == [*range(1, classes + 1)]
    for name in made.names():
        wanted = picture(int(name[-2:]) - 1, classes=classes)[1]
        wanted[:9, :31] = 0
        assert np.array_equal(load(tmp_path / f"new/masks/{name}.png"), wanted)


def test_freesurfer_numbers_and_shades_are_no_lone_numbers(tmp_path):
    for number, values in enumerate(((0, 17, 53), (0, 127, 254), (0, 2, 40))):
        made.clean(tmp_path / str(number), classes=2)
        change_all(tmp_path / str(number), lambda labels, values=values: np.array(values, np.uint8)[labels])
        checked = check_folder(tmp_path / str(number))
        assert checked.of("error") == []
        assert {fault.name for fault in checked.of("warning")} <= {"gap in labels"}


def test_numbers_are_changed_all_at_once_and_names_go_with_them(tmp_path):
    made.clean(tmp_path / "mine", classes=3)
    described(tmp_path / "mine", labels={"background": 0, "red": 1, "green": 2, "blue": 3})
    done = convert_folder(check_folder(tmp_path / "mine").contents, tmp_path / "new", {1: 2, 2: 1, 3: 0})
    assert done == (6, ("background", "green", "red"))
    for name in made.names():
        before = load(tmp_path / f"mine/masks/{name}.png")
        assert np.array_equal(load(tmp_path / f"new/masks/{name}.png"), np.array([0, 2, 1, 0])[before])
    assert json.loads((tmp_path / "new/dataset.json").read_text(encoding="utf-8"))["labels"] == {
        "background": 0,
        "green": 1,
        "red": 2,
    }
    assert check_folder(tmp_path / "new").of("error") == []


@pytest.mark.parametrize(
    ("numbers", "words"),
    [({9: 0}, "no mask holds 9: masks hold 0, 1 and 2"), ({1: -4}, "-4 cannot be written"), ({1: 70000}, "70000 can")],
)
def test_numbers_that_are_not_there_or_cannot_be_written_are_refused(tmp_path, numbers, words):
    made.clean(tmp_path / "mine", classes=2)
    with pytest.raises(ValueError, match=words):
        convert_folder(check_folder(tmp_path / "mine").contents, tmp_path / "new", numbers)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["255", "a=0", "1=2=3", "1=0,1=2", ""])
def test_what_is_no_pair_of_numbers_is_refused_by_the_command(tmp_path, capsys, text):
    with pytest.raises(SystemExit):
        main(["convert", str(tmp_path), str(tmp_path / "new"), "--numbers", text])
    assert "--numbers" in capsys.readouterr().err


def test_fractions_and_colours_are_not_renumbered(tmp_path):
    made.clean(tmp_path / "mine", classes=2)
    change_all(tmp_path / "mine", made.as_colour)
    with pytest.raises(ValueError, match="hold no whole numbers"):
        convert_folder(check_folder(tmp_path / "mine").contents, tmp_path / "new", {1: 0})


def test_ilastiks_background_is_1_and_is_said(tmp_path):
    made.clean(tmp_path / "mine", classes=2)
    change_all(tmp_path / "mine", lambda labels: labels + 1)
    found = next(one for one in check_folder(tmp_path / "mine").of("warning") if one.name == "no background")
    assert "--numbers 1=0,2=1,3=2" in found.todo
    convert_folder(check_folder(tmp_path / "mine").contents, tmp_path / "new", {1: 0, 2: 1, 3: 2})
    assert np.array_equal(load(tmp_path / "new/masks/cell_01.png"), picture(0, classes=2)[1])
    assert "no background" not in {fault.name for fault in check_folder(tmp_path / "new").faults}


@pytest.mark.parametrize(
    ("said", "level", "words"),
    [
        ({"labels": {"background": 0, "a": 1, "ignore": 2}}, "error", "2 in the masks means that nothing was drawn"),
        ({"labels": {"background": 0, "a": 1, "b": 2, "kidney": 3}}, "warning", "3 (kidney), which no mask holds"),
        ({"labels": {"0": "background", "1": "a", "2": "b", "3": "c"}}, "warning", "3 (c), which no mask holds"),
        ({"channel_names": {"0": "T1", "1": "T2"}}, "error", "names 2 channels (T1 and T2), and images have 1"),
        ({"labels": {"background": 0, "all": [1, 2], "core": [2]}}, None, ""),
        ({"channel_names": {"0": "grey"}, "labels": {"background": 0, "a": 1, "b": 2}}, None, ""),
    ],
)
def test_dataset_json_is_compared_with_what_lies_there(tmp_path, said, level, words):
    made.clean(tmp_path, classes=2)
    described(tmp_path, **said)
    checked = check_folder(tmp_path)
    if level is None:
        assert checked.of("error") == checked.of("warning") == []
    else:
        assert any(words in fault.what and fault.todo for fault in checked.of(level))


def test_a_class_of_the_decathlon_keeps_its_name(tmp_path):
    from unet_teach.recipes.folder.cases import meaning_of

    made.clean(tmp_path)
    described(tmp_path, labels={"0": "background", "1": "Anterior"})
    assert meaning_of(check_folder(tmp_path).contents).names == ("background", "Anterior")
    remove(tmp_path, "dataset.json")
    assert meaning_of(check_folder(tmp_path).contents).names == ("background", "class 1")
