"""The thirty electron-microscopy sections of the ISBI 2012 challenge (set `isbi2012_em`)."""

from functools import lru_cache

import numpy as np
from skimage.io import imread

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.phantoms.em import EMSections, em_sections
from unet_teach.data.splits import numbers_of
from unet_teach.data.standin import announce

# Consecutive sections look alike, so 19 and 23 stay out, as gaps between the splits.
SPLITS = {"train": range(19), "validation": range(20, 23), "test": range(24, 30)}


def load_em(split: str) -> EMSections:
    """Load sections through the nerve cord of a fruit fly, with the membranes that experts traced.

    Pixels are 4 nm wide and sections 50 nm thick. The splits are "train" (sections 0-18), "validation" (20-22) and
    "test" (24-29). From section 15 on the images are noisier, so the training split holds both kinds. Many
    chapters use the six test sections, which makes them a development test set: thresholds and best weights come
    from the validation split, and a final verdict would need sections that nobody has looked at.

    Parameters
    ----------
    split : "train", "validation" or "test"

    Returns
    -------
    EMSections
        images : (N, 512, 512) uint8, grey values 0-255, membranes dark
        membrane : (N, 512, 512) bool, True on membrane (the files store 0 there, and 255 inside a cell)
        numbers : (N,) int64, which of the 30 sections these are

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Raises
    ------
    ValueError
        If there is no such split.

    Source: Cardona et al. (2010) and Arganda-Carreras et al. (2015), see `SETS["isbi2012_em"].citation`.
    Introduced in chapter 1.
    """
    numbers = numbers_of(split, SPLITS)
    try:
        folder = fetch("isbi2012_em")
    except FetchError as error:
        announce("isbi2012_em", error.reason)
        drawn = _standin()
        return EMSections(drawn.images[numbers], drawn.membrane[numbers], drawn.numbers[numbers])
    images = np.stack([imread(folder / "image" / f"{number:02}.png") for number in numbers])
    labels = np.stack([imread(folder / "label" / f"{number:02}.png") for number in numbers])
    return EMSections(images, labels == 0, np.array(numbers))


@lru_cache(1)
def _standin() -> EMSections:
    return em_sections(30, seed=0)
