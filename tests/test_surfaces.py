"""Distances between surfaces against MONAI, brute force, and numbers made by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from monai.metrics import compute_average_surface_distance, compute_hausdorff_distance, compute_surface_dice
from scipy import ndimage

from unet_teach.metrics import (
    hausdorff95,
    mean_surface_distance,
    surface,
    surface_dice,
    surface_distances,
)

few = settings(max_examples=40, deadline=None)
shapes23 = hnp.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=7)
pairs23 = shapes23.flatmap(lambda shape: st.tuples(hnp.arrays(bool, shape), hnp.arrays(bool, shape)))
steps = st.sampled_from([0.5, 1.0, 2.0, 4.0])  # powers of two: no rounding, so ties fall alike

EMPTY = np.zeros((4, 4), bool)
CORNER = np.zeros((4, 4), bool)
CORNER[:2, :2] = True
quiet = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:the (ground truth|prediction) of class")


def one_hot(mask):
    return torch.tensor(np.stack([~mask, mask])[None]).float()


def test_a_surface_touches_the_outside_or_the_border():
    block = np.zeros((6, 6), bool)
    block[1:6, 1:6] = True
    inner = np.zeros((6, 6), bool)
    inner[2:5, 2:5] = True
    np.testing.assert_array_equal(surface(block), block & ~inner)
    assert not surface(EMPTY).any()


def test_distances_by_hand():
    a, b = np.zeros((1, 9), bool), np.zeros((1, 9), bool)
    a[0, 1], b[0, [1, 4]] = True, True
    from_a, from_b = surface_distances(a, b, (1, 0.5))
    assert (from_a.tolist(), from_b.tolist()) == ([0], [0, 1.5])
    assert mean_surface_distance(a, b, (1, 0.5)) == 0.5
    assert hausdorff95(a, b, (1, 0.5)) == pytest.approx(0.95 * 1.5)


@pytest.mark.parametrize("score", [hausdorff95, mean_surface_distance])
def test_distances_of_empty_masks(score):
    assert score(EMPTY, EMPTY, (1, 1)) == 0
    assert score(CORNER, EMPTY, (1, 1)) == score(EMPTY, CORNER, (1, 1)) == math.inf
    assert score(CORNER, CORNER, (1, 1)) == 0
    assert type(score(EMPTY, CORNER, (1, 1))) is type(score(CORNER, CORNER, (1, 1))) is float


def test_surface_dice_of_empty_masks():
    assert surface_dice(EMPTY, EMPTY, 1, (1, 1)) == 1
    assert surface_dice(CORNER, EMPTY, 1, (1, 1)) == surface_dice(EMPTY, CORNER, 1, (1, 1)) == 0


@quiet
@settings(max_examples=60, deadline=None)
@given(pairs23, st.data())
def test_distances_are_monais(masks, data):
    a, b = masks
    spacing = data.draw(st.tuples(*[steps] * a.ndim))
    if not (a.any() or b.any()):
        return  # MONAI has NaN
    by_monai = compute_hausdorff_distance(one_hot(a), one_hot(b), percentile=95, spacing=spacing).item()
    if math.isfinite(hausdorff95(a, b, spacing)):
        assert hausdorff95(a, b, spacing) == pytest.approx(by_monai, abs=1e-4)  # it computes in float32
    else:
        assert not (a.any() and b.any())
        assert not math.isfinite(by_monai)
    mean = compute_average_surface_distance(one_hot(a), one_hot(b), symmetric=True, spacing=spacing).item()
    if a.any() and b.any():
        assert mean_surface_distance(a, b, spacing) == pytest.approx(mean)
    assert hausdorff95(a, b, spacing) == hausdorff95(b, a, spacing)
    assert mean_surface_distance(a, b, spacing) == pytest.approx(mean_surface_distance(b, a, spacing))


@quiet
@pytest.mark.parametrize("masks", [(CORNER, EMPTY), (EMPTY, CORNER)])
def test_where_one_mask_is_empty_monai_does_not_give_a_number_either(masks):
    hot = [one_hot(mask) for mask in masks]
    assert not math.isfinite(compute_hausdorff_distance(*hot, percentile=95).item())
    assert not math.isfinite(compute_average_surface_distance(*hot, symmetric=True).item())
    assert math.isnan(compute_average_surface_distance(*[one_hot(EMPTY)] * 2, symmetric=True).item())


@quiet
@settings(max_examples=60, deadline=None)
@given(pairs23, st.data())
def test_surface_dice_is_monais(masks, data):
    a, b = masks
    spacing = data.draw(st.tuples(*[steps] * a.ndim))
    tolerance = data.draw(st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0, 8.0]))
    if a.any() or b.any():
        by_monai = compute_surface_dice(one_hot(a), one_hot(b), [tolerance], spacing=spacing).item()
        assert surface_dice(a, b, tolerance, spacing) == pytest.approx(by_monai)
    assert surface_dice(a, b, tolerance, spacing) == surface_dice(b, a, tolerance, spacing)


@few
@given(pairs23)
def test_surface_dice_by_brute_force(masks):
    a, b = masks
    if not (a.any() and b.any()):
        return
    spacing, tolerance = (1.0, 3.0, 0.7)[: a.ndim], 1.5
    surfaces = [np.argwhere(mask & ~ndimage.binary_erosion(mask)) * spacing for mask in (a, b)]
    near = [
        min(np.linalg.norm(point - other) for other in there) <= tolerance
        for here, there in (surfaces, surfaces[::-1])
        for point in here
    ]
    assert surface_dice(a, b, tolerance, spacing) == pytest.approx(np.mean(near))


def test_spacing_decides_which_shift_is_tolerated():
    mask = np.zeros((9, 9), bool)
    mask[3:6, 3:6] = True
    down, right = np.roll(mask, 1, axis=0), np.roll(mask, 1, axis=1)
    spacing = (5.0, 1.0)  # thick slices stacked along the first axis
    assert surface_dice(mask, right, 1.0, spacing) == 1.0
    assert surface_dice(mask, down, 5.0, spacing) == 1.0
    assert surface_dice(mask, down, 1.0, spacing) == 10 / 16  # the two sides, 2 x 2 and 1 inside, lie on the other
    assert surface_dice(mask, right, 0.0, spacing) == surface_dice(mask, right, 0.9, spacing) < 1


def test_a_rounding_error_does_not_decide():
    a, b = np.zeros((1, 9), bool), np.zeros((1, 9), bool)
    a[0, 1], b[0, 4] = True, True
    for step, tolerance in ((0.1, 0.3), (0.2, 0.6), (0.4, 1.2), (1.1, 3.3)):  # in floats, 3 * 0.1 is above 0.3
        assert 3 * step > tolerance
        assert surface_dice(a, b, tolerance, (1, step)) == 1.0
        assert surface_dice(a, b, 2.999 * step, (1, step)) == 0.0


@pytest.mark.parametrize("score", [lambda a, b: surface_dice(a, b, 1, (1, 1)), lambda a, b: hausdorff95(a, b, (1, 1))])
def test_bad_masks_say_what_to_do(score):
    with pytest.raises(TypeError, match="must be a boolean"):
        score(EMPTY.astype(float), EMPTY)
    with pytest.raises(ValueError, match="one shape"):
        score(EMPTY, EMPTY[:1])


@pytest.mark.parametrize(
    ("tolerance", "spacing", "message"),
    [
        (-1, (1, 1), "number of mm"),
        (float("nan"), (1, 1), "number of mm"),
        (1, (1,), "2 positive numbers"),
        (1, (1, 0), "2 positive numbers"),
        (1, (1, float("inf")), "2 positive numbers"),
    ],
)
def test_bad_millimetres_say_what_to_do(tolerance, spacing, message):
    with pytest.raises(ValueError, match=message):
        surface_dice(CORNER, CORNER, tolerance, spacing)
