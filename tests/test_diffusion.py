"""Chapter 27's diffusion U-Net: a circle, a network that knows the time, crops, waves, the nearest crop."""

import math

import numpy as np
import pytest
import torch
from pretend_gpu import pretending
from torch import nn

from unet_teach.course.diffusion import (
    SIDE,
    WithTimeOnTop,
    bands,
    draw_crops,
    mixed,
    nearest_crop,
    noisy_batch,
    sample,
    scrambled,
    tissue,
    tissue_crops,
    turned_back,
    velocity,
    velocity_loss,
)
from unet_teach.course.diffusion.training import noisy_tissue
from unet_teach.course.experiments import drawn_tissue
from unet_teach.course.experiments.table import load
from unet_teach.course.experiments.weights import restore_weights
from unet_teach.models import DenoisingUNet
from unet_teach.train import fit
from unet_teach.transforms import turn


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def two(seed=0, count=3):
    return torch.randn(2, count, 1, 16, 24, generator=chance(seed)).unbind()


def test_a_mixture_turns_on_a_circle():
    image, noise = two()
    angles = torch.tensor([0.0, 0.6, math.pi / 2])
    x, v = mixed(image, noise, angles), velocity(image, noise, angles)
    assert torch.equal(x[0], image[0])
    assert torch.allclose(x[2], noise[2], atol=1e-6)
    assert torch.allclose(v[0], noise[0])
    assert torch.allclose(v[2], -image[2], atol=1e-6)
    assert torch.allclose(x**2 + v**2, image**2 + noise**2, atol=1e-5)
    step = 1e-3
    slope = (mixed(image, noise, angles + step) - mixed(image, noise, angles - step)) / (2 * step)
    assert torch.allclose(slope, v, atol=2e-3)  # v is how fast x moves
    for back in (0.1, 0.6):  # who knows v gets back exactly
        assert torch.allclose(turned_back(x, v, back), mixed(image, noise, angles - back), atol=1e-6)


class KnowsTheImage(nn.Module):
    """Says the true velocity of the only image there is."""

    def __init__(self, image):
        super().__init__()
        self.image = nn.Parameter(image)

    def forward(self, x, angles):
        cosine, sine = (f(angles)[:, None, None, None] for f in (torch.cos, torch.sin))
        noise = (x - cosine * self.image) / sine
        return cosine * noise - sine * self.image


@pytest.mark.parametrize("steps", [1, 3, 50])
def test_who_knows_one_image_draws_it(steps):
    image, noise = two()
    assert torch.allclose(sample(KnowsTheImage(image[:1]), noise, steps), image[:1].expand_as(noise), atol=1e-3)


def test_sampling_takes_a_step():
    with pytest.raises(ValueError, match="at least one step"):
        sample(KnowsTheImage(torch.zeros(1, 1, 8, 8)), torch.zeros(1, 1, 8, 8), 0)


def test_the_network_looks_at_the_time():
    torch.manual_seed(0)
    network = DenoisingUNet((8, 16, 24), size=16).eval()
    x, angles = torch.randn(2, 1, 16, 24, generator=chance()), torch.tensor([0.3, 1.2])
    assert not network(x, angles).any()  # it begins by saying "no movement"
    nn.init.normal_(network.head.weight, generator=chance())
    said = network(x, angles)
    assert said.shape == x.shape
    assert not torch.allclose(said, network(x, angles.flip(0)), atol=1e-3)
    assert torch.allclose(said[:1], network(x[:1], angles[:1]), atol=1e-5)  # no image sees the others
    both = torch.cat([x, angles[:, None, None, None].expand_as(x)], dim=1)
    assert torch.allclose(WithTimeOnTop(network)(both), said, atol=1e-6)


def test_the_chapters_network_is_small():
    assert sum(parameter.numel() for parameter in DenoisingUNet().parameters()) == 257_153


@pytest.mark.parametrize(
    ("shape", "angles", "said"),
    [
        ((2, 2, 16, 16), (2,), "images are"),
        ((2, 1, 16, 16), (3,), "one angle each"),
        ((1, 1, 12, 16), (1,), "multiple"),
    ],
)
def test_images_that_do_not_fit(shape, angles, said):
    with pytest.raises(ValueError, match=said):
        DenoisingUNet()(torch.zeros(shape), torch.zeros(angles))


@pytest.mark.parametrize("widths", [(16,), (16, 20), (0, 8)])
def test_widths_that_are_none(widths):
    with pytest.raises(ValueError, match="widths are"):
        DenoisingUNet(widths)


def pictures(seed=0):
    return torch.randn(2, 80, 90, generator=chance(seed))


def test_crops_are_parts_and_batches_are_mixtures():
    images = pictures()
    crops = tissue_crops(images, 5, chance())
    assert crops.shape == (5, 1, SIDE, SIDE)
    for crop in crops:
        far, found = nearest_crop(crop[0], images)
        assert far < 1e-6
        assert torch.equal(found, crop[0])
    both, said = noisy_batch(crops, chance(1))
    assert both.shape == (5, 2, SIDE, SIDE)
    angles = both[:, 1, 0, 0]
    assert ((angles >= 0) & (angles <= math.pi / 2)).all()
    assert len(set(angles.tolist())) == 5
    cosine, sine = angles.cos()[:, None, None, None], angles.sin()[:, None, None, None]
    assert torch.allclose(cosine * both[:, :1] - sine * said, crops, atol=1e-5)
    few = crops[:2]
    some, v = noisy_tissue(images, few, chance())
    assert some.shape == (16, 2, SIDE, SIDE)
    angle = some[:, 1:2]
    back = angle.cos() * some[:, :1] - angle.sin() * v
    assert all(min(float((one - crop).abs().max()) for crop in few) < 1e-4 for one in back)


def test_the_nearest_is_that_of_every_place_and_turn():
    images, crop = pictures()[:, :14, :13], torch.randn(8, 8, generator=chance(9))
    best = min(
        float((turn(crop, way % 4, way >= 4) - images[n, r : r + 8, c : c + 8]).square().mean().sqrt())
        for way in range(8)
        for n in range(2)
        for r in range(7)
        for c in range(6)
    )
    far, found = nearest_crop(crop, images)
    assert far == pytest.approx(best, rel=1e-5)
    assert float((found - crop).square().mean().sqrt()) == pytest.approx(best, rel=1e-5)


def test_bands_see_waves_of_their_length():
    rows = torch.arange(64.0)
    for waves, band in ((1, 0), (3, 1), (11, 4), (28, 7)):
        crop = torch.cos(2 * math.pi * waves * rows / 64)[None, None, :, None].expand(1, 1, 64, 64)
        assert bands(crop).argmax() == band
    noise = torch.randn(40, 1, 64, 64, generator=chance())
    assert np.ptp(bands(noise)) < 0.1
    assert np.allclose(bands(3 * noise + 5) - bands(noise), 2 * math.log10(3))


def test_scrambling_keeps_waves_and_moves_them():
    crops = torch.zeros(3, 1, 64, 64)
    crops[:, :, 20:30, 20:40] = 1
    cloud = scrambled(crops, chance())
    assert cloud.dtype == crops.dtype
    assert torch.allclose(cloud.std((1, 2, 3)), crops.std((1, 2, 3)), rtol=1e-4)
    assert torch.allclose(cloud.mean((1, 2, 3)), crops.mean((1, 2, 3)), atol=1e-6)
    assert torch.allclose(torch.fft.fft2(cloud).abs(), torch.fft.fft2(crops).abs(), atol=1e-3)
    assert (cloud - crops).abs().max() > 0.3


def test_it_learns():
    torch.manual_seed(0)
    network = DenoisingUNet((8, 16), size=16)
    history = fit(
        WithTimeOnTop(network),
        lambda generator: noisy_batch(pictures()[:1, :16, :16][None].expand(8, 1, 16, 16), generator),
        velocity_loss,
        steps=60,
        generator=chance(),
        learning_rate=1e-2,
    )
    assert sum(history.loss[-10:]) < 0.9 * sum(history.loss[:10])


def test_it_draws_the_same_on_a_card():
    torch.manual_seed(0)
    network = DenoisingUNet((8, 16), size=16)
    nn.init.normal_(network.head.weight, std=0.1)  # else it says "no movement"; a trained one stretches rounding
    drawn = draw_crops(network, 3, seed=1, steps=2)
    assert drawn.shape == (3, 1, SIDE, SIDE)
    assert (drawn - draw_crops(network, 3, seed=2, steps=2)).abs().max() > 0.1
    with pretending():
        there = draw_crops(network, 3, seed=1, steps=2)
    assert torch.allclose(drawn, there, rtol=0, atol=2e-5)


def test_the_stored_network_errs_as_its_row_says(real_data):
    (row,) = load(drawn_tissue.EXPERIMENT, crops=drawn_tissue.ALL, steps=drawn_tissue.STEPS, seed=0)
    network = restore_weights(DenoisingUNet(), drawn_tissue.NAME)
    taught, held = tissue()
    assert taught.shape == (19, 256, 192)
    assert held.shape == (19, 256, 64)
    both, v = noisy_batch(tissue_crops(taught, 64, chance()), chance(1))
    with torch.inference_mode():
        assert float(velocity_loss(WithTimeOnTop(network)(both), v)) == pytest.approx(row["loss"], abs=0.08)


def test_the_table_has_what_was_asked_for():
    rows = load(drawn_tissue.EXPERIMENT)
    assert len(rows) == len(drawn_tissue.EXPERIMENT.runs)
    assert all(0 <= row["share nearer"] <= 1 for row in rows)
