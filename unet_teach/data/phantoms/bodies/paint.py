"""From the plan of a body to a map of materials, voxel by voxel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unet_teach.data.phantoms.bodies.materials import NUMBER
from unet_teach.data.phantoms.bodies.organs import BACK_MUSCLES, Organ
from unet_teach.data.phantoms.bodies.outline import SKIN, Build, Outline
from unet_teach.data.phantoms.noise import Field
from unet_teach.data.phantoms.places import Places, clay

Mask = NDArray[np.bool_]
ROOM = 30.0  # mm around an ellipsoid that may hold it, bent and turned
VERTEBRA = 36.0  # mm from one to the next


@dataclass(frozen=True)
class BodyCanvas:
    """What is being painted: materials, and where every voxel lies in the body, mm (bent a little: x, y)."""

    material: NDArray[np.uint8]
    places: Places
    outline: Outline
    x: Field
    y: Field
    middle: tuple[float, float]  # mm to the back and the left in the scanner, where the body's x and y are 0
    key: tuple[int, int]
    mirrored: bool

    def clay(self, use: int, knots: float) -> Field:
        """Draw a random field of this body."""
        return clay((*self.key, use), self.places, knots, self.mirrored)

    def threads(self, use: int) -> Field:
        """Draw winding threads, vessels for instance: where this is small. 0.1 makes them a few mm wide."""
        found: Field = np.abs(self.clay(use, 22)) + np.abs(self.clay(use + 100, 26))
        return found

    def put(self, name: str, where: Mask) -> None:
        """Paint one material over the whole canvas."""
        self.material[where] = NUMBER[name]

    def ellipsoid(self, part: Organ, allowed: Mask) -> None:
        """Paint one part, with what is in its middle and the gas in front."""
        box = self._box(part)
        if min(side.stop - side.start for side in box) <= 0:
            return
        z = self.places.head[box[0], None, None].astype(np.float32) - part.head
        x = self.x[box] - part.left - part.lean_left * z
        y = self.y[box] - part.back - part.lean_back * z
        cos, sin = np.cos(np.deg2rad(part.turn)), np.sin(np.deg2rad(part.turn))
        along, across = cos * x + sin * y, cos * y - sin * x
        away, coated = (
            (along / (part.half_left + more)) ** 2
            + (across / (part.half_back + more)) ** 2
            + (z / (part.half_head + more)) ** 2
            for more in (0.0, part.coat)
        )
        inside = (away < 1) if part.free else (away < 1) & allowed[box]
        view = self.material[box]
        if part.coat:
            view[(coated < 1) & allowed[box]] = NUMBER["inner_fat"]
        view[inside] = NUMBER[part.material]
        if part.core:
            inner = inside & (away < part.core_size**2)
            view[inner] = NUMBER[part.core]
            if part.gas:
                view[inner & (-y > part.full * part.half_back)] = NUMBER[part.gas]

    def _box(self, part: Organ) -> tuple[slice, slice, slice]:
        reach = max(part.half_left, part.half_back) + ROOM
        lean = np.abs((part.lean_left, part.lean_back)) * min(part.half_head, 150)
        sides = [
            (self.places.head, part.head, part.half_head),
            (self.places.back, part.back + self.middle[0], reach + lean[1]),
            (self.places.left, part.left + self.middle[1], reach + lean[0]),
        ]
        if self.mirrored:  # the same part lies on the other side as well
            sides[2] = (self.places.left, 0.0, abs(part.left) + reach + lean[0])
        found = [np.searchsorted(line, (at - half, at + half)).tolist() for line, at, half in sides]
        head, back, left = (slice(first, last) for first, last in found)
        return head, back, left


def shells(canvas: BodyCanvas, build: Build) -> None:
    """Paint skin, fat under it, the muscle wall with its sheets and ribs, and the fat inside."""
    line, z = canvas.outline, canvas.places.head[:, None, None].astype(np.float32)
    within, below = line.within, line.below_skin
    canvas.put("skin", below > 0)
    canvas.put("under_skin", below > SKIN)
    canvas.put("wall", within > 0)
    side = np.abs(line.turn)
    depth = within / np.maximum((line.outer - line.inner) * line.steep, 1)  # 0 the wall's outer face, 1 its inner one
    for sheet, sheets in ((0.36, (side > 0.75) & (side < 2.6)), (0.68, (side > 0.75) & (side < 2.2) & (z < 60))):
        canvas.put("plane", sheets & (np.abs(depth - sheet - 0.03 * canvas.clay(1, 25)) < 0.035) & (within > 0))
    _ribs(canvas, depth, side, z, build)
    canvas.put("inner_fat", line.cavity > 0)


def _ribs(canvas: BodyCanvas, depth: Field, side: Field, z: Field, build: Build) -> None:
    """Ribs run downwards to the front in the wall; there they end in cartilage, above the arch of the ribs."""
    course = (z + 60 * (np.pi - side)) / 27.0  # in ribs: one more with every 27 mm upwards
    phase = np.abs(course - np.round(course)) * 27.0  # mm from the middle of a rib, up and down
    lowest = np.interp(side, (0, 0.5, 1.2, 2.2, np.pi), (128, 100, 32, -6, 10)).astype(np.float32)
    middle = np.abs(depth - 0.62) * 14  # mm from the middle of a rib, in and out
    bony = (phase**2 / 6.5**2 + middle**2 / 4.4**2 < 1) & (z > lowest) & (side < 2.75)
    canvas.put("rib", bony)
    canvas.put("rib_marrow", bony & (phase**2 / 4.6**2 + middle**2 / 2.7**2 < 1))
    canvas.put("cartilage", bony & (side < 0.95))
    sternum = (np.abs(canvas.x) < 17) & (side < 0.5) & (z > 120) & (depth > 0.2) & (depth < 0.95)
    canvas.put("rib_marrow", sternum)


def spine(canvas: BodyCanvas) -> None:
    """Paint the muscles of the back, and vertebrae with discs, arches and processes between them."""
    everywhere = np.ones(canvas.material.shape, dtype=bool)
    for part in BACK_MUSCLES:
        for mirrored in (
            (part,)
            if canvas.mirrored
            else (part, part._replace(left=-part.left, lean_left=-part.lean_left, turn=-part.turn))
        ):
            canvas.ellipsoid(mirrored, everywhere)
    x, y, z = canvas.x, canvas.y, canvas.places.head[:, None, None].astype(np.float32)
    height = np.mod(z + 8, VERTEBRA) / VERTEBRA  # 0 to 1 through one vertebra and the disc above it
    bone = height < 0.76
    rim = (height < 0.07) | ((height > 0.69) & bone)
    body = (np.abs(x) / 23) ** 2.4 + (np.abs(y - 1.5 * np.cos(x / 10)) / 17) ** 2.4
    arch = np.hypot(x / 20, (y - 25) / 14)
    levels = (height > 0.15) & (height < 0.72)
    spinous = (np.abs(x) < 3.4) & (y > 34) & (y < 60) & levels
    across = (np.abs(y - 21 - 0.12 * np.abs(x)) < 4.5) & (np.abs(x) > 12) & (np.abs(x) < 42) & (height > 0.3)
    across &= height < 0.62
    joints = np.hypot((np.abs(x) - 18) / 8, (y - 27) / 9) < 1
    canvas.put("cortex", (arch < 1) & levels | spinous | across | (joints & ~levels))
    canvas.put("marrow", spinous & (np.abs(x) < 1.8) & (y < 57))
    canvas.put("disc", body < 1)
    canvas.put("cortex", (body < 1) & bone)
    canvas.put("marrow", (body < 0.83) & bone & ~rim)
    canvas.put("canal", np.hypot(x / 11.5, (y - 25) / 8.5) < 1)


def chest(canvas: BodyCanvas, build: Build) -> Field:
    """Paint the lungs, with vessels, and return how far below the diaphragm a voxel lies, mm."""
    line, z = canvas.outline, canvas.places.head[:, None, None].astype(np.float32)
    out = np.clip(line.radius / np.maximum(line.inner, 1), 0, 1.2)
    fall = 45 + 30 * (1 - np.cos(line.turn))  # mm from the dome down to the wall: deepest behind
    right = 4 - 4 * np.tanh(canvas.x / 30) * (not canvas.mirrored)
    dome = 112 + right - fall * np.clip((out - 0.35) / 0.65, 0, 1.1) ** 2 + 3 * canvas.clay(2, 45)
    above = (z - dome).astype(np.float32)
    aside = 8 + 8 * build.inner_fat + 20 / (1 + np.exp(-(canvas.y + 45) / 8))  # half of what lies between the lungs
    middle = np.abs(canvas.x + 4 * canvas.clay(8, 30)) < aside
    lung = (line.cavity > 2) & (above > 0) & ~middle
    canvas.put("lung", lung)
    canvas.put("lung_vessel", lung & (np.abs(canvas.clay(3, 9)) + np.abs(canvas.clay(4, 11)) < 0.13))
    canvas.put("wall", (line.cavity > 0) & (np.abs(above + 1) < 1.4) & (np.abs(canvas.x) < 500))
    return -above


def bowel(canvas: BodyCanvas, build: Build, allowed: Mask) -> None:
    """Fill the front of the belly with loops: tubes around the places where a smooth field is zero."""
    z = canvas.places.head[:, None, None].astype(np.float32)
    front = (canvas.y < -20 + 5 * canvas.clay(10, 30)) & (z < 4 + 8 * canvas.clay(11, 30))
    near = np.abs(canvas.clay(5, 26)) / 0.5
    loops = front & allowed & (near < 1) & (canvas.outline.cavity > 6 + 24 * build.inner_fat)
    loops &= canvas.clay(9, 38) > -2 + 2 * build.inner_fat
    canvas.put("bowel", loops)
    filled = canvas.clay(6, 34)
    canvas.put("drink", loops & (near < 0.66) & (filled > 0.5))
    canvas.put("bowel_gas", loops & (near < 0.7) & (filled < -1.1))
