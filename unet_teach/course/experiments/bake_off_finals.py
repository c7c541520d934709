"""Three more seeds for those in the final: the U-Net, and the three that are best on sections 20 to 22 after five.

Place 0 is the U-Net; places 1 to 3 are read from the table `bake_off`.
"""

from unet_teach.course.bake_off.entrants import ENTRANTS, REFERENCE
from unet_teach.course.bake_off.runs import finalists
from unet_teach.course.experiments import bake_off
from unet_teach.course.experiments.table import Experiment, load
from unet_teach.course.experiments.threads import threads


@threads(1)
def run(place: int, seed: int) -> dict[str, float]:
    """Train and examine whoever has this place; "network" is its number among the entrants."""
    network = [REFERENCE, *finalists(load(bake_off.EXPERIMENT))][place]
    return {"network": list(ENTRANTS).index(network)} | bake_off.run(network, bake_off.BUDGETS[0], seed)


EXPERIMENT = Experiment(
    "bake_off_finals",
    "How do the U-Net (place 0) and the three that are best on sections 20 to 22 do with seeds 5, 6 and 7?",
    [{"place": place, "seed": seed} for seed in (5, 6, 7) for place in range(4)],
    run,
    {"validation dice": 0.03, "dice ": 0.04, "v_rand ": 0.2, "abroad dice ": 0.05, "abroad v_rand ": 0.2},
    needs=("isbi2012_em", "vnc_sstem"),
)
