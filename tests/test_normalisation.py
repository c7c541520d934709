"""Chapter 9's choice of a normalisation: what is replaced, and nothing else."""

import pytest
import torch
from torch import nn

from unet_teach.course.experiments import ablations
from unet_teach.models import UNet
from unet_teach.models.ablations import with_normalisation


@pytest.mark.parametrize(
    ("build", "expected"),
    [(UNet, nn.BatchNorm2d), (ablations.instance_norm, nn.InstanceNorm2d), (ablations.group_norm, nn.GroupNorm)],
)
def test_every_normalisation_is_replaced_and_nothing_else(build, expected):
    network = build()
    kinds = [
        type(layer) for layer in network.modules() if isinstance(layer, nn.modules.batchnorm._NormBase | nn.GroupNorm)
    ]
    assert kinds == [expected] * 14
    assert sum(weight.numel() for weight in network.parameters()) == sum(w.numel() for w in UNet().parameters())
    assert network(torch.randn(2, 1, 16, 16)).shape == (2, 2, 16, 16)


def test_a_network_without_normalisation_has_none_to_replace():
    with pytest.raises(ValueError, match="no batch normalisation"):
        with_normalisation(nn.Conv2d(1, 1, 3), nn.BatchNorm2d)
