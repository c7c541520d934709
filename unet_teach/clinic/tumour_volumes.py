"""From the files of one head to millilitres of tumour; or to a sentence that says why not (chapter 22).

Nothing here is for diagnosis.
"""

from pathlib import Path
from typing import NamedTuple

import nibabel
import numpy as np
from numpy.typing import NDArray
from torch import nn

from unet_teach.data.nifti import read_labels, read_nifti, spacing_of
from unet_teach.predict.regions import decode_regions, not_nested
from unet_teach.recipes.glioma import GliomaCase, as_sequences, coarse, fine, region_logits

AXES = ("L", "P", "S")  # the axes of the files that the networks have seen: left, back (posterior), head (superior)
BRAIN = (800.0, 2200.0)  # ml of the brain of an adult, with some room
ALIKE = 0.999  # two sequences that correlate so closely are one file given twice


class TumourVolumes(NamedTuple):
    """What was found, in ml: the whole tumour, its core, its enhancing part, and where claims were not nested."""

    whole: float
    core: float
    enhancing: float
    not_nested: float


class HeadScan(NamedTuple):
    """Two sequences on one grid, with the brain: (X, Y, Z) each."""

    flair: NDArray[np.float32]
    t1c: NDArray[np.float32]
    brain: NDArray[np.bool_]


def read_head(flair: Path, t1c: Path, brain: Path) -> HeadScan:
    """Read the files of one head, and compare everything that can be compared.

    Parameters
    ----------
    flair, t1c : NIfTI files of the two sequences, registered to each other, voxels of 1 mm
    brain : a NIfTI file of 0 and 1 on the same grid, 1 in the brain

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a file is damaged; the grids differ; voxels are not 1 mm, or axes run elsewhere than in the training set; the
        mask holds other numbers or no plausible brain; a sequence is not finite or even there, or both are one.

    Introduced in chapter 22.
    """
    files = {"FLAIR": Path(flair), "T1c": Path(t1c)}
    volumes = {name: read_nifti(path) for name, path in files.items()}
    inside, grid = read_labels(brain), read_nifti(brain)[1]
    for name, (volume, affine) in volumes.items():
        if volume.shape != inside.shape or not np.allclose(affine, grid, atol=1e-2):
            raise ValueError(
                f"{name} and the brain lie on different grids ({volume.shape} and {inside.shape} voxels): register "
                "them first; what lies at one index would be two places"
            )
    _require_known_grid(grid)
    _require_brain(inside)
    mask = inside == 1
    for name, (volume, _) in volumes.items():
        values = volume[mask]
        if not np.isfinite(values).all():
            raise ValueError(f"{name} holds NaN or infinity inside the brain: convert or export it again")
        if np.ptp(values) <= 1e-6 * max(float(np.abs(values).max()), 1e-30):
            raise ValueError(f"{name} has one grey value throughout the brain: the file is empty")
    one, other = (volume[mask].astype(np.float64) for volume, _ in volumes.values())
    if abs(np.corrcoef(one, other)[0, 1]) > ALIKE:
        raise ValueError("FLAIR and T1c are the same picture: one file was given twice")
    shown, enhanced = (np.where(mask, volume, np.float32(0)) for volume, _ in volumes.values())
    return HeadScan(shown, enhanced, mask)


def tumour_volumes(network: nn.Module, flair: Path, t1c: Path, brain: Path) -> TumourVolumes:
    """Find the tumour of one head in its files, and measure it. Not for diagnosis.

    What the files cannot tell remains unseen: sequences under each other's names, another person's mask of the right
    size, a registration that failed by a few millimetres.

    Parameters
    ----------
    network : (N, 2, D, H, W) -> (N, 3, D, H, W) logits of WT, TC, ET, such as `train_on_heads` gives
    flair, t1c, brain : as `read_head`

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_head` does; ValueError also if the network gives anything but three finite maps.

    Introduced in chapter 22.
    """
    scan = read_head(flair, t1c, brain)
    image = coarse(as_sequences(np.stack([scan.flair, scan.t1c]), scan.brain))
    case = GliomaCase("a head", image, np.zeros((3, *image.shape[1:]), bool), coarse(scan.brain) >= 0.5)
    logits = region_logits(network, case)
    if not np.isfinite(logits).all():
        raise ValueError("the network gave NaN or infinity: its weights are damaged, or it was never trained")
    claims = (fine(logits, scan.brain.shape) > 0) & scan.brain
    labels = decode_regions(claims)
    whole, core, enhancing = (int(np.isin(labels, codes).sum()) / 1000 for codes in ((1, 2, 4), (1, 4), (4,)))
    return TumourVolumes(whole, core, enhancing, int(not_nested(claims).sum()) / 1000)


def _require_known_grid(affine: NDArray[np.float64]) -> None:
    spacing = spacing_of(affine)
    if not np.allclose(spacing, 1, atol=0.01):
        sizes = " x ".join(f"{size:.3g}" for size in spacing)
        raise ValueError(f"voxels are {sizes} mm, the networks have seen 1 mm: resample to it first")
    axes = tuple(nibabel.aff2axcodes(affine))
    if axes != AXES:
        raise ValueError(f"axes run towards {axes}, the networks have seen {AXES}: turn the volumes first")


def _require_brain(inside: NDArray[np.uint8]) -> None:
    found = np.unique(inside)
    if not np.isin(found, (0, 1)).all():
        raise ValueError(f"the brain's file holds {found[:6].tolist()}: a mask is 0 and 1; is it an image, or labels?")
    millilitres = int((inside == 1).sum()) / 1000
    if not BRAIN[0] <= millilitres <= BRAIN[1]:
        raise ValueError(
            f"the mask holds {millilitres:.0f} ml, and an adult's brain {BRAIN[0]:.0f} to {BRAIN[1]:.0f}: is it the "
            "mask of this head, and not turned inside out?"
        )
