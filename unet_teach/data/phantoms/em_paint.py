"""The grey values of the EM phantom: cytoplasm, organelles, membranes, and the camera."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.data.phantoms.em_tissue import Section, Tissue, length
from unet_teach.data.phantoms.noise import Field, enlarged, smooth_noise

VESICLES = 900  # thrown at 512 x 512 pixels of each section; most miss


class Microscope(NamedTuple):
    """How one laboratory shows tissue: the stain, the camera, and the pen of those who trace membranes."""

    contrast: float
    brightness: float  # in grey values
    mitochondria: float  # their grey, before contrast and brightness
    noise: tuple[float, float]  # standard deviation in grey values, before a blur of so many pixels
    later_noise: tuple[float, float]
    noisy_from: int  # the first section that has the later noise
    pen: float  # pixels on either side of a membrane's middle that are traced


class Micrograph(NamedTuple):
    """One section as it is shown, and what is traced on it; each (size, size)."""

    image: NDArray[np.uint8]
    membrane: NDArray[np.bool_]
    mitochondria: NDArray[np.bool_]


class Painter:
    """What belongs to a cell in all sections, drawn once: its grey, its vesicles, its mitochondrion."""

    def __init__(self, tissue: Tissue, microscope: Microscope, rng: np.random.Generator) -> None:
        n, cells, size = len(tissue.radius), tissue.animal.cells, tissue.animal.size
        self.tissue, self.microscope, self.rng, self.size = tissue, microscope, rng, size
        self.grey = rng.normal(155, 6, cells) - 20 * (rng.random(cells) < 0.08)  # a few cells are dark all over
        self.busy = rng.random(cells) < 0.55  # cells with vesicles
        # Textures are drawn once and shifted at random from then on: their edges fit together.
        self.textures = {sigma: smooth_noise(rng, (size, size), sigma) for sigma in (1.3, 2.0, 6.0)}
        self.has_mitochondrion = (tissue.radius.max(axis=0) > 17) & (rng.random(cells) < 0.75)
        self.depth = rng.uniform(0, n, cells)  # the section through its middle
        self.half_height = rng.uniform(2.5, 6, cells)  # in sections
        self.off_centre = rng.normal(0, 0.25, (cells, 2))
        self.share = rng.uniform(0.4, 0.62, cells)  # of the cell's radius
        self.angle = rng.uniform(0, np.pi, cells)

    def paint(self, section: Section, number: int) -> Micrograph:
        """Show one section of the tissue."""
        image = self._cytoplasm(section)
        self._add_vesicles(image, section)
        mitochondria = np.zeros(image.shape, dtype=bool)
        for cell in np.flatnonzero(self.has_mitochondrion & (abs(number - self.depth) < self.half_height)).tolist():
            self._add_mitochondrion(image, mitochondria, section, number, cell)
        membrane = self._add_membranes(image, section)
        return Micrograph(self._photograph(image, number), membrane, mitochondria)

    def _texture(self, sigma: float) -> Field:
        shift = self.rng.integers(0, self.size, 2).tolist()
        shifted: Field = np.roll(self.textures[sigma], shift, axis=(0, 1))
        return shifted

    def _cytoplasm(self, section: Section) -> Field:
        coarse = self.size // 8
        image: Field = ndimage.gaussian_filter(self.grey[section.owner].astype(np.float32), 1.5)
        image += 9 * enlarged(smooth_noise(self.rng, (coarse, coarse), 6), self.size) + 9 * self._texture(6.0)
        granules: Field = np.maximum(self._texture(1.3) - 1.2, 0)
        return image + 10 * self._texture(2.0) - 36 * granules

    def _add_vesicles(self, image: Field, section: Section) -> None:
        """Stamp small bright discs with a dark rim into some cells, away from their membranes."""
        thrown = round(VESICLES * (self.size / 512) ** 2)
        for row, column in self.rng.integers(8, self.size - 9, (thrown, 2)):
            radius, rim = self.rng.uniform(1, 4.2), self.rng.uniform(20, 60)
            if section.distance[row, column] < 8 or not self.busy[section.owner[row, column]]:
                continue
            y, x = np.ogrid[-8:9, -8:9]
            r = np.hypot(y, x)
            stamp = 6 * (r < radius - 1) - rim * np.exp(-(((r - radius) / 1.1) ** 2))
            image[row - 8 : row + 9, column - 8 : column + 9] += stamp.astype(np.float32)

    def _add_mitochondrion(
        self, image: Field, mitochondria: NDArray[np.bool_], section: Section, number: int, cell: int
    ) -> None:
        """Paint a dark body with folds inside and a double outline, as far as it lies within its cell, and mark it."""
        middle = self.tissue.centre[number, cell] + self.off_centre[cell] * self.tissue.radius[number, cell]
        seen = np.clip(middle, 0, self.size - 1).astype(int)
        middle = middle - [shift[*seen] for shift in section.shift]  # undo the bend there
        thickness = 1 - ((number - self.depth[cell]) / self.half_height[cell]) ** 2
        radius = min(self.share[cell] * self.tissue.radius[number, cell], 36) * np.sqrt(thickness)
        low, high = (np.clip(middle + edge, 0, self.size).astype(int) for edge in (-1.7 * radius - 6, 1.7 * radius + 6))
        window = slice(low[0], high[0]), slice(low[1], high[1])
        y, x = (a.astype(np.float32) for a in np.ogrid[window])
        y, x = y - np.float32(middle[0]), x - np.float32(middle[1])
        outside = length(y, x, self.angle[cell], 0.85) - radius + 1.5 * section.stain[window]
        outside = np.maximum(outside, 6 - section.distance[window])
        outside = np.where(section.owner[window] == cell, outside, 9)  # pixels beyond its outline; negative within
        along = np.cos(self.angle[cell] + 0.5) * y + np.sin(self.angle[cell] + 0.5) * x
        folds = np.sin(along / 1.3 + 2.5 * self._texture(6.0)[window])
        body = self.microscope.mitochondria + 16 * folds + 13 * self._texture(1.3)[window]
        within = 1 / (1 + np.exp(outside / 0.8))
        rims = 15 * np.exp(-(((outside - 3) / 1.3) ** 2)) - 30 * np.exp(-(((outside + 1) / 1.4) ** 2))
        image[window] += within * (body - image[window]) + rims
        mitochondria[window] |= outside < 0

    def _add_membranes(self, image: Field, section: Section) -> NDArray[np.bool_]:
        """Darken the borders between cells and dense patches beside some; return what counts as membrane."""
        oblique = np.clip(section.tilt - 1.0, 0, 1.2)  # cut at a slant, a membrane is wide and pale
        width = 1.6 * np.exp(0.15 * section.stain) * (1 + 1.8 * oblique)
        profile = np.exp(-(np.abs((section.distance + 0.5 * self._texture(2.0)) / width) ** 3))
        dark = (72 + 7 * section.stain) * (1 - 0.4 * oblique)
        image -= dark * profile * (1 + 0.12 * self._texture(2.0))
        dense = np.clip(section.stain - 1.2, 0, 1.2) * np.exp(-((section.distance / 14) ** 2))
        image += np.clip(dense * (0.8 + 0.25 * self._texture(2.0)), 0, 0.9) * (58 - image)
        membrane: NDArray[np.bool_] = (section.distance < self.microscope.pen + 1.4 * oblique + 1.5 * dense) | (
            dense > 0.95
        )
        return membrane

    def _photograph(self, image: Field, number: int) -> NDArray[np.uint8]:
        """Add noise with the spectrum measured on the real sections: white, then blurred."""
        lens = self.microscope
        sigma, blur = lens.later_noise if number >= lens.noisy_from else lens.noise
        grain = ndimage.gaussian_filter(self.rng.standard_normal(image.shape, dtype=np.float32), blur)
        exposure = self.rng.normal(0, 6)
        grey = np.clip(np.rint(lens.contrast * image + sigma * grain + exposure + lens.brightness), 0, 255)
        return np.asarray(grey, dtype=np.uint8)
