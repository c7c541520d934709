"""`make notebooks`: one normal form, and nothing stored that should not be."""

import base64
import io
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import notebooks as tool


def png(colourful=True):
    grain = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    picture = Image.fromarray(grain).convert("RGBA")
    if colourful:
        picture.putpixel((0, 0), (213, 94, 0, 255))
    stored = io.BytesIO()
    picture.save(stored, "png")
    return base64.b64encode(stored.getvalue()).decode()


def messy():
    cell = new_code_cell("1 + 1")
    cell.execution_count = 17
    cell.metadata = nbformat.from_dict({"execution": {"iopub.status.busy": "now"}, "tags": ["a"], "scrolled": True})
    cell.outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stdout", text="b\n"),
        new_output(
            "execute_result", {"text/plain": "2", "application/vnd.jupyter.widget-view+json": {}}, execution_count=17
        ),
        new_output("display_data", {"image/png": png()}, metadata={"needs_background": "light"}),
        new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "7"}}),
    ]
    book = new_notebook(cells=[new_markdown_cell("# Title"), cell])
    book.metadata = nbformat.from_dict({"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}})
    return book


def test_normalise_leaves_nothing_volatile():
    book = tool.normalise(messy())
    cell = book.cells[1]
    assert cell.execution_count == 1
    assert cell.metadata == {"tags": ["a"]}
    assert cell.outputs[0].text == "ab\n"
    assert cell.outputs[1] == {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": "2"},
    }
    assert cell.outputs[2].metadata == {}
    assert len(cell.outputs) == 3  # nothing is stored of what lives
    assert book.metadata.language_info == {"name": "python"}
    assert "accelerator" not in book.metadata
    assert tool.normalise(messy(), seconds=tool.LONG).metadata.accelerator == "GPU"
    assert "widgets" not in book.metadata


def test_normalise_twice_is_normalise_once():
    once = tool.normalise(messy())
    assert tool.normalise(once) == once


def test_ids_are_kept_where_there_are_any_and_made_unique():
    book = messy()
    book.cells[0].id = book.cells[1].id = "same"
    ids = [cell.id for cell in tool.normalise(book).cells]
    assert ids[0] == "same"
    assert len(set(ids)) == 2


@pytest.mark.parametrize(("colourful", "mode"), [(False, "L"), (True, "P")])
def test_figures_lose_shades_not_size_and_greys_stay_grey(colourful, mode):
    before = png(colourful)
    stored = tool._modest(before)
    picture = Image.open(io.BytesIO(base64.b64decode(stored)))
    assert picture.size == (64, 64)
    assert picture.mode == mode
    assert len(stored) < len(before)
    assert tool._modest(stored) == stored
    kept = Image.open(io.BytesIO(base64.b64decode(tool._modest(before, all_colours=True))))
    assert kept.mode == "RGB"  # without a layer that says "opaque" for every pixel
    original = Image.open(io.BytesIO(base64.b64decode(before))).convert("RGB")
    np.testing.assert_array_equal(np.asarray(kept), np.asarray(original))
    difference = np.abs(np.asarray(original, dtype=int) - np.asarray(picture.convert("RGB"), dtype=int))
    assert difference.mean() < 4


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    return tmp_path / "notebooks"


def store(folder, *sources):
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), folder / "01-a.ipynb")
    before = (folder / "01-a.ipynb").read_text(encoding="utf-8")
    code = tool.main("01")
    after = (folder / "01-a.ipynb").read_text(encoding="utf-8")
    return code, before, after


@pytest.mark.slow
def test_a_notebook_that_runs_is_stored(folder):
    code, _, after = store(folder, "print(6 * 7)")
    assert code == 0
    assert "42" in after
    assert "standins_in_use" not in after
    assert [path.name for path in folder.iterdir()] == ["01-a.ipynb"]
    head, row = (folder.parent / "book" / "run-times.tsv").read_text(encoding="utf-8").splitlines()
    assert head == "notebook\tcore_seconds\tgigabytes\tdate"
    assert re.fullmatch(r"01-a\t\d+\t\d\.\d\d\t\d{4}-\d\d-\d\d", row)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print('careful', file=sys.stderr)", "stderr"),
        (
            "from unet_teach.data import standin\nstandin.announce('isbi2012_em', 'no network')",
            "stand-in data (isbi2012_em)",
        ),
        ("import os; os._exit(1)", "a cell failed"),
        ("hoard = bytearray(1_700_000_000)", "the budget is"),
    ],
)
def test_what_must_not_be_stored_is_not(folder, capsys, source, reason):
    code, before, after = store(folder, source)
    assert code == 1
    assert after == before
    assert reason in capsys.readouterr().err
    assert not (folder.parent / "book").exists()


def test_run_times_are_renewed_and_forgotten(folder):
    for name in ("01-a", "02-b"):
        (folder / f"{name}.ipynb").touch()
    tool.record("02-b", 31.6, 0.512)
    tool.record("03-gone", 1, 1)
    tool.record("01-a", 2, 1)
    tool.record("02-b", 40, 0.6)
    rows = [
        line.split("\t")[:3]
        for line in (folder.parent / "book" / "run-times.tsv").read_text(encoding="utf-8").splitlines()
    ]
    assert rows == [["notebook", "core_seconds", "gigabytes"], ["01-a", "2", "1.00"], ["02-b", "40", "0.60"]]


def test_an_unknown_number_is_an_error(folder, capsys):
    assert tool.main("99") == 1
    assert "no notebook" in capsys.readouterr().err
