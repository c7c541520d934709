"""What the networks of a plan say about a case: windows, mirrored, averaged over folds, put back (chapter 18)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from unet_teach.predict import infer, sliding_window

STEP = 0.5  # of a window, to the next one


class Mirrored(nn.Module):
    """A network that answers with the mean over all mirrorings of what it sees: 4 of an image, 8 of a volume.

    Two mirrorings pass through the network at once: torch is quicker with two volumes than with one.
    Source: Isensee et al. (2021), nnU-Net. Introduced in chapter 18.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        """Average the logits, each mirrored back.  (N, C, *size) -> (N, K, *size)"""
        axes = range(2, x.ndim)
        looks = [[axis for axis, flip in zip(axes, flips, strict=True) if flip] for flips in every_way(len(axes))]
        total = torch.zeros(())
        for one, other in zip(looks[::2], looks[1::2], strict=True):
            first, second = self.network(torch.cat([x.flip(one), x.flip(other)])).chunk(2)
            total = total.to(first) + first.flip(one) + second.flip(other)
        return total / len(looks)


def every_way(axes: int) -> list[tuple[bool, ...]]:
    """List all choices of axes."""
    return list(product((False, True), repeat=axes))


def predict_logits(
    networks: Iterable[nn.Module], image: Tensor, configuration: Mapping[str, Any], mirrored: bool = True
) -> Tensor:
    """Predict a prepared image with each network, by windows of the plan's patch, and average the logits.

    A 2-D network sees the slices of the first axis one by one. Where nnU-Net spreads its windows evenly, at most half a
    window apart, these stand half a window apart, and the last at the border.

    Parameters
    ----------
    networks : of the same plan, one a fold
    image : (C, D, H, W), as `prepare` gives it
    configuration : "patch_size" is the window
    mirrored : average over mirrorings, too

    Returns
    -------
    (classes, D, H, W)

    Raises
    ------
    ValueError
        If there is no network.

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    window: Sequence[int] = configuration["patch_size"]
    answers = []
    for network in networks:
        seen = Mirrored(network) if mirrored else network
        if len(window) == 2:
            slices = [sliding_window(seen, one, window, 1 - STEP, batch=1) for one in image.unbind(1)]
            answers.append(torch.stack(slices, dim=1))
        else:
            answers.append(sliding_window(seen, image, window, 1 - STEP, batch=1))
    if not answers:
        raise ValueError("there is no network to ask")
    return torch.stack(answers).mean(dim=0)


def patch_dice(network: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], classes: int) -> list[float]:
    """Score patches as nnU-Net does while it trains: its pseudo-Dice, class by class.

    Voxels of all patches are counted together, as if they were one image; patches are not whole cases, a third of them
    lies around something, and nothing is mirrored, averaged or put back on the case's own grid.

    Parameters
    ----------
    network : in the mode in which it shall answer
    batches : images (N, C, *patch) and labels (N, *patch)
    classes : how many there are, the background first

    Returns
    -------
    classes - 1 numbers; NaN where neither the network nor the labels have the class

    Source: nnU-Net's code, version 2, `nnUNetTrainer.on_validation_epoch_end`. Introduced in chapter 18.
    """
    both, either = torch.zeros(classes), torch.zeros(classes)
    for images, labels in batches:
        said = infer(network, images).argmax(dim=1)
        both += torch.bincount(said[said == labels], minlength=classes)
        either += sum(torch.bincount(one.flatten(), minlength=classes) for one in (said, labels))
    return [float(2 * b / e) if e else float("nan") for b, e in zip(both[1:], either[1:], strict=True)]
