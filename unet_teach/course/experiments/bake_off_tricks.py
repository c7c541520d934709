"""How to win a bake-off without a better network: a weak baseline, and a booster that only the newcomer gets.

Two baselines that nobody took care of: a tenth of the best learning rate, and half of the steps. One booster:
twice the steps and a Dice loss beside the cross-entropy, given to the Attention U-Net, and for comparison to the U-Net.
"""

from functools import partial

from unet_teach.course.bake_off.entrants import ENTRANTS, REFERENCE
from unet_teach.course.bake_off.runs import chosen_rate, train_entrant
from unet_teach.course.experiments import bake_off_search
from unet_teach.course.experiments.bake_off import exam
from unet_teach.course.experiments.table import Experiment, load
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.em import plain_batch, train, weighted_and_dice_loss
from unet_teach.recipes.em.training import STEPS

NEWCOMER = "Attention U-Net"
TRICKS = {  # trick -> the network, and what its learning rate and its steps are multiplied by
    "a tenth of the rate": (REFERENCE, 0.1, 1.0),
    "half the steps": (REFERENCE, 1.0, 0.5),
    "newcomer boosted": (NEWCOMER, 1.0, 2.0),
    "U-Net boosted": (REFERENCE, 1.0, 2.0),
}


@threads(1)
def run(trick: str, seed: int) -> dict[str, float]:
    """Train one network with a trick, and examine it."""
    network, slower, longer = TRICKS[trick]
    rate = slower * chosen_rate(network, load(bake_off_search.EXPERIMENT, network=network))
    steps = round(longer * STEPS)
    if "boosted" in trick:
        build = partial(ENTRANTS[network].build, 2)
        trained, history = train(
            seed, plain_batch, weighted_and_dice_loss, build, steps=steps, learning_rate=rate, validate_every=steps // 2
        )
    else:
        trained, history = train_entrant(network, seed, steps, rate)
    return {"rate": rate, "steps": steps, "validation dice": history.score[history.best_step]} | exam(trained)


EXPERIMENT = Experiment(
    "bake_off_tricks",
    "How much do sections 24 to 29 gain or lose by tricks that have nothing to do with the network?",
    [{"trick": trick, "seed": seed} for seed in range(5) for trick in TRICKS],
    run,
    {"validation dice": 0.03, "dice ": 0.04, "v_rand ": 0.2, "abroad dice ": 0.05, "abroad v_rand ": 0.2},
    needs=("isbi2012_em", "vnc_sstem"),
    cheapest={"trick": "half the steps"},
)
