"""`touch` in a notebook: a figure, the live thing after it where anywidget is, and in Colab what it needs there."""

import importlib.util
import sys
from types import SimpleNamespace

import pytest
from matplotlib import pyplot as plt

from unet_teach.course import touch as parts


class Shell:
    """A notebook's shell, as far as a figure needs it."""

    def __init__(self):
        png = lambda figure: ({"image/png": "x", "text/plain": "a figure"}, {"image/png": {"width": 3}})  # noqa: E731
        self.display_formatter = SimpleNamespace(format=png)


@pytest.fixture
def shown(monkeypatch):
    import IPython
    import IPython.display

    plt.figure()
    said = []
    monkeypatch.setattr(IPython, "get_ipython", Shell)
    monkeypatch.setattr(IPython.display, "display", lambda data, **more: said.append((data, more)))
    return said


def test_where_anywidget_is_the_live_thing_follows_the_figure(shown):
    pytest.importorskip("anywidget")
    parts.touch("filter-lab", pictures=[])
    (figure, more), (live, _) = shown  # two outputs: opened again, a notebook shows the figure though the thing is gone
    assert figure == {"image/png": "x", "text/plain": "a figure"}
    assert more["metadata"] == {"image/png": {"width": 3}}
    assert set(live) == {parts.VIEW}
    assert not plt.get_fignums()


def test_without_anywidget_there_is_the_figure_and_what_to_run(shown, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    parts.touch("filter-lab")
    assert [set(data) for data, _ in shown] == [{"image/png", "text/plain"}]
    assert "run `%pip install anywidget`" in capsys.readouterr().out


def test_in_colab_the_live_thing_comes_with_its_manager(shown, monkeypatch):
    pytest.importorskip("anywidget")
    enabled = []
    output = SimpleNamespace(
        enable_custom_widget_manager=lambda: enabled.append(1), _widgets=SimpleNamespace(_installed_url="here")
    )
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(output=output))
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    util = importlib.import_module("anywidget._util")
    util.enable_custom_widget_manager_once.cache_clear()
    parts.touch("filter-lab")
    assert enabled == [1]
    assert [set(data) for data, _ in shown] == [{"image/png", "text/plain"}, {parts.VIEW}]
    assert shown[1][1]["metadata"] == {parts.VIEW: {"colab": {"custom_widget_manager": {"url": "here"}}}}


def test_outside_a_notebook_it_is_a_figure(monkeypatch):
    import IPython

    called = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)  # another test may have left a shell
    monkeypatch.setattr(plt, "show", lambda: called.append(1))
    parts.touch("filter-lab")
    assert called == [1]
    with pytest.raises(ValueError, match=r"no.* named 'filter-lap'; there are .*filter-lab"):
        parts.touch("filter-lap")
