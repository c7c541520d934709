"""What an ensemble says, and how far its members disagree."""

import numpy as np
import pytest
import torch
from torch import nn

from unet_teach.metrics import dice
from unet_teach.predict import ask_all, disagreement


def test_members_speak_in_turn():
    torch.manual_seed(0)
    networks = [nn.Conv2d(1, 3, 1) for _ in range(2)]
    images = torch.randn(4, 1, 5, 6)
    said = ask_all(networks, images)
    assert said.shape == (2, 4, 3, 5, 6)
    for network, one in zip(networks, said, strict=True):
        assert torch.allclose(one, network(images).softmax(dim=1))
    assert torch.allclose(said.sum(dim=2), torch.ones(2, 4, 5, 6))


def test_disagreement_is_the_mean_of_the_pairs():
    labels = np.random.default_rng(0).integers(0, 3, (3, 2, 4, 4))
    masks = labels == 2
    for image in range(2):
        pairs = [dice(masks[a, image], masks[b, image]) for a, b in ((0, 1), (0, 2), (1, 2))]
        assert disagreement(labels, 2)[image] == pytest.approx(1 - np.mean(pairs))
    same = np.repeat(labels[:1], 3, axis=0)
    assert np.allclose(disagreement(same, 2), 0)


def test_misfits_are_named():
    with pytest.raises(ValueError, match="at least one network"):
        ask_all([], torch.zeros(1, 1, 2, 2))
    with pytest.raises(ValueError, match="one shape"):
        ask_all([nn.Conv2d(1, 2, 1), nn.Conv2d(1, 3, 1)], torch.zeros(1, 1, 2, 2))
    with pytest.raises(ValueError, match="two members"):
        disagreement(np.zeros((1, 2, 3, 3), int), 1)
