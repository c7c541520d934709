"""Chapter 22's recipe: heads as cases, cubes, the rule, the scores; and its table's small print."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from unet_teach.course.experiments import tumour_regions
from unet_teach.predict import not_nested
from unet_teach.recipes import glioma
from unet_teach.recipes.glioma import rule as rules
from unet_teach.recipes.glioma.cases import GliomaCase, as_sequences, coarse, fine
from unet_teach.recipes.glioma.training import NOWHERE


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def ball(size, middle, radius):
    grid = np.indices(size) - np.array(middle)[:, None, None, None]
    return (grid**2).sum(axis=0) <= radius**2


def made_up(size=(40, 36, 34)):
    """A brain with three balls inside each other, bright on FLAIR, the innermost bright on T1c."""
    brain = ball(size, (20, 18, 17), 16)
    regions = np.stack([ball(size, (16, 18, 17), radius) for radius in (8, 5, 3)])
    image = np.stack([2.0 * regions[0], 3.0 * regions[2]]).astype(np.float32)
    image += np.random.default_rng(0).normal(0, 0.1, image.shape).astype(np.float32)
    return GliomaCase("made up", image * brain, regions, brain)


class Sees(nn.Module):
    """A network that says yes where a sequence is bright: no learning, but a weight."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(10.0))

    def forward(self, x):
        flair, t1c = x[:, 0], x[:, 1]
        return self.gain * torch.stack([flair - 1, t1c - 1.5, t1c - 1.5], dim=1)


def test_sequences_are_scaled_inside_the_brain_only():
    rng = np.random.default_rng(1)
    brain = rng.random((5, 6, 7)) < 0.5
    scaled = as_sequences(rng.normal(40, 9, (2, 5, 6, 7)), brain)
    assert scaled.dtype == np.float32
    assert not scaled[:, ~brain].any()
    np.testing.assert_allclose(scaled[:, brain].mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(scaled[:, brain].std(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("sequences", "brain", "said"),
    [
        (np.zeros((2, 3, 3, 3)), np.ones((3, 3, 3), bool), "one grey value"),
        (np.full((1, 3, 3, 3), 0.1), np.ones((3, 3, 3), bool), "one grey value"),
        (np.ones((2, 3, 3, 4)), np.ones((3, 3, 3), bool), "registered"),
        (np.ones((3, 3, 3)), np.ones((3, 3, 3), bool), "registered"),
        (np.ones((2, 3, 3, 3)), np.zeros((3, 3, 3), bool), "empty"),
        (np.full((2, 3, 3, 3), np.nan), np.ones((3, 3, 3), bool), "finite"),
        (np.ones((2, 3, 3, 3)), np.ones((3, 3, 3)), "boolean"),
    ],
)
def test_bad_sequences_get_a_sentence(sequences, brain, said):
    with pytest.raises((ValueError, TypeError), match=said):
        as_sequences(sequences, brain)


def test_coarse_averages_blocks_and_fine_comes_back():
    volume = np.random.default_rng(0).random((1, 6, 9, 5))
    small = coarse(volume)
    assert small.shape == (1, 2, 3, 2)
    assert small[0, 1, 2, 0] == pytest.approx(volume[0, 3:6, 6:9, :3].mean())
    assert small[0, 0, 0, 1] == pytest.approx(volume[0, :3, :3, 3:].sum() / 27)  # what is missing counts as 0
    assert fine(np.ones((2, 3, 3, 2)), (9, 9, 5)).shape == (2, 9, 9, 5)
    assert np.ptp(fine(np.ones((2, 3, 3, 2)), (9, 9, 5))) == 0


def test_a_phantom_is_a_case_whose_regions_are_nested():
    case = glioma.phantom_case(3)
    assert case.image.shape == (2, 80, 80, 42)
    assert case.regions.shape == (3, 80, 80, 42)
    assert not not_nested(case.regions).any()
    assert case.regions[2].any()
    inside = case.brain & case.regions[0]
    assert case.image[0][inside].mean() > 1  # bright on FLAIR


def test_cubes_come_from_every_group_and_around_a_tumour():
    far = made_up()
    far.image[:] = 9 * far.brain
    images, regions = [], []
    generator = chance()
    for _ in range(12):
        image, region = glioma.cube_batch([[made_up()], [far, far, far]], generator)
        assert image.shape == (2, 2, 32, 32, 32)
        assert region.shape == (2, 3, 32, 32, 32)
        images.append(image)
        regions.append(region)
    assert all(region[0].any() for region in regions)  # the first cube of each batch lies around a region
    from_far = torch.cat(images).amax(dim=(1, 2, 3, 4)) > 6
    assert 4 < from_far.sum() < 20
    assert set(torch.cat(regions).unique().tolist()) == {0, 1}


def test_training_repeats_itself_and_wants_cases():
    cases = [[made_up()]]
    one, _ = glioma.train_on_heads(cases, seed=3, steps=2)
    again, _ = glioma.train_on_heads(cases, seed=3, steps=2)
    other, _ = glioma.train_on_heads(cases, seed=4, steps=2)
    weights = [torch.cat([p.flatten() for p in network.parameters()]) for network in (one, again, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    with pytest.raises(ValueError, match="without a case"):
        glioma.train_on_heads([[made_up()], []], seed=0)


def test_logits_are_asked_inside_the_brain_only():
    case = made_up()
    logits = glioma.region_logits(Sees(), case)
    assert logits.shape == case.regions.shape
    assert (logits[:, ~case.brain] == NOWHERE).all()
    assert np.array_equal(logits[0] > 0, case.regions[0])


def test_a_head_is_scored_after_its_claims_were_nested():
    case = made_up()
    scores = glioma.examine_phantom(Sees(), case, "1")
    assert scores["WT 1"] == 1
    assert scores["ET 1"] == 1
    assert scores["ml ET 1"] == pytest.approx(case.regions[2].sum() * 0.027)
    assert scores["ml TC 1"] == scores["ml ET 1"]  # what was claimed as core is enhancing
    claims = np.array([[0, 1, 0], [0, 1, 1], [1, 0, 1]], bool)[:, :, None]
    assert glioma.nested_regions(claims)[:, :, 0].astype(int).tolist() == [[1, 1, 1], [1, 1, 1], [1, 0, 1]]


def test_the_rule_finds_balls_and_nothing_where_nothing_is():
    case = made_up()
    said = glioma.rule_regions(case, glioma.TumourRule(1.0, 0.0, 1.5, 0))
    assert np.array_equal(said[0], case.regions[0])
    assert np.array_equal(said[2], case.regions[2])
    assert not not_nested(said).any()
    assert not glioma.rule_regions(case, glioma.TumourRule(9.0, 0.0, 1.5, 2)).any()


def test_the_core_is_closed_and_filled():
    shell = ball((30, 30, 30), (15, 15, 15), 8) & ~ball((30, 30, 30), (15, 15, 15), 5)
    tumour = ball((30, 30, 30), (15, 15, 15), 12)
    assert rules.core_around(shell, tumour, 0)[15, 15, 15]
    gap = shell.copy()
    gap[15, 22, :] = gap[14, 22, :] = False
    assert not gap[15, 22, 15]
    assert rules.core_around(gap, tumour, 3)[15, 22, 15]


def test_the_rule_is_chosen_on_what_it_is_given():
    chosen = glioma.choose_rule([made_up()])
    assert np.array_equal(glioma.rule_regions(made_up(), chosen)[0], made_up().regions[0])
    with pytest.raises(ValueError, match="no case"):
        glioma.choose_rule([])


@pytest.mark.usefixtures("real_data")
def test_a_real_patient_is_a_case():
    case = glioma.real_case(2)
    assert case.image.shape == (2, 80, 80, 52)
    truth = glioma.true_regions(2)
    assert truth.shape == (3, 240, 240, 155)
    assert case.regions.sum(axis=(1, 2, 3)) * 27 == pytest.approx(truth.sum(axis=(1, 2, 3)), rel=0.15)
    assert abs(case.image[0][case.brain].mean()) < 0.2


def test_a_run_leaves_the_patient_out(monkeypatch):
    seen = []

    def train(groups, seed, build):
        seen.append([[case.name for case in group] for group in groups])
        return SimpleNamespace(), None

    monkeypatch.setattr(tumour_regions, "PHANTOMS", 1)
    monkeypatch.setattr(tumour_regions, "phantom_case", lambda n: SimpleNamespace(name=f"phantom {n}"))
    monkeypatch.setattr(tumour_regions, "real_case", lambda n: SimpleNamespace(name=f"patient {n}"))
    monkeypatch.setattr(tumour_regions, "train_on_heads", train)
    monkeypatch.setattr(tumour_regions, "examine_patient", lambda network, n: {f"WT {n}": 0.5, f"ml WT {n}": 3.0})
    monkeypatch.setattr(tumour_regions, "examine_phantom", lambda network, case, name: {f"WT {name}": 0.1})
    row = tumour_regions.run("U-Net", "both", 0)
    assert len(seen) == 6
    for patient, groups in enumerate(seen, start=1):
        assert f"patient {patient}" not in groups[0]
        assert len(groups[0]) == 5
        assert groups[1] == ["phantom 0"]
    assert list(row)[:6] == [f"WT {n}" for n in range(1, 7)]
    seen.clear()
    tumour_regions.run("U-Net", "phantoms", 0)
    assert seen == [[["phantom 0"]]]


def test_no_row_is_scored_on_a_head_that_it_learned_from():
    assert tumour_regions.PHANTOMS <= tumour_regions.HELD_OUT
    settings = [tuple(run.values()) for run in tumour_regions.EXPERIMENT.runs]
    assert len(set(settings)) == len(settings)
    assert len([s for s in settings if s[:2] == ("U-Net", "both")]) == tumour_regions.SEEDS
