"""The recipe for cells: targets, batches and the ways from a map to cells, on fields drawn here."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from unet_teach.recipes import cells as t


def discs(*centres, radius=9, size=64):
    rows, columns = np.indices((size, size))
    field = np.zeros((size, size), np.int32)
    for number, (row, column) in enumerate(centres, start=1):
        field[(np.hypot(rows - row, columns - column) < radius) & (field == 0)] = number
    return field


TWO = discs((30, 20), (30, 36))  # they overlap by a little, and touch


def test_targets_know_a_seam_a_border_and_weights():
    for kind in ("plain", "weight map"):
        classes, weights = t.targets(TWO, kind)
        assert ndimage.label(classes.numpy())[1] == 2
        assert (weights.max() > 5) == (kind == "weight map")
        assert weights.min() == 1
    _, weights = t.targets(TWO, "even")
    assert weights.sum() == pytest.approx(t.targets(TWO, "weight map")[1].sum())
    assert len(np.unique(weights)) == 2
    classes, weights = t.targets(TWO, "border")
    assert set(np.unique(classes)) == {0, 1, 2}
    assert ((classes > 0).numpy() == (TWO > 0)).all()
    assert ndimage.label((classes == t.CELL).numpy())[1] == 2
    assert (weights == 1).all()


def test_a_batch_keeps_image_classes_and_weights_together():
    field = torch.rand(2, 80, 90)
    classes, weights = (field * 100).long(), field.double() + 1
    images, labels, heavy = t.batch(field.double(), classes, weights, torch.Generator().manual_seed(0), crop=32)
    assert images.shape == (4, 1, 32, 32)
    assert labels.shape == heavy.shape == (4, 32, 32)
    torch.testing.assert_close(((heavy - 1) * 100).long(), labels)
    for image, weight in zip(images[:, 0], heavy, strict=True):  # grey is stretched and shifted, so still a line
        assert abs(np.corrcoef(image.flatten(), weight.flatten())[0, 1]) == pytest.approx(1)


def test_odd_sizes_are_predicted_whole():
    network = t.UNet(width=4).eval()
    assert t.class_probabilities(network, torch.randn(51, 66)).shape == (2, 51, 66)
    np.testing.assert_allclose(t.class_probabilities(network, torch.randn(51, 66)).sum(axis=0), 1, rtol=1e-5)


@pytest.mark.slow
def test_training_hands_on_its_rate_its_looks_its_loss_and_its_network(monkeypatch):
    told = {}

    def remember(network, draw_batch, loss, **words):
        told.update(words, network=network, loss=loss)

    monkeypatch.setattr(t, "fit", remember)
    fields = torch.randn(1, 64, 64), TWO[None]
    loss = object()
    t.train("border", 0, fields, 9, 32, lambda n: t.UNet(classes=n, width=2), loss, learning_rate=0.5, validate_every=4)
    assert (told["steps"], told["learning_rate"], told["validate_every"], told["loss"]) == (9, 0.5, 4, loss)
    assert told["network"].head.weight.shape[:2] == (3, 2)
    t.train("plain", 0, fields)
    assert (told["learning_rate"], told["validate_every"]) == (3e-3, 250)
    assert told["network"].head.weight.shape[:2] == (2, 16)
