"""Which recipe travels: chapter 9's, or the same without augmentation? Both are asked about another animal's sections.

Best weights and thresholds are chosen on sections 20 to 22 of `isbi2012_em`. What is reported is the score on sections
24 to 29, and on the ten sections of `vnc_sstem`, on which nothing was chosen.
"""

from collections.abc import Sequence

from torch import nn

from unet_teach.course.experiments.learning_curve import BATCHES
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em, load_vnc_sstem
from unet_teach.recipes.em import (
    Map,
    ask,
    averaged_map,
    best_threshold,
    dice_of,
    examine,
    membrane_map,
    train,
    v_rand_of,
)
from unet_teach.recipes.em.training import STEPS
from unet_teach.train import History
from unet_teach.transforms import standardise


def abroad(validation_maps: Sequence[Map], maps: Sequence[Map]) -> dict[str, float]:
    """Score maps of the other animal's sections at the threshold that is best on sections 20 to 22."""
    threshold = best_threshold(validation_maps, load_em("validation").membrane)
    membrane = load_vnc_sstem().membrane
    return scores_abroad(dice_of(maps, membrane), v_rand_of(maps, membrane, threshold))


def scores_abroad(dices: Sequence[float], v_rands: Sequence[float]) -> dict[str, float]:
    """Name the scores of the other animal's sections: "abroad dice 0", ..., "abroad v_rand 0" ..."""
    scores = {"dice": dices, "v_rand": v_rands}
    return {f"abroad {score} {n}": value for score, values in scores.items() for n, value in enumerate(values)}


def near_and_far(network: nn.Module, history: History) -> dict[str, float]:
    """Score sections 24 to 29 from one look and from eight, and the other animal's from one."""
    validation_maps, test_maps = ask(network, membrane_map)
    elsewhere = [membrane_map(network, image) for image in standardise(load_vnc_sstem().images)]
    return (
        {"validation dice": history.score[history.best_step]}
        | examine(validation_maps, test_maps)
        | examine(*ask(network, averaged_map), "averaged ")
        | abroad(validation_maps, elsewhere)
    )


@threads(1)
def run(batch: str, seed: int) -> dict[str, float]:
    """Train once, and score near and far."""
    return near_and_far(*train(seed, BATCHES[batch]))


TOLERANCE = {"validation dice": 0.02, "dice ": 0.03, "v_rand ": 0.15, "averaged dice ": 0.03, "averaged v_rand ": 0.1}
TOLERANCE |= {"abroad dice ": 0.03, "abroad v_rand ": 0.15}
EXPERIMENT = Experiment(
    "another_animal",
    f"How well does the recipe of {STEPS} steps, with and without augmentation, segment another animal's sections?",
    [{"batch": batch, "seed": seed} for seed in range(5) for batch in BATCHES],
    run,
    TOLERANCE,
    needs=("isbi2012_em", "vnc_sstem"),
    cheapest={"batch": "plain"},
)
