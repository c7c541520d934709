"""`make test` says what each stage took, also when one fails; each stage is a target."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import stages as tool

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def make(tmp_path):
    """Stand in for make: writes down what it was asked for, and fails at the stage `breaks`."""
    script = tmp_path / "make"
    script.write_text('#!/bin/sh\necho "$2" >> "$0.asked"\n[ "$2" != breaks ]\n', encoding="utf-8")
    script.chmod(0o755)
    return script


def asked(make):
    return make.with_name("make.asked").read_text(encoding="utf-8").split()


def test_every_stage_runs_and_the_seconds_are_in_a_table(make, capsys):
    assert tool.main(str(make), ["check", "site-test"]) == 0
    assert asked(make) == ["check", "site-test"]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["check: 0 s", "site-test: 0 s", "stage         seconds"]
    assert [line.split()[0] for line in lines[3:]] == ["check", "site-test", "all"]
    assert "FAILED" not in "".join(lines)


def test_a_stage_that_fails_is_the_last_and_is_named(make, capsys):
    assert tool.main(str(make), ["check", "breaks", "site-test"]) == 1
    assert asked(make) == ["check", "breaks"]
    *_, good, bad, later, total = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"check +0", good)
    assert re.fullmatch(r"breaks +0  FAILED", bad)
    assert re.fullmatch(r"site-test +not run", later)
    assert total.endswith("0  of 2700")


def test_the_table_adds_up():
    text = tool.table(["a", "b"], {"a": 61.4, "b": 100.0}, None)
    assert [line.split() for line in text.splitlines()[1:]] == [
        ["a", "61"],
        ["b", "100"],
        ["all", "together", "161", "of", "2700"],
    ]


def test_each_stage_of_make_test_is_a_target():
    named = re.search(r"^STAGES := (.+)$", MAKEFILE, re.MULTILINE)[1].split()
    assert set(named) <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert {"check", "experiments-test", "notebooks-test", "site-test"} <= set(named)
