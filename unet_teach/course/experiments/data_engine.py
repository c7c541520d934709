"""What does correcting save, and what does believing cost? Three rounds of a data engine on phantom torsos.

Named before the first run: Dice after the third round, believed against corrected; outlines drawn in rounds 2 and 3,
corrected against from scratch. Two comparisons, five seeds.
"""

from unet_teach.course.everything.engine import EXAM_SLICES, run_engine
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads


@threads(1)
def run(proposals: str, seed: int) -> dict[str, float]:
    """Play three rounds, with what the network proposes "corrected" or "believed"."""
    return run_engine(proposals == "corrected", seed)


EXPERIMENT = Experiment(
    "data_engine",
    f"How well does a network segment six organs on {EXAM_SLICES} slices after each of three rounds?",
    [{"proposals": proposals, "seed": seed} for seed in range(5) for proposals in ("corrected", "believed")],
    run,
    {"dice ": 0.1, "proposed ": 0.15},
)
