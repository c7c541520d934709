"""What does augmentation buy where sections are few and steps are many? Its fair question, with and without.

Two sections drawn at random, the same for both recipes. Best weights and thresholds are chosen on sections 20 to 22 of
`isbi2012_em`. What is reported is the score on sections 24 to 29, and on another animal's, on which nothing was chosen.
"""

from functools import partial

from unet_teach.course.experiments.another_animal import TOLERANCE, near_and_far
from unet_teach.course.experiments.learning_curve import drawn
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.em import Batch, plain_batch, section_batch, train
from unet_teach.recipes.em.batches import vary_grey
from unet_teach.transforms import elastic, flip_and_rotate

SECTIONS, STEPS = 2, 2000
# 14 x 14 vectors of 2 pixels on a section are 4 x 4 on a crop of 128: what is bent is seen to be bent within the crop.
bent_by_crops = partial(section_batch, before=(flip_and_rotate, partial(elastic, sd=2.0, grid=14)), after=(vary_grey,))
BATCHES: dict[str, Batch] = {"plain": plain_batch, "bent by crops": bent_by_crops}


@threads(1)
def run(batch: str, draw: int) -> dict[str, float]:
    """Train once on two sections; score sections 24 to 29 from one look and from eight, the other animal's from one."""
    return near_and_far(*train(draw, BATCHES[batch], numbers=drawn(SECTIONS, draw), steps=STEPS))


EXPERIMENT = Experiment(
    "few_sections",
    f"How well do {STEPS} steps on {SECTIONS} sections, with and without augmentation, segment others, near and far?",
    [{"batch": batch, "draw": draw} for draw in range(5) for batch in BATCHES],
    run,
    TOLERANCE,
    needs=("isbi2012_em", "vnc_sstem"),
    cheapest={"batch": "plain"},
)
