"""A phantom of phase-contrast fields of living cells: the stand-in for `usiigaci`.

Cells are spindles and stars that lie in loose groups and grow up against each other. A phase-contrast microscope shows
how much a cell slows the light, against its surroundings: bodies dark, rims bright, the mean grey that of the
background. That is why a threshold on the grey values does not find them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.draw import polygon

from unet_teach.data.phantoms.noise import Field, seeded, smooth_noise

HEIGHT, WIDTH = 1022, 1024  # pixels
MARGIN = 90  # pixels beyond every edge, since cells are cut by the edges of a field
GREY = 32_200  # the background, of 65,535
# mean area in pixels, cells a field, steepness of the phase, grey a unit of phase: large cells and small ones
POPULATIONS = {True: (4600, 85, 6500), False: (1650, 140, 8500)}
FULL = 0.6  # a cell that finds less of its place free is not drawn


class CellFields(NamedTuple):
    """Fields of cells; see `load_cells`."""

    images: NDArray[np.uint16]
    instances: NDArray[np.int32]
    numbers: NDArray[np.int64]


def cell_field(seed: int, large: bool) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """Draw one field of cells that never were; the same seed gives the same field.

    Parameters
    ----------
    seed : any integer from 0 on
    large : whether a cell covers about 4,000 pixels, or about 1,400

    Returns
    -------
    image : (1022, 1024) uint16, grey values
    instances : (1022, 1024) int32, 0 between cells, 1, 2 ... on them; many touch, none overlap

    Introduced in chapter 5.
    """
    area, cells, contrast = POPULATIONS[large]
    rng = seeded(seed, bool(large))
    shape = (HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN)
    instances = np.zeros(shape, dtype=np.int32)
    centres = rng.uniform((MARGIN, MARGIN), (HEIGHT + MARGIN, WIDTH + MARGIN), size=(8, 2))
    for _ in range(cells):
        near = centres[rng.integers(len(centres))]
        place = near + rng.normal(0, 2.2 * np.sqrt(area), 2)
        outline = _outline(place, area * rng.lognormal(-0.1, 0.4), rng)
        _settle(instances, *polygon(*outline, shape))
    image = GREY + contrast * _phase(instances, rng) + 800 * smooth_noise(rng, shape, 1.0)
    inside = np.s_[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return np.rint(np.clip(image[inside], 0, 65_535)).astype(np.uint16), _numbered(instances[inside])


def _outline(centre: NDArray[np.float64], area: float, rng: np.random.Generator) -> tuple[Field, Field]:
    """Return rows and columns of a cell's outline: an ellipse drawn out into two to four points, turned at random."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    points = rng.uniform(0, 2 * np.pi, rng.integers(2, 5))
    reach = 1 + sum(rng.uniform(0.4, 1.5) * np.exp((np.cos(angle - point) - 1) / 0.05) for point in points)
    stretch, turn = rng.uniform(1.1, 1.9), rng.uniform(0, np.pi)
    y, x = reach * np.sin(angle) / stretch, reach * np.cos(angle) * stretch
    enclosed = abs(np.sum(y * np.roll(x, 1) - x * np.roll(y, 1))) / 2
    size = np.sqrt(area / enclosed)
    rows = centre[0] + size * (np.cos(turn) * y - np.sin(turn) * x)
    columns = centre[1] + size * (np.sin(turn) * y + np.cos(turn) * x)
    return rows, columns


def _settle(instances: NDArray[np.int32], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> None:
    """Put a cell where nobody is yet, unless too little of its place is free."""
    free = instances[rows, columns] == 0
    if free.sum() > FULL * max(1, len(free)):
        instances[rows[free], columns[free]] = instances.max() + 1


def _phase(instances: NDArray[np.int32], rng: np.random.Generator) -> Field:
    """Return what the microscope shows of the cells: their thickness, less its own blur. Its mean is about 0."""
    seams = ndimage.maximum_filter(instances, 3) != ndimage.minimum_filter(instances, 3)
    depth = ndimage.distance_transform_edt((instances > 0) & ~seams)  # 0 at an outline, pixels
    thickness = np.minimum(depth, 10) / 10 + 0.3 * (depth > 2) * smooth_noise(rng, instances.shape, 2.0)
    nucleus = 0.4 * np.clip((depth - 9) / 4, 0, 1)
    blurred = ndimage.gaussian_filter(thickness + nucleus, 5)
    halo = ndimage.gaussian_filter((seams | (depth == 1)).astype(np.float32), 1.5)
    return np.asarray(2.4 * (blurred - thickness) + 2.2 * (halo - ndimage.gaussian_filter(halo, 6)), dtype=np.float32)


def _numbered(instances: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number the cells 1, 2 ... without gaps; a cell cut into two pieces keeps the larger one."""
    kept = np.zeros_like(instances)
    boxes = [(number, box) for number, box in enumerate(ndimage.find_objects(instances), 1) if box is not None]
    for count, (number, box) in enumerate(boxes, 1):
        pieces, _ = ndimage.label(instances[box] == number)
        kept[box][pieces == np.bincount(pieces.ravel())[1:].argmax() + 1] = count
    return kept
