"""Patches lie inside, a third of them around something; what happens to them, how often, and that labels follow."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, stats

from unet_teach.nnunet import Case, grey
from unet_teach.nnunet.augment import CHANGES, change_patch, turn_and_scale, turning
from unet_teach.nnunet.patches import cut, larger_patch, patch_batch, turns_of
from unet_teach.nnunet.prepare import prepare, put_back


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def plan_of(spacing=(1.0, 1.0, 1.0), scheme="NoNormalization", order=(0, 1, 2), masked=False):
    wanted = {
        "spacing": list(spacing),
        "patch_size": [8] * len(spacing),
        "normalization_schemes": [scheme],
        "use_mask_for_norm": [masked],
    }
    return {"transpose_forward": list(order), "configurations": {"3d_fullres" if len(spacing) == 3 else "2d": wanted}}


def numbered(shape, place=(2, 3, 4), size=3):
    """A volume whose grey values are their own numbers from 1 on, with a box of label 2."""
    image = np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(1, *shape)
    labels = np.zeros(shape, np.uint8)
    labels[tuple(slice(p, p + size) for p in place[-len(shape) :])] = 2
    return Case("one", image, labels, (1.0,) * len(shape))


@given(seed=st.integers(0, 1000), shape=st.tuples(*[st.integers(9, 20)] * 3), foreground=st.booleans())
def test_a_patch_shows_the_case_where_it_lies_and_0_and_minus_1_beyond(seed, shape, foreground):
    ready = prepare(numbered(shape, (0, 0, 0)), plan_of(), "3d_fullres")
    image, labels = cut(ready, (8, 10, 12), (8, 10, 12), foreground, chance(seed))
    assert image.shape == (1, 8, 10, 12)
    inside = image[0] > 0
    assert bool((labels[~inside] == -1).all())
    where = np.unravel_index(image[0][inside].long().numpy() - 1, shape)
    np.testing.assert_array_equal(labels[inside].numpy(), ready.labels.numpy()[where])
    if foreground:
        assert bool((labels == 2).any())
    elif min(np.subtract(shape, (8, 10, 12))) >= 0:
        assert bool(inside.all()), "one that lies anywhere does not stick out"


def test_of_nine_patches_the_last_three_are_around_something():
    ready = prepare(numbered((40, 40, 40), (20, 20, 20), 1), plan_of(), "3d_fullres")
    found = torch.stack([patch_batch([ready], (4, 4, 4), 9, chance(seed))[1].amax((1, 2, 3)) for seed in range(20)])
    assert bool((found[:, 6:] == 2).all())
    assert (found[:, :6] == 2).float().mean() < 0.1
    for count, forced in ((2, 1), (3, 1), (12, 4)):
        labels = patch_batch([ready], (4, 4, 4), count, chance())[1]
        assert int((labels.amax((1, 2, 3)) == 2).sum()) >= forced
    with pytest.raises(ValueError, match="no case"):
        patch_batch([], (4, 4, 4), 2, chance())


def test_flat_patches_have_no_third_axis():
    ready = prepare(numbered((12, 15)), plan_of((1.0, 1.0)), "2d")
    image, labels = patch_batch([ready], (8, 10), 3, chance())
    assert image.shape == (3, 1, 8, 10)
    assert labels.shape == (3, 8, 10)
    assert labels.dtype == torch.int64


def test_the_larger_patch_as_nnunetv2_computes_it():
    assert larger_patch((40, 56, 40), 30) == (73, 80, 64)
    assert larger_patch((224, 224), 180) == (263, 263)
    assert larger_patch((320, 256), 180) == (376, 376)
    assert turns_of({"patch_size": [40, 56, 40]}) == (30, False)
    assert turns_of({"patch_size": [20, 160, 96]}) == (180, True)
    assert turns_of({"patch_size": [224, 224]}) == (180, False)
    assert turns_of({"patch_size": [512, 256]}) == (15, False)


@pytest.mark.parametrize("dims", [2, 3])
def test_labels_follow_the_image(dims):
    larger, patch = (30, 34, 32)[:dims], (16, 20, 18)[:dims]
    smooth = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=larger), 2)
    image = torch.from_numpy((smooth / smooth.std()).astype(np.float32))[None]
    labels = (image[0] > 0).to(torch.int16)
    agree = []
    for seed in range(30):
        seen, said = turn_and_scale(image, labels[None], chance(seed), patch, 30)
        assert seen.shape == (1, *patch)
        inside = said[0] >= 0
        agree.append(((seen[0] > 0) == (said[0] == 1))[inside & (seen[0].abs() > 0.2)].float().mean())
    assert min(agree) > 0.97


def test_turning_is_by_the_angles_given():
    np.testing.assert_allclose(turning([90.0]).numpy(), [[0, -1], [1, 0]], atol=1e-6)
    matrix = turning([10.0, -20.0, 25.0]).double()
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(3).double(), atol=1e-6, rtol=0)
    assert float(torch.det(matrix)) == pytest.approx(1)
    np.testing.assert_allclose(turning([0.0, 0.0, 90.0])[:2, :2].numpy(), turning([90.0]).numpy(), atol=1e-6)


def test_how_often_what_happens():
    image, labels = torch.randn(1, 12, 12, generator=chance()), torch.zeros(12, 12, dtype=torch.int16)
    counts = dict.fromkeys(CHANGES, 0)

    def counted(name):
        def count(image, *_):
            counts[name] += 1
            return image

        return count

    with pytest.MonkeyPatch.context() as patched:
        for name, (likely, _) in CHANGES.items():
            patched.setitem(CHANGES, name, (likely, counted(name)))
        generator = chance()
        for _ in range(1000):
            change_patch(image, labels, generator, (12, 12), 30)
    for name, (likely, _) in CHANGES.items():
        assert stats.binomtest(counts[name], 1000, likely).pvalue > 1e-4, name


@pytest.mark.parametrize("change", [change for _, change in CHANGES.values()], ids=list(CHANGES))
def test_a_change_of_grey_values_leaves_its_input_and_its_size(change):
    image = torch.randn(2, 9, 11, 10, generator=chance())
    before = image.clone()
    changed = change(image, chance(3))
    assert torch.equal(image, before)
    assert changed.shape == image.shape
    assert bool(changed.isfinite().all())
    assert torch.equal(changed, change(image, chance(3)))
    assert bool(change(torch.zeros(1, 6, 7), chance()).isfinite().all())


def test_gamma_keeps_mean_and_spread_and_contrast_the_range():
    image = torch.randn(2, 9, 11, generator=chance())
    for inverted in (False, True):
        bent = grey.gamma(image, chance(), inverted)
        torch.testing.assert_close(bent.mean((1, 2)), image.mean((1, 2)), atol=1e-5, rtol=0)
        torch.testing.assert_close(bent.std((1, 2)), image.std((1, 2)), atol=1e-5, rtol=0)
    stretched = grey.contrast(image, chance())
    assert float(stretched.max()) <= float(image.max())


def test_factors_are_below_and_above_1_equally_often():
    generator = chance()
    drawn = np.array([grey.either_side(0.7, 1.5, generator) for _ in range(2000)])
    assert 0.7 <= drawn.min() < 0.72
    assert 1.48 < drawn.max() <= 1.5
    assert stats.binomtest(int((drawn < 1).sum()), 2000).pvalue > 1e-4


def test_slices_are_turned_alike_and_each_in_its_plane():
    image = torch.arange(4.0)[None, :, None, None].expand(1, 4, 20, 20).contiguous() + 1
    labels = torch.arange(4, dtype=torch.int16)[:, None, None].expand(4, 20, 20)
    for seed in range(12):
        _, said = change_patch(image, labels, chance(seed), (4, 8, 8), 180, slices=True)
        for number, one in enumerate(said):
            assert one.unique().numel() == 1
            assert int(one[0, 0]) in (number, 3 - number)  # mirrored, or not


def test_where_a_channel_is_masked_it_is_0_outside():
    image, labels = torch.ones(2, 8, 8), torch.full((8, 8), -1, dtype=torch.int16)
    changed, _ = change_patch(image, labels, chance(), (8, 8), 30, masked=(True, False))
    assert bool((changed[0] == 0).all())
    assert bool((changed[1] != 0).any())


@given(order=st.permutations(range(3)), seed=st.integers(0, 100))
def test_labels_come_back_to_where_they_were(order, seed):
    case = numbered((9, 8, 11))
    case.image[:, :2] = 0
    plan = plan_of((1.0, 1.0, 1.0), order=order)
    ready = prepare(case, plan, "3d_fullres")
    assert ready.image.shape[1:] == tuple((7, 8, 11)[axis] for axis in order)
    logits = torch.nn.functional.one_hot(ready.labels.clamp(min=0).long(), 3).movedim(-1, 0).float()
    np.testing.assert_array_equal(put_back(logits, ready, plan, 3), case.labels)


def test_a_finer_grid_and_back():
    case = numbered((10, 12, 14), size=5)
    ready = prepare(case, plan_of((0.5, 0.8, 1.0)), "3d_fullres")
    assert ready.image.shape == (1, 20, 15, 14)
    assert math.isclose(float(ready.image.mean()), case.image.mean(), rel_tol=0.01)
    logits = torch.nn.functional.one_hot(ready.labels.clamp(min=0).long(), 3).movedim(-1, 0).float()
    back = put_back(logits, ready, plan_of(), 3)
    assert (back == case.labels).mean() > 0.97


@pytest.mark.parametrize(
    ("scheme", "wanted"),
    [
        ("ZScoreNormalization", lambda x: (x - x.mean()) / x.std()),
        ("RescaleTo01Normalization", lambda x: (x - x.min()) / (x.max() - x.min())),
        ("RGBTo01Normalization", lambda x: x / 255),
        ("NoNormalization", lambda x: x),
        ("CTNormalization", lambda x: (x.clip(10, 50) - 30) / 8),
    ],
)
def test_grey_values_are_normalised_as_the_plan_says(scheme, wanted):
    plan = plan_of((1.0, 1.0), scheme)
    measured = {"mean": 30.0, "std": 8.0, "percentile_00_5": 10.0, "percentile_99_5": 50.0}
    plan["foreground_intensity_properties_per_channel"] = {"0": measured}
    case = numbered((8, 9))
    ready = prepare(case, plan, "2d")
    np.testing.assert_allclose(ready.image[0, 0].numpy(), wanted(case.image[0]), rtol=1e-4, atol=1e-5)


def test_a_masked_z_score_looks_inside_only():
    case = numbered((12, 12))
    case.image[0, 3:9, 11] = 0
    ready = prepare(case, plan_of((1.0, 1.0), "ZScoreNormalization", masked=True), "2d")
    inside = ready.labels[0] >= 0
    assert int((~inside).sum()) == 6
    assert float(ready.image[0, 0][inside[:]].mean() if inside.ndim == 2 else 0) == pytest.approx(0, abs=1e-5)
    assert bool((ready.image[0, 0][~inside] == 0).all())


def test_what_cannot_be_prepared_is_refused():
    with pytest.raises(ValueError, match="0 everywhere"):
        prepare(Case("dark", np.zeros((1, 8, 8)), np.zeros((8, 8), int), (1.0, 1.0)), plan_of((1.0, 1.0)), "2d")
    with pytest.raises(ValueError, match="no normalisation 'Magic'"):
        prepare(numbered((8, 9)), plan_of((1.0, 1.0), "Magic"), "2d")
    with pytest.raises(ValueError, match="no configuration '2d'"):
        prepare(numbered((8, 9)), plan_of(), "2d")
