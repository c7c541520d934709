"""Ten electron-microscopy sections of another animal (set `vnc_sstem`): the external exam of the EM networks."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from skimage.io import imread

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.phantoms.em import VNCSections, vnc_sections
from unet_teach.data.standin import announce

SECTIONS = 10


def load_vnc_sstem() -> VNCSections:
    """Load the external exam of the networks that learn on `load_em`: never trained on, and never chosen on.

    Ten consecutive sections through the nerve cord of a fruit fly's larva, third instar: another animal, another
    microscope, other annotators. Pixels are 4.6 nm wide and sections 45 to 50 nm thick. There is no split. Whatever is
    chosen, weights, thresholds or settings, is chosen elsewhere before these sections are opened. Dark sheets of glia
    between cells count as membrane here.

    Returns
    -------
    VNCSections
        images : (10, 1024, 1024) uint8, grey values 0-255, membranes dark
        membrane : (10, 1024, 1024) bool, True on membrane
        mitochondria : (10, 1024, 1024) bool, True inside a mitochondrion (the files' soft edges are cut at 128)

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Source: Gerhard et al. (2013), see `SETS["vnc_sstem"].citation`. Introduced in chapter 24.
    """
    try:
        folder = fetch("vnc_sstem")
    except FetchError as error:
        announce("vnc_sstem", error.reason)
        return vnc_sections(SECTIONS, seed=0)
    images = np.stack([imread(folder / "raw" / f"{number:02}.tif") for number in range(SECTIONS)])
    membrane, mitochondria = (
        np.stack([_mask(folder / name / f"{number:02}.png") for number in range(SECTIONS)])
        for name in ("membranes", "mitochondria")
    )
    return VNCSections(images, membrane, mitochondria)


def _mask(path: Path) -> NDArray[np.bool_]:
    drawn = imread(path)
    mask: NDArray[np.bool_] = (
        drawn if drawn.dtype == bool else drawn >= 128
    )  # a file without grey stores one bit a pixel
    return mask
