"""Chapter 6's second look: the losses of `rare_class` on real MR, where enhancing tumour is 0.5 to 4 % of the brain.

One patient of six is left out for the report, the next chooses the threshold, four are learned from. Six patients are
few, and no score here says how well a network could do: it says whether the losses keep their ways on real data.
"""

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.data.tumour import PATIENTS
from unet_teach.metrics import dice, precision, recall
from unet_teach.recipes.lesions import best_threshold
from unet_teach.recipes.tumour import train, tumour_map


@threads(1)
def run(loss: str, patient: int) -> dict[str, float]:
    """Leave one patient out, choose the threshold on the next, learn from the other four."""
    place = PATIENTS.index(patient)
    chooses = PATIENTS[(place + 1) % len(PATIENTS)]
    network = train(loss, [p for p in PATIENTS if p not in (patient, chooses)])
    chosen = best_threshold(*tumour_map(network, chooses))
    probability, tumour = tumour_map(network, patient)
    results: dict[str, float] = {"share": float(tumour.mean()), "threshold": chosen}
    for name, threshold in (("half", 0.5), ("chosen", chosen)):
        said = probability > threshold
        results |= {
            f"{name} dice": dice(said, tumour),
            f"{name} precision": precision(said, tumour),
            f"{name} recall": recall(said, tumour),
        }
    results["expected / true"] = float(probability.mean() / tumour.mean())
    return results


EXPERIMENT = Experiment(
    "rare_tissue",
    "Do three of the losses keep their ways on real MR, where enhancing tumour is 0.5 to 4 % of the brain's pixels?",
    [{"loss": loss, "patient": patient} for loss in ("cross-entropy", "weighted", "Dice") for patient in PATIENTS],
    run,
    {"half dice": 0.15, "chosen dice": 0.15},
    needs=("brats2015",),
)
