"""Gliomas of `brats2015` in three nested regions, from FLAIR and T1c, beside phantom heads (chapter 22)."""

from unet_teach.recipes.glioma.cases import (
    GliomaCase,
    as_sequences,
    coarse,
    fine,
    phantom_case,
    real_case,
    true_regions,
)
from unet_teach.recipes.glioma.rule import TumourRule, at_full_size, bright_piece, choose_rule, rule_regions
from unet_teach.recipes.glioma.scores import (
    examine_patient,
    examine_phantom,
    nested_regions,
    region_scores,
)
from unet_teach.recipes.glioma.training import (
    cube_batch,
    plain_unet,
    region_logits,
    small_swin_unetr,
    small_unet,
    train_on_heads,
)

__all__ = [
    "GliomaCase",
    "TumourRule",
    "as_sequences",
    "at_full_size",
    "bright_piece",
    "choose_rule",
    "coarse",
    "cube_batch",
    "examine_patient",
    "examine_phantom",
    "fine",
    "nested_regions",
    "phantom_case",
    "plain_unet",
    "real_case",
    "region_logits",
    "region_scores",
    "rule_regions",
    "small_swin_unetr",
    "small_unet",
    "train_on_heads",
    "true_regions",
]
