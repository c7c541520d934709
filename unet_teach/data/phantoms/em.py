"""Phantoms of nerve tissue under the electron microscope: the stand-ins for `isbi2012_em` and `vnc_sstem`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole
from unet_teach.data.phantoms.em_paint import Micrograph, Microscope, Painter
from unet_teach.data.phantoms.em_tissue import Animal, Tissue
from unet_teach.data.phantoms.noise import seeded

# The block that is trained on, and the block of the external exam: everything but the laws of tissue differs.
YOUNG = Animal(size=512, cells=230, radius=13.5, largest=85, fibres=380)
GRAINY = Microscope(
    contrast=1.06, brightness=-11, mitochondria=84, noise=(41, 0.8), later_noise=(52, 0.6), noisy_from=15, pen=1.05
)
OLDER = Animal(size=1024, cells=340, radius=20, largest=125, fibres=1200)
CRISP = Microscope(
    contrast=1.5, brightness=-79, mitochondria=107, noise=(44, 0.7), later_noise=(44, 0.7), noisy_from=0, pen=2.2
)


class EMSections(NamedTuple):
    """Sections and their membranes; see `load_em`."""

    images: NDArray[np.uint8]
    membrane: NDArray[np.bool_]
    numbers: NDArray[np.int64]


class VNCSections(NamedTuple):
    """Sections of the external exam; see `load_vnc_sstem`."""

    images: NDArray[np.uint8]
    membrane: NDArray[np.bool_]
    mitochondria: NDArray[np.bool_]


def em_sections(n: int, seed: int) -> EMSections:
    """Draw `n` consecutive sections through a tissue that never was; the same arguments give the same sections.

    Cells wander slowly from section to section, so neighbours look alike. Grey values, the share of membrane and the
    noise, which grows at section 15, are those of the real set.

    Parameters
    ----------
    n : how many sections
    seed : any integer from 0 on

    Returns
    -------
    EMSections
        images : (n, 512, 512) uint8, membranes dark
        membrane : (n, 512, 512) bool, True on membrane
        numbers : (n,) int64, 0 to n - 1

    Raises
    ------
    ValueError
        If `n` is less than 1.

    Introduced in chapter 1.
    """
    micrographs = _cut(n, YOUNG, GRAINY, seed)
    images, membrane, _ = (np.stack(part) for part in zip(*micrographs, strict=True))
    return EMSections(images, membrane, np.arange(n))


def vnc_sections(n: int, seed: int) -> VNCSections:
    """Draw `n` consecutive sections of another animal than `em_sections`, with other settings, traced by other hands.

    Cells are larger, the picture is wider and crisper, and whoever traced the membranes had a broader pen. Grey values
    and the shares of membrane and mitochondria are near those of the real set.

    Parameters
    ----------
    n : how many sections
    seed : any integer from 0 on

    Returns
    -------
    VNCSections
        images : (n, 1024, 1024) uint8, membranes dark
        membrane : (n, 1024, 1024) bool, True on membrane
        mitochondria : (n, 1024, 1024) bool, True inside a mitochondrion

    Raises
    ------
    ValueError
        If `n` is less than 1.

    Introduced in chapter 24.
    """
    return VNCSections(*(np.stack(part) for part in zip(*_cut(n, OLDER, CRISP, seed), strict=True)))


def _cut(n: int, animal: Animal, microscope: Microscope, seed: int) -> list[Micrograph]:
    n = whole("n", n)
    if n < 1:
        raise ValueError(f"a stack has at least one section, got n={n}")
    rng = seeded(seed)
    tissue = Tissue(n, animal, rng)
    painter = Painter(tissue, microscope, rng)
    return [painter.paint(tissue.cut(number), number) for number in range(n)]
