"""One network for six organs, or two part-models for three each, merged by TotalSegmentator's rule.

Named before the first run: the Dice of two parts against one network, at equal steps of each network, so that the
parts take twice the steps in all. One comparison, five seeds.
"""

import numpy as np

from unet_teach.course.everything.engine import engine_exam, mean_organ_dice
from unet_teach.course.everything.parts import PART_STEPS, merged, parts_to_learn_from, train_parts
from unet_teach.course.everything.slices import ORGANS, answer, organ_loss, train_on
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.predict import contested

KINDS = ("one network", "two part-models")


@threads(1)
def run(kind: str, seed: int) -> dict[str, float]:
    """Train one network or two, and score six organs on slices that none learned from."""
    exam, steps = engine_exam(), PART_STEPS
    truth = exam.labels.numpy()
    if kind == "two part-models":
        parts = train_parts(exam.images, seed, steps)
        claimed = np.any([part > 0 for part in parts], axis=0).sum()
        return {"dice": mean_organ_dice(merged(parts), truth), "contested": float(contested(parts).sum() / claimed)}
    network = train_on(parts_to_learn_from(seed), len(ORGANS) + 1, steps=steps, seed=seed, loss=organ_loss)
    return {"dice": mean_organ_dice(answer(network, exam.images), truth), "contested": 0.0}


EXPERIMENT = Experiment(
    "part_models",
    f"How well do {len(ORGANS)} organs come out of one network, and of two that share them?",
    [{"kind": kind, "seed": seed} for seed in range(5) for kind in KINDS],
    run,
    {"dice": 0.08},
)
