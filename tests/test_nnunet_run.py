"""One call trains what a plan says, on images and on volumes; chance comes from the seed; folds are averaged."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from monai.inferers import sliding_window_inference
from torch import nn

from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.nnunet import Case, Dataset, run, segment
from unet_teach.nnunet.learning import EveryLevel, level_weights, nesterov_along_a_power, planned_loss
from unet_teach.nnunet.predicting import Mirrored, patch_dice, predict_logits


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def a_plan(dims=2, patch=16, levels=3, batch=2):
    each = [[3] * dims] * levels
    wanted = {
        "spacing": [1.0] * dims,
        "patch_size": [patch] * dims,
        "batch_size": batch,
        "normalization_schemes": ["ZScoreNormalization"],
        "use_mask_for_norm": [False],
        "batch_dice": dims == 2,
        "features_per_stage": [4, 8, 8][:levels],
        "kernel_sizes": each,
        "strides": [[1] * dims] + [[2] * dims] * (levels - 1),
        "n_conv_per_stage": [1] * levels,
        "n_conv_per_stage_decoder": [1] * (levels - 1),
    }
    return {"transpose_forward": [0, 1, 2], "configurations": {"2d" if dims == 2 else "3d_fullres": wanted}}


def squares(count=4, dims=2, side=24):
    """Bright boxes on a darker ground."""
    cases = []
    for number in range(count):
        random = np.random.default_rng(number)
        labels = np.zeros((side, side + 4, side - 2)[:dims], dtype=np.uint8)
        labels[(slice(4 + number, 12 + number), *(slice(5, 15) for _ in range(dims - 1)))] = 1
        image = (10 + 5 * labels + random.normal(0, 1, labels.shape)).astype(np.float32)
        cases.append(Case(f"box_{number}", image[None], labels, (1.0,) * dims))
    return Dataset(cases, ("MRI",), ("background", "box"), "Boxes")


@pytest.mark.parametrize("dims", [2, 3])
def test_one_call_learns_a_task_of_either_kind(dims):
    boxes = squares(dims=dims)
    trained = run(boxes, a_plan(dims), steps=60 if dims == 2 else 25, held_back=boxes, batches=2, device="cpu")
    assert np.mean(trained.history.loss[-5:]) < 0.8 * np.mean(trained.history.loss[:5])
    assert len(trained.pseudo_dice) == 1
    assert not trained.network.training
    said = segment(trained, boxes.cases[0], device="cpu")
    assert said.shape == boxes.cases[0].labels.shape
    assert said.dtype == np.uint8
    truth = boxes.cases[0].labels
    assert 2 * (said * truth).sum() / (said.sum() + truth.sum()) > (0.5 if dims == 2 else 0.2)


def test_all_chance_comes_from_the_seed():
    boxes, plan = squares(2), a_plan()
    runs = [run(boxes, plan, steps=3, seed=seed, device="cpu") for seed in (4, 4, 5)]
    torch.manual_seed(9)
    assert runs[0].history.loss == runs[1].history.loss != runs[2].history.loss


def test_folds_are_averaged_as_logits_and_must_follow_one_plan():
    boxes, plan = squares(2), a_plan()
    folds = [run(boxes, plan, steps=2, seed=seed, device="cpu") for seed in range(2)]
    image = torch.randn(1, 1, 20, 17, generator=chance())
    wanted = plan["configurations"]["2d"]
    each = [predict_logits([fold.network], image, wanted) for fold in folds]
    torch.testing.assert_close(predict_logits([fold.network for fold in folds], image, wanted), (each[0] + each[1]) / 2)
    one, two = (segment(fold, boxes.cases[0], device="cpu") for fold in folds)
    both = segment(folds, boxes.cases[0], device="cpu")
    assert (both == one)[one == two].mean() > 0.5
    with pytest.raises(ValueError, match="same plan"):
        segment([folds[0], replace(folds[1], plan=a_plan(patch=8))], boxes.cases[0])
    with pytest.raises(ValueError, match="one or more networks"):
        segment([], boxes.cases[0])
    with pytest.raises(ValueError, match="no network to ask"):
        predict_logits([], image, wanted)


def test_a_plan_without_the_configuration_or_for_other_channels_is_refused():
    with pytest.raises(ValueError, match=r"no configuration '3d_lowres'.*2d"):
        run(squares(1), a_plan(), steps=1, configuration="3d_lowres")
    two = Case("two", np.ones((2, 8, 8)), np.zeros((8, 8), int), (1.0, 1.0))
    with pytest.raises(ValueError, match="two has 2 channels, the plan is for 1"):
        run(Dataset([two], ("a", "b"), ("c", "d")), a_plan(), steps=1)


class Odd(nn.Module):
    """A network that knows left from right, and nothing else."""

    def __init__(self, dims):
        super().__init__()
        self.layer = (nn.Conv2d if dims == 2 else nn.Conv3d)(1, 2, 3, padding=1)

    def forward(self, x):
        return self.layer(x) + torch.arange(x.shape[-1], dtype=x.dtype)


@pytest.mark.parametrize("dims", [2, 3])
def test_mirrored_is_the_mean_of_all_flips_each_flipped_back(dims):
    network, image = Odd(dims), torch.randn(2, 1, *(6, 8, 10)[:dims], generator=chance())
    axes = range(2, 2 + dims)
    ways = [[a for a, bit in zip(axes, range(dims), strict=True) if n >> bit & 1] for n in range(2**dims)]
    mean = sum(network(image.flip(way)).flip(way) for way in ways) / len(ways)
    torch.testing.assert_close(Mirrored(network)(image), mean)


def test_windows_are_those_of_monai_and_slices_are_seen_one_by_one():
    network = Odd(3)
    image = torch.randn(1, 20, 18, 25, generator=chance())
    theirs = sliding_window_inference(image[None], (16, 16, 16), 1, network, 0.5, "gaussian")[0]
    ours = predict_logits([network], image, {"patch_size": [16, 16, 16]}, mirrored=False)
    torch.testing.assert_close(ours, theirs.detach(), atol=1e-4, rtol=1e-4)
    flat = Odd(2)
    slices = [sliding_window_inference(one[None], (16, 16), 1, flat, 0.5, "gaussian")[0] for one in image.unbind(1)]
    ours = predict_logits([flat], image, {"patch_size": [16, 16]}, mirrored=False)
    torch.testing.assert_close(ours, torch.stack(slices, 1).detach(), atol=1e-4, rtol=1e-4)


def test_pseudo_dice_pools_all_voxels_and_real_dice_does_not():
    class Says(nn.Module):
        def forward(self, x):
            return torch.cat([1 - x, x, torch.zeros_like(x)], dim=1)

    large = torch.zeros(1, 1, 10, 10), torch.zeros(1, 10, 10, dtype=torch.long)
    large[0][..., :5], large[1][..., :5] = 1, 1  # 50 of 50 right
    small = torch.zeros(1, 1, 10, 10), torch.zeros(1, 10, 10, dtype=torch.long)
    small[1][..., :2, 0] = 1  # 0 of 2
    pooled = patch_dice(Says(), [large, small], 3)
    assert pooled[0] == pytest.approx(2 * 50 / (50 + 52))  # the mean of 1 and 0 is 0.5
    assert np.isnan(pooled[1])


def test_the_loss_weighs_levels_by_halves_and_leaves_out_the_lowest():
    assert level_weights(4) == [1, 0.5, 0.25, 0]
    assert level_weights(1) == [1]
    answers = [torch.randn(2, 3, side, side, generator=chance(side)) for side in (8, 4, 2)]
    labels = torch.randint(0, 3, (2, 8, 8), generator=chance())
    half = labels[:, 1::2, 1::2]  # the nearest to the middle of each square of 4

    def of_batch(x, y):
        return dice_loss(x, y) + cross_entropy(x, y)

    def of_each(x, y):
        return torch.stack([dice_loss(x[n : n + 1], y[n : n + 1]) for n in range(2)]).mean() + cross_entropy(x, y)

    for flag, one in ((True, of_batch), (False, of_each)):
        wanted = (one(answers[0], labels) + one(answers[1], half) / 2) / 1.5
        found = planned_loss({"batch_dice": flag, "features_per_stage": [1] * 4})(answers, labels)
        torch.testing.assert_close(found, wanted)


def test_the_rate_falls_along_a_power_from_the_first_to_nothing():
    weights = [nn.Parameter(torch.zeros(2))]
    optimiser, schedule = nesterov_along_a_power(weights, 0.01, 10)
    rates = []
    for _ in range(10):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    np.testing.assert_allclose(rates, [0.01 * (1 - step / 10) ** 0.9 for step in range(10)])
    assert optimiser.param_groups[0]["lr"] == 0
    assert {k: optimiser.param_groups[0][k] for k in ("momentum", "nesterov", "weight_decay")} == {
        "momentum": 0.99,
        "nesterov": True,
        "weight_decay": 3e-5,
    }


def test_every_level_is_trained_through_one_network():
    boxes = squares(1)
    network = run(boxes, a_plan(), steps=1, device="cpu").network
    image = torch.randn(1, 1, 16, 16)
    assert [tuple(a.shape[2:]) for a in EveryLevel(network)(image)] == [(16, 16), (8, 8)]
