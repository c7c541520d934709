"""The bake-off is fair as far as it says: same crops, a budget that is kept, rates and finalists from validation."""

import pytest
import torch

from unet_teach.course.bake_off import ENTRANTS, NAMED, PLAN, RATES, REFERENCE, chosen_rate, price, steps_of
from unet_teach.course.bake_off.entrants import CROP
from unet_teach.course.experiments import bake_off_tricks
from unet_teach.data import load_em
from unet_teach.losses import cross_entropy
from unet_teach.models import OriginalUNet, WNet, multiplications
from unet_teach.nnunet import fingerprint, plan
from unet_teach.recipes.em import as_dataset, weighted_loss


@pytest.mark.parametrize("name", ENTRANTS)
def test_an_entrant_learns_from_a_crop_and_answers_a_picture(name):
    entrant = ENTRANTS[name]
    network = entrant.build(3)
    labels = torch.randint(3, (2, CROP, CROP))
    cost_now = entrant.loss(cross_entropy)(network.train()(torch.randn(2, 1, CROP, CROP)), labels)
    cost_now.backward()
    unused = [key for key, weight in network.named_parameters() if weight.grad is None]
    assert cost_now.isfinite()
    assert all(".heads." in key for key in unused), unused  # the plan's lowest answer counts nothing, as in nnU-Net
    with torch.inference_mode():
        assert network.eval()(torch.randn(1, 1, CROP, 2 * CROP)).shape == (1, 3, CROP, 2 * CROP)


def test_the_named_are_six_and_take_part():
    assert len(set(NAMED)) == 6
    assert set(NAMED) < set(ENTRANTS)
    assert REFERENCE not in NAMED


@pytest.mark.parametrize("name", ENTRANTS)
def test_equal_multiplications_are_equal(name):
    steps = steps_of(name, "equal multiplications", 400)
    assert steps * price(name) == pytest.approx(400 * price(REFERENCE), rel=0.01)
    assert steps_of(name, "equal steps", 400) == 400
    with pytest.raises(ValueError, match="the budgets are"):
        steps_of(name, "equal time", 400)


def test_what_is_left_out_is_left_out_for_the_reason_given():
    ours, half = ENTRANTS[REFERENCE].build(2), WNet(clusters=2).encode
    assert type(half) is type(ours)
    assert [w.shape for w in half.parameters()] == [w.shape for w in ours.parameters()]
    papers = multiplications(OriginalUNet(), torch.zeros(1, 1, 316, 316))  # answers 132 x 132 pixels, about a crop
    assert round(400 * price(REFERENCE) / papers) == 8


def test_the_plan_is_the_planners():
    written = plan(fingerprint(as_dataset(load_em("train"))), memory_gb=0.1)["configurations"]["2d"]
    assert written["patch_size"] == [CROP, CROP]
    assert {name: written[name] for name in PLAN} == PLAN


def test_a_rate_is_chosen_by_the_mean_of_its_own_network():
    rows = [
        {"network": name, "rate": rate, "validation dice": score + bonus}
        for name, bonus in (("U-Net", 0.0), ("V-Net", 0.3))
        for rate, scores in zip(RATES, ([0.1, 0.1], [0.9, 0.0], [0.5, 0.6], [0.5, 0.5], [0, 0]), strict=True)
        for score in scores
    ]
    rows.append({"network": "V-Net", "rate": RATES[0], "validation dice": 2.0})
    assert chosen_rate("U-Net", rows) == RATES[2]
    assert chosen_rate("V-Net", rows) == RATES[0]


def test_tricks_take_part_with_networks_of_the_bake_off():
    assert {network for network, _, _ in bake_off_tricks.TRICKS.values()} <= set(ENTRANTS)
    assert weighted_loss is ENTRANTS[REFERENCE].loss(weighted_loss)
