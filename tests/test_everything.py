"""Chapter 20's laboratory: slices, mirrors, the annotator's costs, and runs that can be repeated."""

import numpy as np
import pytest
import torch

from unet_teach.course import everything as lab
from unet_teach.course.everything import engine, parts, sides


def test_slices_have_the_organs_that_were_asked_for():
    images, labels = lab.draw_slices([3, 4], ("spine", "liver")[1:], lowest=0, highest=10)
    assert images.shape == (2, 1, 64, 80)
    assert images.dtype == torch.float32
    assert images.min() >= -1
    assert images.max() <= 1
    assert labels.unique().tolist() == [0, 1]
    again = lab.draw_slices([4], ("liver",), lowest=0, highest=10)
    assert torch.equal(again.labels[0], labels[1])


def test_mirrors():
    images, labels = torch.rand(40, 1, 4, 6), torch.randint(0, 3, (40, 4, 6))
    mirrored = sides.mirror_half(images, labels, torch.Generator().manual_seed(1))
    renamed = sides.mirror_half_and_rename(images, labels, torch.Generator().manual_seed(1))
    assert torch.equal(mirrored[0], renamed[0])
    turned = 0
    for number in range(40):
        if torch.equal(mirrored[0][number], images[number]):
            assert torch.equal(mirrored[1][number], labels[number])
            assert torch.equal(renamed[1][number], labels[number])
        else:
            turned += 1
            assert torch.equal(mirrored[0][number], images[number].flip(-1))
            assert torch.equal(mirrored[1][number], labels[number].flip(-1))
            assert torch.equal(renamed[1][number], (3 - labels[number].flip(-1)) % 3)
    assert 10 < turned < 30


def test_share_of_the_right_side():
    truth = np.array([[[1, 1, 2, 2, 0]]])
    assert lab.right_side(np.array([[[1, 2, 2, 0, 1]]]), truth) == 2 / 3
    assert np.isnan(lab.right_side(truth * 0, truth))


def test_dice_of_absent_organs_does_not_count():
    truth, said = np.array([[[1, 1]], [[0, 0]]]), np.array([[[1, 0]], [[0, 0]]])
    scores = lab.dice_by_organ(said, truth, 2)
    assert scores[0] == pytest.approx(2 / 3)
    assert np.isnan(scores[1])


def square(size=8, number=1):
    labels = np.zeros((20, 20), dtype=np.int64)
    labels[5 : 5 + size, 5 : 5 + size] = number
    return labels


def test_an_outline_is_as_long_as_it_looks():
    assert lab.outline_length(square() > 0, 2.0) == pytest.approx(2 * 28)  # through the middle of the outer pixels
    assert lab.outline_length(square() < 0, 2.0) == 0


def test_the_annotator():
    truth = square()
    anew = lab.correct(np.zeros_like(truth), truth, 2, 1.0)
    assert np.array_equal(anew.labels, truth)
    assert (anew.drawn, anew.looks) == (pytest.approx(28), 1)
    assert anew.minutes(speed=7, look=60) == pytest.approx(4 / 60 + 1)
    right = lab.correct(truth, truth, 2, 1.0)
    assert (right.drawn, right.looks) == (0, 1)
    small = truth.copy()
    small[5, 5] = 0
    assert np.array_equal(lab.correct(small, truth, 2, 1.0).labels, small)  # overlooked
    half = truth.copy()
    half[5:7, 5:13] = 2
    mended = lab.correct(half, truth, 2, 1.0)
    assert np.array_equal(mended.labels, truth)
    assert 0 < mended.drawn < 28
    assert mended.looks == 2


def test_part_models_share_the_organs():
    assert sorted(organ for part in lab.PARTS for organ in part) == sorted(lab.ORGANS)
    labels = torch.arange(7).reshape(1, 1, 7)
    own = [parts.only(labels, table).numpy() for table in parts.NUMBERS]
    assert np.array_equal(lab.merged(own), labels.numpy())


def test_runs_repeat(monkeypatch):
    monkeypatch.setattr(engine, "ROUNDS", (2, 2))
    monkeypatch.setattr(engine, "EXAM_SLICES", 2)
    first, again = (lab.run_engine(False, 0, steps=2) for _ in range(2))
    assert first == again
    assert first["drawn 2"] == 0
    assert first["scratch 2"] > 0
    monkeypatch.setattr(sides, "LEARNED", 8)
    monkeypatch.setattr(sides, "EXAMINED", 2)
    scores = lab.score_sides(lab.train_sides("mirrored and renamed", 0, steps=2))
    assert set(scores) == {f"{what} {scene}" for what in ("side", "found") for scene in lab.SCENES}
