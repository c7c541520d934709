"""Which fat is it? Fat under the skin, fat in the torso and muscle in slices of phantoms, and a rule (chapter 21)."""

from unet_teach.recipes.torso.rule import RANGES, best_depths, body_of, by_depth, depth_below_skin, within_ranges
from unet_teach.recipes.torso.slices import PEOPLE, SPACING, TISSUES, TissueSlice, as_hu_input, slices_of, tissue_slice
from unet_teach.recipes.torso.training import (
    segment_tissue,
    tissue_batch,
    tissue_logits,
    tissue_network,
    tissue_scores,
    train_tissue,
)

__all__ = [
    "PEOPLE",
    "RANGES",
    "SPACING",
    "TISSUES",
    "TissueSlice",
    "as_hu_input",
    "best_depths",
    "body_of",
    "by_depth",
    "depth_below_skin",
    "segment_tissue",
    "slices_of",
    "tissue_batch",
    "tissue_logits",
    "tissue_network",
    "tissue_scores",
    "tissue_slice",
    "train_tissue",
    "within_ranges",
]
