"""Does it help to have guessed hidden squares first? Pre-training on the training sections' images (chapter 17).

Named before a run was made: pre-trained less from scratch, over five seeds, by Dice and V-Rand on sections 24 to 29,
for the Swin-Unet and for the U-Net, at 400 steps with labels each; four comparisons. The rows from scratch are those of
`swin_unet`. Only images of sections 0 to 18 are seen in pre-training, 1000 steps of four crops; rates from
`swin_rates`, best weights and thresholds from sections 20 to 22.

The machine's time ended first: three seeds of the Swin-Unet were computed, none of the U-Net. A look.
"""

from functools import partial

from unet_teach.course.experiments.swin_rates import NETWORKS, best_rate
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.swin import pretrained
from unet_teach.data import load_em
from unet_teach.recipes.em import ask, examine, membrane_map, plain_batch, train
from unet_teach.recipes.em.training import STEPS
from unet_teach.transforms import standardise

FIRST = 1000  # steps of guessing


@threads(1)
def run(network: str, seed: int) -> dict[str, float]:
    """Pre-train once without labels, fine-tune on sections 0 to 18, and score sections 24 to 29."""
    rate = best_rate(network)
    images = standardise(load_em("train").images)
    build = partial(pretrained, NETWORKS[network], images, seed, FIRST, rate)
    trained, history = train(seed, plain_batch, build=build, steps=STEPS, learning_rate=rate)
    best = {"rate": rate, "validation dice": history.score[history.best_step], "best step": history.best_step}
    return best | examine(*ask(trained, membrane_map))


EXPERIMENT = Experiment(
    "masked_patches",
    f"How well do networks segment sections 24 to 29 that guessed hidden squares for {FIRST} steps, then learned "
    f"{STEPS}?",
    [{"network": "Swin-Unet", "seed": seed} for seed in range(3)],
    run,
    {"validation dice": 0.05, "dice ": 0.05, "v_rand ": 0.2},
    needs=("isbi2012_em",),
)
