"""Planes are drawn the right way round, in millimetres."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.course.scans import plane, show_planes

VOLUME = np.arange(2 * 3 * 4).reshape(2, 3, 4)
AFFINE = np.diag([1, 2, 5, 1.0])


@pytest.mark.parametrize(
    ("name", "index", "top_right", "bottom_left"),
    [
        ("axial", 1, VOLUME[-1, -1, 1], VOLUME[0, 0, 1]),
        ("coronal", 2, VOLUME[-1, 2, -1], VOLUME[0, 2, 0]),
        ("sagittal", 0, VOLUME[0, -1, -1], VOLUME[0, 0, 0]),
    ],
)
def test_right_front_and_head_are_to_the_right_and_on_top(name, index, top_right, bottom_left):
    cut = plane(VOLUME, name, index)
    assert cut[0, -1] == top_right
    assert cut[-1, 0] == bottom_left


def test_there_are_three_planes():
    with pytest.raises(ValueError, match="axial, coronal or sagittal"):
        plane(VOLUME, "oblique", 0)


@pytest.mark.parametrize(
    ("millimetres", "sides"), [(True, [(2, 6), (2, 20), (6, 20)]), (False, [(2, 3), (2, 4), (3, 4)])]
)
def test_a_drawing_is_as_long_as_the_patient(millimetres, sides):
    show_planes(VOLUME, AFFINE, (1, 1, 1), (0, 20), millimetres)
    axes = plt.gcf().axes
    assert [(ax.images[0].get_extent()[1], ax.images[0].get_extent()[3]) for ax in axes] == sides
    assert ["".join(text.get_text() for text in ax.texts) for ax in axes] == ["LRPA", "LRFH", "PAFH"]
    plt.close("all")
