"""Membranes of `isbi2012_em`: trained on sections 0 to 18, chosen on 20 to 22, scored on 24 to 29 (chapter 9)."""

from unet_teach.recipes.em.batches import Batch, augmented_batch, plain_batch, section_batch
from unet_teach.recipes.em.rule import best_blur_and_threshold, blur_and_threshold
from unet_teach.recipes.em.scores import Map, best_threshold, dice_of, examine, score_test_sections, v_rand_of
from unet_teach.recipes.em.training import averaged_map, membrane_map, train, weighted_loss

__all__ = [
    "Batch",
    "Map",
    "augmented_batch",
    "averaged_map",
    "best_blur_and_threshold",
    "best_threshold",
    "blur_and_threshold",
    "dice_of",
    "examine",
    "membrane_map",
    "plain_batch",
    "score_test_sections",
    "section_batch",
    "train",
    "v_rand_of",
    "weighted_loss",
]
