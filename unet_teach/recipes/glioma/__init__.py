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
from unet_teach.recipes.glioma.scores import (
    claims_of,
    examine_patient,
    examine_phantom,
    nested_regions,
    score_regions,
)
from unet_teach.recipes.glioma.training import (
    cube_batch,
    region_logits,
    small_swin_unetr,
    small_unet,
    train_on_heads,
    wider_unet,
)

__all__ = [
    "GliomaCase",
    "as_sequences",
    "claims_of",
    "coarse",
    "cube_batch",
    "examine_patient",
    "examine_phantom",
    "fine",
    "nested_regions",
    "phantom_case",
    "real_case",
    "region_logits",
    "score_regions",
    "small_swin_unetr",
    "small_unet",
    "train_on_heads",
    "true_regions",
    "wider_unet",
]
