"""The bytes of a training step, against networks small enough to count by hand."""

import gc
import weakref

import pytest
import torch
from torch import nn

from unet_teach.models import UNet, training_memory


def test_one_convolution_keeps_its_input():
    network, images = nn.Conv2d(1, 3, 3, padding=1, bias=False), torch.zeros(2, 1, 8, 8)
    assert training_memory(network, images) == 4 * 4 * 27 + 4 * 2 * 64


def test_a_relu_in_its_place_keeps_its_result_once():
    convs = [nn.Conv2d(1, 3, 3, padding=1, bias=False), nn.ReLU(inplace=True), nn.Conv2d(3, 1, 1, bias=False)]
    images = torch.zeros(2, 1, 8, 8)
    assert training_memory(nn.Sequential(*convs), images) == 4 * 4 * (27 + 3) + 4 * 2 * 64 * (1 + 3)


def test_twice_the_images_are_twice_the_maps_and_nothing_is_left_changed():
    torch.manual_seed(0)
    network = UNet(width=2, depth=2).eval()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    weights = 16 * sum(weight.numel() for weight in network.parameters())
    two, four = (training_memory(network, torch.randn(n, 1, 32, 32)) - weights for n in (2, 4))
    assert four == pytest.approx(2 * two, rel=0.01)  # the means of a batch normalisation are as many as before
    assert not network.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert all(weight.grad is None for weight in network.parameters())


def test_what_is_no_network_is_named():
    with pytest.raises(TypeError, match="need a network and a tensor, got int and Tensor"):
        training_memory(3, torch.zeros(1))


def test_no_map_outlives_the_counting():
    seen = []

    class Watched(nn.Module):
        def forward(self, x):
            y = x.relu()  # which keeps its own result
            seen.append(weakref.ref(y))
            return y

    network = nn.Sequential(nn.Conv2d(1, 3, 3), Watched())
    training_memory(network, torch.zeros(1, 1, 8, 8))
    gc.collect()
    assert [kept() for kept in seen] == [None]
