"""The formula for reading time: what stands open counts, what is folded does not."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import reading_time


def cell(kind, source, name="x", *tags):
    return {"cell_type": kind, "source": source.splitlines(keepends=True), "id": name, "metadata": {"tags": list(tags)}}


@pytest.fixture
def chapter(tmp_path):
    def write(*cells):
        path = tmp_path / "01-one.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return path

    return write


def test_words_lines_and_exercises_of_the_main_path_are_counted(chapter):
    path = chapter(
        cell("markdown", "# One two\n\nthree [four](a/long/address.md) five\n\n### Exercise 1\n\nsix"),
        cell("code", "a = 1\n\n# a remark\nb = 2  # another\n"),
        cell("markdown", "seven\n\n<details>\n<summary>For the curious</summary>\n\nnot read\n\n</details>\n\neight"),
        cell("markdown", "## Further reading\n\n- a book"),
        cell("code", "x = 1", "imports"),
        cell("code", "x = 1", "setup", "hide-input"),
        cell("code", "x = 1", "solution", "hide-cell"),
    )
    assert reading_time.counts(path) == (12, 2, 1)  # a heading's marks are words, too
    assert reading_time.minutes(path) == pytest.approx(12 / 110 + 2 / 10 + 6)
    assert reading_time.stated(path) == 10  # rounded up to five


def test_an_exact_number_is_not_rounded_up(chapter):
    assert reading_time.stated(chapter(cell("code", "x\n" * 50))) == 5
    assert reading_time.stated(chapter(cell("code", "x\n" * 51))) == 10
