"""One call: from a data set and its plan to a trained network, and to what it says of other cases (chapter 18).

Nothing is chosen by hand, and nothing here knows what the images show: all that differs between data sets is in the
plan. Chance comes from the seed alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unet_teach.models.nn_unet import NNUNet
from unet_teach.nnunet.augment import change_patch
from unet_teach.nnunet.dataset import Case, Dataset
from unet_teach.nnunet.learning import LEARNING_RATE, STEEPEST, EveryLevel, nesterov_along_a_power, planned_loss
from unet_teach.nnunet.patches import larger_patch, patch_batch, turns_of
from unet_teach.nnunet.predicting import patch_dice, predict_logits
from unet_teach.nnunet.prepare import Plan, Prepared, configuration_of, prepare, put_back
from unet_teach.train import History, fit
from unet_teach.train.machine import Machine

BATCHES = 50  # of patches for the pseudo-Dice; nnU-Net's number

Draw = Callable[[torch.Generator], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Trained:
    """A network that followed a plan, and how it went.

    network : whose forward pass gives the logits of its largest level
    plan, configuration : what it followed: the whole plan, and the name of the configuration
    history : the loss of each step
    pseudo_dice : class by class, of patches of the cases that were held back; empty without such cases

    Introduced in chapter 18.
    """

    network: NNUNet
    plan: Plan
    configuration: str
    history: History
    pseudo_dice: list[float]


def run(
    known: Dataset,
    plan: Plan,
    *,
    steps: int,
    seed: int = 0,
    configuration: str | None = None,
    held_back: Dataset | None = None,
    batches: int = BATCHES,
    device: str | torch.device | None = None,
) -> Trained:
    """Build the network of a plan, and train it as nnU-Net does; the last weights are kept.

    Parameters
    ----------
    known : the cases to learn from
    plan : as `plan` makes it from the fingerprint of a data set
    steps : of one batch each; nnU-Net takes 250,000
    seed : of weights, patches and their changes
    configuration : "2d", "3d_fullres" ...; left out, the volumes' at full resolution, if the plan has one
    held_back : cases for the pseudo-Dice after the last step; nothing is chosen by it
    batches : so many batches of patches are cut from them
    device : default: the GPU if there is one, else the CPU

    Raises
    ------
    ValueError
        If the plan has no such configuration, or is for other channels, or `steps` is no number of steps.

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    name = configuration or ("3d_fullres" if "3d_fullres" in plan["configurations"] else "2d")
    wanted, classes = configuration_of(plan, name), len(known.labels)
    torch.manual_seed(seed)
    network = NNUNet(wanted, len(known.channel_names), classes)
    history = fit(
        EveryLevel(network),
        training_batches([prepare(case, plan, name) for case in known.cases], wanted),
        planned_loss(wanted),
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=LEARNING_RATE,
        descent=nesterov_along_a_power,
        steepest=STEEPEST,
        validate_every=steps,
        device=device,
    )
    pseudo: list[float] = []
    if held_back is not None:
        draw = plain_batches([prepare(case, plan, name) for case in held_back.cases], wanted)
        chance = torch.Generator().manual_seed(seed)
        with Machine(network, device):
            pseudo = patch_dice(network, (draw(chance) for _ in range(batches)), classes)
    return Trained(network, plan, name, history, pseudo)


def segment(
    folds: Trained | Sequence[Trained], case: Case, mirrored: bool = True, device: str | torch.device | None = None
) -> NDArray[np.uint8]:
    """Say of each pixel of a case what it is; several networks, one a fold, vote by the mean of their logits.

    Parameters
    ----------
    folds : what `run` gave, of one plan
    case : with labels of any kind, which are not looked at
    mirrored : average over all mirrorings, as nnU-Net does
    device : default: the GPU if there is one, else the CPU

    Returns
    -------
    the case's size, class numbers

    Raises
    ------
    ValueError
        If the networks followed different plans or there is none, or the case has other channels.

    Introduced in chapter 18.
    """
    members = [folds] if isinstance(folds, Trained) else list(folds)
    if not members or any((m.plan, m.configuration) != (members[0].plan, members[0].configuration) for m in members):
        raise ValueError("folds are one or more networks of the same plan and configuration")
    plan, name = members[0].plan, members[0].configuration
    ready = prepare(case, plan, name)
    total = torch.zeros(())
    for member in members:
        with Machine(member.network, device):
            total = total + predict_logits([member.network], ready.image, configuration_of(plan, name), mirrored)
    return put_back(total / len(members), ready, plan, case.labels.ndim)


def training_batches(cases: Sequence[Prepared], configuration: Any) -> Draw:
    """Return what `fit` draws its batches with: larger patches, changed as nnU-Net changes them."""
    patch, (degrees, slices) = configuration["patch_size"], turns_of(configuration)
    larger = larger_patch(patch, degrees)
    change = partial(
        change_patch, patch=patch, degrees=degrees, slices=slices, masked=configuration["use_mask_for_norm"]
    )
    around = (patch[0], *larger[1:]) if slices else larger
    return lambda generator: patch_batch(cases, patch, configuration["batch_size"], generator, change, around)


def plain_batches(cases: Sequence[Prepared], configuration: Any) -> Draw:
    """Return what draws patches as they are, a third of them around something: those of the pseudo-Dice."""
    return lambda generator: patch_batch(cases, configuration["patch_size"], configuration["batch_size"], generator)
