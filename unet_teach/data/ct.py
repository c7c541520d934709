"""One slice of an abdominal CT with a map of its fat (set `fatsegmentation`)."""

import numpy as np
from skimage.io import imread

from unet_teach.data.download import FetchError, fetch
from unet_teach.data.phantoms.ct import CTSlice, ct_slice
from unet_teach.data.standin import announce

IMAGE = "1004244319.dcm.raw"
TISSUE = "skinFat_maska_1004244319.dcm.raw.bmp"


def load_ct_slice() -> CTSlice:
    """Load one axial slice through an abdomen at the height of the kidneys.

    It is seen from the feet, as radiologists do: the patient's right, with the liver, is on the left. There is no
    split, since there is only one slice: it is for looking and for developing, never for a score. The files carry no
    pixel size, so areas on it are in pixels.

    Returns
    -------
    CTSlice
        hu : (512, 512) int16, Hounsfield units: water 0, air about -1000, and -2048 where the scanner measured
            nothing, outside the circle of its field of view
        tissue : (512, 512) uint8, 255 fat under the skin, 128 fat among the organs, 64 the rest of the body, 0 outside;
            the skin, some three pixels, counts as outside. An algorithm drew it, not a person.

    A stand-in of the same shapes is returned, and announced, where the real set cannot be had.

    Source: the repository taborzbislaw/FatSegmentation. Introduced in chapter 1.
    """
    try:
        folder = fetch("fatsegmentation")
    except FetchError as error:
        announce("fatsegmentation", error.reason)
        return ct_slice(seed=0)
    stored = np.fromfile(folder / IMAGE, dtype=">i2").reshape(512, 512)  # big-endian: the most significant byte first
    tissue = imread(folder / TISSUE)[..., 0]  # grey, saved as three equal colours
    return CTSlice(stored.astype(np.int16), np.ascontiguousarray(tissue))
