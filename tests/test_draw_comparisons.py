"""A front joins those on it, orders cross where they change, and names do not lie on each other."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.draw import show_front, show_orders
from unet_teach.draw.comparisons import apart


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_a_front_is_joined_and_everybody_is_named():
    show_front({"a": (1, 0.5), "b": (2, 0.4), "c": (4, 0.9), "d": (2, 0.6)}, "price", "score")
    (ax,) = plt.gcf().axes
    joined, front, others = (line.get_xydata().tolist() for line in ax.lines)
    assert joined == [[1, 0.5], [2, 0.6], [4, 0.9]]
    assert sorted(front) == joined
    assert others == [[2, 0.4]]
    assert {text.get_text() for text in ax.texts} == {"a", "b", "c", "d"}
    assert (ax.get_xscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "price", "score")


@pytest.mark.parametrize("points", [{}, {"free": (0, 1)}, {"broken": (1, np.nan)}])
def test_a_front_of_nothing_is_refused(points):
    with pytest.raises(ValueError, match=r"costs above 0|finite"):
        show_front(points, "price", "score")


def test_orders_have_the_best_on_top():
    show_orders({"here": {"a": 1, "b": 3, "c": 2}, "there": {"c": 5, "b": 4, "a": 6}}, marked=["b"])
    (ax,) = plt.gcf().axes
    assert [list(line.get_ydata()) for line in ax.lines] == [[2, 0], [0, 2], [1, 1]]
    assert len({line.get_color() for line in ax.lines}) == 2
    top, bottom = ax.get_ylim()[::-1]
    assert top < bottom


@pytest.mark.parametrize("scores", [{"one": {"a": 1}}, {"one": {"a": 1}, "two": {"b": 1}}])
def test_orders_of_different_names_are_refused(scores):
    with pytest.raises(ValueError, match="same names"):
        show_orders(scores)


def test_heights_are_moved_apart_in_their_order():
    heights = np.array([0.5, 0.5, 0.51, 0.9, 0.1])
    moved = apart(heights, 0.1)
    assert (np.diff(np.sort(moved)) >= 0.1 - 1e-6).all()
    np.testing.assert_array_equal(np.argsort(moved, kind="stable"), np.argsort(heights, kind="stable"))
    np.testing.assert_allclose(moved[3:], heights[3:])
