"""Cells out of masks and maps: connected pieces, and the two watersheds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from unet_teach.metrics import match
from unet_teach.predict import by_border, by_distance, components
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
