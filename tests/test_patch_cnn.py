"""The patch network: one answer a patch, the same answer in a larger image, and linear where nothing is crooked."""

import pytest
import torch
from torch import nn

from unet_teach.models import PatchCNN


def net(**options):
    torch.manual_seed(0)
    return PatchCNN(**options).double().eval()


def image(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize("options", [{}, {"first": 11}, {"relu": False}, {"pool": "skip"}, {"normalise": True}])
def test_a_patch_gets_the_logits_of_one_pixel(options):
    assert net(**options)(image(3, 1, 33, 33)).shape == (3, 2, 1, 1)
    wide = PatchCNN(channels=3, classes=5, width=4, **options)
    assert wide(torch.zeros(2, 3, 33, 33)).shape == (2, 5, 1, 1)


@pytest.mark.parametrize("options", [{}, {"first": 11}, {"relu": False}, {"pool": "skip"}, {"normalise": True}])
def test_a_larger_image_gets_the_answer_of_every_fourth_patch(options):
    network, large = net(**options), image(1, 1, 45, 41)
    with torch.no_grad():
        answers = network(large)
        assert answers.shape == (1, 2, 4, 3)
        for row in range(4):
            for column in range(3):
                patch = large[..., 4 * row : 4 * row + 33, 4 * column : 4 * column + 33]
                torch.testing.assert_close(answers[..., row, column], network(patch)[..., 0, 0])


def test_parameters_by_hand():
    by_hand = 8 * (16 + 1) + 16 * (8 * 16 + 1) + 2 * (16 * 36 + 1)
    for pool in ("max", "skip"):
        assert sum(weight.numel() for weight in PatchCNN(pool=pool).parameters()) == by_hand


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("pool", ["max", "skip"])
def test_it_is_linear_only_without_relu_and_without_maximum(relu, pool):
    network, (a, b) = net(relu=relu, pool=pool), image(2, 1, 1, 33, 33)
    zero = network(torch.zeros_like(a))
    straight = torch.allclose(network(a + b) - zero, network(a) + network(b) - 2 * zero)
    assert straight == (not relu and pool == "skip")


def test_layers_are_named_and_in_order():
    names = [name for name, _ in PatchCNN(normalise=True).named_children()]
    assert names == ["conv1", "norm1", "relu1", "pool1", "conv2", "norm2", "relu2", "pool2", "head"]
    assert not any(isinstance(layer, nn.ReLU) for layer in PatchCNN(relu=False))


@pytest.mark.parametrize("options", [{"pool": "mean"}, {"first": 40}, {"first": 0}, {"first": 27}])
def test_what_cannot_be_built_is_refused(options):
    with pytest.raises(ValueError, match=r"pool is|leaves nothing"):
        PatchCNN(**options)
