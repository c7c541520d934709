"""The pieces of chapter 11's experiments, on data small enough for a test."""

import numpy as np
import pytest
import torch

from unet_teach.course.experiments import (
    ablations,
    learning_curve,
    score_search,
)
from unet_teach.models.ablations import Unpadded


@pytest.fixture
def stack():
    images = torch.randn(19, 224, 224, generator=torch.Generator().manual_seed(0))
    return images, (images > 1).long()


@pytest.mark.parametrize("name", ablations.VARIANTS)
def test_every_variant_learns_from_its_batch_and_looks_at_a_section(stack, name):
    variant = ablations.VARIANTS[name]
    network = variant.build()
    crops, truth = variant.batch(*stack, torch.Generator().manual_seed(1))
    assert network(crops).shape == (4, 2, *truth.shape[1:])
    map_ = variant.predict(network.eval(), torch.randn(64, 64))
    assert map_.shape == (64, 64)
    assert 0 <= map_.min() <= map_.max() <= 1


def test_the_unpadded_networks_labels_are_the_middle_of_its_crops(stack):
    images, _ = stack
    crops, truth = ablations.without_margin_batch(images, (images > 1).long(), torch.Generator().manual_seed(1))
    side, margin = ablations.SIDE, ablations.MARGIN
    assert crops.shape[2:] == (side + 2 * margin,) * 2
    assert Unpadded(width=2).margin == margin
    middle = crops[:, 0, margin:-margin, margin:-margin]
    assert middle[truth == 1].mean() > middle[truth == 0].mean() + 0.5  # bent and shifted in grey, and still bright


def test_sections_are_drawn_without_repeats_and_again_the_same():
    assert learning_curve.drawn(4, 0) == learning_curve.drawn(4, 0)
    assert len({tuple(learning_curve.drawn(4, draw)) for draw in range(3)}) == 3
    for count in learning_curve.COUNTS:
        numbers = learning_curve.drawn(count, 1)
        assert len(set(numbers)) == count
        assert set(numbers) <= set(range(19))


@pytest.mark.parametrize("name", score_search.RECIPES)
def test_every_recipe_makes_its_batch(stack, name):
    recipe = score_search.RECIPES[name]
    crops, truth = recipe.batch(*stack, torch.Generator().manual_seed(1))
    assert crops.shape == (recipe.crops, 1, recipe.side, recipe.side)
    assert truth.shape == (recipe.crops, recipe.side, recipe.side)


def test_noise_makes_flat_sections_grainy(stack):
    images, membrane = stack
    flat, generator = torch.zeros_like(images), torch.Generator().manual_seed(1)
    assert (score_search.RECIPES["flips, noise"].batch(flat, membrane, generator)[0].std((1, 2, 3)) > 0).all()
    assert not score_search.RECIPES["flips"].batch(flat, membrane, generator)[0].any()


def test_maps_are_averaged_section_by_section():
    maps = [[np.zeros((2, 2), np.float32), np.ones((2, 2), np.float32)], [np.ones((2, 2), np.float32)] * 2]
    first, second = score_search.average(maps)
    assert first.tolist() == [[0.5, 0.5]] * 2
    assert second.tolist() == [[1, 1]] * 2


def test_the_steady_level_is_the_middle_of_the_plateau():
    curve = np.zeros(len(score_search.LEVELS))
    curve[3:8] = 0.95, 0.97, 0.962, 0.965, 0.961  # levels 0.15 to 0.35; the first is not within the allowance
    assert score_search.steady_level(curve) == pytest.approx((0.2 + 0.35) / 2)
    assert score_search.steady_level(curve, 0) == pytest.approx(0.2)
