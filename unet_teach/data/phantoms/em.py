"""A phantom of nerve tissue under the electron microscope: the stand-in for `isbi2012_em`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import whole
from unet_teach.data.phantoms.em_paint import Painter
from unet_teach.data.phantoms.em_tissue import Tissue
from unet_teach.data.phantoms.noise import seeded


class EMSections(NamedTuple):
    """Sections and their membranes; see `load_em`."""

    images: NDArray[np.uint8]
    membrane: NDArray[np.bool_]
    numbers: NDArray[np.int64]


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
    n = whole("n", n)
    if n < 1:
        raise ValueError(f"a stack has at least one section, got n={n}")
    rng = seeded(seed)
    tissue = Tissue(n, rng)
    painter = Painter(tissue, rng)
    painted = [painter.paint(tissue.cut(number), number) for number in range(n)]
    images, membrane = (np.stack(part) for part in zip(*painted, strict=True))
    return EMSections(images, membrane, np.arange(n))
