"""What chapter 17 does to a Swin-Unet: its attention replaced, hidden squares guessed; and its tables' small print."""

import copy
from functools import partial

import pytest
import torch
from pretend_gpu import pretending
from torch import nn

from unet_teach.course.experiments import guessing, masked_patches, swin_rates, swin_unet, without_attention
from unet_teach.course.swin import hidden_squares, instead_of_attention, masked_batch, masked_loss, pretrained
from unet_teach.course.swin.masked import SQUARE
from unet_teach.losses import cross_entropy
from unet_teach.models import SwinUNet, UNet, multiplications
from unet_teach.train import fit


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def small():
    torch.manual_seed(0)
    return SwinUNet(width=4, depth=1, heads=2, window=4).eval()


def loud(network):
    """Enlarge the weights, so that what attention does shows."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.3 * torch.randn(weight.shape, generator=chance(weight.numel())))
    return network


def test_what_replaces_attention_leaves_the_rest():
    network, x = loud(small()), torch.rand(1, 1, 32, 32, generator=chance())
    answers = {"attention": network(x)}
    for what in ("itself", "alike", "nothing"):
        changed = instead_of_attention(copy.deepcopy(network), what)
        answers[what] = changed(x)
        assert multiplications(changed, x) < multiplications(network, x)
    for one in answers:
        for other in answers:
            assert torch.allclose(answers[one], answers[other]) == (one == other), (one, other)


def test_alike_is_attention_whose_questions_are_nought():
    network, x = small().double(), torch.rand(1, 1, 32, 48, generator=chance(), dtype=torch.float64)
    loud(network)
    alike = instead_of_attention(copy.deepcopy(network), "alike")
    with torch.no_grad():
        for layer in network.modules():
            if hasattr(layer, "table"):
                channels = layer.attention.out.in_features
                layer.attention.ask.weight[:channels] = 0
                layer.attention.ask.bias[:channels] = 0
                layer.table.zero_()
    torch.testing.assert_close(alike(x), network(x))


def test_what_nobody_offers_is_refused():
    with pytest.raises(ValueError, match=r"there may be itself, alike, nothing, got 'identity'"):
        instead_of_attention(small(), "identity")
    with pytest.raises(ValueError, match="no attention to replace"):
        instead_of_attention(UNet(width=1), "itself")


@pytest.mark.parametrize(("share", "count"), [(0.6, 10), (0.0, 0), (1.0, 16), (0.25, 4)])
def test_as_many_squares_are_hidden_in_each_image(share, count):
    hidden = hidden_squares(3, 64, chance(), share)
    assert hidden.sum((1, 2)).tolist() == [count * SQUARE**2] * 3
    squares = hidden.unfold(1, SQUARE, SQUARE).unfold(2, SQUARE, SQUARE).flatten(-2)
    assert ((squares.all(-1)) | (~squares).all(-1)).all()
    assert share in (0, 1) or not torch.equal(hidden[0], hidden[1])


@pytest.mark.parametrize(("side", "share"), [(40, 0.5), (64, 1.5), (64, -0.1)])
def test_squares_that_do_not_tile_are_refused(side, share):
    with pytest.raises(ValueError, match="multiple of 16 and share 0 to 1"):
        hidden_squares(1, side, chance(), share)


def test_only_what_was_hidden_counts():
    images = torch.rand(3, 150, 140, generator=chance(1)) + 1
    seen, crops, hidden = masked_batch(images, chance())
    assert (seen.shape, crops.shape, hidden.shape) == ((4, 1, 128, 128), (4, 1, 128, 128), (4, 128, 128))
    assert torch.equal(seen[:, 0] == 0, hidden)
    assert torch.equal(seen[:, 0][~hidden], crops[:, 0][~hidden])
    wrong = torch.where(hidden[:, None], crops + 0.5, crops + 99)
    assert masked_loss(wrong, crops, hidden).item() == pytest.approx(0.5, abs=1e-5)
    assert masked_loss(crops, crops, hidden) == 0


def test_a_blur_guesses_from_what_is_visible_alone():
    crops = torch.full((1, 1, 128, 128), 3.0)
    hidden = hidden_squares(1, 128, chance())
    seen = crops.masked_fill(hidden[:, None], 0.0)
    guess = guessing.blur_of_the_visible(seen, hidden, 30)
    torch.testing.assert_close(guess, crops, atol=1e-3, rtol=0)


@pytest.mark.parametrize("make", [partial(UNet, width=2), partial(SwinUNet, width=4, depth=1, heads=2)])
def test_a_pre_trained_network_keeps_all_but_its_head(make):
    images = torch.rand(2, 128, 128, generator=chance(1))
    torch.manual_seed(0)
    network = pretrained(make, images, 0, 3, 0.01)
    torch.manual_seed(0)
    guessing, fresh = make(classes=1), make(classes=2)
    torch.testing.assert_close(network.head.weight, fresh.head.weight)
    changed = [
        not torch.equal(a, b)
        for (name, a), b in zip(network.named_parameters(), fresh.parameters(), strict=True)
        if not name.startswith("head.")
    ]
    assert all(changed)
    assert guessing(images[:1, None]).shape == (1, 1, 128, 128)


@pytest.mark.parametrize("card", ["A100", "T4"])
def test_it_learns_on_a_gpu_and_comes_back(card):
    x = torch.rand(2, 1, 32, 32, generator=chance())
    batch = (x, (x[:, 0] > 0.5).long())
    losses = []
    for gpu in (False, True):
        network = small()
        learn = partial(fit, network, lambda generator: batch, cross_entropy, steps=3, generator=chance())
        if gpu:
            with pretending(card):
                losses.append(learn().loss)
        else:
            losses.append(learn().loss)
    assert losses[0] == pytest.approx(losses[1], abs=0.05)
    assert {weight.device.type for weight in network.parameters()} == {"cpu"}


def test_the_long_runs_multiply_equally_often():
    image = torch.zeros(1, 1, 128, 128)
    convolving, attending = (multiplications(make(), image) for make in swin_rates.NETWORKS.values())
    assert round(swin_unet.LONG * convolving / attending) == swin_unet.EQUAL
    assert round(attending / convolving, 2) == 0.94


def test_the_best_rate_is_that_of_the_best_mean(monkeypatch):
    def load(experiment, network, rate):
        scores = {0.0003: (0.9, 0.1), 0.001: (0.6, 0.6), 0.003: (0.5, 0.5), 0.01: (0.0, 0.7)}
        return [{"validation dice": score} for score in scores[rate]]

    monkeypatch.setattr(swin_rates, "load", load)
    assert swin_rates.best_rate("U-Net") == 0.001


def test_a_run_that_explodes_scores_nothing(monkeypatch):
    def train(*args, **settings):
        raise FloatingPointError

    monkeypatch.setattr(swin_rates, "train", train)
    assert swin_rates.run("U-Net", 0.01, 100) == {"validation dice": 0.0}


def test_a_trained_network_is_asked_as_it_is_and_otherwise():
    network = loud(without_attention.built("itself")).eval()
    x = torch.rand(1, 1, 128, 128, generator=chance())
    with torch.inference_mode():
        expected = network(x)
        torch.testing.assert_close(without_attention.asked_with(network, "itself")(x), expected)
        assert not torch.allclose(without_attention.asked_with(network, "attention")(x), expected)
    assert isinstance(network.head, nn.Conv2d)


@pytest.mark.parametrize("module", [swin_unet, without_attention, masked_patches])
def test_nothing_is_chosen_where_it_is_examined(module):
    searched = {settings["seed"] for settings in swin_rates.EXPERIMENT.runs}
    assert not searched & {settings["seed"] for settings in module.EXPERIMENT.runs}
