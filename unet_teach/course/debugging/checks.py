"""Tests that one could have had: each fails on one fault of the clinic and passes on its mend (chapter 12)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.course.debugging.faults import MENDED_RATE, PIECE, SIDE
from unet_teach.course.debugging.laboratory import misfits, range_of
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


def no_patient_is_in_both(training: Sequence[str], validation: Sequence[str]) -> None:
    """Check that no patient has slices on both sides; a name is PATIENT_SLICE."""
    patients = [{name.split("_")[0] for name in names} for names in (training, validation)]
    shared = sorted(patients[0] & patients[1])
    assert not shared, f"patients {', '.join(shared)} are on both sides"


def inputs_are_standardised(images: Tensor) -> None:
    """Check that a batch as the network gets it has about mean 0 and standard deviation 1."""
    found = range_of(images)
    assert abs(found.mean) < 1, f"the mean is {found.mean:.0f}"
    assert 0.33 < found.sd < 3, f"the standard deviation is {found.sd:.0f}"


def classes_add_to_one(classes: Callable[[Tensor], Tensor]) -> None:
    """Check that at each pixel the classes' probabilities add up to 1; no two sides of the batch are equal."""
    logits = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    sums = classes(logits).sum(dim=1)
    assert (sums - 1).abs().max() < 1e-4, f"they add up to {sums.min():.2f} to {sums.max():.2f}"


def labels_lie_on_their_images(images: Tensor, labels: Tensor) -> None:
    """Check that for most images no flipped or turned copy of the labels fits the grey values better."""
    share = misfits(images, labels)
    assert share < 0.5, f"{share:.0%} of the labels fit better when they are flipped or turned"


def noise_stays_noise(bend: Callable[..., tuple[Tensor, Tensor]]) -> None:
    """Check that bending takes less than a quarter of the spread of white noise, which is all fine detail."""
    generator = torch.Generator().manual_seed(0)
    noise, labels = torch.randn(1, 128, 128, generator=generator), torch.zeros(128, 128, dtype=torch.long)
    kept = (bend(noise, labels, generator, 3.0)[0].std() / noise.std()).item()
    assert kept > 0.75, f"white noise keeps {kept:.2f} of its standard deviation"


def verdict(check: Callable[..., object], *arguments: Any) -> str:
    """Run a check and put what it says into words."""
    try:
        check(*arguments)
    except AssertionError as failure:
        return f"fails: {failure}"
    return "passes"
