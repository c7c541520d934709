"""Three studies of a network for body composition, invented to be judged: what was claimed, and every row of data.

None of them was ever done. The seeds are fixed, so that everybody judges the same rows.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("patient", "part", "site", "shape", "dice", "measured", "reference")
PARTS = ("training", "validation", "test")
SITES = ("theirs", "yours")


class Study(NamedTuple):
    """A study as its authors hand it in.

    claim : what they say, and what they want it used for
    rows : (n,) records, one an image: patient (a number), part (0 training, 1 validation, 2 test), site (0 the group's
        own hospital, 1 yours), shape (0 thin to 1 obese), dice, and the area in cm², measured by the network and by a
        radiologist; of training and validation images the last three are NaN
    """

    claim: str
    rows: NDArray[np.void]


def _rows(patients: NDArray[np.int64], part: int, site: int, shapes: NDArray[np.float64]) -> NDArray[np.void]:
    rows = np.zeros(len(patients), dtype=[(name, np.float64) for name in COLUMNS])
    rows["patient"], rows["part"], rows["site"], rows["shape"] = patients, part, site, shapes
    rows["dice"] = rows["measured"] = rows["reference"] = np.nan
    return rows


def _tested(
    rng: np.random.Generator, rows: NDArray[np.void], good: float, bias: NDArray[np.float64] | float, spread: float
) -> NDArray[np.void]:
    reference = 60 + 420 * rows["shape"] + rng.normal(0, 20, len(rows))
    rows["reference"] = reference.round(1)
    rows["measured"] = (reference + bias + rng.normal(0, spread, len(rows))).round(1)
    rows["dice"] = np.clip(good + rng.normal(0, 0.012, len(rows)), 0, 1).round(3)
    return rows


def _north() -> Study:
    """Slices of one patient on both sides: three images of each of 50 patients, divided as images."""
    rng = np.random.default_rng(24)
    patients = np.repeat(np.arange(1, 51), 3)
    shapes = np.repeat(rng.uniform(0.1, 0.9, 50), 3)
    order = rng.permutation(150)
    parts = []
    for part, chosen in enumerate((order[:100], order[100:110], order[110:])):
        rows = _rows(patients[chosen], part, 1, shapes[chosen])
        parts.append(_tested(rng, rows, 0.972, 0.0, 6.0) if part == 2 else rows)
    return Study(
        "Network North measures fat under the skin on a slice at L3. We had 150 images of your hospital, drew 100 for "
        "training, 10 for validation and 40 for the test at random, and opened the test once. Dice on the 40 test "
        "images: 0.97, area within 12 cm² in nine of ten. We ask for its use in your hospital, on adults of any shape, "
        "as a first outline that a radiographer checks.",
        np.concatenate(parts),
    )


def _east() -> Study:
    """Sound: patients apart, the hospital where it will be used, all shapes, small bias, a claim that was tested."""
    rng = np.random.default_rng(25)
    training = _rows(np.arange(1, 121), 0, 0, rng.uniform(0.05, 0.95, 120))
    validation = _rows(np.arange(121, 151), 1, 0, rng.uniform(0.05, 0.95, 30))
    test = _tested(rng, _rows(np.arange(1001, 1081), 2, 1, rng.uniform(0.05, 0.95, 80)), 0.945, 1.5, 9.0)
    return Study(
        "Network East measures fat under the skin on a slice at L3. It learned from 120 patients of our hospital, its "
        "threshold was chosen on 30 more, and the test was opened once: 80 patients of yours, with other scanners, one "
        "image each. Dice 0.94; areas differ from the radiologist's by 1 cm² on average, and by less than 20 cm² in "
        "nine of ten. We ask for its use in your hospital, on adults of any shape, as a first outline that a "
        "radiographer checks.",
        np.concatenate([training, validation, test]),
    )


def _south() -> Study:
    """Fine on average, and wrong in heavy patients: the area is too small by a tenth there."""
    rng = np.random.default_rng(26)
    training = _rows(np.arange(1, 121), 0, 0, rng.uniform(0.05, 0.6, 120))
    validation = _rows(np.arange(121, 151), 1, 0, rng.uniform(0.05, 0.6, 30))
    shapes = np.concatenate([rng.uniform(0.05, 0.6, 66), rng.uniform(0.75, 0.95, 14)])
    rows = _rows(np.arange(1001, 1081), 2, 1, shapes)
    test = _tested(rng, rows, 0.95, np.where(shapes > 0.7, -62.0, 3.0), 7.0)
    test["dice"][shapes > 0.7] = (0.90 + rng.normal(0, 0.012, 14)).round(3)
    return Study(
        "Network South measures fat under the skin on a slice at L3. It learned from 120 patients of our hospital, its "
        "threshold was chosen on 30 more, and the test was opened once: 80 patients of yours, with other scanners, one "
        "image each. Dice 0.94, and areas differ from the radiologist's by 8 cm² on average, which is less than 4 %. "
        "We ask for its use in your hospital, on adults of any shape, as a first outline that a radiographer checks.",
        np.concatenate([training, validation, test]),
    )


STUDIES = {"North": _north, "East": _east, "South": _south}


def study(name: str) -> Study:
    """Return "North", "East" or "South", the same rows every time."""
    if name not in STUDIES:
        raise ValueError(f"the studies are {', '.join(STUDIES)}, got {name!r}")
    return STUDIES[name]()
