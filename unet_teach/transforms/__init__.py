"""Transforms: normalising, windows, other grids, patches, augmentation, weights for the loss."""

from unet_teach.transforms.augment import displacement, elastic, flip_and_rotate, mirror, shift_grey, turn
from unet_teach.transforms.normalise import standardise
from unet_teach.transforms.patches import centre_patches, random_crops
from unet_teach.transforms.resample import grid_of, resample, same_grid
from unet_teach.transforms.weight_map import two_nearest, weight_map, with_seams
from unet_teach.transforms.window import window

__all__ = [
    "centre_patches",
    "displacement",
    "elastic",
    "flip_and_rotate",
    "grid_of",
    "mirror",
    "random_crops",
    "resample",
    "same_grid",
    "shift_grey",
    "standardise",
    "turn",
    "two_nearest",
    "weight_map",
    "window",
    "with_seams",
]
