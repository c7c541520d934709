"""How many labelled sections does the U-Net need? Sections drawn at random, several times, at equal steps.

Best weights and thresholds are chosen on sections 20 to 22; what is reported is the score on sections 24 to 29.
"""

import numpy as np

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.em import Batch, ask, augmented_batch, averaged_map, examine, membrane_map, plain_batch, train
from unet_teach.recipes.em.training import STEPS

BATCHES: dict[str, Batch] = {"augmented": augmented_batch, "plain": plain_batch}
COUNTS = (1, 2, 4, 8, 16)  # with all nineteen, these are rows of the ablations: "the U-Net" and "no augmentation"


def drawn(count: int, draw: int) -> list[int]:
    """Draw this many of the nineteen training sections, in order; the same for both kinds of batch."""
    return sorted(np.random.default_rng([count, draw]).choice(19, count, replace=False).tolist())


@threads(1)
def run(sections: int, batch: str, draw: int) -> dict[str, float]:
    """Train once on the drawn sections, and score sections 24 to 29 from one look at each and from eight."""
    network, history = train(draw, BATCHES[batch], numbers=drawn(sections, draw))
    best = {"validation dice": history.score[history.best_step]}
    return best | examine(*ask(network, membrane_map)) | examine(*ask(network, averaged_map), "averaged ")


EXPERIMENT = Experiment(
    "learning_curve",
    f"How well are sections 24 to 29 segmented after {STEPS} steps on this many sections, drawn at random?",
    [{"sections": n, "batch": batch, "draw": draw} for draw in range(3) for n in COUNTS for batch in BATCHES],
    run,
    {"validation dice": 0.01, "dice ": 0.02, "v_rand ": 0.15, "averaged dice ": 0.02, "averaged v_rand ": 0.1},
    needs=("isbi2012_em",),
    cheapest={"batch": "plain"},
)
