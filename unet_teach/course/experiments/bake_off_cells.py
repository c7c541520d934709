"""Does the order stay on another data set? The same networks on chapter 10's cells, with its border recipe.

Equal multiplications; the learning rates are those that were chosen on membranes: who reads a paper cannot choose
again. Best weights and thresholds are chosen on fields 9 and 47; fields 10-12 and 48-50 are scored.
"""

from unet_teach.course.bake_off.entrants import ENTRANTS, steps_of
from unet_teach.course.bake_off.runs import chosen_rate, to_the_fastest
from unet_teach.course.experiments import bake_off_search
from unet_teach.course.experiments.table import Experiment, load
from unet_teach.course.experiments.threads import threads
from unet_teach.losses import cross_entropy
from unet_teach.recipes.cells import STEPS, examine, train

KIND = "border"  # the best of chapter 10's kinds, by objects after a watershed


@threads(1)
def run(network: str, seed: int) -> dict[str, float]:
    """Train one network on the training fields, and examine it on the test fields."""
    entrant = ENTRANTS[network]
    rate = chosen_rate(network, load(bake_off_search.EXPERIMENT, network=network))
    steps = steps_of(network, "equal multiplications", STEPS)
    loss = entrant.loss(cross_entropy)
    trained, history = train(
        KIND,
        seed,
        steps=steps,
        build=entrant.build,
        loss=lambda answers, classes, weights: loss(answers, classes),  # this kind's weights are all 1
        learning_rate=rate,
        validate_every=-(-steps // 2),
    )
    to_the_fastest(trained)
    return {"rate": rate, "steps": steps, "validation dice": history.score[history.best_step]} | examine(trained, KIND)


EXPERIMENT = Experiment(
    "bake_off_cells",
    f"How well does each network find cells on fields 10-12 and 48-50, for {STEPS} of the U-Net's steps?",
    [{"network": network, "seed": seed} for seed in range(3) for network in ENTRANTS],
    run,
    {"validation dice": 0.05, "dice ": 0.08},
    needs=("usiigaci",),
    cheapest={"network": "nnU-Net's plan"},
)
