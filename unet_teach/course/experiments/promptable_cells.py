"""What does a second click gain, and a third, and which corrections make it worse? One promptable U-Net (chapter 27).

Named before a run was made: the mean IoU over the 385 cells of the test fields after one click and after three
corrections, five seeds, against a watershed from the same click; and the share of cells that a correction lowers.
Weights and the number of steps were chosen on fields 9 and 47. The network of seed 0 is left beside the table. The run
of 20 steps shows nothing, but that it can be repeated.
"""

from itertools import pairwise

import numpy as np

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.experiments.weights import store_weights
from unet_teach.course.prompted.asking import asked_of, iou_by_click
from unet_teach.course.prompted.training import STEPS, learn_clicks

FIRST = 20
SEEDS = range(5)
NAME = "promptable_cells"


@threads(1)
def run(steps: int, seed: int) -> dict[str, float]:
    """Train once, then talk about every cell of the test fields: IoU by click and field, and what corrections lower."""
    network, history = learn_clicks(seed, steps)
    if steps == STEPS and seed == 0:
        store_weights(network, NAME)
    asked = asked_of("test")
    scores = iou_by_click(network, asked)
    fields = np.array([one.field for one in asked])
    results: dict[str, float] = {"best step": history.best_step, "validation iou": history.score[history.best_step]}
    for click, found in enumerate(scores, start=1):
        results[f"iou {click}"] = found.mean()
        results |= {f"field {field} iou {click}": found[fields == field].mean() for field in np.unique(fields)}
    for click, (before, after) in enumerate(pairwise(scores), start=2):
        results[f"lowered {click}"] = (after < before).mean()
    return results


EXPERIMENT = Experiment(
    NAME,
    "How well does a U-Net answer one click, and one to three corrections, on 385 cells that it never saw?",
    [{"steps": FIRST, "seed": 0}, *({"steps": STEPS, "seed": seed} for seed in SEEDS)],
    run,
    {"validation iou": 0.08, "iou ": 0.08, "lowered ": 0.2},
    needs=("usiigaci",),
    cheapest={"steps": FIRST},
)
