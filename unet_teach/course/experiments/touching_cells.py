"""Chapter 10's runs: does the weight map keep touching cells apart, and does a learned border, or a watershed?"""

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.cells import examine, train


@threads(1)
def run(kind: str, seed: int) -> dict[str, float]:
    """Train one network and examine it."""
    network, history = train(kind, seed)
    return {"validation dice": history.score[history.best_step]} | examine(network, kind)


EXPERIMENT = Experiment(
    "touching_cells",
    "Do the weight map, a learned border or a watershed keep touching cells apart? Objects on fields 10-12 and 48-50.",
    [{"kind": kind, "seed": seed} for kind in ("plain", "weight map", "even", "border") for seed in range(5)],
    run,
    {"validation dice": 0.03, "dice ": 0.05},
    needs=("usiigaci",),
)
