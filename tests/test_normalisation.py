"""Chapter 9's choice of a normalisation: what is replaced; and one stored row, run again."""

import pytest
import torch
from torch import nn

from unet_teach.course.experiments import normalisation
from unet_teach.course.experiments.table import differences, load
from unet_teach.models import UNet
from unet_teach.models.ablations import with_normalisation


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


@pytest.mark.slow
@pytest.mark.usefixtures("real_data")
def test_a_stored_row_is_reproduced_within_its_tolerance():
    """Chapter 9 re-computes a row of the other table; this is the one that no notebook runs again."""
    experiment = normalisation.EXPERIMENT
    stored = load(experiment, norm="group", seed=0)[0]
    off = differences(experiment, stored, experiment.run(norm="group", seed=0))
    assert len(off) == 6
    assert max(off.values()) <= 1, off
