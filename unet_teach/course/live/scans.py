"""The volumes that the viewer shows: what a notebook gives it, and the figure that stands where it cannot run."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import nibabel
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from unet_teach.data import load_brain_tumour, load_hippocampus, load_torso

HERE = Path(__file__).parent
SCANS: dict[str, dict[str, Any]] = json.loads((HERE / "scans.json").read_text(encoding="utf-8"))
LIBRARY = HERE.parents[2].joinpath("book", "node_modules", "@niivue", "niivue", "dist", "index.js")


class Scan(NamedTuple):
    """A volume with its labels, (X, Y, Z), and where its voxels lie in mm; see `load_scan`."""

    image: NDArray[Any]
    labels: NDArray[np.uint8]
    affine: NDArray[np.float64]


def load_scan(name: str) -> Scan:
    """Load a volume of the viewer: "hippocampus", "torso" or "brain".

    The first axis points towards the patient's right, the second to the front, the third to the head.

    Raises
    ------
    FetchError
        If the brain is not here; for the others there is a stand-in.
    ValueError
        If there is no such volume.

    Introduced in chapter 14.
    """
    if name not in SCANS:
        raise ValueError(f"there is no volume named {name!r}; there are {', '.join(SCANS)}")
    about = SCANS[name]
    if name == "hippocampus":
        case = load_hippocampus("train")[0]
        return Scan(case.image, case.labels, np.diag([*case.spacing, 1.0]))
    if name == "torso":
        torso = load_torso()
        return Scan(torso.hu[..., torso.labelled], torso.organs, np.diag([*torso.spacing, 1.0]))
    patient = load_brain_tumour(4)
    box = tuple(slice(*ends) for ends in about["crop"])
    low, high = about["greys"]
    greys = ((patient.flair[box] - low) / (high - low) * 255).clip(0, 255).round().astype(np.uint8)
    turned = (slice(None, None, -1), slice(None, None, -1))  # the file counts towards the left and the back
    return Scan(greys[turned], patient.labels[box][turned], np.diag([*patient.spacing, 1.0]))


def scan_values(name: str) -> dict[str, Any]:
    """Pack a volume for the viewer, as addresses that begin with "data:", and NiiVue where the site's parts are here.

    Without NiiVue the viewer draws the planes itself, and nothing in 3-D.

    Raises
    ------
    FetchError, ValueError
        As `load_scan` does.

    Introduced in chapter 14.
    """
    scan = load_scan(name)
    volume = {key: SCANS[name].get(key) for key in ("names", "about", "low", "high")}
    for part, array in (("image", scan.image), ("labels", scan.labels)):
        kind = np.float32 if array.dtype.kind == "f" else array.dtype
        content = gzip.compress(nibabel.Nifti1Image(array.astype(kind), scan.affine).to_bytes(), mtime=0)
        volume[part] = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
    library = LIBRARY.read_text(encoding="utf-8") if LIBRARY.is_file() else ""
    return {"volume": volume, "library": library}


def draw_scan(name: str, opacity: float = 0.6) -> Figure:
    """Draw three planes of a volume through the middle of its largest label, with the directions at their borders.

    Raises
    ------
    FetchError, ValueError
        As `load_scan` does.

    Introduced in chapter 14.
    """
    scan, about = load_scan(name), SCANS[name]
    numbers, counts = np.unique(scan.labels[scan.labels > 0], return_counts=True)
    where = np.argwhere(scan.labels == numbers[counts.argmax()])
    voxel = where[((where - where.mean(axis=0)) ** 2).sum(axis=1).argmin()]
    low, high = (about["low"], about["high"]) if "low" in about else np.percentile(scan.image, [1, 99.5])
    colours = np.zeros((256, 3))
    for one in about["names"]:
        colours[one["value"]] = to_rgb(one["colour"])
    planes = (("axial", 2, "LRPA"), ("coronal", 1, "LRIS"), ("sagittal", 0, "PAIS"))
    shapes = [[size for axis, size in enumerate(scan.image.shape) if axis != across] for _, across, _ in planes]
    wide = [width for width, _ in shapes]
    tall = 7.0 * max(height for _, height in shapes) / sum(wide)
    figure, axes = plt.subplots(1, 3, figsize=(7.0, tall + 0.4), width_ratios=wide)
    for ax, (title, across, letters) in zip(axes, planes, strict=True):
        grey = scan.image.take(voxel[across], across).T.astype(float)
        drawn = scan.labels.take(voxel[across], across).T
        picture = np.repeat(((grey - low) / (high - low)).clip(0, 1)[..., None], 3, axis=2)
        share = opacity * (drawn > 0)[..., None]
        ax.imshow((1 - share) * picture + share * colours[drawn], origin="lower", interpolation="nearest")
        ax.set(title=title, xticks=[], yticks=[])
        places = ((0.04, 0.5), (0.96, 0.5), (0.5, 0.04), (0.5, 0.96))
        for letter, (x, y) in zip(letters, places, strict=True):
            box = {"facecolor": "black", "edgecolor": "none", "pad": 1.5}
            ax.text(x, y, letter, color="white", transform=ax.transAxes, ha="center", va="center", fontsize=9, bbox=box)
    return figure
