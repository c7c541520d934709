"""Eight tests that one could have had: each fails on one fault of the clinic and passes on its mend (chapter 11)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.course.debugging.faults import MENDED_RATE, PIECE, SIDE
from unet_teach.losses import cross_entropy
from unet_teach.metrics.overlap import Mask
from unet_teach.models import UNet
from unet_teach.train import fit

Loss = Callable[[Tensor, Tensor], Tensor]
Predict = Callable[[nn.Module, Tensor], Tensor]


def labels_are_classes(labels: Tensor, classes: int = 2) -> None:
    """Check that labels are class numbers and nothing else."""
    found = np.unique(labels.numpy()).tolist()
    assert set(found) <= set(range(classes)), f"labels hold {found[:4]}"


def being_right_costs_nothing(loss: Loss, channels: int) -> None:
    """Check that a network that is sure and right pays nothing, in either class."""
    classes = [1] if channels == 1 else [0, 1]  # a single channel speaks for the foreground
    costs = []
    for label in (0, 1):
        sure = torch.tensor([20.0 if number == label else -20.0 for number in classes])
        costs.append(loss(sure.reshape(1, -1, 1, 1), torch.tensor([[[label]]])).item())
    paid = f"{costs[0]:.2f} on background, {costs[1]:.2f} on foreground"
    assert max(costs) < 0.01, f"it pays {paid}"


def company_changes_nothing(predict: Predict, network: nn.Module, images: Tensor) -> None:
    """Check that an image gets the same answer alone and among others."""
    network.train()  # as a hand-written training loop leaves it
    among, alone = predict(network, images)[0], predict(network, images[:1])[0]
    apart = (among - alone).abs().max().item()
    assert apart < 1e-4, "the same image gets another answer in other company"


def an_epoch_has_no_trend(order: Tensor, shares: Tensor) -> None:
    """Check that the first quarter of an epoch holds about as much foreground as the last."""
    quarter = len(order) // 4
    first, last = shares[order[:quarter]].mean(), shares[order[-quarter:]].mean()
    found = f"{first:.0%} in the first quarter, {last:.0%} in the last"
    assert abs(last - first) < 0.06, f"foreground: {found}"


def finding_nothing_scores_nothing(score: Callable[[Mask, Mask], float]) -> None:
    """Check that an empty prediction of a thin line scores 0."""
    true = np.zeros((32, 32), dtype=bool)
    true[:, 16] = True
    found = score(np.zeros_like(true), true)
    assert found == 0, f"an empty prediction scores {found:.2f}"


def learn_one_batch(
    images: Tensor,
    labels: Tensor,
    loss: Loss = cross_entropy,
    channels: int = 2,
    learning_rate: float = MENDED_RATE,
    seed: int = 0,
) -> list[float]:
    """Show the same batch 150 times to a new network; return the loss of each step."""
    torch.manual_seed(seed)
    return fit(
        UNet(classes=channels, width=8, depth=2),
        lambda generator: (images, labels),
        loss,
        steps=150,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=learning_rate,
    ).loss


def one_batch_can_be_learned(curve: list[float]) -> None:
    """Check that the loss of a batch that is seen again and again goes down to nearly 0."""
    assert curve[-1] >= 0, "the loss is below 0"
    assert max(curve) < 2 * curve[0], "the loss leaps to more than twice its first value"
    assert curve[-1] < 0.1, "one batch, seen 150 times, still costs more than 0.1"


def no_pixel_is_in_both(training: Tensor, validation: Tensor) -> None:
    """Check that no pixel of a validation crop was trained on; corners are (N, 2)."""
    seen = [np.zeros(PIECE, dtype=bool) for _ in range(2)]
    for mask, corners in zip(seen, (training, validation), strict=True):
        for row, column in corners.tolist():
            mask[row : row + SIDE, column : column + SIDE] = True
    shared = (seen[0] & seen[1]).sum() / seen[1].sum()
    assert shared == 0, f"{shared:.0%} of the validation pixels were trained on"


def verdict(check: Callable[..., object], *arguments: Any) -> str:
    """Run a check and put what it says into words."""
    try:
        check(*arguments)
    except AssertionError as failure:
        return f"fails: {failure}"
    return "passes"
