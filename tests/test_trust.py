"""Chapter 24's laboratory: scenes that differ in one thing, and three studies with the faults that they should have."""

import numpy as np
import pytest
import torch

from unet_teach.course import trust
from unet_teach.course.trust import fats
from unet_teach.metrics import bland_altman


def test_scenes_differ_in_what_they_say(monkeypatch):
    monkeypatch.setattr(fats, "EACH", 2)
    home = trust.people_of("as learned")
    assert home.images.shape == (2, 1, 64, 80)
    assert set(np.unique(home.labels)) == {0, 1, 2}
    noisy, scanner = trust.people_of("noisy"), trust.people_of("other scanner")
    assert np.array_equal(noisy.labels, home.labels)
    assert np.array_equal(scanner.labels, home.labels)
    assert torch.all(scanner.images >= home.images)
    assert scanner.images.mean() > home.images.mean()
    heavy = trust.people_of("heavier")
    assert heavy.shapes.min() > home.shapes.max()
    assert trust.areas(heavy.labels, 1).mean() > trust.areas(home.labels, 1).mean()


def test_areas_and_scores_by_hand():
    labels = np.zeros((2, 64, 80), int)
    labels[0, :2, :5] = 1
    assert trust.areas(labels, 1) == pytest.approx([3.6, 0])
    half = labels.copy()
    half[0, 0, :5] = 0
    assert trust.dice_of_each(half, labels, 1) == pytest.approx([2 / 3, 1])


def test_training_repeats(monkeypatch):
    monkeypatch.setattr(fats, "LEARNED", 4)
    first, again = (trust.train_fats(0, steps=2).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)


def parted(name):
    rows = trust.study(name).rows
    return rows[rows["part"] == 2], rows[rows["part"] < 2]


def test_only_north_has_patients_on_both_sides():
    shared = {}
    for name in trust.STUDIES:
        test, learned = parted(name)
        shared[name] = len(set(test["patient"]) & set(learned["patient"])) / len(set(test["patient"]))
    assert shared["North"] > 0.8
    assert shared["East"] == shared["South"] == 0


def test_what_the_studies_claim_is_true_of_their_rows():
    north, _ = parted("North")
    assert len(north) == 40
    assert round(north["dice"].mean(), 2) == 0.97
    assert (np.abs(north["measured"] - north["reference"]) < 12).mean() >= 0.9
    for name, off, within in (("East", 1, 20), ("South", -8, None)):
        test, _ = parted(name)
        assert len(test) == len(set(test["patient"])) == 80
        assert int(test["dice"].mean() * 100) == 94
        apart = test["measured"] - test["reference"]
        assert round(apart.mean()) == off
        assert within is None or (np.abs(apart) < within).mean() >= 0.9


def test_only_south_fails_in_a_group():
    for name, largest in (("East", 6), ("South", 80)):
        test, _ = parted(name)
        heavy = test[test["shape"] > 0.7]
        apart = bland_altman(heavy["measured"], heavy["reference"]).bias
        assert (abs(apart) > 40) == (name == "South")
        assert abs(apart) < largest


def test_an_unknown_study():
    with pytest.raises(ValueError, match="North, East, South"):
        trust.study("West")
