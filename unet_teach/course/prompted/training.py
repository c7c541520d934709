"""How the promptable network of chapter 27 learns: cells, a click, its own mistakes, further clicks."""

from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.course.prompted.asking import Fields, ask_for, asked_of, halved_fields, iou_by_click
from unet_teach.course.prompted.clicks import answer_clicks, prompt
from unet_teach.course.prompted.pointing import correction
from unet_teach.losses import cross_entropy, dice_loss
from unet_teach.models import UNet
from unet_teach.train import History, fit
from unet_teach.transforms import flip_and_rotate, shift_grey

STEPS = 1200
BATCH = 8
CORRECTIONS = (0, 0, 0, 0, 1, 1, 2, 2, 3, 3)  # how many a batch may get, each as likely


def prompted_batch(network: nn.Module, fields: Fields, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw eight cells, click, let the network answer, and correct it none to three times.

    Returns (8, 3, 128, 128) and (8, 128, 128): what the network is to learn from is its state after the last click.

    Introduced in chapter 27.
    """
    asked = []
    for _ in range(BATCH):
        one = ask_for(fields, int(torch.randint(len(fields.cells), (), generator=generator)), generator)
        asked.append(one)
    pictures = np.stack([one.picture for one in asked])
    clicks = [[one.click] for one in asked]
    for _ in range(CORRECTIONS[int(torch.randint(len(CORRECTIONS), (), generator=generator))]):
        for one, mask, said in zip(asked, answer_clicks(network, pictures, clicks), clicks, strict=True):
            said.extend(click for click in [correction(mask, one.cell, generator)] if click)
    inputs, labels = [], []
    for one, said in zip(asked, clicks, strict=True):
        cell = torch.from_numpy(one.cell).long()
        turned, label = flip_and_rotate(prompt(one.picture, said), cell, generator)
        inputs.append(torch.cat([shift_grey(turned[:1], generator), turned[1:]]))
        labels.append(label)
    return torch.stack(inputs), torch.stack(labels)


def mask_loss(logits: Tensor, cell: Tensor) -> Tensor:
    """Add cross-entropy and the Dice loss.  (N, 2, H, W), (N, H, W) -> ()

    Introduced in chapter 27.
    """
    return cross_entropy(logits, cell) + dice_loss(logits, cell)


def promptable_unet() -> UNet:
    """Build the network: grey, inside, outside in; background, object out.  (N, 3, H, W) -> (N, 2, H, W)

    Introduced in chapter 27.
    """
    return UNet(in_channels=3, classes=2, width=8, depth=3)


def learn_clicks(seed: int, steps: int = STEPS) -> tuple[nn.Module, History]:
    """Train on fields 1-8, 13-15 and 46; the best weights have the best mean IoU on 9 and 47, first and last click.

    Introduced in chapter 27.
    """
    fields, unseen = halved_fields("train"), asked_of("validation")

    def validate(network: nn.Module) -> float:
        scores = iou_by_click(network, unseen)
        return float(scores[[0, -1]].mean())

    torch.manual_seed(seed)
    network = promptable_unet()
    history = fit(
        network,
        partial(prompted_batch, network, fields),
        mask_loss,
        steps=steps,
        generator=torch.Generator().manual_seed(seed),
        learning_rate=5e-3,
        validate=validate,
        validate_every=400,
    )
    return network, history
