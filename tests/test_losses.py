"""The losses against torch, MONAI, numbers made by hand, and numerical slopes."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.losses import DiceLoss, FocalLoss
from torch.nn import functional

from unet_teach.losses import cross_entropy, dice_loss, focal_loss

LOSSES = [cross_entropy, dice_loss, focal_loss]
SHAPES = [(2, 3, 4, 5), (2, 2, 3, 4, 2)]
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=40, deadline=None)


def batch(seed, shape=(2, 3, 4, 5), scale=2.0):
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
    labels = torch.randint(0, shape[1], (shape[0], *shape[2:]), generator=generator)
    return logits, labels


def one_pixel(*logits):
    return torch.tensor(logits, dtype=torch.float64).reshape(1, -1, 1, 1)


def label(number):
    return torch.full((1, 1, 1), number)


def test_cross_entropy_by_hand():
    assert cross_entropy(one_pixel(0, 0), label(1)).item() == pytest.approx(math.log(2))
    assert cross_entropy(one_pixel(0, math.log(3)), label(1)).item() == pytest.approx(-math.log(3 / 4))
    assert cross_entropy(one_pixel(0, math.log(3)), label(0)).item() == pytest.approx(-math.log(1 / 4))


def test_dice_loss_by_hand():
    logits = torch.zeros(1, 2, 1, 4)  # every probability one half: overlap 2 * 1, sum 2 + 2
    labels = torch.tensor([[[1, 1, 0, 0]]])
    assert dice_loss(logits, labels).item() == pytest.approx(0.5, abs=1e-5)
    labels = torch.tensor([[[1, 0, 0, 0]]])  # object 1 / (2 + 1), background 3 / (2 + 3)
    assert dice_loss(logits, labels).item() == pytest.approx(1 - 1 / 3, abs=1e-5)
    assert dice_loss(logits, labels, include_background=True).item() == pytest.approx(1 - (1 / 3 + 3 / 5) / 2, abs=1e-5)


def test_focal_loss_by_hand():
    logits = one_pixel(0, math.log(9))  # the true class has 0.9
    assert focal_loss(logits, label(1)).item() == pytest.approx(-0.01 * math.log(0.9))
    assert focal_loss(logits, label(1), gamma=1).item() == pytest.approx(-0.1 * math.log(0.9))


@few
@given(seeds, st.sampled_from(SHAPES))
def test_cross_entropy_is_torchs(seed, shape):
    logits, labels = batch(seed, shape)
    torch.testing.assert_close(cross_entropy(logits, labels), functional.cross_entropy(logits, labels))


@few
@given(seeds, st.sampled_from(SHAPES), st.booleans())
def test_dice_loss_is_monais(seed, shape, background):
    logits, labels = batch(seed, shape)
    monai = DiceLoss(softmax=True, to_onehot_y=True, batch=True, include_background=background)
    torch.testing.assert_close(dice_loss(logits, labels, background), monai(logits, labels[:, None]))


@few
@given(seeds, st.sampled_from(SHAPES), st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]))
def test_focal_loss_is_monais_times_the_classes(seed, shape, gamma):
    logits, labels = batch(seed, shape)
    monai = FocalLoss(use_softmax=True, to_onehot_y=True, gamma=gamma)  # averages over the channels too
    expected = shape[1] * monai(logits, labels[:, None])
    torch.testing.assert_close(focal_loss(logits, labels, gamma), expected, check_dtype=False, rtol=1e-5, atol=1e-7)


@few
@given(seeds, st.sampled_from(SHAPES))
def test_gamma_zero_is_cross_entropy_with_the_same_slope(seed, shape):
    logits, labels = batch(seed, shape)
    logits.requires_grad_()
    focal, plain = focal_loss(logits, labels, gamma=0), cross_entropy(logits, labels)
    torch.testing.assert_close(focal, plain)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (focal, plain)))


@few
@given(seeds)
def test_a_weighted_mean_divides_by_the_pixels(seed):
    logits, labels = batch(seed)
    weights = 10 * torch.rand(labels.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    total = sum(
        weights[n, i, j] * cross_entropy(logits[n : n + 1, :, i : i + 1, j : j + 1], labels[n, i, j].reshape(1, 1, 1))
        for n in range(2)
        for i in range(4)
        for j in range(5)
    )
    torch.testing.assert_close(cross_entropy(logits, labels, weights), total / labels.numel())
    torch.testing.assert_close(cross_entropy(logits, labels, torch.ones_like(weights)), cross_entropy(logits, labels))
    torch.testing.assert_close(cross_entropy(logits, labels, 2 * weights), 2 * cross_entropy(logits, labels, weights))


def test_weight_zero_leaves_pixels_out():
    logits, labels = batch(0)
    logits.requires_grad_()
    weights = torch.ones(labels.shape)
    weights[:, :, 0] = 0
    slope = torch.autograd.grad(cross_entropy(logits, labels, weights), logits)[0]
    assert (slope[..., 0] == 0).all()
    assert (slope[..., 1:] != 0).all()
    nothing = cross_entropy(logits, labels, torch.zeros(labels.shape))
    assert nothing.item() == 0
    assert (torch.autograd.grad(nothing, logits)[0] == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_slopes_are_the_numerical_ones(shape):
    logits, labels = batch(1, shape)
    logits.requires_grad_()
    weights = torch.rand(labels.shape, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: cross_entropy(x, labels), logits)
    assert torch.autograd.gradcheck(lambda x: cross_entropy(x, labels, weights), logits)
    assert torch.autograd.gradcheck(lambda x: dice_loss(x, labels), logits)
    assert torch.autograd.gradcheck(lambda x: dice_loss(x, labels, include_background=True), logits)
    for gamma in (0, 0.5, 1, 2):
        assert torch.autograd.gradcheck(lambda x, gamma=gamma: focal_loss(x, labels, gamma), logits)


@pytest.mark.parametrize("loss", [*LOSSES, lambda x, y: focal_loss(x, y, gamma=0.5)])
@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_huge_logits_give_finite_losses_and_slopes(loss, right, dtype):
    labels = torch.tensor([[[0, 1], [1, 0]]])
    sign = functional.one_hot(labels if right else 1 - labels, 2).movedim(-1, 1).to(dtype)
    logits = (1e4 * (2 * sign - 1)).requires_grad_()
    value = loss(logits, labels)
    assert torch.isfinite(value)
    assert torch.isfinite(torch.autograd.grad(value, logits)[0]).all()
    if right:
        assert value.item() == pytest.approx(0, abs=1e-6)
    elif loss in (cross_entropy, focal_loss):
        assert value.item() == pytest.approx(2e4)  # the distance between the logits
    elif loss is dice_loss:
        assert value.item() == pytest.approx(1, abs=1e-4)


def test_half_precision_does_not_overflow():
    logits, labels = torch.zeros(1, 2, 512, 512, dtype=torch.float16), torch.zeros(1, 512, 512, dtype=torch.int64)
    labels[:, :256] = 1
    assert dice_loss(logits, labels).item() == pytest.approx(0.5, abs=1e-4)


def test_a_class_absent_from_the_batch():
    labels = torch.zeros(1, 8, 8, dtype=torch.int64)
    nowhere = torch.stack([torch.full((1, 8, 8), 50.0), torch.full((1, 8, 8), -50.0)], dim=1)
    assert dice_loss(nowhere, labels).item() == pytest.approx(0, abs=1e-6)
    unsure = torch.zeros(1, 2, 8, 8, requires_grad=True)
    value = dice_loss(unsure, labels)
    assert value.item() == pytest.approx(1, abs=1e-5)
    assert torch.autograd.grad(value, unsure)[0].abs().sum() < 1e-5  # hardly any slope, as the docstring says
    assert torch.autograd.grad(cross_entropy(unsure, labels), unsure)[0].abs().sum() > 0.1


def test_dice_loss_runs_over_the_batch_not_over_each_image():
    logits, labels = batch(3)
    labels[1] = 0  # the second image lacks classes 1 and 2
    each = torch.stack([dice_loss(logits[n : n + 1], labels[n : n + 1]) for n in range(2)]).mean()
    side_by_side = dice_loss(torch.cat([*logits], dim=1)[None], torch.cat([*labels], dim=0)[None])
    torch.testing.assert_close(dice_loss(logits, labels), side_by_side)
    assert abs(dice_loss(logits, labels) - each) > 0.03


GOOD = torch.zeros(2, 3, 4, 4)
LABELS = torch.zeros(2, 4, 4, dtype=torch.int64)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("logits", "labels", "error", "message"),
    [
        (GOOD.numpy(), LABELS, TypeError, "logits must be a torch tensor"),
        (GOOD, LABELS.numpy(), TypeError, "labels must be a torch tensor"),
        (GOOD.long(), LABELS, TypeError, "before any argmax"),
        (GOOD, LABELS.float(), TypeError, r"call labels.long\(\)"),
        (GOOD, LABELS.bool(), TypeError, r"call labels.long\(\)"),
        (GOOD[0], LABELS, ValueError, r"\(N, C, H, W\) or"),
        (GOOD[:, :1], LABELS, ValueError, "classes=2"),
        (GOOD, LABELS[:, None], ValueError, "drop the channel axis"),
        (GOOD, LABELS[:, 1:], ValueError, "crop the labels"),
        (GOOD, LABELS[:1], ValueError, r"labels must be \(2, 4, 4\)"),
        (GOOD, LABELS + 255, ValueError, r"0\.\.2 for 3 classes, got 255\.\.255.*mask > 0"),
        (GOOD, LABELS + 3, ValueError, r"got 3\.\.3"),
        (GOOD, LABELS - 1, ValueError, r"got -1\.\.-1"),
        (GOOD[:0], LABELS[:0], ValueError, "no pixel"),
    ],
)
def test_bad_input_says_what_to_do(loss, logits, labels, error, message):
    with pytest.raises(error, match=message):
        loss(logits, labels)


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([1.0], TypeError, "tensor of floats"),
        (torch.ones(2, 4, 4, dtype=torch.int64), TypeError, r"weights.float\(\)"),
        (torch.ones(3), ValueError, "one number a pixel"),
        (torch.ones(2, 1, 4, 4), ValueError, "one number a pixel"),
        (torch.full((2, 4, 4), -1.0), ValueError, "not negative"),
        (torch.full((2, 4, 4), math.nan), ValueError, "NaN"),
        (torch.full((2, 4, 4), math.inf), ValueError, "infinity"),
    ],
)
def test_bad_weights_say_what_to_do(weights, error, message):
    with pytest.raises(error, match=message):
        cross_entropy(GOOD, LABELS, weights)


@pytest.mark.parametrize("gamma", [-1, math.nan, math.inf])
def test_bad_gamma_is_refused(gamma):
    with pytest.raises(ValueError, match="gamma must be"):
        focal_loss(GOOD, LABELS, gamma)


def test_weight_0_leaves_out_what_is_infinite_or_nan_there():
    logits = torch.zeros(1, 2, 1, 3)
    logits[0, 1, 0, 1], logits[0, 0, 0, 2] = -math.inf, math.nan
    logits.requires_grad_()
    loss = cross_entropy(logits, torch.tensor([[[0, 1, 0]]]), torch.tensor([[[1.5, 0, 0]]]))
    assert loss.item() == pytest.approx(math.log(2) / 2)
    slope = torch.autograd.grad(loss, logits)[0]
    assert (slope[..., 1:] == 0).all()
    assert slope[0, :, 0, 0].tolist() == pytest.approx([-0.25, 0.25])


@pytest.mark.parametrize("loss", LOSSES)
def test_half_precision_neither_overflows_nor_loses_digits(loss):
    logits, labels = batch(2)
    assert loss(logits.half(), labels).item() == pytest.approx(loss(logits.half().double(), labels).item(), rel=1e-5)
    far = torch.tensor([60000.0, -60000.0], dtype=torch.float16).reshape(1, 2, 1, 1).expand(1, 2, 8, 8)
    assert torch.isfinite(loss(far, torch.ones(1, 8, 8, dtype=torch.long)))


@pytest.mark.parametrize(("loss", "advice"), [(cross_entropy, "weight 0"), (dice_loss, "crop"), (focal_loss, "crop")])
def test_only_a_loss_with_weights_speaks_of_them(loss, advice):
    with pytest.raises(ValueError, match=f"to leave pixels out, .*{advice}"):
        loss(GOOD, LABELS + 255)
