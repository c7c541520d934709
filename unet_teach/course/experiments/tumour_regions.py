"""Chapter 22: phantoms, real patients, or both? A U-Net or a Swin UNETR? Scored on six patients, each held out.

Named before the first run: whether real patients beat phantoms, whether both beat either, and, on phantoms, whether
the Swin UNETR beats the U-Net of residual blocks, and whether it beats one without them. The learning rate, the blocks
and the number of steps were chosen on phantoms; three of them, 1001 to 1003, are among the six that rows score. Nothing
was chosen by a patient's score.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.course.experiments.table import Experiment, Value, column, load
from unet_teach.course.experiments.threads import threads
from unet_teach.data.tumour import PATIENTS
from unet_teach.recipes.glioma import (
    GliomaCase,
    examine_patient,
    examine_phantom,
    phantom_case,
    plain_unet,
    real_case,
    small_swin_unetr,
    small_unet,
    train_on_heads,
)

SEEDS, PHANTOMS, HELD_OUT = 5, 30, 1000  # seeds a row; phantoms to train on; the number of the first that is scored

NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "U-Net": small_unet,
    "plain U-Net": plain_unet,
    "Swin UNETR": small_swin_unetr,
}


def training_heads(name: str, held_out: int) -> list[list[GliomaCase]]:
    """Give the groups to train on where one patient is held out: "phantoms", "real" or "both"."""
    phantoms = [phantom_case(seed) for seed in range(PHANTOMS)]
    if name == "phantoms":
        return [phantoms]
    others = [real_case(patient) for patient in PATIENTS if patient != held_out]
    return {"real": [others], "both": [others, phantoms]}[name]


@threads(1)
def run(network: str, trained_on: str, seed: int) -> dict[str, float]:
    """Train, six times where patients are learned from, and score each held-out patient, and a phantom beside it."""
    scores: dict[str, float] = {}
    trained = None
    for patient in PATIENTS:
        if trained is None or trained_on != "phantoms":
            trained, _ = train_on_heads(training_heads(trained_on, patient), seed, build=NETWORKS[network])
        scores |= examine_patient(trained, patient)
        scores |= examine_phantom(trained, phantom_case(HELD_OUT + patient), f"phantom {patient}")
    order = sorted(scores, key=lambda name: [part for part in ("phantom", "ml", "not nested") if part in name])
    return {name: scores[name] for name in order}


def _runs() -> list[dict[str, Value]]:
    runs: list[dict[str, Value]] = []
    for network, trained_on, seeds in (
        ("U-Net", "phantoms", SEEDS),
        ("Swin UNETR", "phantoms", SEEDS),
        ("U-Net", "real", 3),
        ("U-Net", "both", 3),
        ("plain U-Net", "phantoms", SEEDS),
        ("U-Net", "real", SEEDS),
        ("U-Net", "both", SEEDS),
        ("Swin UNETR", "real", 1),
    ):
        runs += [{"network": network, "trained_on": trained_on, "seed": seed} for seed in range(seeds)]
    return [run for number, run in enumerate(runs) if run not in runs[:number]]


EXPERIMENT = Experiment(
    "tumour_regions",
    "How well are the three regions of a tumour found in each of six patients, by networks that saw others or none?",
    _runs(),
    run,
    {"WT ": 0.3, "TC ": 0.4, "ET ": 0.45},
    needs=("brats2015",),
)


def region_dices(
    region: str, network: str = "U-Net", trained_on: str = "phantoms", head: str = ""
) -> NDArray[np.float64]:
    """Return the overlap of a region, of each seed and each patient, or with head="phantom " each phantom.  (seeds, 6)

    Raises
    ------
    TableError
        If there are no such rows.
    """
    rows = load(EXPERIMENT, network=network, trained_on=trained_on)
    return np.hstack([column(rows, f"{region} {head}{patient}") for patient in PATIENTS])
