"""`make experiments-test`: what changed is run again, in time; what does not hold fails; what held is not run twice."""

import math
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import experiments_again as tool

from unet_teach.course.experiments import ALL
from unet_teach.course.experiments.table import Experiment

RUNS = [{"steps": 800, "seed": 0}, {"steps": 100, "seed": 0}, {"steps": 100, "seed": 1}]
TOY = Experiment("toy", "Does it add up?", RUNS, lambda steps, seed: {"dice": 0.79}, {"dice": 0.02})


@pytest.fixture
def asked(monkeypatch):
    """Stand in for the processes: a table called NAME takes SECONDS[NAME]; `broken` is not reproduced."""
    names = []

    def examine(experiment, expected, deadline):
        names.append(experiment.name)
        if expected > deadline - time.monotonic():
            return tool.Outcome("no time")
        return tool.Outcome(
            "again", failed=experiment.name == "broken", seconds=None if experiment.name == "broken" else 40.0
        )

    monkeypatch.setattr(tool, "examine", examine)
    monkeypatch.setattr(tool, "fingerprint", lambda experiment: f"code of {experiment.name}")
    monkeypatch.setattr(tool.os, "cpu_count", lambda: 1)
    return names


def named(*names, **more):
    return [replace(TOY, name=name, **more) for name in names]


def record(file, **seconds):
    old = {"code": "old", "date": "2026-01-01"}
    tool.write_record(file, {name: {"table": name, "core_seconds": str(s)} | old for name, s in seconds.items()})


def test_the_cheapest_run_is_the_first_that_has_the_settings_given():
    assert TOY.cheapest_run == RUNS[0]
    assert replace(TOY, cheapest={"steps": 100}).cheapest_run == RUNS[1]


UNTRAINED = {"gigapixel"}  # memory does not ask what a network has learned


@pytest.mark.parametrize("experiment", ALL, ids=lambda experiment: experiment.name)
def test_every_experiment_has_a_stored_cheapest_row_and_code(experiment):
    row = tool.stored_row(experiment)
    assert {name: row[name] for name in experiment.cheapest_run} == experiment.cheapest_run
    module = tool.module_of(experiment)
    assert any(it is experiment for it in vars(sys.modules[module]).values())
    assert {module, "unet_teach.models.unet"} <= tool.closure(module)
    assert experiment.name in UNTRAINED or "unet_teach.train.loop" in tool.closure(module)


def test_code_torch_and_the_stored_row_are_in_the_fingerprint(monkeypatch):
    before = tool.fingerprint(ALL[0])
    assert tool.fingerprint(ALL[0]) == before
    with monkeypatch.context() as other:
        other.setattr(tool.torch, "__version__", "9.9.9")
        assert tool.fingerprint(ALL[0]) != before
    with monkeypatch.context() as other:
        other.setattr(tool, "stored_row", lambda experiment: {"dice 1": 0.5})
        assert tool.fingerprint(ALL[0]) != before
    with monkeypatch.context() as other:
        other.setattr(tool, "bare", lambda code: code.replace("STEPS = 600", "STEPS = 601").replace(" ", ""))
        assert tool.fingerprint(ALL[0]) != before


def test_what_held_is_recorded_and_not_run_again(tmp_path, asked, capsys):
    file = tmp_path / "examined.tsv"
    assert tool.main(named("b", "a"), everything=False, file=file) == 0
    assert sorted(asked) == ["a", "b"]
    assert [line.split("\t")[:3] for line in file.read_text(encoding="utf-8").splitlines()] == [
        ["table", "code", "core_seconds"],
        ["a", "code of a", "40"],
        ["b", "code of b", "40"],
    ]
    assert tool.main(named("a", "b"), everything=False, file=file) == 0
    assert len(asked) == 2
    assert "a: unchanged since" in capsys.readouterr().out
    assert tool.main(named("a"), everything=True, file=file) == 0
    assert asked[2:] == ["a"]
    assert list(tool.read_record(file)) == ["a"]  # a table that has gone goes from the record


def test_the_quickest_comes_first_and_what_has_no_time_stays_unrecorded(tmp_path, asked, capsys):
    file = tmp_path / "examined.tsv"
    record(file, long=170, quick=20, endless=200)
    assert tool.main(named("new", "long", "endless", "quick"), everything=False, file=file) == 0
    assert asked == ["quick", "long", "endless", "new"]
    assert "endless: no time" in capsys.readouterr().out
    assert tool.read_record(file)["endless"]["code"] == "old"
    assert tool.read_record(file)["long"]["code"] == "code of long"


def test_a_row_that_does_not_hold_fails_and_is_asked_again(tmp_path, asked):
    file = tmp_path / "examined.tsv"
    for _ in range(2):
        assert tool.main(named("broken", "good"), everything=False, file=file) == 1
    assert asked.count("broken") == 2
    assert list(tool.read_record(file)) == ["good"]


def test_without_its_data_a_table_is_not_examined(tmp_path, asked, capsys):
    assert tool.main(named("toy", needs=("isbi2012_em",)), everything=True, file=tmp_path / "examined.tsv") == 0
    assert asked == []
    assert "isbi2012_em is not here" in capsys.readouterr().out


def test_without_a_package_that_the_course_does_not_bring_a_table_is_not_examined(tmp_path, asked, capsys):
    toys = named("toy", beside=("no_such_package", "json"))
    assert tool.main(toys, everything=True, file=tmp_path / "examined.tsv") == 0
    assert asked == []
    assert "toy: not examined, for no_such_package is not here" in capsys.readouterr().out


@pytest.mark.parametrize(("found", "off"), [(0.79, 0.0), (0.805, 0.75), (0.83, 2.0)])
def test_a_repeated_row_is_measured_in_tolerances(monkeypatch, found, off):
    monkeypatch.setattr(tool, "stored_row", lambda experiment: {"dice": 0.79})
    assert tool.repeat(replace(TOY, run=lambda steps, seed: {"dice": found})) == (pytest.approx(off), "dice")


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Let the process of a row be this code."""

    def become(code):
        (tmp_path / "one.py").write_text(code, encoding="utf-8")
        monkeypatch.setattr(tool, "__file__", str(tmp_path / "one.py"))

    return become


def test_the_process_of_a_row_says_how_far_it_is_off(script):
    script("""print('[0.5, "dice", 33.4]')""")
    outcome = tool.examine(TOY, 0, math.inf)
    assert not outcome.failed
    assert outcome.words == "again in 33 core-seconds, dice is 0.50 of its tolerance off"
    assert outcome.seconds == 33.4
    script("""print('[1.01, "dice", 33.4]')""")
    assert tool.examine(TOY, 0, math.inf).failed
    script("raise SystemExit('no such row')")
    outcome = tool.examine(TOY, 0, math.inf)
    assert outcome.failed
    assert "no such row" in outcome.words


def test_a_row_that_takes_longer_than_thought_is_stopped(script):
    script("import time; time.sleep(60)")
    begun = time.monotonic()
    outcome = tool.examine(TOY, 0, begun + 0.3)
    assert time.monotonic() - begun < 30
    assert not outcome.failed
    assert outcome.seconds is None
    assert "no time" in outcome.words
    assert tool.examine(TOY, 5, time.monotonic() + 4) == outcome  # and one known to take too long is not begun
