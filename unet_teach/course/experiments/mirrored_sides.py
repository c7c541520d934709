"""Can a network that learned from mirrored scans tell right from left? With the liver in view, without it, without any.

Named before the first run: the share of the kidneys' pixels with the right side's name, mirrored against plain, in
three scenes; mirrored and renamed against plain, in the same three. Six comparisons, five seeds.
"""

from unet_teach.course.everything.sides import KINDS, SIDE_STEPS, score_sides, train_sides
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads


@threads(1)
def run(kind: str, seed: int) -> dict[str, float]:
    """Train once, and examine on forty persons in each scene."""
    return score_sides(train_sides(kind, seed))


EXPERIMENT = Experiment(
    "mirrored_sides",
    f"Which side's name do the kidneys of 40 phantom persons get after {SIDE_STEPS} steps?",
    [{"kind": kind, "seed": seed} for seed in range(5) for kind in KINDS],
    run,
    {"side with liver": 0.15, "side without liver": 0.15, "found ": 0.1},  # symmetric: habits
)
