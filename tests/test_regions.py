"""Nested regions: from labels and back, for all eight combinations; and the loss of three sigmoids."""

from itertools import permutations, product

import numpy as np
import pytest
import torch
from monai.losses import DiceLoss
from torch.nn import functional

from unet_teach.data.phantoms import HEAD_REGIONS
from unet_teach.losses import region_loss
from unet_teach.predict import LABEL_RULES, REGIONS, decode_regions, not_nested, regions_of, sum_and_remap

EIGHT = np.array(list(product((False, True), repeat=3))).T  # (3, 8), WT, TC, ET
INNERMOST = [0, 4, 1, 4, 2, 4, 1, 4]


def test_all_eight_combinations_in_any_order_of_the_maps():
    for order in permutations(REGIONS):
        maps = EIGHT[[REGIONS.index(name) for name in order]]
        assert decode_regions(maps, order).tolist() == INNERMOST
        assert np.array_equal(decode_regions(maps.reshape(3, 2, 2, 2), order).ravel(), INNERMOST)


def test_what_was_decoded_is_nested_and_decodes_to_itself():
    regions = regions_of(decode_regions(EIGHT), "2017-2022")
    assert not not_nested(regions).any()
    assert np.array_equal(regions_of(decode_regions(regions), "2017-2022"), regions)
    assert np.array_equal(regions[0], EIGHT.any(axis=0))  # a claim of any region makes a voxel part of the tumour


def test_sum_and_remap_fails_exactly_where_regions_are_not_nested():
    wrong = sum_and_remap(EIGHT) != decode_regions(EIGHT)
    assert np.array_equal(wrong, not_nested(EIGHT))
    assert [tuple(column) for column in EIGHT.T[wrong].astype(int).tolist()] == [
        (0, 0, 1),
        (0, 1, 0),
        (0, 1, 1),
        (1, 0, 1),
    ]


def test_other_codes():
    maps = EIGHT[:, 3:]
    assert decode_regions(maps, codes={"WT": 2, "TC": 1, "ET": 3}).tolist() == [3, 2, 3, 1, 3]


def test_labels_become_regions_by_their_years():
    labels = np.array([[0, 1, 2], [3, 4, 0]])
    whole, core, enhancing = regions_of(labels, "2012-2015")
    assert whole.tolist() == [[False, True, True], [True, True, False]]
    assert core.tolist() == [[False, True, False], [True, True, False]]
    assert enhancing.tolist() == [[False, False, False], [False, True, False]]
    assert np.array_equal(regions_of(labels, "2012-2015", ("TC", "WT", "ET")), np.stack([core, whole, enhancing]))
    assert LABEL_RULES["2012-2015"] == HEAD_REGIONS  # the phantoms speak of the same years


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: regions_of(np.array([0, 3, 4]), "2017-2022"), "label 3 is unknown to the rule of 2017-2022"),
        (lambda: regions_of(np.array([0, 1, 4]), "2023"), "label 4 is unknown"),
        (lambda: regions_of(np.array([0, -1]), "2023"), "label -1"),
        (lambda: regions_of(np.array([0, 1]), "2016"), "the rules are those of"),
        (lambda: regions_of(np.array([0.0, 1.0]), "2023"), "whole numbers"),
        (lambda: regions_of([0, 1], "2023"), "whole numbers"),
        (lambda: regions_of(np.zeros((0, 3), int), "2023"), "no voxel"),
        (lambda: regions_of(np.array([0, 1]), "2023", ("ED",)), "regions are"),
        (lambda: regions_of(np.array([0, 1]), "2023", ()), "none"),
        (lambda: decode_regions(np.zeros((3, 4))), "compare first"),
        (lambda: decode_regions(np.zeros((2, 4), bool)), "three maps"),
        (lambda: decode_regions(np.zeros(3, bool)), "three maps"),
        (lambda: decode_regions(np.zeros((3, 0), bool)), "three maps"),
        (lambda: decode_regions(EIGHT, ("WT", "TC", "TC")), "once"),
        (lambda: decode_regions(EIGHT, ("WT", "TC", "NCR")), "regions are"),
        (lambda: decode_regions(EIGHT, codes={"WT": 1, "TC": 1, "ET": 4}), "three different numbers"),
        (lambda: decode_regions(EIGHT, codes={"WT": 1, "ET": 4}), "three different numbers"),
        (lambda: decode_regions(EIGHT, codes={"WT": 0, "TC": 1, "ET": 4}), "from 1 to 255"),
        (lambda: sum_and_remap(EIGHT.astype(float)), "compare first"),
        (lambda: not_nested(EIGHT, ("WT", "TC", "WT")), "once"),
        (lambda: not_nested(torch.zeros(3, 2, dtype=torch.bool)), "boolean array"),
    ],
)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises((ValueError, TypeError), match=said):
        call()


def test_the_loss_is_monais_dice_plus_cross_entropy():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, 4, 5, 6, generator=generator)
    truth = (torch.rand(2, 3, 4, 5, 6, generator=generator) < 0.3).float()
    theirs = DiceLoss(sigmoid=True, batch=True, smooth_nr=1e-5, smooth_dr=1e-5)(logits, truth)
    wanted = theirs + functional.binary_cross_entropy_with_logits(logits, truth)
    torch.testing.assert_close(region_loss(logits, truth), wanted)
    torch.testing.assert_close(region_loss(logits, truth.bool()), wanted)


def test_the_loss_is_small_where_all_is_right_and_large_where_all_is_wrong():
    truth = torch.from_numpy(EIGHT[None]).float()
    sure = 30 * (2 * truth - 1)
    assert region_loss(sure, truth) < 1e-4
    assert region_loss(-sure, truth) > 20


@pytest.mark.parametrize(
    ("logits", "regions", "said"),
    [
        (torch.zeros(1, 3, 4), torch.zeros(1, 4), "one map a region"),
        (torch.zeros(1, 3, 4), torch.full((1, 3, 4), 2.0), "other numbers"),
        (torch.zeros(1, 3, 4), torch.full((1, 3, 4), torch.nan), "other numbers"),
        (torch.zeros(1, 3, 4, dtype=int), torch.zeros(1, 3, 4), "floats"),
        (np.zeros((1, 3, 4)), torch.zeros(1, 3, 4), "torch tensor"),
        (torch.zeros(1, 3, 0), torch.zeros(1, 3, 0), "one map a region"),
    ],
)
def test_the_loss_refuses_what_it_cannot_mean(logits, regions, said):
    with pytest.raises((ValueError, TypeError), match=said):
        region_loss(logits, regions)
