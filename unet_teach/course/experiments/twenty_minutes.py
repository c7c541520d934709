"""Chapter 15's longer runs: the live recipe on three seeds, and then as long as 20 minutes of one core allow.

The long one learns from the validation cases as well: they are joined to the training cases after all was chosen.
"""

from time import process_time

from unet_teach.course.experiments.table import TABLES, Experiment, Row, load
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.hippocampus import examine, segment, train
from unet_teach.recipes.hippocampus import load as load_split
from unet_teach.recipes.hippocampus.training import STEPS

LONG = 5000
SPLITS = {"live": ("train",), "long": ("train", "validation")}
# Seed 0 of the live recipe runs in the notebook; of the long one, (0, 1, 2) are wanted: an hour of one core.
SEEDS: dict[str, tuple[int, ...]] = {"live": (1, 2), "long": ()}
RUNS = [(recipe, {"live": STEPS, "long": LONG}[recipe], seed) for recipe in SPLITS for seed in SEEDS[recipe]]


@threads(1)
def run(recipe: str, steps: int, seed: int) -> dict[str, float]:
    """Train once, and score every test case; "seconds" are the processor's, for the training."""
    before = process_time()
    network, _ = train(seed, cases=[case for split in SPLITS[recipe] for case in load_split(split)], steps=steps)
    seconds = process_time() - before
    test = load_split("test")
    said = {case.number: segment(network, case.image) for case in test}
    return {"seconds": seconds} | examine(said, test)


EXPERIMENT = Experiment(
    "twenty_minutes",
    "How well does the recipe that was chosen on validation cases segment the test cases, live and after 20 minutes?",
    [{"recipe": recipe, "steps": steps, "seed": seed} for recipe, steps, seed in RUNS],
    run,
    {"dice ": 0.1, "surface ": 0.15},
    needs=("hippocampus",),
)


def stored() -> list[Row]:
    """Return the rows that are there: none, where the table was not begun."""
    return load(EXPERIMENT) if (TABLES / f"{EXPERIMENT.name}.csv").exists() else []
