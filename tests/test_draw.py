"""Drawings: what a screen reader hears, what a stored notebook compares, what bad input is told."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.draw import COLOURS, number_grids, show_images, use_style


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_number_grids_are_well_formed_titled_and_the_same_twice():
    def draw():
        return number_grids({"a < b": np.arange(4).reshape(2, 2) - 2, "c": [[0.5]]}, between=["="], title="two & one")

    svg = draw()._repr_html_()
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.find("{*}title").text == "two & one"
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["a < b", "\N{MINUS SIGN}2", "\N{MINUS SIGN}1", "0", "1", "=", "c", "0.5"]
    assert svg == draw()._repr_html_()
    assert "0x" not in repr(draw())


def test_number_grids_take_the_colour_of_the_page():
    svg = number_grids({"a": [[1]]}, title="one")._repr_html_()
    assert 'fill="currentColor"' in svg
    assert not re.search(r'fill="(black|#000)', svg)


@pytest.mark.parametrize(
    ("grids", "marked", "message"),
    [
        ({"a": [1, 2]}, {}, "expected"),
        ({"a": [[1]]}, {"b": (0, 0, 1, 1)}, "marked 'b'"),
        ({"a": [[1]]}, {"a": (0, 0, 2, 1)}, "leaves grid"),
    ],
)
def test_number_grids_refuse_what_they_cannot_draw(grids, marked, message):
    with pytest.raises(ValueError, match=message):
        number_grids(grids, title="t", marked=marked)


def test_show_images_keeps_pixels_ranges_and_titles():
    images = [np.arange(6.0).reshape(2, 3), np.ones((2, 3)), np.zeros((2, 3))]
    show_images(images, ["a", "b", "c"], ranges=[(0, 10), None, (-1, 1)])
    axes = plt.gcf().axes
    assert len(axes) == 4  # two rows of two, the last one empty
    np.testing.assert_array_equal(axes[0].images[0].get_array(), images[0])
    assert axes[0].images[0].get_clim() == (0, 10)
    assert [ax.get_title() for ax in axes] == ["a", "b", "c", ""]


@pytest.mark.parametrize(("images", "titles"), [([], []), ([np.ones((2, 2))], []), ([np.ones((2, 2))], ["a", "b"])])
def test_show_images_wants_one_title_an_image(images, titles):
    with pytest.raises(ValueError, match="one each"):
        show_images(images, titles)


def test_the_style_is_large_and_its_colours_differ_in_grey():
    use_style()
    assert plt.rcParams["font.size"] >= 13
    assert plt.rcParams["figure.figsize"][0] <= 6.4
    greys = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(plt.matplotlib.colors.to_rgb, COLOURS)]
    assert all(abs(a - b) > 0.02 for a, b in pairwise(greys))
