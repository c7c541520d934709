"""Planes are drawn the right way round, in millimetres; the part of the CT is where it was; what is legal is read."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from unet_teach.course.scans import LEGAL, ORGANS, by_number, labelled_part, plane, show_planes, spoil, whole_ct
from unet_teach.data import load_torso, read_dicom, write_dicom

VOLUME = np.arange(2 * 3 * 4).reshape(2, 3, 4)
AFFINE = np.diag([1, 2, 5, 1.0])


@pytest.mark.parametrize(
    ("name", "index", "top_left", "bottom_right"),
    [
        ("axial", 1, VOLUME[0, 0, 1], VOLUME[-1, -1, 1]),
        ("coronal", 2, VOLUME[0, 2, -1], VOLUME[-1, 2, 0]),
        ("sagittal", 0, VOLUME[0, 0, -1], VOLUME[0, -1, 0]),
    ],
)
def test_the_patients_right_is_at_the_left_and_front_and_head_on_top(name, index, top_left, bottom_right):
    cut = plane(VOLUME, name, index)
    assert cut[0, 0] == top_left
    assert cut[-1, -1] == bottom_right


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
    assert ["".join(text.get_text() for text in ax.texts) for ax in axes] == ["RLAP", "RLHF", "APHF"]
    plt.close("all")


def test_turning_the_real_ct_moves_nothing_in_the_patient(real_data):
    the_same_places()


def test_turning_the_stand_in_moves_nothing_in_the_patient():
    the_same_places()


def the_same_places():
    ct, part, whole = load_torso(), labelled_part(), whole_ct()
    for i, j, k in [(0, 0, 0), (121, 100, 29), (40, 70, 12)]:
        there = part.affine @ [i, j, k, 1]
        x, y, z = np.rint(np.linalg.solve(ct.affine, there)[:3]).astype(int)
        assert part.hu[i, j, k] == ct.hu[x, y, z] == whole.hu[i, j, k + 82]
        assert part.organs[i, j, k] == ct.organs[x, y, z - 82]
        assert np.allclose(whole.affine @ [i, j, k + 82, 1], there)
    assert set(ORGANS.values()) <= set(np.unique(part.organs))


@pytest.mark.parametrize("name", LEGAL)
def test_what_is_legal_is_read(tmp_path, name):
    array = np.random.default_rng(0).integers(-1000, 1500, (9, 8, 7))
    write_dicom(tmp_path / "a", array, AFFINE, intercept=-1024)
    read = read_dicom(spoil(tmp_path / "a", tmp_path / "b", LEGAL[name]))
    kept = ~read.padding
    assert kept.mean() > 0.7
    assert (name == "padding") == read.padding.any()
    assert np.abs(read.array - array)[kept].max() <= 1.5


def test_stacking_by_number_asks_nothing(tmp_path):
    array = np.random.default_rng(0).integers(-1000, 1500, (4, 3, 12))
    write_dicom(tmp_path / "a", array, AFFINE, intercept=-1024)
    stack, slopes = by_number(tmp_path / "a")
    assert np.array_equal(stack, array + 1024)
    assert slopes == [1] * 12
    assert np.array_equal(
        by_number(spoil(tmp_path / "a", tmp_path / "b", LEGAL["numbers backwards"]))[0], stack[..., ::-1]
    )
