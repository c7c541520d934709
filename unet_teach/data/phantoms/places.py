"""Where the voxels of a phantom lie, in millimetres, and random fields that are the same on every grid.

A body is drawn once, in millimetres, and then looked at through voxels of any size. So whatever is random about it must
not depend on the voxels: `clay` is made of knots at fixed places, and a voxel takes what stands there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import number, reals, whole
from unet_teach.data.phantoms.noise import Field

REACH = 320.0  # mm from the middle to where the knots end
SMALLEST, LARGEST = 0.5, 20.0  # mm of a voxel
MOST = 40_000_000  # voxels


@dataclass(frozen=True)
class Places:
    """The centres of voxels along the three axes, mm: towards the head, the back and the left, from the middle."""

    head: NDArray[np.float64]
    back: NDArray[np.float64]
    left: NDArray[np.float64]
    spacing: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows, columns."""
        return len(self.head), len(self.back), len(self.left)

    @property
    def affine(self) -> NDArray[np.float64]:
        """From (slice, row, column) to mm towards the patient's right, front and head, as `read_nifti` has them."""
        affine = np.zeros((4, 4))
        affine[0, 2], affine[1, 1], affine[2, 0] = (-self.spacing[2], -self.spacing[1], self.spacing[0])
        affine[:, 3] = -self.left[0], -self.back[0], self.head[0], 1
        return affine


def grid(slices: int, size: tuple[int, int], spacing: tuple[float, float, float], level: float) -> Places:
    """Lay voxels around the middle of the body, with the middle of the stack at a height of `level` mm."""
    counts = (slices, *size)
    head, back, left = (
        (np.arange(n, dtype=np.float64) - (n - 1) / 2) * step for n, step in zip(counts, spacing, strict=True)
    )
    return Places(head + level, back, left, spacing)


def spacing_given(spacing: float | Sequence[float]) -> tuple[float, float, float]:
    """Turn one number, or three along (slices, rows, columns), into three numbers of mm, or say what is wrong."""
    steps = reals("spacing", spacing, finite=True).ravel()
    if steps.size not in (1, 3):
        raise ValueError(f"spacing is one number of mm, or three (slices, rows, columns); got {steps.size} numbers")
    if not ((steps >= SMALLEST) & (steps <= LARGEST)).all():
        raise ValueError(f"spacing is in mm, from {SMALLEST:g} to {LARGEST:g}; got {steps.tolist()}")
    down, across, along = np.broadcast_to(steps, 3).tolist()
    return down, across, along


def size_given(
    slices: int, size: tuple[int, int] | None, field: tuple[float, float], spacing: tuple[float, float, float]
) -> tuple[int, tuple[int, int]]:
    """Return slices, rows and columns; without a size, rows and columns cover `field` mm and are multiples of 8."""
    if size is None:
        high, wide = (8 * int(np.ceil(mm / step / 8)) for mm, step in zip(field, spacing[1:], strict=True))
    else:
        if not isinstance(size, Sequence) or len(size) != 2:
            raise TypeError(f"size is two whole numbers, rows and columns; got {size!r}")
        high, wide = (whole("a size", length) for length in size)
    count = whole("slices", slices)
    if min(count, high, wide) < 1:
        raise ValueError(f"slices, rows and columns are 1 or more; got {count}, {high} and {wide}")
    if count * high * wide > MOST:
        raise ValueError(f"{count} x {high} x {wide} voxels are too many: take larger ones or fewer slices")
    return count, (high, wide)


def share(name: str, value: float) -> float:
    """Return a number from 0 to 1, or say that it is none."""
    return finite(name, value, 0, 1)


def finite(name: str, value: float, least: float = -1000, most: float = 1000) -> float:
    """Return a number within bounds, or say that it is none."""
    given = number(name, value)
    if not least <= given <= most:
        raise ValueError(f"{name} is a number from {least:g} to {most:g}, got {given:g}")
    return given


def seed_given(seed: int | np.random.Generator) -> int:
    """Return a seed of 0 or more, taken from a generator if it is one: then its state moves on, as by any draw."""
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**62))
    chosen = whole("the seed", seed)
    if chosen < 0:
        raise ValueError(f"a seed is 0 or more, got {chosen}")
    return chosen


def clay(key: tuple[int, ...], places: Places, knots: float, mirrored: bool = False) -> Field:
    """Draw a smooth random field, mean 0 and standard deviation about 1, that is alike over about `knots` mm.

    It is a sum of cubic bumps (B-splines) at knots `knots` mm apart, whose heights are normal. Each layer of knots has
    its own seed, so one slice costs four layers, and shows what the whole volume shows there.

    Parameters
    ----------
    key : the seed, and numbers that tell this field from others
    places : where to take it
    knots : mm between two knots
    mirrored : make the left side the mirror image of the right

    Returns
    -------
    (slices, rows, columns) float32
    """
    left = np.abs(places.left) if mirrored else places.left
    layers, along_head = _bumps(places.head, knots)
    rows, along_back = _bumps(places.back, knots)
    columns, along_left = _bumps(left, knots)
    drawn = [_layer(key, number, knots)[np.ix_(rows, columns)] for number in layers.tolist()]
    flat = [along_back @ layer @ along_left.T for layer in drawn]
    field = np.tensordot(along_head, np.stack(flat), axes=1)
    if mirrored:  # to the last digit, which sums of products need not be
        count = len(left)
        field[..., count - count // 2 :] = field[..., : count // 2][..., ::-1]
    scaled: Field = (field / 0.479**1.5).astype(np.float32)  # the mean square of the bumps that meet at a place
    return scaled


def _layer(key: tuple[int, ...], number: int, knots: float) -> Field:
    count = 2 * int(np.ceil(REACH / knots)) + 5
    rng = np.random.default_rng([*key, number])
    return rng.standard_normal((count, count), dtype=np.float32)


def _bumps(places: NDArray[np.float64], knots: float) -> tuple[NDArray[np.int64], Field]:
    """Return the numbers of the knots that matter, and how much of each bump every place has.  (places, knots)"""
    at = places / knots + np.ceil(REACH / knots) + 2
    first, last = int(np.floor(at.min())) - 1, int(np.floor(at.max())) + 2
    numbers = np.clip(np.arange(first, last + 1), 0, 2 * int(np.ceil(REACH / knots)) + 4)
    away = np.abs(at[:, None] - np.arange(first, last + 1))
    near, far = 2 / 3 - away**2 + away**3 / 2, np.clip(2 - away, 0, None) ** 3 / 6
    return numbers, np.where(away < 1, near, far).astype(np.float32)


def require_heights(places: Places, lowest: float, highest: float, what: str) -> None:
    """Raise `ValueError`, in words, where slices lie outside of what is drawn, in mm of height."""
    if places.head[0] < lowest or places.head[-1] > highest:
        raise ValueError(
            f"the slices reach from {places.head[0]:g} to {places.head[-1]:g} mm, the {what} from {lowest:g} to "
            f"{highest:g}: take fewer, thinner, or another level"
        )
