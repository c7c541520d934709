"""`make claims`: the settings reach the notebook, no broken claim passes, and the table says which and where."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import claims as tool

pytestmark = pytest.mark.slow  # each runs notebooks of its own

OLD_TWO = "old CPU, 2 threads"


def notebook(folder, *sources):
    path = folder / "01-a.ipynb"
    cells = [new_code_cell(f"from unet_teach.course import claim\n{source}") for source in sources]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def row(*values, bounds=(("≥", 0.5),)):
    return tool.Row("01-a", "Dice", list(bounds), list(values))


def test_a_notebook_runs_with_the_threads_and_instructions_of_the_setting(tmp_path):
    path = notebook(
        tmp_path,
        "import torch\nclaim('threads', torch.get_num_threads(), at_least=3)",  # breaks, and the run goes on
        "claim('old', torch.backends.cpu.get_cpu_capability() in ('DEFAULT', 'NO AVX'), equals=1)",
    )
    assert tool.run(path, tool.SETTINGS[OLD_TWO])[0] == [
        {"name": "threads", "value": 2, "bounds": [["≥", 3]], "examined": True},
        {"name": "old", "value": 1, "bounds": [["=", 1]], "examined": True},
    ]


def test_numpy_and_its_linear_algebra_are_old_as_well(tmp_path):
    path = notebook(
        tmp_path,
        "import numpy, threadpoolctl\n"
        "from numpy._core._multiarray_umath import __cpu_features__ as has\n"
        "claim('instructions of 2013 and later', has['X86_V3'] or has['X86_V4'], equals=0)\n"
        "found = {p['architecture'] for p in threadpoolctl.threadpool_info() if 'architecture' in p}\n"
        "claim('every OpenBLAS is old', found == {'Nehalem'}, equals=1)",
    )
    claims, _ = tool.run(path, tool.SETTINGS[OLD_TWO])
    assert [claim["value"] for claim in claims] == [0, 1]


def test_a_compared_line_that_differs_is_named_and_a_free_one_is_not(tmp_path):
    path = notebook(tmp_path, "print('same')\nprint('-0.')", "print('free')")
    book = nbformat.read(path, as_version=4)
    for cell, text in zip(book.cells, ("same\n0.\n", "other\n"), strict=True):
        cell.outputs = [new_output("stream", name="stdout", text=text)]
    book.cells[1].metadata["tags"] = ["nbval-ignore-output"]
    nbformat.write(book, path)
    assert tool.run(path, {})[1] == [f"cell {book.cells[0].id}: '-0.', stored '0.'"]


def test_both_libraries_say_that_they_use_the_old_instructions():
    aten, onednn = tool.instructions(tool.OLD)
    assert aten in {"DEFAULT", "NO AVX"}  # as older releases of PyTorch call it
    assert "AVX2" in onednn or "AVX-512" not in onednn


def test_another_error_and_a_standin_are_no_result(tmp_path):
    with pytest.raises(tool.Broken, match="ZeroDivisionError"):
        tool.run(notebook(tmp_path, "1 / 0"), {})
    announced = "from unet_teach.data import standin\nstandin.announce('isbi2012_em', 'no network')\n"
    with pytest.raises(tool.Broken, match="stand-in"):
        tool.run(notebook(tmp_path, announced + "claim('Dice', 1, at_least=0)"), {})


@pytest.mark.parametrize(
    ("bounds", "values", "margin"),
    [
        ([("≥", 0.5)], (0.6, 0.52), 0.02),
        ([("≤", 0.5)], (0.6, 0.4), -0.1),
        ([("≥", 0.5), ("≤", 0.7)], (0.6, 0.69), 0.01),
        ([("=", 3)], (3, 3), 0),
        ([("=", 3)], (3, 4), -1),
        ([("≥", 0.5)], (0.6, float("nan")), -float("inf")),
        ([("≥", 0.5)], (0.6, None), -float("inf")),
    ],
)
def test_the_margin_is_that_of_the_worst_setting(bounds, values, margin):
    assert row(*values, bounds=bounds).margin == pytest.approx(margin)


def test_claims_in_a_loop_are_told_apart_and_missing_ones_show():
    def one(value):
        return {"name": "Dice", "value": value, "bounds": [["≥", 0.5]], "examined": True}

    rows = tool.joined("01-a", [[one(0.6), one(0.7)], [one(0.61)]])
    assert [found.values for found in rows] == [[0.6, 0.61], [0.7, None]]


@pytest.mark.parametrize(
    ("values", "word", "code"),
    [
        ((0.9, 0.9, 0.91, 0.9), "0 broken", 0),
        ((0.52, 0.52, 0.53, 0.52), "tight", 0),
        ((0.9, 0.9, 0.9, 0.4), "BREAKS", 1),
        ((0.9, 0.9, None, 0.9), "not reached", 1),
    ],
)
def test_one_broken_claim_fails_the_run(monkeypatch, capsys, values, word, code):
    monkeypatch.setattr(tool, "measure", lambda paths: ([row(*values)], []))
    monkeypatch.setattr(tool, "instructions", lambda environment: ("A", "B") if environment else ("C", "D"))
    assert tool.main("") == code
    said = capsys.readouterr().out
    assert word in said
    assert "Dice" in said


def test_a_printed_line_that_differs_fails_the_run(monkeypatch, capsys):
    monkeypatch.setattr(tool, "measure", lambda paths: ([row(0.9, 0.9, 0.9, 0.9)], ["16-wnet, old CPU, cell a: '-0.'"]))
    monkeypatch.setattr(tool, "instructions", lambda environment: ("A", "B") if environment else ("C", "D"))
    assert tool.main("") == 1
    assert "16-wnet, old CPU, cell a" in capsys.readouterr().out


def test_no_notebook_and_no_claim_are_errors(monkeypatch, capsys):
    assert tool.main("99") == 1
    monkeypatch.setattr(tool, "measure", lambda paths: ([], []))
    monkeypatch.setattr(tool, "instructions", lambda environment: ("A", "B"))
    assert tool.main("") == 1
