"""Can a network divide images without labels, and better than k-means? EM, cells, and a phantom of textures.

Clusters get their names, and each method its blur, on validation images; the scores are those of six test images.
"""

from unet_teach.course.experiments.table import Experiment
from unet_teach.course.experiments.threads import threads
from unet_teach.course.wnet.comparison import compare

KINDS = ("textures", "EM", "cells")
SEEDS = range(5)
METHODS = ("Otsu", "k-means", "k-means on filters", "W-Net, zeros", "W-Net", "cut alone", "image alone")


@threads(1)
def run(images: str, method: str, seed: int) -> dict[str, float]:
    """Divide once: see `compare`."""
    return compare(images, method, seed)


EXPERIMENT = Experiment(
    "without_labels",
    "Who divides images best without labels: Otsu, k-means, k-means on filters, a W-Net, or one of its losses alone?",
    [
        {"images": kind, "method": method, "seed": seed}
        for method in METHODS
        for seed in (range(1) if method == "Otsu" else SEEDS if "alone" not in method else range(3))
        for kind in KINDS
    ],
    run,
    {"validation": 0.15, "score ": 0.15},
    needs=("isbi2012_em", "usiigaci"),
    cheapest={"method": "k-means", "images": "textures"},
)
