"""Which learning rate does each network of the bake-off like? Tried on sections 20 to 22, and nowhere else.

Seeds are not those of the bake-off, and no exam is taken here.
"""

from unet_teach.course.bake_off.entrants import ENTRANTS, steps_of
from unet_teach.course.bake_off.runs import RATES, train_entrant
from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.recipes.em.training import STEPS


@threads(1)
def run(network: str, rate: float, seed: int) -> dict[str, float]:
    """Train once at equal multiplications; the score is the best Dice on sections 20 to 22, 0 if the loss explodes."""
    steps = steps_of(network, "equal multiplications", STEPS)
    try:
        _, history = train_entrant(network, seed, steps, rate)
    except FloatingPointError:
        return {"steps": steps, "validation dice": 0.0}
    return {"steps": steps, "validation dice": history.score[history.best_step]}


EXPERIMENT = Experiment(
    "bake_off_search",
    f"Which learning rate is best on sections 20 to 22, for the multiplications of {STEPS} steps of the U-Net?",
    [{"network": network, "rate": rate, "seed": s} for network in ENTRANTS for rate in RATES for s in (100, 101)],
    run,
    {"validation dice": 0.04},
    needs=("isbi2012_em",),
    cheapest={"network": "nnU-Net's plan", "rate": 3e-3},
)
