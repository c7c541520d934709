"""Who would miss it? A Swin-Unet's attention is replaced after training, and before (chapter 17).

Named before a run was made: over five seeds, by Dice on sections 24 to 29, (1) what a trained Swin-Unet loses if each
token then hears itself alone; (2) what one that was trained so is behind it, at equal steps; (3) the same for one that
was trained with a plain mean of each window. The rest of the cross table is a look. 400 steps of plain crops, rate from
`swin_rates`, best weights by sections 20 to 22.

The machine's time ended first: three seeds were computed.
"""

import copy
from functools import partial

import numpy as np
from torch import nn

from unet_teach.course.experiments.swin_rates import best_rate
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.swin import INSTEAD, instead_of_attention
from unet_teach.data import load_em
from unet_teach.models import SwinUNet
from unet_teach.recipes.em import ask, dice_of, membrane_map, plain_batch, train
from unet_teach.recipes.em.training import STEPS

ATTENTION = "attention"
TRAINED = (ATTENTION, "itself", "alike")


def built(hears: str) -> SwinUNet:
    """Make a Swin-Unet whose tokens hear by attention, themselves alone, or all alike."""
    return SwinUNet() if hears == ATTENTION else instead_of_attention(SwinUNet(), hears)


def asked_with(network: nn.Module, hears: str) -> SwinUNet:
    """Copy a trained network's weights into one that hears otherwise."""
    other = SwinUNet()
    other.load_state_dict(network.state_dict())
    other.eval()
    return other if hears == ATTENTION else instead_of_attention(copy.deepcopy(other), hears)


@threads(1)
def run(trained: str, seed: int) -> dict[str, float]:
    """Train once; score sections 24 to 29 with each way of hearing: "attention dice 24", ..., "nothing dice 29"."""
    rate = best_rate("Swin-Unet")
    network, history = train(seed, plain_batch, build=partial(built, trained), steps=STEPS, learning_rate=rate)
    results: dict[str, float] = {"rate": rate, "validation dice": history.score[history.best_step]}
    sections, held_out = load_em("test"), load_em("validation")
    for hears in (ATTENTION, *INSTEAD):
        unseen, exam = ask(asked_with(network, hears), membrane_map)
        results[f"{hears} validation dice"] = float(np.mean(dice_of(unseen, held_out.membrane)))
        scores = zip(sections.numbers, dice_of(exam, sections.membrane), strict=True)
        results |= {f"{hears} dice {number}": score for number, score in scores}
    return results


EXPERIMENT = Experiment(
    "without_attention",
    f"How well does a Swin-Unet of {STEPS} steps segment sections 24 to 29 if its attention is replaced?",
    [{"trained": trained, "seed": seed} for seed in range(3) for trained in TRAINED],
    run,
    {"validation dice": 0.05} | {f"{hears} dice ": 0.1 for hears in (ATTENTION, *INSTEAD)},
    needs=("isbi2012_em",),
)
