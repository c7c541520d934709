"""Sections as cases for a planner (chapter 18)."""

import numpy as np

from unet_teach.data.phantoms.em import EMSections
from unet_teach.nnunet.dataset import Case, Dataset

PIXEL = (4.0, 4.0)  # nm


def as_dataset(sections: EMSections) -> Dataset:
    """Make sections, as `load_em` gives them, cases named by their numbers: "00", "01" ...

    Introduced in chapter 18.
    """
    cases = [
        Case(f"{number:02}", image[None], truth.astype(np.uint8), PIXEL)
        for image, truth, number in zip(sections.images, sections.membrane, sections.numbers, strict=True)
    ]
    return Dataset(cases, ("EM",), ("inside", "membrane"), "NerveCord")
