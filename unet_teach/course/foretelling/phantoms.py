"""Phantom tumours: lumps of different sizes whose greys are noise, so that only size and form differ (chapter 23)."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.clinic.radiomics import discretise, intensity_features, shape_features, texture_features

SIDE, SPACING = 36, (2.0, 2.0, 2.0)  # voxels, mm
FEATURES = ("volume", "sphericity", "flatness", "mean", "energy", "joint entropy", "contrast")


def phantom_tumour(seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Make one: a lumpy ellipsoid, and greys that are the same slightly blurred noise wherever one looks.

    Returns
    -------
    image, mask : (36, 36, 36), voxels of 2 mm; the greys outside are as those inside

    Introduced in chapter 23.
    """
    rng = np.random.default_rng([23, seed])
    radius = np.clip(np.exp(rng.normal(np.log(8), 0.3)), 4, 13)
    stretch = np.exp(rng.normal(0, 0.15, 3))
    place = (np.indices((SIDE,) * 3) - (SIDE - 1) / 2) / (radius * stretch / stretch.prod() ** (1 / 3)).reshape(
        3, 1, 1, 1
    )
    lumps = ndimage.gaussian_filter(rng.normal(size=(SIDE,) * 3), 3)
    mask = np.sqrt((place**2).sum(axis=0)) < 1 + rng.uniform(0, 0.25) * lumps / lumps.std()
    pieces, _ = ndimage.label(mask)
    mask = pieces == np.bincount(pieces.ravel())[1:].argmax() + 1
    grey = ndimage.gaussian_filter(rng.normal(size=(SIDE,) * 3), 0.7)
    return 100 + 20 * grey / grey.std(), mask


def measure_phantoms(seeds: range) -> NDArray[np.float64]:
    """Measure phantom tumours: one row each, in the order of `FEATURES`, volumes in ml.

    Introduced in chapter 23.
    """
    rows = []
    for seed in seeds:
        image, mask = phantom_tumour(seed)
        found = shape_features(mask, SPACING) | intensity_features(image[mask])
        found |= texture_features(discretise(image, mask))
        found["volume"] = found["volume (mesh)"] / 1000
        rows.append([found[name] for name in FEATURES])
    return np.array(rows)
