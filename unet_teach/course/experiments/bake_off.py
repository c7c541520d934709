"""Every network of the course on the same membranes, the same crops, and the same budget: does any of it help?

Before the first run: six comparisons with the U-Net (`NAMED`), by Dice on sections 24 to 29, from one look at each, at
equal multiplications; exact sign-flip tests over seeds, and Holm's correction. Everything else is a look. The learning
rate of each network was chosen on sections 20 to 22 (table `bake_off_search`), best weights and thresholds are too. The
columns "abroad" hold the other animal's sections; they are read when the ranking is written down, not before.
"""

from torch import nn

from unet_teach.course.bake_off.entrants import ENTRANTS, steps_of
from unet_teach.course.bake_off.runs import chosen_rate, to_the_fastest, train_entrant
from unet_teach.course.experiments import bake_off_search
from unet_teach.course.experiments.another_animal import abroad
from unet_teach.course.experiments.table import Experiment, load
from unet_teach.course.experiments.threads import threads
from unet_teach.data import load_vnc_sstem
from unet_teach.recipes.em import ask, examine, membrane_map
from unet_teach.recipes.em.training import STEPS
from unet_teach.transforms import standardise

BUDGETS = ("equal multiplications", "equal steps")


def exam(network: nn.Module) -> dict[str, float]:
    """Score sections 24 to 29 and the other animal's, from one look each; thresholds come from sections 20 to 22."""
    to_the_fastest(network)
    unseen, test = ask(network, membrane_map)
    foreign = [membrane_map(network, image) for image in standardise(load_vnc_sstem().images)]
    return examine(unseen, test) | abroad(unseen, foreign)


@threads(1)
def run(network: str, budget: str, seed: int) -> dict[str, float]:
    """Train one network at the learning rate that was chosen for it, and examine it."""
    rate = chosen_rate(network, load(bake_off_search.EXPERIMENT, network=network))
    steps = steps_of(network, budget, STEPS)
    trained, history = train_entrant(network, seed, steps, rate)
    return {"rate": rate, "steps": steps, "validation dice": history.score[history.best_step]} | exam(trained)


FINALISTS = ("U-Net", "skips added", "without skips", "Attention U-Net")  # the first four by five seeds
RUNS = [(network, BUDGETS[0], seed) for seed in range(5) for network in ENTRANTS]
RUNS += [(network, BUDGETS[0], seed) for seed in range(5, 8) for network in FINALISTS]
RUNS += [(network, BUDGETS[1], seed) for seed in range(3) for network in ENTRANTS if network != "nnU-Net's plan"]
EXPERIMENT = Experiment(
    "bake_off",
    f"How well does each network segment sections 24 to 29, and another animal's, for {STEPS} of the U-Net's steps?",
    [{"network": network, "budget": budget, "seed": seed} for network, budget, seed in RUNS],
    run,
    {"validation dice": 0.03, "dice ": 0.04, "v_rand ": 0.2, "abroad dice ": 0.05, "abroad v_rand ": 0.2},
    needs=("isbi2012_em", "vnc_sstem"),
    cheapest={"network": "nnU-Net's plan"},
)
