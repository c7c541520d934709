"""The environment of `make oldest`: every lower bound as it stands, and torch, the exception, as it is asked for."""

import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import oldest

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_dependency_is_at_its_lower_bound_but_torch():
    wanted = oldest.wanted(PROJECT)
    for dependency in PROJECT["project"]["dependencies"]:
        name, version = dependency.split(">=")
        assert (f"{name}=={version}" in wanted) == (name != "torch")
    ours = [name for name in PROJECT["dependency-groups"]["notebooks"] if name.startswith("torch")]
    assert [name for name in wanted if name.startswith("torch")] == ours
    assert {"pytest", "jupyter", "jupyter-book==1.0.4.post1"} <= set(wanted)


def test_another_torch_takes_the_place_of_the_pinned_one():
    assert [name for name in oldest.wanted(PROJECT, "2.4.0") if name.startswith("torch")] == ["torch==2.4.0"]


def test_a_newer_python_is_refused_with_the_one_to_take(monkeypatch):
    monkeypatch.setattr(sys, "version_info", type("Version", (), {"major": 3, "minor": 99}))
    with pytest.raises(SystemExit, match=r"make oldest PYTHON=python3\.11"):
        oldest.main("")
