"""What does augmentation buy: where sections are few and steps are many, and on another animal's sections?

Best weights and thresholds are chosen on sections 20 to 22. What is reported is the score on sections 24 to 29, and on
the ten sections of `vnc_sstem`, on which nothing was chosen.
"""

from collections.abc import Sequence
from functools import partial

from unet_teach.course.experiments.learning_curve import drawn
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_em, load_vnc_sstem
from unet_teach.recipes.em import (
    Batch,
    Map,
    ask,
    augmented_batch,
    averaged_map,
    best_threshold,
    dice_of,
    examine,
    membrane_map,
    plain_batch,
    section_batch,
    train,
    v_rand_of,
)
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.transforms import elastic, flip_and_rotate, standardise

# 14 x 14 vectors of 2 pixels on a section are 4 x 4 on a crop of 128: what is bent is seen to be bent within the crop.
bent_by_crops = partial(section_batch, before=(flip_and_rotate, partial(elastic, sd=2.0, grid=14)), after=(vary_grey,))
BATCHES: dict[str, Batch] = {"plain": plain_batch, "chapter 9's": augmented_batch, "bent by crops": bent_by_crops}
ASKED = ((2, 2000, ("plain", "bent by crops")), (19, 400, ("plain", "chapter 9's")))


def travel(validation_maps: Sequence[Map], maps: Sequence[Map]) -> dict[str, float]:
    """Score maps of the other animal's sections at the threshold that is best on sections 20 to 22."""
    threshold = best_threshold(validation_maps, load_em("validation").membrane)
    membrane = load_vnc_sstem().membrane
    return scores_abroad(dice_of(maps, membrane), v_rand_of(maps, membrane, threshold))


def scores_abroad(dices: Sequence[float], v_rands: Sequence[float]) -> dict[str, float]:
    """Name the scores of the other animal's sections: "abroad dice 0", ..., "abroad v_rand 0" ..."""
    scores = {"dice": dices, "v_rand": v_rands}
    return {f"abroad {score} {n}": value for score, values in scores.items() for n, value in enumerate(values)}


@threads(1)
def run(sections: int, steps: int, batch: str, draw: int) -> dict[str, float]:
    """Train once; score sections 24 to 29 from one look and from eight, and the other animal's from one."""
    numbers = drawn(sections, draw) if sections < 19 else range(19)
    network, history = train(draw, BATCHES[batch], numbers=numbers, steps=steps)
    validation_maps, test_maps = ask(network, membrane_map)
    abroad = [membrane_map(network, image) for image in standardise(load_vnc_sstem().images)]
    return (
        {"validation dice": history.score[history.best_step]}
        | examine(validation_maps, test_maps)
        | examine(*ask(network, averaged_map), "averaged ")
        | travel(validation_maps, abroad)
    )


EXPERIMENT = Experiment(
    "another_animal",
    "How well are sections 24 to 29 segmented, and another animal's, with and without augmentation?",
    [
        {"sections": sections, "steps": steps, "batch": batch, "draw": draw}
        for sections, steps, batches in ASKED
        for draw in range(5)
        for batch in batches
    ],
    run,
    {"validation dice": 0.02, "dice ": 0.03, "v_rand ": 0.15, "averaged dice ": 0.03, "averaged v_rand ": 0.1}
    | {"abroad dice ": 0.03, "abroad v_rand ": 0.15},
    needs=("isbi2012_em", "vnc_sstem"),
    cheapest={"sections": 19, "batch": "plain"},
)
