"""What is said about a head, and scores: overlap and volume of each region, and what was not nested (chapter 22)."""

import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.metrics import dice
from unet_teach.predict.regions import CODES, REGIONS, decode_regions, not_nested
from unet_teach.recipes.glioma.cases import THICK, GliomaCase, fine, real_case, true_regions
from unet_teach.recipes.glioma.training import region_logits


def nested_regions(claims: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Make claims of WT, TC and ET nested, by way of `decode_regions`.  (3, *size) -> (3, *size)"""
    labels = decode_regions(claims)
    inside = {"WT": list(CODES.values()), "TC": [CODES["TC"], CODES["ET"]], "ET": [CODES["ET"]]}
    return np.stack([np.isin(labels, inside[name]) for name in REGIONS])


def region_scores(said: NDArray[np.bool_], true: NDArray[np.bool_], voxel: float, name: str) -> dict[str, float]:
    """Score three regions of a head: "WT NAME", "TC NAME", "ET NAME", and their volumes, "ml WT NAME" ...

    Parameters
    ----------
    said, true : (3, *size) bool, WT, TC, ET; nested
    voxel : mm³
    name : of the head, as it ends the names of the scores

    Introduced in chapter 22.
    """
    scores = {f"{region} {name}": dice(a, b) for region, a, b in zip(REGIONS, said, true, strict=True)}
    for region, mask in zip(REGIONS, said, strict=True):
        scores[f"ml {region} {name}"] = float(mask.sum()) * voxel / 1000
    return scores


def examine_patient(network: nn.Module, patient: int) -> dict[str, float]:
    """Score a network on one patient, voxel by voxel of 1 mm, with the ml where its claims were not nested.

    Introduced in chapter 22.
    """
    truth = true_regions(patient)
    claims = fine(region_logits(network, real_case(patient)), truth.shape[1:]) > 0
    scores = region_scores(nested_regions(claims), truth, 1.0, str(patient))
    return scores | {f"not nested ml {patient}": float(not_nested(claims).sum()) / 1000}


def examine_phantom(network: nn.Module, case: GliomaCase, name: str) -> dict[str, float]:
    """Score a network on a phantom, on its own grid.

    Introduced in chapter 22.
    """
    said = nested_regions(region_logits(network, case) > 0)
    return region_scores(said, case.regions, THICK**3, name)
