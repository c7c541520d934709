"""A drawing is kept whole, found again, and never lost to a slip."""

import os
from pathlib import Path

import numpy as np
import pytest

from unet_teach.course import annotate
from unet_teach.data import cells as cells_data

LINE = "line 4: 1,1 20,30"


@pytest.fixture(autouse=True)
def _here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


def test_what_is_kept_is_found_again():
    assert annotate.kept("em") is None
    assert annotate.keep("em", f"\n{LINE}\n") == "1 shape kept in my-annotations/em.txt."
    assert annotate.kept("em") == LINE + "\n"
    assert annotate.kept("cells") is None
    assert annotate.keep("em", f"{LINE}\n{LINE}").startswith("2 shapes")
    assert os.listdir("my-annotations") == ["em.txt"]


def test_a_chapter_says_whose_drawing_it_uses_and_how_to_bring_one(quick_em):
    said = annotate.whose("em")
    assert said.startswith("the course's example, since there is no my-annotations/em.txt here")
    eval(said.split("yours: ")[1].split(", then")[0].replace("its text", LINE))  # the advice, taken word for word
    assert annotate.kept("em") == LINE + "\n"
    assert annotate.whose("em") == "your drawing, kept in my-annotations/em.txt"
    assert annotate.whose("cells").startswith("the course's example")
    annotate.crop("em")  # now it is the stand-in's picture that the reader sees
    assert "no my-annotations/em-standin.txt here" in annotate.whose("em")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_another_editor_saved_is_read(encoding):
    annotate.keep("em", LINE)
    Path("my-annotations/em.txt").write_bytes(f"{LINE}\r\n# n\u00e4chstes Mal mehr\r\n".encode(encoding))
    assert annotate.kept("em") == f"{LINE}\n# n\u00e4chstes Mal mehr\n"


def test_a_drawing_of_the_stand_in_is_another(quick_em):
    annotate.keep("em", LINE)
    annotate.crop("em")  # now it is the stand-in's picture that the reader sees
    assert annotate.kept("em") is None
    assert "em-standin.txt" in annotate.keep("em", f"{LINE}\n{LINE}")
    assert sorted(os.listdir("my-annotations")) == ["em-standin.txt", "em.txt"]


def test_nothing_drawn_keeps_what_is_there():
    annotate.keep("em", LINE)
    assert "nothing was kept" in annotate.keep("em", "\n# later\n")
    assert annotate.kept("em") == LINE + "\n"


def test_nothing_drawn_makes_no_folder():
    annotate.keep("em", "")
    assert os.listdir() == []


@pytest.mark.parametrize(
    ("name", "text"), [("em", "line 4: 1,1"), ("em", "line 4: 1,1 500,1"), ("cells", LINE), ("cells", "area: 1,1 2,2")]
)
def test_what_is_no_drawing_of_the_crop_is_not_kept(name, text):
    with pytest.raises(ValueError, match="line 1"):
        annotate.keep(name, text)
    assert annotate.kept(name) is None


def test_a_failed_write_leaves_the_old_drawing(monkeypatch):
    annotate.keep("em", LINE)

    def full(source, target):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no room"):
        annotate.keep("em", f"{LINE} 40,40")
    assert annotate.kept("em") == LINE + "\n"
    assert os.listdir("my-annotations") == ["em.txt"]


@pytest.mark.parametrize(
    "ask",
    [
        annotate.kept,
        annotate.whose,
        annotate.example,
        annotate.crop,
        lambda name: annotate.keep(name, LINE),
        annotate.canvas,
    ],
)
def test_another_name_is_refused_with_the_names_there_are(ask):
    with pytest.raises(ValueError, match=r"there is no crop '\.\./em'; the crops are 'em', 'cells'"):
        ask("../em")


def test_the_crops_are_training_data_of_the_right_shape(real_data):
    em, cells = annotate.crop("em"), annotate.crop("cells")
    assert em.image.shape == em.labels.shape == (128, 128)
    assert em.labels.dtype == bool
    assert 0.1 < em.labels.mean() < 0.4
    assert cells.image.shape == cells.labels.shape == (200, 200)
    assert np.array_equal(np.unique(cells.labels), np.arange(cells.labels.max() + 1))
    assert cells.labels.max() >= 5
    assert {place.split for place in annotate.CROPS.values()} == {"train"}


def test_the_crops_stand_in(capsys, quick_em, monkeypatch):
    field = cells_data._standin(46)  # one for all: a dozen more would take ten seconds
    monkeypatch.setattr(cells_data, "_standin", lambda number: field)
    em, cells = annotate.crop("em"), annotate.crop("cells")
    assert em.labels.any()
    assert cells.image.shape == cells.labels.shape == (200, 200)
    assert "STAND-IN" in capsys.readouterr().out
