"""The pieces of chapter 9's experiment, on data small enough for a test."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from unet_teach.course.experiments import normalisation, thirty_images
from unet_teach.models import UNet
from unet_teach.models.ablations import with_normalisation


@pytest.fixture
def stack():
    images = torch.randn(3, 160, 160, generator=torch.Generator().manual_seed(0))
    return images, (images > 1).long()


@pytest.mark.parametrize("batch", [thirty_images.plain_batch, thirty_images.augmented_batch])
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
    torch.testing.assert_close(thirty_images.weighted_loss(logits, membrane, 3), expected)
    torch.testing.assert_close(thirty_images.weighted_loss(logits, membrane, 1), each.mean())


def test_maps_are_probabilities_and_the_average_turns_with_the_section():
    network = UNet(width=2).eval()
    section = torch.randn(16, 24)
    one, eight = thirty_images.membrane_map(network, section), thirty_images.averaged_map(network, section)
    assert one.shape == eight.shape == (16, 24)
    assert one.min() >= 0
    assert eight.max() <= 1
    np.testing.assert_allclose(thirty_images.averaged_map(network, section.rot90()), np.rot90(eight), atol=1e-5)


def test_the_best_threshold_is_the_one_with_the_best_mean():
    truth = np.zeros((9, 9), dtype=bool)
    truth[4] = True
    weak = np.where(truth, 0.35, 0.25).astype(np.float32)  # only 0.3 tells membrane from cell
    assert thirty_images.best_threshold([weak, weak], [truth, truth]) == 0.3
    assert thirty_images.v_rand_of([weak], [truth], 0.3) == [1.0]
    assert thirty_images.dice_of([2 * weak, weak], [truth, truth]) == [1.0, 0.0]


@pytest.mark.parametrize("norm", normalisation.MAKE)
def test_every_normalisation_is_replaced_and_nothing_else(norm):
    network = normalisation.build(norm)
    kinds = [
        type(layer) for layer in network.modules() if isinstance(layer, nn.modules.batchnorm._NormBase | nn.GroupNorm)
    ]
    expected = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d, "group": nn.GroupNorm}[norm]
    assert kinds == [expected] * 14
    assert sum(weight.numel() for weight in network.parameters()) == sum(w.numel() for w in UNet().parameters())
    assert network(torch.randn(2, 1, 16, 16)).shape == (2, 2, 16, 16)


def test_a_network_without_normalisation_has_none_to_replace():
    with pytest.raises(ValueError, match="no batch normalisation"):
        with_normalisation(nn.Conv2d(1, 1, 3), nn.BatchNorm2d)
