"""Membranes of `isbi2012_em`: trained on sections 0 to 18, chosen on 20 to 22, scored on 24 to 29 (chapter 9)."""

from unet_teach.recipes.em.batches import Batch, augmented_batch, plain_batch, section_batch
from unet_teach.recipes.em.dataset import as_dataset
from unet_teach.recipes.em.rule import best_blur_and_threshold, blur_and_threshold
from unet_teach.recipes.em.scores import (
    Map,
    ask,
    best_shift,
    best_threshold,
    dice_of,
    examine,
    examine_aligned,
    score_test_sections,
    scores_by_section,
    shifted,
    v_rand_of,
    v_rand_of_floods,
)
from unet_teach.recipes.em.training import averaged_map, membrane_map, train, weighted_and_dice_loss, weighted_loss

__all__ = [
    "Batch",
    "Map",
    "as_dataset",
    "ask",
    "augmented_batch",
    "averaged_map",
    "best_blur_and_threshold",
    "best_shift",
    "best_threshold",
    "blur_and_threshold",
    "dice_of",
    "examine",
    "examine_aligned",
    "membrane_map",
    "plain_batch",
    "score_test_sections",
    "scores_by_section",
    "section_batch",
    "shifted",
    "train",
    "v_rand_of",
    "v_rand_of_floods",
    "weighted_and_dice_loss",
    "weighted_loss",
]
