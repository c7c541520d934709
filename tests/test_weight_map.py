import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from unet_teach.transforms import two_nearest, weight_map, with_seams

CELLS = arrays(np.int32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3))


def distances_pixel_by_pixel(instances):
    """The definition: for each pixel and each cell the nearest of its pixels; then sort."""
    rows, columns = np.indices(instances.shape)
    to_cells = []
    for number in np.unique(instances[instances > 0]):
        r, c = np.nonzero(instances == number)
        to_cells.append(np.hypot(rows[..., None] - r, columns[..., None] - c).min(axis=-1))
    to_cells += [np.full(instances.shape, np.inf)] * 2
    return np.sort(to_cells, axis=0)[:2]


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_distances_are_those_of_the_definition(instances):
    for found, wanted in zip(two_nearest(instances, reach=100), distances_pixel_by_pixel(instances), strict=True):
        np.testing.assert_allclose(found, wanted)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_the_map_is_the_papers_formula(instances):
    cells = with_seams(instances)
    d1, d2 = distances_pixel_by_pixel(np.where(cells, instances, 0))
    wanted = np.where(cells, 1, 1 + 10 * np.exp(-((d1 + d2) ** 2) / (2 * 5**2)))
    np.testing.assert_allclose(weight_map(instances), wanted, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_a_pixel_is_cut_where_two_cells_are_around_it(instances):
    cells = with_seams(instances)
    for row, column in np.ndindex(instances.shape):
        around = instances[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        one_cell = len(np.unique(around[around > 0])) == 1
        assert cells[row, column] == (instances[row, column] > 0 and one_cell)


def test_by_hand():
    instances = np.zeros((1, 7), np.int32)
    instances[0, :2], instances[0, 4:] = 1, 2  # 1 1 0 0 2 2 2
    weights = weight_map(instances, w0=10, sigma=5)
    np.testing.assert_allclose(weights[0, [2, 3]], 1 + 10 * np.exp(-(3**2) / 50), rtol=1e-6)  # 1 + 2 pixels, either way
    assert (weights[0, [0, 1, 4, 5, 6]] == 1).all()


def test_a_lonely_cell_and_an_empty_field_weigh_1():
    instances = np.zeros((30, 30), np.int32)
    assert (weight_map(instances) == 1).all()
    instances[10:20, 10:20] = 7
    assert (weight_map(instances) == 1).all()


def test_beyond_reach_is_infinitely_far():
    instances = np.zeros((1, 50), np.int32)
    instances[0, 0], instances[0, 49] = 1, 2
    d1, d2 = two_nearest(instances, reach=10)
    assert d1[0, 10] == 10
    assert np.isinf(d1[0, 11])
    assert np.isinf(d2).all()


@pytest.mark.parametrize(
    ("instances", "error", "said"),
    [
        (np.zeros((3, 3)), TypeError, "integers"),
        (np.zeros((2, 3, 3), int), ValueError, "one image"),
        (np.full((3, 3), -1), ValueError, "negative"),
    ],
)
def test_bad_cells_are_refused(instances, error, said):
    with pytest.raises(error, match=said):
        weight_map(instances)


@pytest.mark.parametrize("options", [{"w0": -1}, {"sigma": 0}, {"sigma": float("nan")}])
def test_bad_numbers_are_refused(options):
    with pytest.raises(ValueError, match="w0 must be"):
        weight_map(np.zeros((3, 3), int), **options)
