"""V-Rand against scikit-image, brute force, and numbers made by hand."""

import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage
from skimage.metrics import adapted_rand_error, contingency_table

from unet_teach.metrics import THRESHOLDS, dice, rand_f_score, regions, thin, v_rand, v_rand_curve

few = settings(max_examples=40, deadline=None)
label_pairs = hnp.array_shapes(min_dims=2, max_dims=2, max_side=7).flatmap(
    lambda shape: st.tuples(*(hnp.arrays(np.int64, shape, elements=st.integers(0, 4)) for _ in range(2)))
)
membranes = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9))

EMPTY, FULL = np.zeros((4, 4), bool), np.ones((4, 4), bool)


def test_rand_f_score_by_hand():
    true = np.array([[1, 1, 0, 2, 2]])
    assert rand_f_score(true, true) == 1.0
    assert rand_f_score(np.array([[1, 1, 1, 1, 1]]), true) == 2 * 8 / (16 + 8)  # merged
    assert rand_f_score(np.array([[1, 3, 0, 2, 2]]), true) == 2 * 6 / (6 + 8)  # split
    assert rand_f_score(np.array([[1, 0, 0, 2, 2]]), true) == 2 * 6 / (6 + 8)  # a border pixel is single
    assert rand_f_score(np.array([[0, 0, 0, 0, 0]]), true) == 2 * 4 / (4 + 8)


def by_pairs(predicted, true):
    """Ask of every ordered pair of pixels inside true regions whether it is together."""
    s, t = predicted[true != 0].tolist(), true[true != 0].tolist()
    n = range(len(s))
    in_s = [[i == j or s[i] == s[j] != 0 for j in n] for i in n]
    both = sum(in_s[i][j] and t[i] == t[j] for i in n for j in n)
    return 2 * both / (sum(map(sum, in_s)) + sum(t[i] == t[j] for i in n for j in n))


@few
@given(label_pairs)
def test_rand_f_score_by_brute_force(labels):
    predicted, true = labels
    if not true.any():
        with pytest.raises(ValueError, match="no true region"):
            rand_f_score(predicted, true)
        return
    score = rand_f_score(predicted, true)
    assert score == pytest.approx(by_pairs(predicted, true))
    assert 0 < score <= 1
    assert rand_f_score(7 * predicted, 1000 * true) == score  # the numbers themselves do not matter


@few
@given(label_pairs)
def test_rand_f_score_from_scikit_images_table(labels):
    predicted, true = labels
    n = np.count_nonzero(true)
    if not n:
        return
    table = contingency_table(true, predicted, ignore_labels=(0,)).toarray()
    single = table[:, 0].sum()
    p, s, t = (
        (table[:, 1:] ** 2).sum() + single,
        (table[:, 1:].sum(axis=0) ** 2).sum() + single,
        (table.sum(axis=1) ** 2).sum(),
    )
    assert rand_f_score(predicted, true) == pytest.approx(2 * p / (s + t))
    # adapted_rand_error counts pairs of different pixels: n fewer in each sum, once the border pixels are single.
    if p > n:
        alone = np.where(predicted == 0, 5 + np.arange(true.size).reshape(true.shape), predicted)
        error, _, _ = adapted_rand_error(true, alone, ignore_labels=(0,))
        assert 1 - error == pytest.approx(2 * (p - n) / (s + t - 2 * n))


def test_rand_f_score_nears_scikit_images_in_a_large_image():
    generator = np.random.default_rng(0)
    true = np.kron(np.arange(1, 26).reshape(5, 5), np.ones((40, 40), int))
    predicted = np.where(generator.random(true.shape) < 0.1, generator.integers(1, 26, true.shape), true)
    error, _, _ = adapted_rand_error(true, predicted, ignore_labels=(0,))
    assert rand_f_score(predicted, true) == pytest.approx(1 - error, abs=1e-3)


def test_regions_touch_at_edges_only():
    membrane = ~np.eye(3, dtype=bool)
    assert regions(membrane).tolist() == [[1, 0, 0], [0, 2, 0], [0, 0, 3]]


def test_thin_by_hand():
    wide = np.zeros((3, 9), bool)
    wide[:, 2:7] = True
    assert thin(wide).tolist() == [[1, 1, 1, 1, 0, 2, 2, 2, 2]] * 3
    blob = np.zeros((5, 5), bool)
    blob[1:4, 2] = True  # ends inside a region: separates nothing
    assert (thin(blob) == 1).all()
    ring = np.zeros((7, 7), bool)
    ring[1:6, 1:6], ring[3, 3] = True, False
    ring[0, 0] = True
    assert len(np.unique(thin(ring))) == 3  # inside, outside, line
    assert (thin(FULL) == 1).all()
    assert (thin(EMPTY) == 1).all()


# Here the line around one basin cuts off a pixel of another.
CUT_OFF = np.array([list(row) for row in ("10111", "11101", "11111", "01110", "11111")])


@settings(max_examples=150, deadline=None)
@given(membranes)
@example(CUT_OFF == "1")
def test_thinning_keeps_regions_and_leaves_a_line(membrane):
    before, after = regions(membrane), thin(membrane)
    if membrane.all():
        return
    assert (after[before > 0] > 0).all()  # regions only grow
    joined = {tuple(pair) for pair in np.stack([before[before > 0], after[before > 0]], axis=1)}
    assert all(ndimage.label(after == number)[1] == 1 for number in range(1, after.max() + 1))  # none in two pieces
    assert len(joined) == before.max() == len({new for _, new in joined})  # none merged, none split
    for row, column in np.argwhere(after == 0):  # each pixel of the line has two regions or another line beside it
        padded = np.pad(after, 1, constant_values=-1)
        beside = {padded[row + 1 + i, column + 1 + j] for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))}
        assert 0 in beside or len(beside - {-1}) >= 2


@few
@given(membranes)
def test_v_rand_of_the_truth_is_one(membrane):
    if membrane.all():
        with pytest.raises(ValueError, match="no true region"):
            v_rand(membrane.astype(float), regions(membrane), 0.5)
        return
    assert v_rand(membrane.astype(float), regions(membrane), 0.5) == 1.0


def four_cells():
    membrane = np.zeros((21, 21), bool)
    membrane[10], membrane[:, 10] = True, True
    return membrane


def test_width_is_forgiven_and_a_gap_is_not():
    membrane = four_cells()
    truth = regions(membrane)
    assert v_rand(ndimage.binary_dilation(membrane, iterations=3).astype(float), truth, 0.5) == 1.0
    gap = membrane.astype(float)
    gap[10, 3] = 0  # joins two of four equal cells: sums 2/8 + 2/16 and 4/16
    assert dice(gap > 0, membrane) > 0.98
    assert v_rand(gap, truth, 0.5) == pytest.approx(2 * (4 / 16) / (4 / 16 + (1 / 4 + 2 / 16)))


def test_no_membrane_and_membrane_everywhere_are_one_region():
    truth = regions(four_cells())
    merged = 2 * (1 / 4) / (1 + 1 / 4)
    assert v_rand(np.zeros((21, 21)), truth, 0.5) == pytest.approx(merged)
    assert v_rand(np.ones((21, 21)), truth, 0.5) == pytest.approx(merged)
    one = np.ones((21, 21), int)
    assert v_rand(np.zeros((21, 21)), one, 0.5) == v_rand(np.ones((21, 21)), one, 0.5) == 1.0
    assert v_rand(four_cells().astype(float), one, 0.5) < 0.5  # a single true region, split in four


def test_the_threshold_counts_as_membrane_in_every_precision():
    truth = regions(four_cells())
    for dtype in (np.float32, np.float64):
        for threshold in THRESHOLDS[1:]:
            assert v_rand(threshold * four_cells().astype(dtype), truth, np.float64(threshold)) == 1.0
    assert v_rand(four_cells().astype(float), truth, 0.0) < 1  # at 0 all is membrane


def test_the_curve_holds_the_score_at_each_threshold():
    membrane = four_cells()
    probability = np.random.default_rng(0).random(membrane.shape) * 0.3 + 0.5 * membrane
    curve = v_rand_curve(probability, regions(membrane))
    assert THRESHOLDS == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    assert curve.shape == (11,)
    assert curve.dtype == np.float64
    assert curve.tolist() == [v_rand(probability, regions(membrane), threshold) for threshold in THRESHOLDS]
    assert curve[4] == curve[5] == curve.max() == 1.0
    assert curve[0] == curve[10]
    assert v_rand_curve(probability, regions(membrane), [0.4]).tolist() == [1.0]


def calls(function):
    """Count the calls of Python functions on the way."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def test_no_loop_goes_over_pixels_or_regions():
    """Sixteen times the pixels, and as many more regions, take no more steps of Python."""

    def work(size):
        noise = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(size, size)), 3)
        probability = np.exp(-((noise / noise.std()) ** 2) * 4)
        truth = regions(probability >= 0.9)
        return truth.max(), calls(lambda: v_rand(probability, truth, 0.5))

    work(32)  # what is imported or kept at the first call
    (few_regions, small), (many_regions, large) = work(64), work(256)
    assert many_regions > 5 * few_regions
    assert large <= 1.2 * small


MAP, TRUTH = np.zeros((4, 4)), np.ones((4, 4), int)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: v_rand(MAP[None], TRUTH[None], 0.5), ValueError, "one section"),
        (lambda: v_rand(MAP - 3, TRUTH, 0.5), ValueError, "apply sigmoid or softmax"),
        (lambda: v_rand(MAP + 255, TRUTH, 0.5), ValueError, "from 0 to 1"),
        (lambda: v_rand(MAP + np.nan, TRUTH, 0.5), ValueError, "from 0 to 1"),
        (lambda: v_rand(MAP, TRUTH, 128), ValueError, "threshold must lie"),
        (lambda: v_rand(MAP, TRUTH, float("nan")), ValueError, "threshold must lie"),
        (lambda: v_rand(MAP, TRUTH[:2], 0.5), ValueError, "one shape"),
        (lambda: v_rand(MAP, TRUTH == 1, 0.5), TypeError, r"regions\(membrane\) *` makes them"),
        (lambda: v_rand(MAP, -TRUTH, 0.5), ValueError, "not be negative"),
        (lambda: v_rand(MAP, 0 * TRUTH, 0.5), ValueError, "leave this section out"),
        (lambda: rand_f_score(MAP, TRUTH), TypeError, "predicted labels must be"),
        (lambda: regions(TRUTH), TypeError, "compare first"),
        (lambda: regions(np.zeros((2, 3, 3), bool)), ValueError, "one at a time"),
    ],
)
def test_bad_maps_say_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()
