"""Tables of long runs survive being killed, refuse stand-ins and damage, and say how closely a run was reproduced."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from unet_teach.course.experiments import ALL, ON_DEMAND
from unet_teach.course.experiments.table import (
    TABLES,
    Experiment,
    TableError,
    column,
    compute,
    differences,
    load,
    read,
)
from unet_teach.data import FetchError, standin

RUNS = tuple({"seed": seed, "kind": kind} for kind in ("a", "b") for seed in (0, 1))


def toy(run=lambda seed, kind: {"score 1": seed + 0.5, "score 2": 0.25, "other": 7}, runs=RUNS):
    return Experiment("toy", "Does it add up?", runs, run, {"score ": 0.1})


def test_every_run_becomes_a_row_with_what_made_it(tmp_path):
    rows = list(compute(toy(), tmp_path))
    assert [(row["seed"], row["kind"], row["score 1"]) for row in rows] == [
        (0, "a", 0.5),
        (1, "a", 1.5),
        (0, "b", 0.5),
        (1, "b", 1.5),
    ]
    assert {"torch", "unet_teach", "processor", "python", "date"} <= set(rows[0])
    assert read(tmp_path / "toy.csv") == rows
    text = (tmp_path / "toy.csv").read_text(encoding="utf-8")
    assert text.startswith("# Does it add up?\n")
    assert "score ± 0.1" in text


def test_what_is_stored_is_not_run_again(tmp_path):
    asked = []

    def run(seed, kind):
        asked.append((seed, kind))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return {"score": 1.0}

    with pytest.raises(KeyboardInterrupt):
        list(compute(toy(run), tmp_path))
    assert len(load(toy(), tmp_path)) == 2
    rows = list(compute(toy(run), tmp_path))
    assert asked == [(0, "a"), (1, "a"), (0, "b"), (0, "b"), (1, "b")]
    assert len(rows) == 2
    assert len(load(toy(), tmp_path)) == 4
    assert list(compute(toy(run), tmp_path)) == []


def test_a_kill_while_writing_leaves_a_whole_table(tmp_path):
    script = f"""
import os, signal
from pathlib import Path
from unet_teach.course.experiments import table
replace = Path.replace
def killed(self, target):
    if "third" in self.read_text():
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = killed
runs = [dict(kind=kind) for kind in ("first", "second", "third")]
list(table.compute(table.Experiment("toy", "?", runs, lambda kind: dict(score=1), dict()), Path({str(tmp_path)!r})))
"""
    ended = subprocess.run([sys.executable, "-c", script], env=os.environ)
    assert ended.returncode == -signal.SIGKILL
    assert [row["kind"] for row in read(tmp_path / "toy.csv")] == ["first", "second"]


def test_rows_that_nobody_asks_for_any_more_are_dropped(tmp_path):
    list(compute(toy(), tmp_path))
    fewer = toy(runs=(*RUNS[:1], {"seed": 5, "kind": "c"}))
    list(compute(fewer, tmp_path))
    assert [(row["seed"], row["kind"]) for row in load(fewer, tmp_path)] == [(0, "a"), (5, "c")]


def test_a_stand_in_is_not_stored(tmp_path):
    def run(seed, kind):
        standin._in_use.add("isbi2012_em")
        return {"score": 1.0}

    with pytest.raises(RuntimeError, match="stand-in data \\(isbi2012_em\\)"):
        list(compute(toy(run), tmp_path))
    assert not (tmp_path / "toy.csv").exists()


def test_nothing_runs_where_a_set_cannot_be_had(tmp_path, em_elsewhere, server):
    server.pages.clear()

    def run(**settings):
        raise AssertionError("a long run on no data")

    with pytest.raises(FetchError, match="isbi2012_em"):
        list(compute(replace(toy(run), needs=("isbi2012_em",)), tmp_path))


def test_a_missing_row_or_table_says_what_to_do(tmp_path):
    with pytest.raises(TableError, match=r"no table toy\.csv: `make experiments`"):
        load(toy(), tmp_path)
    list(compute(toy(), tmp_path))
    assert len(load(toy(), tmp_path, kind="b")) == 2
    with pytest.raises(TableError, match=r"no row with .*'seed': 9"):
        load(toy(), tmp_path, seed=9)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: "", "is empty"),
        (lambda text: text[: text.rindex(",0.25")] + "\n", r"row 4: \d fields for"),
        (lambda text: text.replace("1,a", "1,a,9"), "row 2"),
    ],
)
def test_a_damaged_table_is_named_with_its_row(tmp_path, damage, message):
    list(compute(toy(), tmp_path))
    path = tmp_path / "toy.csv"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(TableError, match=message):
        list(compute(toy(), tmp_path))


def test_differences_are_measured_in_tolerances():
    stored = {"seed": 0, "score 1": 0.5, "score 2": 0.25, "other": 7}
    assert differences(toy(), stored, {"score 1": 0.55, "score 2": 0.25, "other": 99}) == {
        "score 1": pytest.approx(0.5),
        "score 2": 0,
    }
    with pytest.raises(TableError, match="no tolerance for any of other"):
        differences(toy(), stored, {"other": 7})


def test_columns_come_in_the_order_of_the_table(tmp_path):
    rows = list(compute(toy(), tmp_path))
    np.testing.assert_array_equal(column(rows, "score "), [[0.5, 0.25], [1.5, 0.25], [0.5, 0.25], [1.5, 0.25]])
    with pytest.raises(TableError, match="no column begins with 'points'"):
        column(rows, "points")


MADE = [*ALL, *(experiment for experiment in ON_DEMAND if (TABLES / f"{experiment.name}.csv").exists())]


@pytest.mark.parametrize("experiment", MADE, ids=lambda experiment: experiment.name)
def test_a_stored_table_is_whole_and_current(experiment):
    rows = load(experiment)
    assert [
        {name: row[name] for name in settings} for row, settings in zip(rows, experiment.runs, strict=True)
    ] == list(map(dict, experiment.runs))
    for row in rows:
        date.fromisoformat(str(row["date"]))
        assert re.match(r"2\.\d+", str(row["torch"]))
        for result in experiment.tolerance:
            found = [
                value
                for name, value in row.items()
                if name == result or (result[-1] == " " and name.startswith(result))
            ]
            assert found, f"no column begins with {result!r}"
            assert all(isinstance(value, int | float) and 0 <= value <= 1 for value in found), (result, found)


def test_no_stored_table_is_without_its_experiment():
    asked = {experiment.name for experiment in ON_DEMAND}
    assert {path.stem for path in TABLES.glob("*.csv")} - asked == {experiment.name for experiment in ALL}
