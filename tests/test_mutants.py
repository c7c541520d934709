"""The mutants tool: what a weak checker lets pass is reported, a strong one leaves nothing, a reason must hold."""

import json

import pytest
from mutants.__main__ import main

CHECKERS = '''
from unet_teach.course.exercises import FUNCTION, ask, checker, close, numbers

{equivalent}


@checker("Exercise 1", wants=FUNCTION)
def area(answer):
    """A function (height, width) -> the area."""
    cases = {cases}
    given = [numbers(ask(answer, *case), ()) for case in cases]
    return None if close(given, [height * width for height, width in cases]) else "Height times width."
'''
CELLS = [
    ("code", "import {module} as check\nunused = 1"),
    ("code", "raise RuntimeError('an earlier cell that nothing needs')"),
    ("code", "def times(a, b):\n    return a * b"),
    ("markdown", "### Exercise 1"),
    (
        "code",
        "# @title Solution to exercise 1\ndef area(h, w):\n    return times(h, w)\n\ncheck.area(area)",
    ),
]
WEAK, STRONG = [(2, 2)], [(2, 3), (2, 5), (4, 3), (0, 1), (1.5, 3)]


@pytest.fixture
def tried(tmp_path, monkeypatch, capsys):
    """Run the tool on a notebook of one exercise, with a checker that tries these cases; return status and text."""
    monkeypatch.syspath_prepend(tmp_path)

    def run(module, cases, equivalent=""):
        (tmp_path / f"{module}.py").write_text(CHECKERS.format(cases=cases, equivalent=equivalent))
        cells = [{"cell_type": kind, "source": text.format(module=module)} for kind, text in CELLS]
        (tmp_path / "01-toy.ipynb").write_text(json.dumps({"cells": cells}))
        status = main("01", tmp_path)
        return status, capsys.readouterr().out

    return run


def test_what_a_weak_checker_lets_pass_is_reported(tried):
    status, said = tried("weak", WEAK)
    assert status == 1
    assert "line 3: `times(h, w)` -> `times(h, h)`" not in said  # no such change is made
    assert "`` -> `h = 2`" in said
    assert "gives for ever what it gave first" in said


def test_a_strong_checker_leaves_what_is_right(tried):
    status, said = tried("strong", STRONG)
    assert "Exercise 1, line 3: `return times(h, w)` -> `return times(w, h)`" in said  # a product has no order
    assert said.count("\n") == 2
    assert status == 1


def test_what_is_explained_does_not_count(tried):
    reason = "EQUIVALENT = {'Exercise 1: `return times(h, w)` -> `return times(w, h)`': 'no order'}"
    status, said = tried("explained", STRONG, reason)
    assert status == 0
    assert "1 equivalent, 0 survived" in said


def test_an_explanation_of_nothing_is_an_error(tried):
    status, said = tried("stale", WEAK, "EQUIVALENT = {'Exercise 1: `times` -> `plus`': 'once'}")
    assert status == 1
    assert "does not survive: Exercise 1: `times` -> `plus`" in said


def test_there_is_no_such_notebook(tmp_path, capsys):
    assert main("99", tmp_path) == 1
    assert "no notebook" in capsys.readouterr().err
