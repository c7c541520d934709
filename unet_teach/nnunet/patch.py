"""Rules about what one step sees: the largest patch that fits, and how many of them (chapter 18).

Source of both: as `image_target_spacing`.
"""

from collections.abc import Sequence

import numpy as np

from unet_teach.nnunet.topology import Topology, memory_consumption, network_topology

# By the number of axes: the volume that is tried first; and what a reference network held, how many patches at a
# time, in 8 GB. "Really arbitrary", says the planner, chosen so that the plans of version 1 came out again.
FIRST_VOLUME = {2: 2048**2, 3: 256**3}
REFERENCE, REFERENCE_BATCH, REFERENCE_GB = {2: 85_000_000, 3: 560_000_000}, {2: 12, 3: 2}, 8
SMALLEST_BATCH, LARGEST_SHARE = 2, 0.05  # a batch holds at most this share of all voxels of the data set


def patch_size(spacing: Sequence[float], median_shape: Sequence[float], labels: int, memory_gb: float) -> Topology:
    """Find the largest patch of which two fit into the memory, and its network.

    It starts as a cube in millimetres, no larger than the median image; while it does not fit, the axis is shortened
    that covers most of the median image.

    Parameters
    ----------
    spacing : of the axes
    median_shape : in voxels
    labels : how many, with the background
    memory_gb : of the graphics card

    Raises
    ------
    ValueError
        If nothing fits, or the median image has an axis without voxels.

    Introduced in chapter 18.
    """
    if min(median_shape) < 1:
        raise ValueError(f"the median image would have {list(median_shape)} voxels: an axis has none left")
    axes, fine = len(spacing), 1 / np.asarray(spacing)
    cube = fine * (FIRST_VOLUME[axes] / np.prod(fine)) ** (1 / axes)
    topology = network_topology(spacing, [min(round(a), b) for a, b in zip(cube.tolist(), median_shape, strict=True)])
    reference = REFERENCE[axes] * (memory_gb / REFERENCE_GB)
    while memory_consumption(topology, labels) / REFERENCE_BATCH[axes] * SMALLEST_BATCH > reference:
        sides = list(topology.patch_size)
        covered = [side / whole for side, whole in zip(sides, median_shape, strict=True)]
        widest = max(range(axes), key=lambda axis: (covered[axis], axis))
        # One step down may lose a level, and with it a part of the step: the smaller patch says how large it is.
        shorter = [side - topology.multiples[axis] * (axis == widest) for axis, side in enumerate(sides)]
        sides[widest] -= network_topology(spacing, shorter).multiples[widest]
        if sides[widest] < 1:
            raise ValueError(f"not even a patch of one voxel fits into {memory_gb} GB: give a larger memory_gb")
        topology = network_topology(spacing, sides)
    return topology


def batch_size(topology: Topology, labels: int, voxels: float, memory_gb: float) -> int:
    """Say how many patches fit into the memory, at least two, at most a twentieth of the data set.

    Parameters
    ----------
    topology : from `patch_size`
    labels : how many, with the background
    voxels : of the whole data set
    memory_gb : of the graphics card

    Introduced in chapter 18.
    """
    axes = len(topology.patch_size)
    reference = REFERENCE[axes] * (memory_gb / REFERENCE_GB)
    fitting = round(reference / memory_consumption(topology, labels) * REFERENCE_BATCH[axes])
    twentieth = round(voxels * LARGEST_SHARE / float(np.prod(topology.patch_size, dtype=float)))
    return max(min(fitting, twentieth), SMALLEST_BATCH)
