"""One head: whose it is, what grows in it, and what an MR scanner makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach._checks import reals
from unet_teach.data.phantoms.heads.brain import Skull
from unet_teach.data.phantoms.heads.growth import Growth
from unet_teach.data.phantoms.heads.scanner import height_of, painted, scanned
from unet_teach.data.phantoms.heads.tissue import SEQUENCES, Times
from unet_teach.data.phantoms.places import (
    finite,
    grid,
    require_heights,
    seed_given,
    share,
    size_given,
    spacing_given,
)

FIELD = (240.0, 240.0)  # mm of a slice, rows and columns, unless a size is given
LOWEST, HIGHEST = -60.0, 90.0  # mm
# What the challenge of 2015 scores: the labels of the whole tumour, of its core, and of what enhances.
HEAD_REGIONS = {"WT": (1, 2, 3, 4), "TC": (1, 3, 4), "ET": (4,)}


@dataclass(frozen=True)
class Head:
    """A slice or a stack of slices of one head; see `head`."""

    image: NDArray[np.float32]
    sequences: tuple[str, ...]
    labels: NDArray[np.uint8]
    brain: NDArray[np.bool_]
    spacing: tuple[float, ...]
    orientation: str
    affine: NDArray[np.float64]
    level: float

    def sequence(self, name: str) -> NDArray[np.float32]:
        """Return one sequence by its name."""
        if name not in self.sequences:
            raise ValueError(f"there is no sequence {name!r} here, only {', '.join(self.sequences)}")
        return self.image[self.sequences.index(name)]

    def region(self, name: str) -> NDArray[np.bool_]:
        """Return the whole tumour "WT", its core "TC" or the enhancing tumour "ET"; each lies inside the one before."""
        if name not in HEAD_REGIONS:
            raise ValueError(f"the regions are {', '.join(HEAD_REGIONS)}; got {name!r}")
        return np.isin(self.labels, HEAD_REGIONS[name])


def head(
    seed: int | np.random.Generator,
    tumour: float | None = 0.5,
    sequences: Sequence[str] = ("FLAIR", "T1c"),
    stripped: bool = True,
    spacing: float | Sequence[float] = 1.0,
    slices: int = 1,
    level: float | None = None,
    size: tuple[int, int] | None = None,
    bias: float = 1.0,
    noise: float = 1.0,
    shift: Sequence[float] = (0.0, 0.0, 0.0),
) -> Head:
    """Draw an MR of a head that never was: one axial slice, or a stack of them.

    A seed is a person, a scanner's settings, and the place where a tumour grows; `tumour` says how far it has grown.
    How bright a tissue is follows from its relaxation times and those settings: see `tissue.py`. Vessels and plexus
    enhance as the tumour does, and grey matter is brighter than white on FLAIR, so that no threshold finds it all.

    Parameters
    ----------
    seed : any integer from 0 on, or a generator that one is drawn from
    tumour : 0 small to 1 large, or None for none
    sequences : which, in this order, of "FLAIR", "T1c" (T1 after contrast agent), "T1", "T2"
    stripped : True leaves the brain alone and scales each sequence as in the real set, to a mean of 0 and a standard
        deviation of 1.3 to 1.8 inside it, with one negative number outside; False keeps the skull, and greys of 0 or
        more whose unit is the scanner's own
    spacing : mm of a voxel, 0.5 to 20; or three, along slices, rows and columns
    slices : 1 gives a slice, more give a volume
    level : mm above the brain's middle, the middle of the stack, which must stay within -60 to 90; without one a slice
        cuts through the tumour's core, or where it would be, and a volume lies around 5
    size : rows and columns; without one 240 x 240 mm or a little more, in multiples of 8
    bias : of the coil; 0 even, 1 the usual
    noise : of the scanner; 0 none, 1 the usual
    shift : mm to the head, the back and the left by which all sequences but FLAIR lie off: a registration that failed.
        Labels and brain are FLAIR's

    Returns
    -------
    Head
        image : (C, H, W), or (C, D, H, W) for more than one slice, float32, one entry a sequence
        sequences : their names
        labels : (H, W) or (D, H, W) uint8, 0 none, 1 necrosis, 2 oedema, 3 non-enhancing, 4 enhancing tumour;
            `region("WT" | "TC" | "ET")` puts them together
        brain : the same shape, bool
        spacing : mm along each axis of `labels`
        orientation : where each axis runs: "PL" (rows to the back, columns to the left: seen from the feet, as
            radiologists do), or "SPL", with slices towards the top of the head
        affine : (4, 4), from (slice, row, column) to mm towards the patient's right, front and head
        level : as given, or as drawn

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind or out of its range.

    Sources: `tissue.py` names those of the relaxation times; the labels are those of Menze et al. (2015). Introduced in
    chapter 22.
    """
    number = seed_given(seed)
    names = _sequences(sequences)
    grade = None if tumour is None else share("tumour", tumour)
    steps = spacing_given(spacing)
    count, pixels = size_given(slices, size, FIELD, steps)
    offset = reals("shift", shift, finite=True)
    if offset.shape != (3,):
        raise ValueError(f"shift is three numbers of mm (head, back, left), got {offset.tolist()}")
    rng = np.random.default_rng([number, 2])
    skull, times = Skull.drawn(rng), Times.drawn(rng)
    beside = float(rng.uniform(-2, 2))  # mm, less than the smallest core's radius
    scale = rng.uniform(1.3, 1.8, len(SEQUENCES))
    growth = Growth.drawn(rng, 0.5 if grade is None else grade)
    drawn = height_of(growth, number) + beside if count == 1 else 5.0
    places = grid(count, pixels, steps, drawn if level is None else finite("level", level))
    require_heights(places, LOWEST, HIGHEST, "head")
    body, labels = painted(number, skull, None if grade is None else growth, places)
    amounts = finite("bias", bias, 0), finite("noise", noise, 0)
    drawn_as = [
        scanned(name, body, places, times, number, amounts, offset * (name != "FLAIR"), stripped, scale)
        for name in names
    ]
    flat = count == 1
    cut = (lambda stack: stack[0]) if flat else (lambda stack: stack)
    return Head(
        np.stack([cut(volume) for volume in drawn_as]),
        names,
        cut(labels),
        cut(body.brain),
        steps[1:] if flat else steps,
        "PL" if flat else "SPL",
        places.affine,
        float(places.head.mean()),
    )


def _sequences(wanted: Sequence[str]) -> tuple[str, ...]:
    names = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    wrong = [name for name in names if name not in SEQUENCES]
    if wrong or not names:
        raise ValueError(f"sequences are some of {', '.join(SEQUENCES)}; got {wrong[0] if wrong else 'none'!r}")
    return names
