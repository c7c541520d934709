"""Cells out of masks and maps: connected pieces, the two watersheds, and the flood."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage
from skimage.morphology import h_minima

from unet_teach.metrics import match
from unet_teach.predict import by_basin, by_border, by_distance, components
from unet_teach.predict.instances import SPECK

MASKS = arrays(bool, st.tuples(st.integers(4, 24), st.integers(4, 24)))


def two_discs():
    """Two cells that overlap a little, so that their mask is one piece."""
    rows, columns = np.indices((64, 64))
    field = np.zeros((64, 64), np.int32)
    for number, column in enumerate((20, 36), start=1):
        field[(np.hypot(rows - 30, columns - column) < 9) & (field == 0)] = number
    return field


def test_a_mask_of_touching_cells_is_one_piece_and_two_summits():
    cells = two_discs()
    assert len(np.unique(components(cells > 0))) == 2  # background, and both in one
    assert match(by_distance(cells > 0), cells).matched == 2


def test_insides_grow_over_their_border():
    cells = two_discs()
    inside = (ndimage.minimum_filter(cells, 3) == cells) & (ndimage.maximum_filter(cells, 3) == cells) & (cells > 0)
    found = by_border(inside.astype(np.float32), (cells > 0).astype(np.float32), 0.5)
    assert ((found > 0) == (cells > 0)).all()
    assert match(found, cells).average_precision == 1


def two_rooms(low=0.0):
    """Two rooms of 20 by 20 on either side of a wall of 1 with a gap; the second floor lies at `low`."""
    walls = np.zeros((20, 41), np.float32)
    walls[:, 21:] = low
    walls[:, 20] = 1
    walls[10, 20] = low
    return walls


def test_a_flood_closes_a_gap_that_a_threshold_does_not():
    walls = two_rooms()
    assert ndimage.label(walls < 0.5)[1] == 1
    rooms = by_basin(walls, 1, 0.05)
    assert np.unique(rooms[:, :18]).size == np.unique(rooms[:, 23:]).size == 1
    assert 0 < rooms[0, 0] != rooms[0, -1] > 0
    assert (rooms[:, 19:22] == 0).any(axis=1).all()  # the two floods meet on the wall, and in its gap


@pytest.mark.parametrize(("depth", "rooms"), [(0.05, 2), (0.15, 2), (0.25, 1)])
def test_a_basin_counts_only_if_it_is_deeper_than_asked(depth, rooms):
    walls = two_rooms(low=0.4)  # from the second floor one climbs by 0.2
    walls[:, 20] = 0.6
    assert by_basin(walls, 0, depth).max() == rooms


def test_a_flat_map_is_one_room_and_no_wall():
    assert (by_basin(np.full((6, 7), 0.3, np.float32), 2, 0.1) == 1).all()


@settings(max_examples=30, deadline=None)
@given(arrays(np.uint8, (12, 13), elements=st.integers(0, 40)), st.integers(1, 12))
def test_basins_are_those_of_the_library_in_whole_numbers(grey, depth):
    ours = by_basin(grey.astype(np.float32), 0, depth)
    assert ours.max() == max(ndimage.label(h_minima(grey, depth))[1], 1)


@pytest.mark.parametrize(("sigma", "depth"), [(-1, 0.1), (1, 0), (1, -0.1), (1, float("nan"))])
def test_a_flood_without_a_blur_or_a_depth_is_refused(sigma, depth):
    with pytest.raises(ValueError, match="depth > 0"):
        by_basin(two_rooms(), sigma, depth)


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_nothing_is_made_up_and_nothing_is_a_speck(mask):
    for cut in (components, by_distance):
        found = cut(mask)
        assert found.shape == mask.shape
        assert not (found[~mask] > 0).any()
        sizes = np.bincount(found.ravel())[1:]
        assert (sizes[sizes > 0] >= SPECK).all()


@settings(max_examples=60, deadline=None)
@given(MASKS)
def test_components_are_scipys_but_for_specks(mask):
    found, wanted = components(mask), ndimage.label(mask)[0]
    large = np.isin(wanted, np.flatnonzero(np.bincount(wanted.ravel()) >= SPECK)) & mask
    assert ((found > 0) == large).all()
    assert all(len(np.unique(wanted[found == number])) == 1 for number in np.unique(found[found > 0]))
