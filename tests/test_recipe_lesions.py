"""The recipe for lesions, and the phantom that it trains on."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from unet_teach.data.phantoms.lesions import lesion_patches
from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.models import UNet
from unet_teach.recipes import lesions


def test_lesions_are_rare_brighter_and_the_same_for_the_same_seed():
    drawn, again, other = lesion_patches(60, 0), lesion_patches(60, 0), lesion_patches(60, 1)
    assert drawn.hu.shape == drawn.lesion.shape == (60, 64, 64)
    assert (drawn.hu.dtype, drawn.lesion.dtype) == (np.int16, bool)
    np.testing.assert_array_equal(drawn.hu, again.hu)
    assert (drawn.hu != other.hu).any()
    assert 0.006 < drawn.lesion.mean() < 0.015
    assert drawn.hu[drawn.lesion].mean() - drawn.hu[~drawn.lesion].mean() > 15
    assert not drawn.lesion.any(axis=(1, 2)).all()  # some patches hold no lesion


def test_no_patches_cannot_be_drawn():
    with pytest.raises(ValueError, match="1 or more"):
        lesion_patches(0, 0)


def test_splits_differ():
    assert not np.array_equal(lesions.patches("validation").hu[0], lesions.patches("test").hu[0])
    assert len(lesions.patches("test").hu) == lesions.COUNTS["test"]
    assert 0.009 < lesions.patches("test").lesion.mean() < 0.012


def test_losses_are_what_their_names_say():
    logits, labels = torch.randn(2, 2, 5, 5), torch.randint(2, (2, 5, 5))
    each = functional.cross_entropy(logits, labels, reduction="none")
    weighted = (each[labels == 0].sum() + 99 * each[labels == 1].sum()) / labels.numel()
    torch.testing.assert_close(lesions.LOSSES["weighted"](logits, labels), weighted)
    both = lesions.LOSSES["Dice + cross-entropy"](logits, labels)
    torch.testing.assert_close(both, dice_loss(logits, labels) + cross_entropy(logits, labels))


def test_the_best_threshold_has_the_best_dice():
    lesion = np.zeros((1, 8, 8), dtype=bool)
    lesion[0, 2:4, 2:4] = True
    weak = np.where(lesion, 0.3, 0.2).astype(np.float32)
    assert 0.2 <= lesions.best_threshold(weak, lesion) < 0.3


def test_reliability_by_hand():
    probability, lesion = np.array([0.05, 0.15, 0.15, 0.15, 0.15, 1.0]), np.array([0, 0, 0, 0, 1, 1], dtype=bool)
    bins = lesions.reliability(probability.astype(np.float32), lesion)
    assert bins[1] == (4, pytest.approx(0.15), 0.25)
    assert bins[9] == (1, 1.0, 1.0)
    assert bins[5] == (0, 0.55, 0.0)
    assert sum(count for count, _, _ in bins) == 6


def test_a_run_is_a_row_of_numbers():
    network = UNet(width=2, depth=2).eval()
    row = lesions.examine(network)
    assert all(np.isfinite(value) for value in row.values())
    assert sum(row[f"pixels {number}"] for number in range(10)) == 400 * 64 * 64
    assert {"half dice 9", "chosen dice 0", "half recall", "chosen precision", "expected / true"} <= set(row)


def test_training_depends_on_its_seed_alone(monkeypatch):
    monkeypatch.setitem(lesions.COUNTS, "train", 20)
    networks = [lesions.train("Dice", seed, steps=2) for seed in (0, 0, 1)]
    heads = [network.head.weight for network in networks]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])
