"""Chapter 15's long run: the recipe as it was chosen on validation cases, with these joined to the training cases."""

from time import process_time

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.hippocampus import examine, load, segment, train

STEPS = 3000  # at most 20 minutes of one core


@threads(1)
def run(seed: int) -> dict[str, float]:
    """Train once on all cases but those of the test, and score these."""
    before = process_time()
    network, _ = train(seed, cases=load("train") + load("validation"), steps=STEPS)
    seconds = process_time() - before
    test = load("test")
    said = {case.number: segment(network, case.image) for case in test}
    return {"seconds": seconds} | examine(said, test)


EXPERIMENT = Experiment(
    "twenty_minutes",
    f"How well does the recipe segment the test cases after {STEPS} steps on all the others?",
    [{"seed": seed} for seed in range(3)],
    run,
    {"dice ": 0.1, "surface ": 0.15},
    needs=("hippocampus",),
)
