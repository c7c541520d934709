"""The EM recipe: batches, maps, scores and the rule, on data small enough for a test."""

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn
from torch.nn import functional

from unet_teach import data
from unet_teach.losses import dice_loss
from unet_teach.metrics import dice
from unet_teach.models import UNet
from unet_teach.recipes import em
from unet_teach.recipes.em import training
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.transforms import elastic, flip_and_rotate


@pytest.fixture
def stack():
    images = torch.randn(3, 160, 160, generator=torch.Generator().manual_seed(0))
    return images, (images > 1).long()


@pytest.mark.parametrize("batch", [em.plain_batch, em.augmented_batch])
def test_a_batch_is_four_crops_and_comes_from_the_generator_alone(stack, batch):
    first = batch(*stack, torch.Generator().manual_seed(1))
    torch.manual_seed(99)
    again, other = (batch(*stack, torch.Generator().manual_seed(seed)) for seed in (1, 2))
    assert (first[0].shape, first[1].shape) == ((4, 1, 128, 128), (4, 128, 128))
    assert torch.equal(first[0], again[0])
    assert torch.equal(first[1], again[1])
    assert not torch.equal(first[0], other[0])
    assert set(first[1].unique().tolist()) <= {0, 1}


def test_the_weight_counts_membrane_so_many_times():
    logits = torch.randn(2, 2, 5, 5)
    membrane = torch.randint(2, (2, 5, 5))
    each = functional.cross_entropy(logits, membrane, reduction="none")
    expected = (each[membrane == 0].sum() + 3 * each[membrane == 1].sum()) / membrane.numel()
    torch.testing.assert_close(em.weighted_loss(logits, membrane, 3), expected)
    torch.testing.assert_close(em.weighted_loss(logits, membrane, 1), each.mean())
    both = em.weighted_loss(logits, membrane) + dice_loss(logits, membrane)
    torch.testing.assert_close(em.weighted_and_dice_loss(logits, membrane), both)


def test_maps_are_probabilities_and_the_average_turns_with_the_section():
    network = UNet(width=2).eval()
    section = torch.randn(16, 24)
    one, eight = em.membrane_map(network, section), em.averaged_map(network, section)
    assert one.shape == eight.shape == (16, 24)
    assert one.min() >= 0
    assert eight.max() <= 1
    np.testing.assert_allclose(em.averaged_map(network, section.rot90()), np.rot90(eight), atol=1e-5)


def test_the_best_threshold_is_the_one_with_the_best_mean():
    truth = np.zeros((9, 9), dtype=bool)
    truth[4] = True
    weak = np.where(truth, 0.35, 0.25).astype(np.float32)  # only 0.3 tells membrane from cell
    assert em.best_threshold([weak, weak], [truth, truth]) == 0.3
    assert em.v_rand_of([weak], [truth], 0.3) == [1.0]
    assert em.dice_of([2 * weak, weak], [truth, truth]) == [1.0, 0.0]


def test_floods_are_cells_where_a_threshold_leaves_a_gap():
    truth = np.zeros((20, 41), dtype=bool)
    truth[:, 20] = True
    torn = truth.astype(np.float32)
    torn[10, 20] = 0
    assert em.v_rand_of([torn], [truth], 0.5)[0] < 0.75
    assert em.v_rand_of_floods([torn], [truth], 1, 0.05) == [1.0]


def test_a_section_is_turned_before_it_is_cut_and_a_crop_changed_after(stack):
    images, membrane = stack
    seen = []

    def note(image, labels, generator):
        seen.append((tuple(image.shape), tuple(labels.shape)))
        return image, labels

    crops, truth = em.section_batch(
        images, membrane, torch.Generator().manual_seed(0), (note,), (note,), sections=3, crops=2, side=32
    )
    assert (crops.shape, truth.shape) == ((6, 1, 32, 32), (6, 32, 32))
    assert seen == 3 * [((1, 160, 160), (160, 160)), *2 * [((1, 32, 32), (32, 32))]]
    assert torch.equal((crops[:, 0] > 1).long(), truth)  # image and labels were cut at the same place


def test_without_bending_no_grey_is_blended(stack):
    _, membrane = stack
    greys = []
    for before in ((flip_and_rotate,), (flip_and_rotate, elastic)):
        generator = torch.Generator().manual_seed(1)
        crops, _ = em.section_batch(membrane.float(), membrane, generator, before, (vary_grey,))
        greys.append(max(len(crop.unique()) for crop in crops))
    assert greys[0] == 2  # shifted and stretched, two values stay two
    assert greys[1] > 100


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.float32, np.float64])
def test_the_rule_blurs_and_takes_what_is_dark(kind):
    image = np.full((9, 11), 100, kind)
    image[:, 5] = 40
    assert np.array_equal(em.blur_and_threshold(image, 0, 60), image < 60)
    blurred = ndimage.gaussian_filter(image.astype(float), 1.5)
    np.testing.assert_array_equal(em.blur_and_threshold(image, 1.5, 80), blurred < 80)


def test_the_rule_is_chosen_by_the_mean_score_of_all_sections():
    generator = np.random.default_rng(0)
    truth = generator.random((2, 40, 50)) < 0.3
    images = np.where(truth, 60, 100) + generator.normal(0, 5, truth.shape)
    images[1] += 20  # alone, the first section would choose 80, the second 100
    assert em.best_blur_and_threshold(images[:1], truth[:1], dice, (0, 3), (60, 80, 100)) == (0, 80)
    assert em.best_blur_and_threshold(images[1:], truth[1:], dice, (0, 3), (60, 80, 100)) == (0, 100)
    assert em.best_blur_and_threshold(images, truth, dice, (0, 3), (60, 90, 120)) == (0, 90)


def test_maps_that_lie_beside_the_lines_are_moved_onto_them():
    ramp = np.linspace(-3, 3, 64)
    rows, columns = np.meshgrid(ramp, ramp, indexing="ij")
    hills = np.exp(-((rows % 1.5 - 0.75) ** 2 + (columns % 2 - 1) ** 2)).astype(np.float32)
    drawn = em.shifted(hills, -0.6, -0.2) > 0.5
    assert em.best_shift([hills, hills], [drawn, drawn]) == (-0.6, -0.2)
    assert em.best_shift([hills], [hills > 0.5]) == (0.0, 0.0)
    np.testing.assert_allclose(em.shifted(hills, 1, 0)[1:], hills[:-1], atol=1e-5)
    edge = np.zeros((8, 8), np.float32)
    edge[:, 4:] = 1
    assert em.shifted(edge, 0.0, -0.4).min() >= 0  # a spline overshoots beside an edge, and a probability must not
    assert em.shifted(edge, 0.0, -0.4).max() <= 1


def test_an_examination_chooses_on_validation_and_scores_the_test(monkeypatch):
    shape = (1, 32, 32)
    lines = np.zeros(shape, dtype=bool)
    lines[:, 15:17] = True
    sections = {
        name: data.EMSections(lines * 255, lines, np.array([n])) for name, n in (("validation", 7), ("test", 8))
    }
    monkeypatch.setattr(em.scores, "load_em", sections.__getitem__)
    weak = np.where(lines, 0.35, 0.25).astype(np.float32)
    assert em.examine(weak, weak, "x ") == {"x threshold": 0.3, "x dice 8": 0.0, "x v_rand 8": 1.0}
    aligned = em.examine_aligned(2 * weak, 2 * weak, "x ")
    assert {name: aligned[name] for name in ("x down", "x right", "x aligned dice 8")} == {
        "x down": 0.0,
        "x right": 0.0,
        "x aligned dice 8": 1.0,
    }
    network = nn.Conv2d(1, 2, 1)
    unseen, exam = em.ask(network, em.membrane_map)
    assert [map_.shape for map_ in (*unseen, *exam)] == [(32, 32)] * 2
    assert set(em.scores_by_section(exam, sections["test"], 0.5, "x ")) == {"x dice 8", "x v_rand 8"}


def test_training_hands_on_its_rate_its_looks_and_its_network(monkeypatch):
    told = {}
    monkeypatch.setattr(training, "fit", lambda network, batch, loss, **words: told.update(words, network=network))
    em.train(0, steps=7, build=lambda: UNet(width=2), learning_rate=0.5, validate_every=3)
    assert (told["steps"], told["learning_rate"], told["validate_every"]) == (7, 0.5, 3)
    assert told["network"].head.in_channels == 2
    em.train(0)
    assert (told["learning_rate"], told["validate_every"]) == (3e-3, 200)
