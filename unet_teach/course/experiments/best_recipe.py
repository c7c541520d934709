"""The recipe that the search chose, once on the test sections: five times, each time with networks of its own."""

import numpy as np

from unet_teach.course.experiments.score_search import (
    LEVELS,
    RECIPES,
    average,
    steady_level,
)
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em
from unet_teach.metrics import regions, v_rand_curve
from unet_teach.recipes.em import averaged_map, score_test_sections
from unet_teach.transforms import standardise

CHOSEN = "plain"
MEMBERS = 2
FIRST_SEED = 100  # no seed of the search


@threads(1)
def run(repeat: int) -> dict[str, float]:
    """Train the networks, choose the threshold on sections 20 to 22, and score sections 24 to 29."""
    validation, test = load_em("validation"), load_em("test")
    unseen, exam = [], []
    for member in range(MEMBERS):
        network = RECIPES[CHOSEN].train(FIRST_SEED + MEMBERS * repeat + member)
        unseen.append([averaged_map(network, image) for image in standardise(validation.images)])
        exam.append([averaged_map(network, image) for image in standardise(test.images)])
    chosen_on, maps = average(unseen), average(exam)
    truth = [regions(membrane) for membrane in validation.membrane]
    curve = np.mean([v_rand_curve(map_, t, LEVELS) for map_, t in zip(chosen_on, truth, strict=True)], axis=0)
    return {"validation v_rand": float(curve.max())} | score_test_sections(maps, steady_level(curve))


EXPERIMENT = Experiment(
    "best_recipe",
    "How well does the recipe that was chosen on sections 20 to 22 segment sections 24 to 29?",
    [{"repeat": repeat} for repeat in range(5)],
    run,
    {"validation v_rand": 0.03, "dice ": 0.02, "v_rand ": 0.1},
    needs=("isbi2012_em",),
)
