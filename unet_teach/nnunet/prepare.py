"""A case as a plan wants it: cut to what is not 0, normalised, on the plan's grid; and logits put back (chapter 18)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from unet_teach.nnunet.dataset import Case
from unet_teach.nnunet.grids import planned_size, resized, resized_labels, slices_of

OUTSIDE = -1  # the label of a voxel that is 0 in all channels, and no hole in anything
EPS = 1e-8  # of a standard deviation; an image of one grey value becomes 0

Plan = Mapping[str, Any]


class Prepared(NamedTuple):
    """A case ready for a plan's network. A flat one has a first axis of size 1.

    name : the case's
    image : (channels, D, H, W) float32, on the plan's grid
    labels : (D, H, W) int16, -1 where all channels are 0 from the border inwards
    places : class number -> where its voxels are, as flat indices into the labels
    box : where the image was cut from the whole case, whose axes are in the plan's order
    whole : the size of that whole case
    spacing, planned_spacing : of the three axes, before and now
    """

    name: str
    image: Tensor
    labels: Tensor
    places: dict[int, NDArray[np.int64]]
    box: tuple[slice, ...]
    whole: tuple[int, ...]
    spacing: tuple[float, ...]
    planned_spacing: tuple[float, ...]


def prepare(case: Case, plan: Plan, configuration: str) -> Prepared:
    """Cut, normalise and resample a case, in nnU-Net's order.

    Parameters
    ----------
    case : grey values as they were measured
    plan : as `plan` makes it: "transpose_forward", "configurations", and for CT
        "foreground_intensity_properties_per_channel"
    configuration : the name of one, "2d" or "3d_fullres"

    Raises
    ------
    ValueError
        If the plan has no such configuration, or another number of channels, or the case is 0 everywhere.

    Source: Isensee et al. (2021), nnU-Net, and its code, version 2. Introduced in chapter 18.
    """
    wanted = configuration_of(plan, configuration)
    if len(case.image) != len(wanted["normalization_schemes"]):
        raise ValueError(
            f"{case.name} has {len(case.image)} channels, the plan is for {len(wanted['normalization_schemes'])}"
        )
    order = [int(axis) for axis in plan["transpose_forward"]]
    image, labels, steps = _three_axes(case)
    image, labels = image.transpose(0, *(axis + 1 for axis in order)).copy(), labels.transpose(order)
    spacing = tuple(steps[axis] for axis in order)
    planned = (*spacing[: 3 - len(wanted["spacing"])], *(float(step) for step in wanted["spacing"]))

    filled = ndimage.binary_fill_holes((image != 0).any(axis=0))
    if not filled.any():
        raise ValueError(f"{case.name} is 0 everywhere: there is nothing to see in it")
    box = ndimage.find_objects(filled.astype(np.uint8))[0]
    whole, inside = labels.shape, filled[box]
    labels = np.where((labels[box] == 0) & ~inside, OUTSIDE, labels[box].astype(np.int16))
    grey = [
        _normalised(channel, scheme, inside if masked else None, _measured(plan, number))
        for number, (channel, scheme, masked) in enumerate(
            zip(image[:, *box], wanted["normalization_schemes"], wanted["use_mask_for_norm"], strict=True)
        )
    ]
    size, across = planned_size(labels.shape, spacing, planned), slices_of(spacing, planned)
    final = np.stack([resized(channel, size, 3, across) for channel in grey]).astype(np.float32)
    truth = resized_labels(labels, size, 1, across).astype(np.int16)
    places = {int(n): np.flatnonzero(truth == n) for n in np.unique(truth) if n > 0}
    return Prepared(case.name, torch.from_numpy(final), torch.from_numpy(truth), places, box, whole, spacing, planned)


def put_back(logits: Tensor, prepared: Prepared, plan: Plan, axes: int) -> NDArray[np.uint8]:
    """Bring logits to the case's own grid, take the likeliest class, and put it where the box was cut from.

    Parameters
    ----------
    logits : (classes, D, H, W), of the prepared image
    prepared : the case
    plan : whose order of the axes is undone
    axes : of the case, 2 or 3

    Returns
    -------
    the case's size, class numbers; the background outside the box

    Introduced in chapter 18.
    """
    size = [side.stop - side.start for side in prepared.box]
    across = slices_of(prepared.planned_spacing, prepared.spacing)
    own = np.stack([resized(one, size, 1, across) for one in logits.numpy()])
    answer = np.zeros(prepared.whole, dtype=np.uint8)
    answer[prepared.box] = own.argmax(axis=0)
    upright = answer.transpose(np.argsort(plan["transpose_forward"]))
    return upright[0] if axes == 2 else upright


def configuration_of(plan: Plan, name: str) -> Mapping[str, Any]:
    """Return a configuration of a plan by its name, or say which there are."""
    found = {key: value for key, value in plan["configurations"].items() if "patch_size" in value}
    if name not in found:
        raise ValueError(f"the plan has no configuration {name!r} to train by itself; it has {', '.join(found)}")
    return dict(found[name])


def _three_axes(case: Case) -> tuple[NDArray[np.float32], NDArray[np.integer], tuple[float, ...]]:
    if case.labels.ndim == 3:
        return case.image, case.labels, case.spacing
    return case.image[:, None], case.labels[None], (999 * max(case.spacing), *case.spacing)  # one thick slice


def _measured(plan: Plan, channel: int) -> Mapping[str, float]:
    return dict(plan.get("foreground_intensity_properties_per_channel", {}).get(str(channel), {}))


def _normalised(
    grey: NDArray[np.float32], scheme: str, inside: NDArray[np.bool_] | None, measured: Mapping[str, float]
) -> NDArray[np.float32]:
    """Bring one channel to the scale that its scheme says; outside a mask, a z-score leaves what is there."""
    if scheme == "ZScoreNormalization":
        seen = np.ones(grey.shape, dtype=bool) if inside is None else inside
        return np.asarray(np.where(seen, (grey - grey[seen].mean()) / max(grey[seen].std(), EPS), grey), np.float32)
    if scheme == "CTNormalization":
        clipped = grey.clip(measured["percentile_00_5"], measured["percentile_99_5"])
        return np.asarray((clipped - measured["mean"]) / max(measured["std"], EPS))
    if scheme == "RescaleTo01Normalization":
        return np.asarray((grey - grey.min()) / max(np.ptp(grey), EPS))
    if scheme == "RGBTo01Normalization":
        return np.asarray(grey / 255, np.float32)
    if scheme == "NoNormalization":
        return grey
    raise ValueError(f"there is no normalisation {scheme!r} here")
