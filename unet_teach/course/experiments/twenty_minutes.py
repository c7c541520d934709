"""Chapter 15's longer runs: the live recipe on three seeds, and then as long as 20 minutes of one core allow.

The long one learns from the validation cases as well: they are joined to the training cases after all was chosen.
"""

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.hippocampus import examine, segment, train
from unet_teach.recipes.hippocampus import load as load_split
from unet_teach.recipes.hippocampus.training import STEPS

LONG = 5000
SPLITS = {"live": ("train",), "long": ("train", "validation")}
SEEDS = {"live": (1, 2), "long": (0, 1, 2)}  # the live recipe's seed 0 runs in the notebook
RUNS = [(recipe, {"live": STEPS, "long": LONG}[recipe], seed) for recipe in SPLITS for seed in SEEDS[recipe]]


@threads(1)
def run(recipe: str, steps: int, seed: int) -> dict[str, float]:
    """Train once, and score every test case."""
    network, _ = train(seed, cases=[case for split in SPLITS[recipe] for case in load_split(split)], steps=steps)
    test = load_split("test")
    said = {case.number: segment(network, case.image) for case in test}
    return examine(said, test)


EXPERIMENT = Experiment(
    "twenty_minutes",
    "How well does the recipe that was chosen on validation cases segment the test cases, live and after 20 minutes?",
    [{"recipe": recipe, "steps": steps, "seed": seed} for recipe, steps, seed in RUNS],
    run,
    {"dice ": 0.1, "surface ": 0.15},
    needs=("hippocampus",),
)
