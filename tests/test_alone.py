"""`make alone`: a notebook in an empty folder has the wheel and nothing else; without a network, without data."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import alone

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has namespaces")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """Make an environment and a wheel, once."""
    folder = tmp_path_factory.mktemp("stranger")
    return alone.environment(folder / "env", colab=False), alone.wheel(folder)


def ran(stranger, tmp_path, code, **settings):
    """Run a notebook of one cell behind the setup cell."""
    setup = nbformat.read(next((alone.ROOT / "notebooks").glob("01*.ipynb")), as_version=4).cells[1].source
    book = new_notebook(cells=[new_code_cell(setup), new_code_cell(code)])
    nbformat.write(book, tmp_path / "one.ipynb")
    return alone.run_alone(stranger[0], tmp_path / "one.ipynb", stranger[1], **settings)


@pytest.mark.slow
def test_the_package_comes_from_the_wheel_and_the_folder_is_empty(stranger, tmp_path):
    code = "import os, unet_teach\nassert 'site-packages' in unet_teach.__file__, unet_teach.__file__\n"
    code += "assert sorted(name[-5:] for name in os.listdir()) == ['ipynb', 'y.whl'], os.listdir()"
    took = ran(stranger, tmp_path, code)
    assert "failed" not in took, took
    assert took["seconds"] > 0.1
    assert 0.01 < took["memory"] < 1


@pytest.mark.slow
@linux
def test_without_a_network_a_set_is_a_stand_in(stranger, tmp_path):
    took = ran(stranger, tmp_path, "from unet_teach.data import load_ct_slice; load_ct_slice()", offline=True)
    assert took.get("stand_ins") == ["fatsegmentation"], took


@pytest.mark.slow
def test_a_cell_that_fails_fails_the_notebook(stranger, tmp_path):
    assert "ZeroDivisionError" in ran(stranger, tmp_path, "1 / 0")["failed"]


def test_what_a_notebook_took_is_said_and_too_much_is_named():
    assert alone.summary({"seconds": 12, "memory": 0.8, "stand_ins": []}) == "  12 core-seconds, 0.80 GB"
    said = alone.summary({"seconds": 12, "memory": 2.5, "stand_ins": ["usiigaci"]})
    assert said.endswith("MORE THAN BINDER HAS, stand-ins: usiigaci")
    assert "MORE" not in alone.summary({"seconds": 12, "memory": 2.5, "stand_ins": []}, "Colab")


def test_no_such_notebook(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["alone", "99"])
    assert alone.main() == 1
    assert "starts with '99'" in capsys.readouterr().err
