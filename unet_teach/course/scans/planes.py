"""A volume in three planes, drawn as radiologists look at it: in millimetres, with letters at the edges."""

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from numpy.typing import NDArray

from unet_teach.data.nifti import spacing_of

# The axes of a volume that are drawn across and upwards or downwards: x runs to the patient's left, y to the back, z to
# the head. So an axial slice is seen from the feet: the patient's right is at the left edge, the front on top.
PLANES = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}
EDGES = {"axial": "RLAP", "coronal": "RLHF", "sagittal": "APHF"}  # at the left, at the right, on top, at the bottom


def plane(volume: NDArray[Any], name: str, index: int) -> NDArray[Any]:
    """Cut one plane out of a volume whose axes run to the left, the back and the head, for `imshow`.

    Parameters
    ----------
    volume : (X, Y, Z), as `read_dicom` gives a usual axial series
    name : "axial", "coronal" or "sagittal"
    index : of the slice along the axis that is cut

    Returns
    -------
    (H, W), the front or the head on top, the patient's right or front at the left edge

    Raises
    ------
    ValueError
        If there is no such plane.

    Introduced in chapter 14.
    """
    if name not in PLANES:
        raise ValueError(f"there is no plane {name!r}: axial, coronal or sagittal")
    (cut,) = {0, 1, 2} - set(PLANES[name])
    picture = np.take(volume, index, axis=cut).T
    return picture if name == "axial" else picture[::-1]


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
    volume : (X, Y, Z), its axes to the left, the back and the head
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
    _, axes = plt.subplots(1, 3, figsize=(6.6, 6.2 * tallest / sum(ratios) + 0.5), width_ratios=ratios)
    for ax, (name, (across, up)) in zip(axes, PLANES.items(), strict=True):
        (cut,) = {0, 1, 2} - {across, up}
        box = (0, extent[across], 0, extent[up])
        ax.imshow(plane(volume, name, at[cut]), vmin=limits[0], vmax=limits[1], extent=box)
        ax.set(xticks=[], yticks=[], title=name)
        for letter, x, y in zip(EDGES[name], (0.06, 0.94, 0.5, 0.5), (0.5, 0.5, 0.93, 0.07), strict=True):
            ax.text(x, y, letter, color="white", fontsize=11, ha="center", va="center", transform=ax.transAxes)
