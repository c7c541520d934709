"""The network that runs in the page: chapter 9's recipe with half the channels, and what each skip carries to it.

Eight channels at the first level, trained on sections 0 to 18; the best weights have the best membrane Dice on sections
20 to 22. What is reported is the Dice on sections 24 to 29, as it is, and with one skip closed, or all, as in chapter
11: each of its channels brings its own mean to every pixel, in a network that was trained with it open. The first
seed's weights become what the package carries; that was settled before any of them was trained.
"""

import numpy as np
import torch
from torch import Tensor, nn

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.live.frozen import DEPTH, freeze_live, live_network
from unet_teach.course.live.switched import SwitchedUNet
from unet_teach.data import load_em
from unet_teach.recipes.em import Map, ask, dice_of, examine, membrane_map, train
from unet_teach.train._frozen import halved
from unet_teach.transforms import standardise

STEPS = 3000
SHIPPED = 0  # the seed whose weights the package carries


def closed(network: nn.Module, levels: set[int], image: Tensor) -> Map:
    """Predict a section with the skips of these levels closed; 0 is the top one.  (H, W) -> (H, W)"""
    gates = torch.tensor([float(level not in levels) for level in range(DEPTH)])
    with torch.inference_mode():
        logits = SwitchedUNet(network)(image[None, None], gates)[0]  # type: ignore[arg-type]
    return np.asarray(logits.softmax(dim=1)[0, 1])


@threads(1)
def run(seed: int) -> dict[str, float]:
    """Train once, score sections 24 to 29, and score them again with skips closed."""
    network, history = train(seed, build=live_network, steps=STEPS)
    halved(network)
    best = history.score[history.best_step]
    if seed == SHIPPED:
        story = (
            f"Seed {seed}, {STEPS} steps of four crops of isbi2012_em's sections 0 to 18, best at {history.best_step}; "
            f"torch {torch.__version__.split('+')[0]}. Membrane Dice on sections 20 to 22: {best:.3f}"
        )
        freeze_live(network, story, np.array(history.loss).reshape(-1, 50).mean(axis=1))
    results = {"validation dice": best} | examine(*ask(network, membrane_map))
    test = load_em("test")
    for name, levels in {**{f"without {n}": {n} for n in range(DEPTH)}, "without all": set(range(DEPTH))}.items():
        maps = [closed(network, levels, image) for image in standardise(test.images)]
        scores = zip(test.numbers, dice_of(maps, test.membrane), strict=True)
        results |= {f"{name} dice {number}": score for number, score in scores}
    return results


EXPERIMENT = Experiment(
    "live_unet",
    f"How well does a U-Net of eight channels segment sections 24 to 29 after {STEPS} steps, and with skips closed?",
    [{"seed": seed} for seed in range(3)],
    run,
    {"validation dice": 0.02, "dice ": 0.03, "v_rand ": 0.15},
    needs=("isbi2012_em",),
    cheapest={"seed": 1},  # which writes no weights
)
