"""A denoising diffusion U-Net on EM: noise and back, training, and what is asked of its pictures (chapter 27)."""

from unet_teach.course.diffusion.judging import bands, nearest, scrambled
from unet_teach.course.diffusion.noise import (
    WithTimeOnTop,
    mixed,
    noisy_batch,
    sample,
    turned_back,
    velocity,
    velocity_loss,
)
from unet_teach.course.diffusion.tissue import SIDE, crops_of, tissue
from unet_teach.course.diffusion.training import compare_crops, draw_crops, learn_tissue

__all__ = [
    "SIDE",
    "WithTimeOnTop",
    "bands",
    "compare_crops",
    "crops_of",
    "draw_crops",
    "learn_tissue",
    "mixed",
    "nearest",
    "noisy_batch",
    "sample",
    "scrambled",
    "tissue",
    "turned_back",
    "velocity",
    "velocity_loss",
]
