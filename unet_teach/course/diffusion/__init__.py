"""A denoising diffusion U-Net on EM: noise and back, training, and what is asked of its pictures (chapter 27)."""

from unet_teach.course.diffusion.judging import bands, nearest_crop, scrambled
from unet_teach.course.diffusion.noise import (
    WithTimeOnTop,
    mixed,
    noisy_batch,
    sample,
    turned_back,
    velocity,
    velocity_loss,
)
from unet_teach.course.diffusion.tissue import SIDE, tissue, tissue_crops
from unet_teach.course.diffusion.training import compare_crops, draw_crops, learn_tissue

__all__ = [
    "SIDE",
    "WithTimeOnTop",
    "bands",
    "compare_crops",
    "draw_crops",
    "learn_tissue",
    "mixed",
    "nearest_crop",
    "noisy_batch",
    "sample",
    "scrambled",
    "tissue",
    "tissue_crops",
    "turned_back",
    "velocity",
    "velocity_loss",
]
