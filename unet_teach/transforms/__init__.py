"""Transforms: normalising, patches, augmentation, weights for the loss: what a training step sees."""

from unet_teach.transforms.augment import displacement, elastic, flip_and_rotate, mirror, shift_grey, turn
from unet_teach.transforms.normalise import standardise
from unet_teach.transforms.patches import centre_patches, random_crops
from unet_teach.transforms.weight_map import two_nearest, weight_map, with_seams

__all__ = [
    "centre_patches",
    "displacement",
    "elastic",
    "flip_and_rotate",
    "mirror",
    "random_crops",
    "shift_grey",
    "standardise",
    "turn",
    "two_nearest",
    "weight_map",
    "with_seams",
]
