"""Dice, IoU, precision and recall against MONAI, scipy, and numbers made by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from monai.metrics import DiceHelper, compute_confusion_matrix_metric, compute_iou, get_confusion_matrix
from scipy.spatial.distance import dice as scipy_dice
from scipy.spatial.distance import jaccard

from unet_teach.metrics import dice, iou, precision, recall

few = settings(max_examples=40, deadline=None)
shapes = hnp.array_shapes(min_dims=1, max_dims=4, max_side=5)
pairs = shapes.flatmap(lambda shape: st.tuples(hnp.arrays(bool, shape), hnp.arrays(bool, shape)))
shapes23 = hnp.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=7)
pairs23 = shapes23.flatmap(lambda shape: st.tuples(hnp.arrays(bool, shape), hnp.arrays(bool, shape)))

EMPTY, FULL = np.zeros((4, 4), bool), np.ones((4, 4), bool)
CORNER = np.zeros((4, 4), bool)
CORNER[:2, :2] = True


def test_overlap_by_hand():
    row = np.zeros((4, 4), bool)
    row[0] = True  # shares 2 pixels with the corner; both have 4
    assert dice(CORNER, row) == 2 * 2 / (4 + 4)
    assert iou(CORNER, row) == 2 / 6


def test_precision_and_recall_by_hand():
    row = np.zeros((4, 4), bool)
    row[0] = True
    row[1, 0] = True  # five pixels, three of them in the corner's four
    assert precision(row, CORNER) == 3 / 5
    assert recall(row, CORNER) == 3 / 4


@few
@given(pairs)
def test_precision_and_recall_make_dice_and_are_monais(masks):
    a, b = masks
    p, r = precision(a, b), recall(a, b)
    assert dice(a, b) == pytest.approx(2 * p * r / (p + r) if p + r else 0)
    counts = get_confusion_matrix(one_hot(a.ravel()[None]), one_hot(b.ravel()[None]), include_background=False)
    if a.any():
        assert p == pytest.approx(compute_confusion_matrix_metric("precision", counts).item())
    if b.any():
        assert r == pytest.approx(compute_confusion_matrix_metric("recall", counts).item())
    if not (a.any() and b.any()):
        assert p == r == float(a.any() == b.any())


@few
@given(pairs)
def test_dice_and_iou_are_scipys(masks):
    a, b = masks
    if a.any() or b.any():
        assert dice(a, b) == pytest.approx(1 - scipy_dice(a.ravel(), b.ravel()))
        assert iou(a, b) == pytest.approx(1 - jaccard(a.ravel(), b.ravel()))
    assert dice(a, b) == dice(b, a)
    assert iou(a, b) == iou(b, a)
    assert iou(a, b) == pytest.approx(dice(a, b) / (2 - dice(a, b)))


def one_hot(mask):
    return torch.tensor(np.stack([~mask, mask])[None]).float()


@few
@given(pairs23)
def test_dice_and_iou_are_monais(masks):
    a, b = masks
    if not b.any():
        return  # MONAI has NaN where the truth is empty
    by_monai, _ = DiceHelper(include_background=False, activate=False, num_classes=2)(one_hot(a), one_hot(b))
    assert dice(a, b) == pytest.approx(by_monai.item())
    assert iou(a, b) == pytest.approx(compute_iou(one_hot(a), one_hot(b), include_background=False).item())


@pytest.mark.parametrize("score", [dice, iou, precision, recall])
def test_empty_masks(score):
    assert score(EMPTY, EMPTY) == 1.0
    assert score(FULL, EMPTY) == 0.0
    assert score(EMPTY, FULL) == 0.0
    assert score(CORNER, CORNER) == 1.0
    assert type(score(EMPTY, EMPTY)) is type(score(CORNER, FULL)) is float


def test_a_class_that_is_absent_is_an_empty_mask():
    true = np.array([[0, 1], [1, 0]])
    assert dice(true == 2, true == 2) == 1.0  # class 2 is absent, and was not predicted
    assert dice(np.array([[0, 1], [2, 0]]) == 2, true == 2) == 0.0


@pytest.mark.parametrize("score", [dice, iou, precision, recall])
@pytest.mark.parametrize(
    ("predicted", "true", "error", "message"),
    [
        (EMPTY.astype(np.uint8), EMPTY, TypeError, "predicted mask must be a boolean numpy array, got uint8"),
        (EMPTY, EMPTY.astype(float), TypeError, "true mask must be a boolean.*probability > 0.5"),
        (EMPTY, EMPTY.tolist(), TypeError, "got list"),
        (EMPTY, EMPTY[:1], ValueError, "one shape"),
        (EMPTY[:0], EMPTY[:0], ValueError, "no pixel"),
    ],
)
def test_bad_masks_say_what_to_do(score, predicted, true, error, message):
    with pytest.raises(error, match=message):
        score(predicted, true)
