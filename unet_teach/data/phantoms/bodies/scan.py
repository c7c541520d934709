"""One torso: who it is, what lies where, and what a CT makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.phantoms.bodies.materials import MATERIALS, NUMBER, PAIRED, TORSO_LABELS
from unet_teach.data.phantoms.bodies.organs import plan
from unet_teach.data.phantoms.bodies.outline import Build, outline
from unet_teach.data.phantoms.bodies.paint import BodyCanvas, bowel, chest, shells, spine
from unet_teach.data.phantoms.bodies.scanner import arms as beside
from unet_teach.data.phantoms.bodies.scanner import lay_table, scanned
from unet_teach.data.phantoms.places import (
    Places,
    clay,
    finite,
    grid,
    require_heights,
    seed_given,
    share,
    size_given,
    spacing_given,
)

FIELD = (384.0, 480.0)  # mm of a slice, rows and columns, unless a size is given
LOWEST, HIGHEST = -120.0, 180.0  # mm: from above the hips to the heart
LABEL_OF = np.array([TORSO_LABELS[material.label] for material in MATERIALS.values()], dtype=np.uint8)


@dataclass(frozen=True)
class Torso:
    """A slice or a stack of slices of one torso; see `torso`."""

    hu: NDArray[np.int16]
    labels: NDArray[np.uint8]
    spacing: tuple[float, ...]
    orientation: str
    affine: NDArray[np.float64]
    shape: float
    level: float

    def mask(self, *names: str) -> NDArray[np.bool_]:
        """Return where one of these labels is, by name; see `TORSO_LABELS`."""
        unknown = [name for name in names if name not in TORSO_LABELS]
        if unknown or not names:
            raise ValueError(f"no label is called {unknown[:1] or 'nothing'}; there are {', '.join(TORSO_LABELS)}")
        return np.isin(self.labels, [TORSO_LABELS[name] for name in names])


def torso(
    seed: int | np.random.Generator,
    shape: float = 0.4,
    arms: str = "up",
    liver: bool = True,
    symmetric: bool = False,
    spacing: float | Sequence[float] = 3.0,
    slices: int = 1,
    level: float | None = None,
    size: tuple[int, int] | None = None,
    noise: float = 1.0,
) -> Torso:
    """Draw a CT of a torso that never was: one axial slice, or a stack of them.

    A seed is a person. Shape, arms, spacing and the rest then change only what they name: the same person seen through
    finer voxels has the same kidneys, and grown fatter has more fat everywhere, and the same spine.

    `subcutaneous_fat` lies between the skin and the muscle wall. `torso_fat` is all fat inside the wall: among the
    organs and behind them, in the kidneys' sinuses, and in the chest around the heart. `skeletal_muscle` is the wall,
    the muscles of back and loin, and the diaphragm, with the fat between their sheets. Arms are one label, whatever
    they are made of. Hounsfield units are blurred, labels are not: at an edge they differ by part of a voxel.

    Parameters
    ----------
    seed : any integer from 0 on, or a generator that one is drawn from
    shape : 0 thin to 1 obese; 0.4 is average
    arms : "up", out of the picture, or "down", beside the trunk
    liver : False leaves it out, and fat and bowel in its place
    symmetric : True makes both sides mirror images but for the noise: pairs, and what lies in the midline, alone
    spacing : mm of a voxel, 0.5 to 20; or three, along slices, rows and columns
    slices : 1 gives a slice, more give a volume
    level : mm above the kidneys' stalks, the middle of the stack, which must stay within -120 to 180; without one a
        slice lies anywhere from -70 to 110, and a volume around 30
    size : rows and columns; without one 384 x 480 mm or a little more, in multiples of 8
    noise : of the scanner; 0 none, 1 the usual

    Returns
    -------
    Torso
        hu : (H, W), or (D, H, W) for more than one slice, int16, Hounsfield units
        labels : the same shape, uint8; `TORSO_LABELS` names the numbers, `mask(*names)` looks them up
        spacing : mm along each axis of `hu`
        orientation : where each axis runs: "PL" (rows to the back, columns to the left: seen from the feet, as
            radiologists do), or "SPL", with slices towards the head. A volume of `load_torso` comes into this order by
            `volume[::-1, ::-1].transpose(2, 1, 0)`
        affine : (4, 4), from (slice, row, column) to mm towards the patient's right, front and head
        shape, level : as given, or as drawn

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind or out of its range.

    Sources: `materials.py` names those of the Hounsfield units. Introduced in chapter 20.
    """
    number = seed_given(seed)
    fatness = share("shape", shape)
    if arms not in ("up", "down"):
        raise ValueError(f'arms are "up" or "down", got {arms!r}')
    steps = spacing_given(spacing)
    count, pixels = size_given(slices, size, FIELD, steps)
    rng = np.random.default_rng([number, 1])
    person = Build.drawn(rng, fatness)
    anywhere = float(rng.uniform(-70, 110))
    drawn = anywhere if count == 1 else 30.0
    places = grid(count, pixels, steps, drawn if level is None else finite("level", level))
    require_heights(places, LOWEST, HIGHEST, "torso")
    canvas = _painted(number, person, places, rng, arms == "down", bool(liver), bool(symmetric))
    hu = scanned(canvas, person, finite("noise", noise, 0), number)
    labels = LABEL_OF[canvas.material]
    paired = np.isin(canvas.material, [NUMBER[name] for name in PAIRED]) & (canvas.outline.turn > 0)
    labels[paired] += 1
    flat = count == 1
    return Torso(
        hu[0] if flat else hu,
        labels[0] if flat else labels,
        steps[1:] if flat else steps,
        "PL" if flat else "SPL",
        places.affine,
        fatness,
        float(places.head.mean()),
    )


def _painted(
    seed: int, person: Build, places: Places, rng: np.random.Generator, down: bool, liver: bool, symmetric: bool
) -> BodyCanvas:
    """Paint everything, from outside to inside."""
    shift, angle = rng.normal(0, (6, 4)), np.deg2rad(rng.normal(0, 1.5))
    middle = -float(np.interp(person.inner_fat, (0, 1), (12, 45)))  # the trunk's middle lies in the picture's
    if symmetric:
        shift, angle = np.zeros(2), 0.0
    left, back = (line.astype(np.float32) for line in np.meshgrid(places.left - shift[0], places.back - shift[1]))
    back = back + middle
    x = np.cos(angle) * left + np.sin(angle) * back
    y = np.cos(angle) * back - np.sin(angle) * left
    line = outline(person, places, x, y, seed, symmetric)
    plain = np.abs(x) if symmetric else x
    bent = [
        flat
        + 2.5 * clay((seed, 0, 2 * axis), places, 40, symmetric)
        + clay((seed, 0, 2 * axis + 1), places, 14, symmetric)
        for axis, flat in enumerate((plain, y))
    ]
    canvas = BodyCanvas(
        np.zeros(places.shape, np.uint8),
        places,
        line,
        bent[0],
        bent[1],
        (shift[1] - middle, shift[0]),
        (seed, 1),
        symmetric,
    )
    shells(canvas, person)
    spine(canvas)
    below = chest(canvas, person)
    inside = np.isin(canvas.material, [NUMBER["inner_fat"], NUMBER["lung"], NUMBER["lung_vessel"]])
    belly = inside & (below > 2)
    bowel(canvas, person, belly)
    for part in plan(person, rng, liver, symmetric):
        canvas.ellipsoid(part, inside if part.material in ("heart", "aorta", "cava") else belly)
    canvas.put("liver_vessel", (canvas.material == NUMBER["liver"]) & (canvas.threads(7) < 0.2))
    if down:
        beside(canvas, person)
    lay_table(canvas, person, np.broadcast_to(left, places.shape), np.broadcast_to(back, places.shape))
    return canvas
