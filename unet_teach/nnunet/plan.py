"""From a fingerprint to a plan: the rules, in their order (chapter 18).

Source: as `image_target_spacing`. The fields of a plan have nnU-Net's own names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unet_teach._checks import number, reals, whole
from unet_teach.nnunet.intensity import intensity_normalization
from unet_teach.nnunet.patch import batch_size, patch_size
from unet_teach.nnunet.spacing import Floats, axis_order, image_resampling, image_target_spacing
from unet_teach.nnunet.topology import ALIKE, CONVOLUTIONS, feature_maps

INTENSITIES = "foreground_intensity_properties_per_channel"
SEES_ENOUGH = 0.25  # of the median image's voxels: a patch that covers less calls for the low resolution
COARSER = 1.03  # of each attempt than of the one before
WORTH_IT = 2  # times fewer voxels than the full resolution, or the low one is dropped

Configuration = dict[str, Any]


def plan(fingerprint: Mapping[str, Any], memory_gb: float = 8) -> dict[str, Any]:
    """Plan everything that depends on the data, by nnU-Net's rules.

    Parameters
    ----------
    fingerprint : from `fingerprint`, or nnU-Net's own with "channel_names", "number_of_labels" and "number_of_cases"
    memory_gb : of the graphics card, the one dial

    Returns
    -------
    "transpose_forward" : the order of the axes, in which everything below stands
    "configurations" : "2d", and of volumes "3d_fullres"; where its patch sees too little of an image, "3d_lowres" and
        "3d_cascade_fullres", too. A configuration is what `NNUNet` builds, and how images are prepared for it.
    "foreground_intensity_properties_per_channel" : the fingerprint's, if it has them

    Raises
    ------
    KeyError, TypeError, ValueError
        If the fingerprint lacks a field, holds something else, or nothing fits into the memory.

    Introduced in chapter 18.
    """
    spacings, shapes, labels, cases = _checked(fingerprint)
    memory = number("memory_gb", memory_gb)
    if not 0 < memory < float("inf"):
        raise ValueError(f"memory_gb must be above 0, got {memory_gb}")
    target = image_target_spacing(spacings, shapes)
    order = axis_order(target)
    resampled = [image_resampling(*case, target) for case in zip(shapes.tolist(), spacings.tolist(), strict=True)]
    spacing, median = target[order], np.median(resampled, axis=0)[order]
    schemes, masks = intensity_normalization(
        _names(fingerprint["channel_names"]), float(fingerprint["median_relative_size_after_cropping"])
    )

    def configure(spacing: Floats, median: Sequence[float], voxels: float, batch_dice: bool) -> Configuration:
        topology = patch_size(spacing.tolist(), median, labels, memory)
        levels = len(topology.strides)
        return {
            "spacing": spacing.tolist(),
            "patch_size": topology.patch_size,
            "batch_size": batch_size(topology, labels, voxels * cases, memory),
            "median_image_size_in_voxels": list(median),
            "normalization_schemes": list(schemes),
            "use_mask_for_norm": list(masks),
            "batch_dice": batch_dice,
            "features_per_stage": feature_maps(topology),
            "kernel_sizes": topology.kernel_sizes,
            "strides": topology.strides,
            "n_conv_per_stage": [CONVOLUTIONS] * levels,
            "n_conv_per_stage_decoder": [CONVOLUTIONS] * (levels - 1),
        }

    voxels = float(np.prod(median, dtype=float))
    configurations = {"2d": configure(spacing[1:], median[1:].tolist(), voxels, True)}
    if median[0] != 1:
        full = configure(spacing, median.tolist(), voxels, False)
        low = low_resolution(full, configure)
        if low is not None:
            configurations["3d_lowres"] = low
        configurations["3d_fullres"] = {**full, "batch_dice": low is not None}
        if low is not None:
            configurations["3d_cascade_fullres"] = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}
    copied = {INTENSITIES: fingerprint[INTENSITIES]} if INTENSITIES in fingerprint else {}
    return {"transpose_forward": order, "configurations": configurations, **copied}


def low_resolution(full: Configuration, configure: Any) -> Configuration | None:
    """Coarsen the voxels until a patch sees a quarter of the median image, the finest axes first (the cascade).

    Parameters
    ----------
    full : the configuration of the full resolution
    configure : (spacing, median shape, voxels, batch Dice) -> configuration

    Returns
    -------
    a configuration, or None if the full resolution sees enough, or half as many voxels are already enough

    Introduced in chapter 18.
    """
    fine, shape = np.array(full["spacing"]), np.array(full["median_image_size_in_voxels"])
    spacing, low = fine.copy(), full
    voxels = at_full = float(np.prod(shape, dtype=float))
    while float(np.prod(low["patch_size"], dtype=float)) / voxels < SEES_ENOUGH:
        finer = spacing.max() / spacing > ALIKE
        spacing[finer if finer.any() else slice(None)] *= COARSER
        exact = fine / spacing * shape
        voxels = float(np.prod(exact, dtype=float))
        low = configure(spacing, [round(side) for side in exact.tolist()], voxels, False)
    return low if at_full / voxels >= WORTH_IT else None


def _names(channel_names: Any) -> list[str]:
    """List the channels' names, also from dataset.json, which numbers them."""
    return list(channel_names.values() if isinstance(channel_names, Mapping) else channel_names)


def _checked(fingerprint: Mapping[str, Any]) -> tuple[Floats, Floats, int, int]:
    """Take from a fingerprint what the rules need, or say what is wrong with it."""
    needed = (
        "spacings",
        "shapes_after_crop",
        "median_relative_size_after_cropping",
        "channel_names",
        "number_of_labels",
        "number_of_cases",
    )
    missing = [field for field in needed if field not in fingerprint]
    if missing:
        raise KeyError(f"a fingerprint needs {', '.join(missing)}; `fingerprint(dataset)` makes one")
    spacings = reals("spacings", fingerprint["spacings"], finite=True)
    shapes = reals("shapes_after_crop", fingerprint["shapes_after_crop"], finite=True)
    if spacings.ndim != 2 or spacings.shape != shapes.shape or spacings.shape[1] != 3 or not len(spacings):
        raise ValueError(
            f"spacings and shapes_after_crop have three numbers a case, of a flat image too, got {spacings.shape} and "
            f"{shapes.shape}"
        )
    if spacings.min() <= 0 or shapes.min() < 1:
        raise ValueError("every spacing must be above 0 and every side at least one voxel")
    labels, cases = (whole(name, fingerprint[name]) for name in ("number_of_labels", "number_of_cases"))
    return spacings, shapes, labels, cases
