"""Objects are matched as brute force matches them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.metrics import contingency_table

from unet_teach.metrics import Match, match, overlaps

LABELS = arrays(np.int32, (7, 8), elements=st.sampled_from([0, 0, 1, 2, 5, 9]))


def brute(predicted, true, iou):
    """Object by object, pixel masks only."""
    ps = [predicted == number for number in np.unique(predicted) if number]
    ts = [true == number for number in np.unique(true) if number]
    matched = sum((p & t).sum() > iou * (p | t).sum() for p in ps for t in ts)
    merged = sum(sum((p & t).sum() > t.sum() / 2 for t in ts) >= 2 for p in ps)
    split = sum(sum((p & t).sum() > p.sum() / 2 for p in ps) >= 2 for t in ts)
    return Match(matched, len(ts) - matched, len(ps) - matched, merged, split)


@given(LABELS, LABELS, st.sampled_from([0.5, 0.7, 0.9]))
def test_a_match_is_brute_forces(predicted, true, iou):
    assert match(predicted, true, iou) == brute(predicted, true, iou)


@given(LABELS, st.integers(0, 3))
def test_near_copies_match_as_brute_force_says(true, shift):
    predicted = np.roll(true, shift, axis=1)
    assert match(predicted, true) == brute(predicted, true, 0.5)


@given(LABELS, LABELS)
def test_overlaps_are_scikit_images_contingency_table(predicted, true):
    table = overlaps(predicted, true)
    theirs = contingency_table(true, predicted).toarray().astype(int)
    rows, columns = ([0, *(number for number in np.unique(x) if number)] for x in (predicted, true))
    theirs = np.pad(theirs, [(0, 10 - theirs.shape[0]), (0, 10 - theirs.shape[1])])
    assert np.array_equal(table, theirs[np.ix_(columns, rows)].T)
    assert table.sum() == true.size


def test_numbers_far_apart_are_no_trouble():
    true = np.zeros((20, 20), dtype=np.int64)
    true[:5, :5], true[10:, 10:] = 10**15, 3
    assert match(true, (true > 0) * true // 3) == Match(2, 0, 0)


@pytest.fixture
def two_cells():
    true = np.zeros((10, 20), dtype=np.int32)
    true[2:8, 2:9], true[2:8, 10:17] = 1, 2
    return true


def test_one_region_over_two_cells_is_a_merge(two_cells):
    found = match((two_cells > 0).astype(np.int32), two_cells)
    assert found == Match(matched=0, missed=2, false=1, merged=1)  # each cell is exactly half of it: no match
    assert found.average_precision == 0


def test_a_cell_in_two_halves_is_a_split(two_cells):
    halves = two_cells.copy()
    halves[5:8, 2:9] = 3
    assert match(halves, two_cells) == Match(matched=1, missed=1, false=2, split=1)
    assert match(halves, two_cells).average_precision == 1 / 4


def test_nothing_and_nothing_agree():
    nothing = np.zeros((4, 4), dtype=np.int32)
    assert match(nothing, nothing) == Match()
    assert match(nothing, nothing).average_precision == 1
    assert match(nothing, nothing + 1) == Match(missed=1)
    assert match(np.zeros((0, 4), dtype=int), np.zeros((0, 4), dtype=int)) == Match()


def test_matches_of_several_fields_pool():
    pooled = sum([Match(1, 2, 3, 4, 5), Match(1, 1, 1, 1, 1)], Match())
    assert pooled == Match(2, 3, 4, 5, 6)
    assert pooled.average_precision == 2 / 9


def test_what_makes_no_sense_is_refused(two_cells):
    with pytest.raises(TypeError, match="predicted objects must be an array of integers"):
        match(two_cells > 0.5, two_cells)
    with pytest.raises(TypeError, match="true objects"):
        match(two_cells, two_cells.astype(float))
    with pytest.raises(ValueError, match="one shape"):
        match(two_cells, two_cells[1:])
    with pytest.raises(ValueError, match="negative"):
        match(two_cells, -two_cells)
    for iou in (0.49, 1, np.nan):
        with pytest.raises(ValueError, match=r"at least 0\.5"):
            match(two_cells, two_cells, iou)


def test_a_large_field_of_shifted_cells():
    rows, columns = np.indices((1024, 1024))
    true = (rows // 64 * 16 + columns // 64 + 1).astype(np.int32)
    predicted = np.roll(true, 10, axis=1)
    assert match(predicted, true) == Match(matched=256)  # 54 of 64 columns stay: an IoU of 54 / 74
    assert match(predicted, true, iou=0.75) == Match(missed=256, false=256)
