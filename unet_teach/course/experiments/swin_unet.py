"""Does attention replace convolution, from scratch, on nineteen sections? U-Net against Swin-Unet (chapter 17).

Named before a run was made: the Swin-Unet less the U-Net, by Dice and by V-Rand on sections 24 to 29, over five seeds;
at equal steps (400 each), and at equal multiplications (1600 steps of the U-Net, 1703 of the Swin-Unet, whose step
costs 0.94 of the other's); four comparisons. Plain crops for both; rates from `swin_rates`; best weights and thresholds
from sections 20 to 22. The runs of 20 steps show nothing, but that they can be repeated: the chapter does.

The machine's time ended before the long runs did: of these there are three seeds, a look and no comparison.
"""

from unet_teach.course.experiments.swin_rates import NETWORKS, best_rate
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.em import ask, examine, membrane_map, plain_batch, train
from unet_teach.recipes.em.training import STEPS

FIRST = 20
LONG = 1600
EQUAL = 1703  # steps of the Swin-Unet with as many multiplications as 1600 of the U-Net; a test counts them


@threads(1)
def run(network: str, steps: int, seed: int) -> dict[str, float]:
    """Train once on sections 0 to 18, and score sections 24 to 29 from one look at each."""
    rate = best_rate(network)
    trained, history = train(seed, plain_batch, build=NETWORKS[network], steps=steps, learning_rate=rate)
    best = {"rate": rate, "validation dice": history.score[history.best_step], "best step": history.best_step}
    return best | examine(*ask(trained, membrane_map))


RUNS = [
    *((network, FIRST, 0) for network in NETWORKS),
    *((network, STEPS, seed) for seed in range(5) for network in NETWORKS),
    *((network, LONG if network == "U-Net" else EQUAL, seed) for seed in range(3) for network in NETWORKS),
]
EXPERIMENT = Experiment(
    "swin_unet",
    "How well do a U-Net and a Swin-Unet segment sections 24 to 29, at equal steps and at equal multiplications?",
    [{"network": network, "steps": steps, "seed": seed} for network, steps, seed in RUNS],
    run,
    {"validation dice": 0.05, "dice ": 0.05},
    needs=("isbi2012_em",),
    cheapest={"steps": FIRST},
)
