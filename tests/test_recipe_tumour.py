"""The pieces of the rare-tissue experiment, on scans that are made up."""

import numpy as np
import pytest
import torch

from unet_teach.course.experiments import rare_tissue
from unet_teach.recipes import tumour as tumour_recipe


@pytest.fixture
def made_up(monkeypatch):
    asked = []

    def slices(patient):
        asked.append(patient)
        generator = torch.Generator().manual_seed(patient)
        images = torch.randn(12, 2, 80, 80, generator=generator)
        brain = np.zeros((12, 80, 80), dtype=bool)
        brain[:, 20:60, 20:60] = True
        tumour = torch.zeros(12, 80, 80, dtype=torch.int64)
        tumour[:, 30:36, 30:36] = 1
        images[:, 1][tumour == 1] += 5
        return images, tumour, brain

    monkeypatch.setattr(tumour_recipe, "slices", slices)
    return asked


def test_a_run_leaves_the_patient_and_the_next_out(made_up, monkeypatch):
    seen = {}
    real = rare_tissue.train

    def train(loss, patients):
        seen["patients"] = patients
        return real(loss, patients, steps=2)

    monkeypatch.setattr(rare_tissue, "train", train)
    row = rare_tissue.run("Dice", 6)
    assert seen["patients"] == [2, 3, 4, 5]  # 6 reports, 1 chooses
    assert {"half dice", "chosen recall", "threshold", "share"} <= set(row)
    assert row["share"] == 36 / 1600
    assert all(np.isfinite(value) for value in row.values())


def test_only_brain_is_scored(made_up):
    network = tumour_recipe.train("cross-entropy", [1, 2], steps=2)
    probability, tumour = tumour_recipe.tumour_map(network, 3)
    assert probability.shape == tumour.shape == (12 * 1600,)
    assert tumour.sum() == 12 * 36


@pytest.mark.usefixtures("real_data")
def test_a_real_patient_becomes_slices():
    images, labels, brain = tumour_recipe.slices(3)
    assert images.shape[1:] == (2, 120, 120)
    assert labels.shape == brain.shape == (len(images), 120, 120)
    assert images.dtype == torch.float32
    assert 0.005 < labels.numpy()[brain].mean() < 0.05
