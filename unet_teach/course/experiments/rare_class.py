"""Chapter 6's training runs: which loss suits a class that holds one pixel in a hundred?"""

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.lesions import LOSSES, examine, train


@threads(1)
def run(loss: str, seed: int) -> dict[str, float]:
    """Train once; score the test patches at the threshold 0.5, and at the one that is best on validation patches."""
    return examine(train(loss, seed))


EXPERIMENT = Experiment(
    "rare_class",
    "Which loss suits a class of 1 % of the pixels, at the threshold 0.5 and at one chosen on validation patches?",
    [{"loss": loss, "seed": seed} for loss in LOSSES for seed in range(5)],
    run,
    {"half dice ": 0.15, "chosen dice ": 0.1},
)
