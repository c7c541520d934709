"""What the numbers in a mask are: classes, numbered objects, smeared edges, a picture (chapter 25)."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

FLAT_INSIDE = 0.05  # of a value's pixels have equal neighbours, or the value is no region
SMEARED, PICTURE = 3, 0.5  # values without an inside; the share of pixels that they cover
STRIP, MOST = 2**22, 2**25  # pixels that are looked at at once; of a larger mask, objects are looked at in fewer
LOOKED_AT = 60  # numbered objects of a mask, whose pieces are counted


class MaskValues(NamedTuple):
    """The values of a mask.

    values, counts : which, and how many pixels each, in rising order
    whole : whether all are whole numbers
    smeared : values between their neighbours', with no region of their own
    grainy : the share of pixels whose value has no region
    one_piece : the share of values above 0 that are one connected piece
    centres : value -> its middle, as a share of the picture's height and width
    """

    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    whole: bool
    smeared: int
    grainy: float
    one_piece: float
    centres: dict[int, tuple[float, ...]]

    @property
    def classes(self) -> set[int]:
        """The values as whole numbers."""
        return {int(value) for value in self.values}


def values_of(mask: NDArray[np.number]) -> MaskValues:
    """Look at the values of a mask (H, W) or (Z, Y, X); NaN is passed over.

    Introduced in chapter 25.
    """
    values = np.unique(np.concatenate([np.unique(_finite(part)) for part, _ in _strips(mask)]))
    whole = bool(np.all(values == np.rint(values)))
    totals = np.zeros((3, len(values)), dtype=np.int64)
    for part, own_rows in _strips(mask):
        totals += _counted(np.searchsorted(values, _finite(part)).astype(np.int32), own_rows, len(values))
    counts = totals[0]
    own, between = totals[1:] / counts
    no_region = own < FLAT_INSIDE
    smeared = no_region & (between > 0.4)
    grainy = float(counts[no_region].sum() / counts.sum())
    objects = whole and len(values) > 2 and values[0] >= 0
    pieces, centres = _pieces(mask, values) if objects else (0.0, {})
    return MaskValues(values.astype(float), counts, whole, int(smeared.sum()), grainy, pieces, centres)


def _strips(mask: NDArray[np.number]) -> Iterator[tuple[NDArray[np.number], slice]]:
    """Cut a mask into strips that fit the memory, each with a row more on either side, and say which rows are its own.

    The slices of a stack are strips of their own.
    """
    rows = max(STRIP // max(mask[0].size, 1), 1)
    more = 1 if mask.ndim == 2 else 0
    for start in range(0, len(mask), rows):
        first = max(start - more, 0)
        yield mask[first : start + rows + more], slice(start - first, min(start + rows, len(mask)) - first)


def _finite(part: NDArray[np.number]) -> NDArray[np.number]:
    return np.where(np.isfinite(part), part, 0) if part.dtype.kind == "f" else part


def _counted(index: NDArray[np.integer], rows: slice, count: int) -> NDArray[np.int64]:
    """Count each value's pixels, those among their like, and those strictly between their neighbours. (3, values)"""
    size = (1,) * (index.ndim - 2) + (3, 3)
    low, high = ndimage.minimum_filter(index, size), ndimage.maximum_filter(index, size)
    inside = np.zeros(index.shape, dtype=bool)
    core = (slice(None),) * (index.ndim - 2) + (slice(1, -1), slice(1, -1))
    inside[core] = _equal_around(index)
    every = np.ones(index.shape, dtype=bool)
    chosen = (every, inside, (low < index) & (index < high))
    return np.stack([np.bincount(index[rows][which[rows]], minlength=count) for which in chosen])


def _equal_around(index: NDArray[np.integer]) -> NDArray[np.bool_]:
    middle = index[..., 1:-1, 1:-1]
    around = (index[..., :-2, 1:-1], index[..., 2:, 1:-1], index[..., 1:-1, :-2], index[..., 1:-1, 2:])
    return np.logical_and.reduce([middle == other for other in around])


def _pieces(mask: NDArray[np.number], values: NDArray[np.number]) -> tuple[float, dict[int, tuple[float, ...]]]:
    step = max(math.ceil(math.sqrt(mask.size / MOST)), 1)
    index = np.searchsorted(values, mask[..., ::step, ::step]).astype(np.int32)
    boxes = ndimage.find_objects(index + 1, max_label=len(values))
    numbers = [n for n, value in enumerate(values) if value > 0 and boxes[n] is not None]
    step = max(len(numbers) // LOOKED_AT, 1)
    single, centres = [], {}
    for number in numbers[::step]:
        shape = index[boxes[number]] == number
        labels, count = ndimage.label(shape, structure=np.ones((3,) * shape.ndim))
        largest = np.bincount(labels.ravel())[1:].max() if count else 0
        single.append(largest >= 0.9 * shape.sum())
        middles = [(box.start + box.stop) / 2 for box in boxes[number]]
        centres[int(values[number])] = tuple(m / side for m, side in zip(middles, index.shape, strict=True))
    return (float(np.mean(single)) if single else 0.0), centres
