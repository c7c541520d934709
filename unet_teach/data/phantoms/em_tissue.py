"""The tissue of the EM phantom: where its cells are, in every section.

Cells are soft ellipses that wander and breathe from section to section. A pixel belongs to the cell that it is deepest
in, and there is a membrane between neighbours of different cells: a Voronoi diagram whose sites have sizes. Smooth
noise bends the whole.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.noise import Field, enlarged, smooth_noise

MARGIN = 60  # pixels of tissue around the picture
REACH = 60  # pixels beyond its edge in which a cell can still claim anything
FIBRE = 2.2  # how many times longer than wide the cells of the fibres are


class Animal(NamedTuple):
    """What the tissue of one animal has of its own, where it was cut."""

    size: int  # of the picture, in pixels
    cells: int
    radius: float  # of a middling cell, in pixels
    largest: float  # of any cell, in pixels
    fibres: int  # the row below which cells run sideways


class Section(NamedTuple):
    """One cut through the tissue, at every pixel: fields of shape (size, size)."""

    owner: NDArray[np.int64]  # which cell
    distance: Field  # to the nearest membrane, in pixels
    shift: tuple[Field, Field]  # how far the tissue is bent there, in pixels
    stain: Field  # how strongly membranes take the stain; standard normal
    tilt: Field  # how obliquely they are cut; standard normal


class Tissue:
    """Cells in space; the first axis of every array is the section."""

    def __init__(self, n: int, animal: Animal, rng: np.random.Generator) -> None:
        self.animal = animal
        size, cells, coarse = animal.size, animal.cells, animal.size // 8
        radius = np.sort(np.clip(rng.lognormal(np.log(animal.radius), 0.7, cells), 5, animal.largest))[::-1]
        drift = np.linspace(-0.5, 0.5, n)[:, None, None] * rng.normal(0, 22, (cells, 2))
        self.centre = _packed(radius, size, rng) + drift + 8 * smooth_noise(rng, (n, cells, 2), (3, 0, 0))  # in pixels
        self.radius = radius * (1 + 0.2 * smooth_noise(rng, (n, cells), (3, 0)))  # in pixels
        self.angle = rng.uniform(0, np.pi, cells)
        self.stretch = np.exp(rng.normal(0, 0.25, cells))
        wide = smooth_noise(rng, (n, 2, coarse, coarse), (1.3, 0, 4, 4))
        fine = smooth_noise(rng, (n, 2, coarse, coarse), (0.6, 0, 1.3, 1.3))
        self.bend = 10 * wide + 2.8 * fine  # in pixels
        # Below a line across the picture the cells run sideways, as fibres do: there the tissue is drawn out.
        row, column = np.ogrid[4:size:8, 4:size:8]
        drawn_out = 1 / (1 + np.exp((animal.fibres + 40 * wide[:1, 0] - row) / 18))
        self.bend[:, 1] += (1 / FIBRE - 1) * drawn_out * (column - size / 2)
        self.stain = smooth_noise(rng, (n, coarse, coarse), (1.5, 3.5, 3.5))
        self.tilt = smooth_noise(rng, (n, coarse, coarse), (1.5, 5, 5))

    def cut(self, number: int) -> Section:
        """Find the owner of every pixel of one section, and the distance to the nearest membrane."""
        size = self.animal.size
        shift = enlarged(self.bend[number, 0], size), enlarged(self.bend[number, 1], size)
        half = np.arange(0, size, 2, dtype=np.float32)  # every other pixel is enough: claims are smooth
        rows, columns = half[:, None] + shift[0][::2, ::2], half + shift[1][::2, ::2]
        best = np.full(rows.shape, np.inf, dtype=np.float32)
        owner = np.zeros(rows.shape, dtype=np.int64)
        for cell in range(self.animal.cells):
            centre, radius, stretch = self.centre[number, cell], self.radius[number, cell], self.stretch[cell]
            reach = radius * max(stretch, 1 / stretch) + REACH
            window = _window(centre - reach, centre + reach, size)
            y, x = rows[window] - np.float32(centre[0]), columns[window] - np.float32(centre[1])
            claim = length(y, x, self.angle[cell], stretch) - np.float32(radius)  # negative inside
            owner[window][claim < best[window]] = cell
            best[window] = np.minimum(best[window], claim)
        border = np.zeros(rows.shape, dtype=bool)
        border[1:] |= owner[1:] != owner[:-1]
        border[:, 1:] |= owner[:, 1:] != owner[:, :-1]
        distance = ndimage.distance_transform_edt(~border).astype(np.float32)
        distance = 2 * ndimage.gaussian_filter(distance, 1.2)  # membranes are smooth, and thicker in corners
        distance = np.maximum(enlarged(distance, size) - 1.5, 0)
        return Section(
            owner.repeat(2, axis=0).repeat(2, axis=1),
            distance,
            shift,
            enlarged(self.stain[number], size),
            enlarged(self.tilt[number], size),
        )


def _window(low: NDArray[np.float64], high: NDArray[np.float64], size: int) -> tuple[slice, slice]:
    """Turn a box of tissue, in pixels, into a window of every other pixel that holds it, drawn out or not."""
    middle = size / 2
    left, right = min(low[1], middle + FIBRE * (low[1] - middle)), max(high[1], middle + FIBRE * (high[1] - middle))
    top, bottom, left, right = np.clip([low[0], high[0], left, right], 0, size).astype(int).tolist()
    return slice(top // 2, bottom // 2), slice(left // 2, right // 2)


def length(y: Field, x: Field, angle: float, stretch: float) -> Field:
    """Measure (y, x) with a ruler that is finer by `stretch` along one direction, coarser across it."""
    along, across = np.cos(angle) * y + np.sin(angle) * x, np.cos(angle) * x - np.sin(angle) * y
    measured: Field = np.hypot(along * np.float32(stretch), across / np.float32(stretch))
    return measured


def _packed(radius: NDArray[np.float64], size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Place discs, the largest first, each where it overlaps no other if one of 60 throws finds such a place."""
    centre = np.empty((len(radius), 2))
    for i in range(len(radius)):
        thrown = rng.uniform(-MARGIN, size + MARGIN, (60, 2))
        apart = np.linalg.norm(thrown[:, None] - centre[:i], axis=-1) - 0.9 * (radius[:i] + radius[i])
        room = apart.min(axis=1, initial=np.inf)
        centre[i] = thrown[np.argmax(room > 0) if (room > 0).any() else np.argmax(room)]
    return centre
