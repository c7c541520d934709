"""Rules about the network: where an axis is halved, which kernels, how many channels, what that holds (chapter 18).

Source of all of them: as `image_target_spacing`.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

SMALLEST = 4  # voxels along an axis at the bottom
ALIKE = 2  # spacings within this factor count as the same
CHANNELS, MOST_CHANNELS = 32, {2: 512, 3: 320}  # by the number of axes
CONVOLUTIONS = 2  # at each level, on either side


class Topology(NamedTuple):
    """What `network_topology` decides.

    patch_size : what was asked for, rounded up until every halving is even
    strides, kernel_sizes : a number for each axis, level by level from the top
    """

    patch_size: list[int]
    strides: list[list[int]]
    kernel_sizes: list[list[int]]

    @property
    def multiples(self) -> list[int]:
        """Of what each side of the patch has to be a multiple."""
        return [math.prod(steps) for steps in zip(*self.strides, strict=True)]


def network_topology(spacing: Sequence[float], sides: Sequence[float]) -> Topology:
    """Halve the axes until each is short, a coarse one later; a kernel spans an axis once it is as fine as the others.

    Parameters
    ----------
    spacing : of the axes
    sides : of the patch that is aimed at, in voxels

    Introduced in chapter 18.
    """
    spacing, sizes = list(spacing), list(sides)
    axes = range(len(spacing))
    strides, kernels, kernel = [[1 for _ in axes]], list[list[int]](), [1 for _ in axes]
    while long := [axis for axis in axes if sizes[axis] >= 2 * SMALLEST]:
        finest = min(spacing[axis] for axis in long)
        halved = [axis for axis in long if spacing[axis] / finest < ALIKE]
        if len(halved) == 1 and sizes[halved[0]] < 3 * SMALLEST:
            break
        kernel = [3 if kernel[axis] == 3 or spacing[axis] / min(spacing) < ALIKE else 1 for axis in axes]
        kernels.append(kernel)
        strides.append([2 if axis in halved else 1 for axis in axes])
        for axis in halved:
            spacing[axis] *= 2
            sizes[axis] = math.ceil(sizes[axis] / 2)
    kernels.append([3 for _ in axes])  # at the bottom
    multiples = [math.prod(steps) for steps in zip(*strides, strict=True)]
    whole = [math.ceil(side / multiple) * multiple for side, multiple in zip(sides, multiples, strict=True)]
    return Topology(whole, strides, kernels)


def feature_maps(topology: Topology) -> list[int]:
    """Double the channels at each level, up to a limit."""
    most = MOST_CHANNELS[len(topology.patch_size)]
    return [min(CHANNELS * 2**level, most) for level in range(len(topology.strides))]


def memory_consumption(topology: Topology, labels: int) -> int:
    """Count the numbers that all convolutions of the network put out for one patch: what fills the memory.

    Two convolutions a level on the way down; a transposed one and two more on the way up; the last gives the labels.
    """
    sizes, values = list(topology.patch_size), list[int]()
    for stride, channels in zip(topology.strides, feature_maps(topology), strict=True):
        sizes = [side // step for side, step in zip(sizes, stride, strict=True)]
        values.append(channels * math.prod(sizes))
    down, up = CONVOLUTIONS * sum(values), (1 + CONVOLUTIONS) * sum(values[:-1])
    return down + up + labels * math.prod(topology.patch_size)
