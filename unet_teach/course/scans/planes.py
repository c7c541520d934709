"""A volume in three planes, drawn as it stands in the patient: in millimetres, with letters at the edges."""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from unet_teach.data.nifti import spacing_of

# What is to the right, and on top, of each picture as drawn here: x, y, z of the patient grow that way.
PLANES = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}
LETTERS = ("LR", "PA", "FH")  # the two ends of x, y and z: left right, back front (posterior anterior), feet head


def plane(volume: NDArray[Any], name: str, index: int) -> NDArray[Any]:
    """Cut one plane out of a volume whose axes run to the right, the front and the head, for `imshow`.

    Parameters
    ----------
    volume : (X, Y, Z)
    name : "axial", "coronal" or "sagittal"
    index : of the slice along the axis that is cut

    Returns
    -------
    (H, W), the head or the front on top, the patient's right or front at the right edge

    Raises
    ------
    ValueError
        If there is no such plane.

    Introduced in chapter 14.
    """
    if name not in PLANES:
        raise ValueError(f"there is no plane {name!r}: axial, coronal or sagittal")
    (cut,) = {0, 1, 2} - set(PLANES[name])
    return np.take(volume, index, axis=cut).T[::-1]


def show_planes(
    volume: NDArray[Any],
    affine: NDArray[np.float64],
    at: tuple[int, int, int],
    limits: tuple[float, float],
    millimetres: bool = True,
) -> None:
    """Draw the three planes through one voxel, in millimetres, or as a picture viewer would: a voxel a square.

    Parameters
    ----------
    volume : (X, Y, Z), its axes to the right, the front and the head
    affine : (4, 4), of which only the sizes of the voxels are used
    at : the voxel
    limits : the values shown as black and as white
    millimetres : False shows each voxel as a square

    Introduced in chapter 14.
    """
    size = spacing_of(affine) if millimetres else (1.0, 1.0, 1.0)
    extent = [length * step for length, step in zip(volume.shape, size, strict=True)]
    ratios = [extent[PLANES[name][0]] for name in PLANES]
    tallest = max(extent[PLANES[name][1]] for name in PLANES)
    figure, axes = plt.subplots(1, 3, figsize=(6.8, 6.6 * tallest / sum(ratios) + 0.5), width_ratios=ratios)
    for ax, (name, (across, up)) in zip(axes, PLANES.items(), strict=True):
        (cut,) = {0, 1, 2} - {across, up}
        ax.imshow(
            plane(volume, name, at[cut]),
            vmin=limits[0],
            vmax=limits[1],
            extent=(0, extent[across], 0, extent[up]),
        )
        ax.set(xticks=[], yticks=[], title=name)
        for letter, x, y in zip(
            LETTERS[across] + LETTERS[up], (0.06, 0.94, 0.5, 0.5), (0.5, 0.5, 0.07, 0.93), strict=True
        ):
            ax.text(x, y, letter, color="white", fontsize=11, ha="center", va="center", transform=ax.transAxes)
