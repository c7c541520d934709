"""From a shell, a few steps and a prediction: images are marked under their names, and any name can be printed."""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import folders_to_check as made
import numpy as np
import pytest
import tifffile
from folders_to_check import load, picture, save

from unet_teach.__main__ import main
from unet_teach.recipes.folder import check_folder, load_model
from unet_teach.recipes.folder.predicting import say
from unet_teach.recipes.folder.writing import images_in

QUICK = ("--steps", "2", "--width", "4", "--memory", "0.02")


def learned(folder, out):
    assert main(["train", str(folder), "--out", str(out), *QUICK]) == 0
    return out


def marked(folder, model, out):
    assert main(["predict", str(folder), "--model", str(model), "--out", str(out)]) == 0
    return sorted(path.stem for path in out.glob("*.tif"))


def renamed(folder, new):
    made.clean(folder)
    for home in ("images", "masks"):
        for number, name in enumerate(made.names(), start=1):
            (folder / home / f"{name}.png").rename(folder / home / new.format(number))


def test_pictures_that_are_counted_are_not_taken_for_channels(tmp_path):
    renamed(tmp_path / "mine", "img_{:04}.png")
    model = learned(tmp_path / "mine", tmp_path / "net")
    wanted = [f"img_{number:04}" for number in range(1, 7)]
    assert marked(tmp_path / "mine", model, tmp_path / "labels") == wanted
    for name in wanted:
        assert load(tmp_path / f"labels/{name}.tif").shape == made.SIZE
    for channels in (2, 3):
        assert sorted(images_in(tmp_path / "mine", channels)) == wanted


def test_channels_are_put_together_where_they_are_some(tmp_path):
    for number in range(3):
        grey = picture(number)[0]
        for channel in range(2):
            save(tmp_path / f"apart/scan{number}_{channel:04}.png", grey)
        for home, array in (("one", grey), ("colours", np.stack([grey, grey // 2, 255 - grey], -1))):
            save(tmp_path / home / "imagesTs" / f"scan{number}_0000.png", array)
        save(tmp_path / f"counted/img_{number:04}.png", np.stack([grey, grey // 2, 255 - grey], -1))
    scans = ["scan0", "scan1", "scan2"]
    assert {name: len(files) for name, files in images_in(tmp_path / "apart", 2).items()} == dict.fromkeys(scans, 2)
    assert sorted(images_in(tmp_path / "one", 1)) == scans
    assert sorted(images_in(tmp_path / "colours", 3)) == scans
    assert sorted(images_in(tmp_path / "counted", 3)) == ["img_0000", "img_0001", "img_0002"]


def test_a_mask_of_the_same_name_is_passed_over(tmp_path):
    made.clean(tmp_path)
    for name in made.names():
        save(tmp_path / f"flat/{name}.jpg", load(tmp_path / f"images/{name}.png"))
        shutil.copy(tmp_path / f"masks/{name}.png", tmp_path / f"flat/{name}.png")
    found = images_in(tmp_path / "flat", 1)
    assert found == {name: [tmp_path / f"flat/{name}.jpg"] for name in made.names()}


def test_what_is_infinite_counts_as_0_and_is_said_without_a_word_of_numpy(tmp_path):
    made.clean(tmp_path / "mine")
    model = load_model(learned(tmp_path / "mine", tmp_path / "net"))
    grey = picture(0)[0].astype(np.float32)
    for name, value in (("zero", 0), ("infinite", np.inf), ("none", np.nan)):
        grey[5:9, 5:9] = value
        tifffile.imwrite(tmp_path / f"{name}.tif", grey)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        zero, infinite, none = (say(model, [tmp_path / f"{n}.tif"]).classes for n in ("zero", "infinite", "none"))
        shutil.copy(tmp_path / "infinite.tif", tmp_path / "mine/images/cell_01.tif")
        (tmp_path / "mine/images/cell_01.png").unlink()
        assert any(fault.name == "not numbers" for fault in check_folder(tmp_path / "mine").of("error"))
    assert np.array_equal(zero, infinite)
    assert np.array_equal(zero, none)


def test_names_that_a_terminal_has_no_letters_for_are_printed_somehow(tmp_path):
    renamed(tmp_path / "mine", "画像_{}.png")
    (tmp_path / "mine/masks/画像_2.png").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "unet_teach", "check", "mine"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "has no mask: \\u753b\\u50cf_2.png" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf_8_are_learned_from_and_marked(tmp_path):
    made.clean(tmp_path / "mine")
    for home in ("images", "masks"):
        for name in made.names():
            old = tmp_path / f"mine/{home}/{name}.png"
            os.rename(old, os.fsencode(old.parent) + b"/Pr\xe4parat_%s.png" % name[-2:].encode())  # from an old archive
    main(["check", str(tmp_path / "mine"), "--page", str(tmp_path / "page.html")])
    assert "parat_01" in (tmp_path / "page.html").read_text(encoding="utf-8")
    model = learned(tmp_path / "mine", tmp_path / "net")
    assert len(marked(tmp_path / "mine", model, tmp_path / "labels")) == 6
    assert "parat_01" in (tmp_path / "labels/areas.tsv").read_text(encoding="utf-8")
