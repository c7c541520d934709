"""A torso of ellipsoids: the stand-in for the CT and the MR of set `totalsegmentator`."""

import numpy as np
from numpy.typing import NDArray

# Class of TotalSegmentator (0: none), grey value in HU, centre and radii in voxels of 3 mm; later ones lie on top. The
# axes run to the patient's right, the front and the head, so the liver has large x.
PARTS = (
    (0, -100, (61, 50, 56), (53, 40, 1000)),  # fat under the skin
    (0, 50, (61, 50, 56), (47, 34, 1000)),
    (0, -850, (86, 52, 125), (18, 24, 22)),  # lungs
    (0, -850, (36, 52, 125), (18, 24, 22)),
    (0, 300, (61, 27, 56), (8, 8, 1000)),
    (52, 45, (57, 40, 56), (4, 4, 1000)),
    (6, 20, (42, 66, 98), (11, 10, 10)),
    (5, 55, (82, 56, 97), (23, 25, 16)),
    (1, 45, (27, 42, 98), (11, 12, 12)),
    (2, 30, (82, 37, 86), (8, 8, 13)),
    (3, 30, (36, 37, 90), (8, 8, 13)),
    (4, 5, (74, 72, 90), (5, 6, 6)),
    (8, 25, (72, 40, 98), (3, 3, 5)),
    (9, 25, (44, 42, 99), (3, 3, 5)),
)
BONE = 300
SPINE = 10  # slices a vertebra
FIRST = 20  # TotalSegmentator's number of the lowest of them here


def torso_ct(seed: int) -> tuple[NDArray[np.int16], NDArray[np.uint8], NDArray[np.uint8]]:
    """Build a CT of a torso, with its vertebrae and organs, of the shapes and kinds that `load_torso` returns.

    Returns
    -------
    hu : (122, 101, 112) int16
    vertebrae, organs : (122, 101, 112) uint8, classes of TotalSegmentator

    Introduced in chapter 14.
    """
    shape = (122, 101, 112)
    places = np.ogrid[tuple(slice(length) for length in shape)]
    hu, organs, vertebrae = (np.full(shape, value, dtype=np.int16) for value in (-1000, 0, 0))
    for number, grey, centre, radii in PARTS:
        inside = sum(((x - c) / r) ** 2 for x, c, r in zip(places, centre, radii, strict=True)) <= 1
        hu[inside], organs[inside] = grey, number
        if grey == BONE:
            heights = FIRST + (shape[2] - 1 - places[2]) // SPINE
            vertebrae[inside] = np.broadcast_to(heights, shape)[inside]
    noise = np.random.default_rng(seed).normal(0, 15, shape)
    return (hu + np.rint(noise)).astype(np.int16), vertebrae.astype(np.uint8), organs.astype(np.uint8)


def torso_mr(seed: int) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Build an MR of a torso with its organs, of the shapes and kinds that `load_torso_mr` returns.

    Returns
    -------
    image : (117, 91, 20) int16, without a unit
    organs : (117, 91, 20) uint8, classes of TotalSegmentator's MR task

    Introduced in chapter 14.
    """
    hu, _, organs = torso_ct(seed)
    piece = np.s_[2:119, 5:96, 85:105]
    bright = np.interp(hu[piece], [-1000, -150, -100, 0, 60, 300], [5, 20, 600, 250, 300, 60])
    return np.rint(bright[::-1, ::-1]).astype(np.int16), organs[piece][::-1, ::-1].copy()
