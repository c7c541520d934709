"""The mutants tool: what a weak checker lets pass is reported, a strong one leaves nothing, a reason must hold."""

import json
import re

import pytest
from mutants.__main__ import main

pytestmark = pytest.mark.slow  # each runs notebooks of its own

CHECKERS = '''
from unet_teach.course.exercises import FUNCTION, ask, checker, close, numbers

{equivalent}


@checker("Exercise 1", wants=FUNCTION)
def area(answer):
    """A function (height, width) -> the area of so many tiles."""
    cases = {cases}
    given = [numbers(ask(answer, *case), ()) for case in cases]
    return None if close(given, [{tiles} * height * width for height, width in cases]) else "Wrong."
'''
CELLS = [
    ("code", "import {module} as check\nunused = 1"),
    ("code", "raise RuntimeError('an earlier cell that nothing needs')"),
    ("code", "def tiled(w):\n    return {tiles} * w"),
    ("markdown", "### Exercise 1"),
    ("code", "# @title Solution to exercise 1\ndef area(h, w):\n    return h * tiled(w)\ncheck.area(area)"),
]
WEAK, STRONG = [(2, 1)], [(2, 3), (2, 5), (4, 3), (0, 1), (-1.25, 3)]


@pytest.fixture
def tried(tmp_path, monkeypatch, capsys):
    """Run the tool on a notebook of one exercise, with a checker that tries these cases; return status and text."""
    monkeypatch.syspath_prepend(tmp_path)

    def run(module, cases, equivalent="", tiles=2):
        (tmp_path / f"{module}.py").write_text(
            CHECKERS.format(cases=cases, equivalent=equivalent, tiles=tiles), encoding="utf-8"
        )
        cells = [{"cell_type": kind, "source": text.format(module=module, tiles=tiles)} for kind, text in CELLS]
        (tmp_path / "01-toy.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        status = main("01", tmp_path)
        return status, capsys.readouterr().out

    return run


def test_what_a_weak_checker_lets_pass_is_reported(tried):
    status, said = tried("weak", WEAK)
    assert status == 1
    assert "Exercise 1, line 3: `return h * tiled(w)` -> `return h + tiled(w)`" in said
    assert "Exercise 1, line 2: `` -> `h = 2`" in said
    assert "Exercise 1, answer: gives for ever what it gave first" in said


def test_a_strong_checker_leaves_nothing(tried):
    status, said = tried("strong", STRONG)
    assert status == 0
    made, killed = re.match(r"01-toy: (\d+) made, (\d+) killed, 0 equivalent, 0 survived\n$", said).groups()
    assert made == killed
    assert int(made) > 20


def test_what_is_explained_does_not_count(tried):
    reason = "EQUIVALENT = {'Exercise 1: `return h * tiled(w)` -> `return h * w`': 'there is one tile'}"
    assert tried("unexplained", STRONG, tiles=1)[0] == 1
    status, said = tried("explained", STRONG, reason, tiles=1)
    assert status == 0, said
    assert "1 equivalent, 0 survived" in said


def test_many_right_answers_are_explained_at_once(tried):
    status, said = tried("open_question", WEAK, "EQUIVALENT = {'Exercise 1: ...': 'whatever'}")
    assert status == 0
    assert ", 0 survived" in said


def test_an_explanation_of_nothing_is_an_error(tried):
    status, said = tried("stale", STRONG, "EQUIVALENT = {'Exercise 1: `times` -> `plus`': 'once'}")
    assert status == 1
    assert "does not survive: Exercise 1: `times` -> `plus`" in said


def test_there_is_no_such_notebook(tmp_path, capsys):
    assert main("99", tmp_path) == 1
    assert "no notebook" in capsys.readouterr().err
