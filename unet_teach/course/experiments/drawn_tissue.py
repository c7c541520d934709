"""Are drawn crops like real ones, and are they invented or recalled? A diffusion U-Net on EM (chapter 27).

Named before a run was made, for each seed: the standard deviation of drawn over real crops, within 5 %; the power in
eight bands of the spectrum, within 0.1 in log10; and the distance to the nearest crop that taught, beside that of real
crops that did not teach. Networks that learned from two crops only show what recalling looks like. The network of
seed 0 is left beside the table, in numbers of 16 bits. The run of 10 steps shows nothing, but that it can be repeated.
"""

import numpy as np

from unet_teach.course.diffusion.training import DRAWN, STEPS, compare_crops, draw_crops, learn_tissue
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.experiments.weights import store_weights

FIRST = 10
ALL, FEW = 0, 2  # crops to learn from; 0 stands for all
SEEDS = range(5)
NAME = "drawn_tissue"


@threads(1)
def run(crops: int, steps: int, seed: int) -> dict[str, float]:
    """Train once, draw, and compare; see `compare_crops`."""
    network, history = learn_tissue(seed, crops, steps)
    if steps == STEPS and (crops, seed) == (ALL, 0):
        store_weights(network, NAME, half=True)
    loss = float(np.mean(history.loss[-100:]))
    return {"loss": loss, **compare_crops(draw_crops(network, DRAWN if steps == STEPS else 16, seed), seed)}


EXPERIMENT = Experiment(
    NAME,
    "Does a diffusion U-Net draw tissue with the greys and waves of real tissue, and is it one of the training crops?",
    [
        {"crops": ALL, "steps": FIRST, "seed": 0},
        *({"crops": ALL, "steps": STEPS, "seed": seed} for seed in SEEDS),
        *({"crops": FEW, "steps": STEPS, "seed": seed} for seed in range(3)),
    ],
    run,
    {"share nearer": 0.35},
    needs=("isbi2012_em",),
    cheapest={"steps": FIRST},
)
