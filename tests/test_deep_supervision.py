"""Deep supervision: the weighted mean of what each answer costs, on labels of its own size."""

import pytest
import torch
from monai.losses import DeepSupervisionLoss

from unet_teach.losses import cross_entropy, deep_supervision, dice_loss

LOSSES = pytest.mark.parametrize("loss", [cross_entropy, dice_loss])


def answers(*sizes, dims=2):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, 3, *[size] * dims, generator=generator) for size in sizes]


def labels(size, dims=2):
    return torch.randint(3, (2, *[size] * dims), generator=torch.Generator().manual_seed(1))


@LOSSES
def test_answers_of_one_size_are_averaged(loss):
    several, truth = answers(8, 8, 8), labels(8)
    each = torch.stack([loss(one, truth) for one in several])
    torch.testing.assert_close(deep_supervision(loss)(several, truth), each.mean())
    torch.testing.assert_close(deep_supervision(loss, [1, 0, 3])(several, truth), (each[0] + 3 * each[2]) / 4)


@LOSSES
@pytest.mark.parametrize("dims", [2, 3])
def test_smaller_answers_meet_smaller_labels_as_in_monai(loss, dims):
    several, truth = answers(8, 4, 2, dims=dims), labels(8, dims)
    # MONAI's resizing picks the first of a pair, ours the middle, which is the second: blocks of one class are both
    truth = truth[(slice(None), *[slice(None, None, 4)] * dims)]
    for axis in range(1, dims + 1):
        truth = truth.repeat_interleave(4, axis)
    theirs = DeepSupervisionLoss(lambda x, y: loss(x, y[:, 0].long()), weights=[1, 0.5, 0.25])
    expected = theirs(several, truth[:, None].float()) / 1.75
    torch.testing.assert_close(deep_supervision(loss, [1, 0.5, 0.25])(several, truth), expected)


def test_a_smaller_answer_meets_the_class_in_the_middle():
    row = torch.tensor([[[0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0]]]).expand(1, 3, 12)
    sure = torch.full((1, 2, 1, 4), -50.0)
    for place, middle in enumerate([0, 1, 1, 0]):
        sure[0, middle, 0, place] = 50
    assert deep_supervision(cross_entropy)([sure], row) < 1e-6


def test_an_answer_of_weight_0_has_no_slope():
    several = [one.requires_grad_() for one in answers(8, 8)]
    deep_supervision(cross_entropy, [0, 1])(several, labels(8)).backward()
    assert several[0].grad is None
    assert several[1].grad.abs().sum() > 0


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [1, float("nan")], [float("inf")]])
def test_weights_that_weigh_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights must be"):
        deep_supervision(cross_entropy, weights)


def test_one_tensor_and_a_wrong_number_of_answers_are_refused():
    with pytest.raises(TypeError, match="takes a list of answers"):
        deep_supervision(cross_entropy)(answers(8)[0], labels(8))
    with pytest.raises(ValueError, match="1 answers for 2 weights"):
        deep_supervision(cross_entropy, [1, 1])(answers(8), labels(8))
    with pytest.raises(ValueError, match="0 answers"):
        deep_supervision(cross_entropy)([], labels(8))
