"""The checker for chapter 20's mirror: an image and its labels turned over, and the names of the sides swapped."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge

Pairs = Sequence[tuple[int, int]]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 4: `for right, left in pairs:` -> `for left, right in pairs:`": "an exchange goes both ways",
}


def _mirror(
    image: NDArray[np.float64],
    labels: NDArray[np.int64],
    pairs: Pairs,
    axis: int = 1,
    rename: bool = True,
    image_too: bool = True,
    labels_too: bool = True,
    one_way: bool = False,
) -> NDArray[np.float64]:
    """Turn over and rename, or one of the ways to get it wrong.  (H, W) twice -> (2, H, W)"""
    turned = np.flip(labels, axis) if labels_too else labels
    named = turned.copy()
    for right, left in pairs if rename else ():
        named[turned == right] = left
        if not one_way:
            named[turned == left] = right
    return np.stack([np.flip(image, axis) if image_too else image, named])


def _in_place(image: NDArray[np.float64], labels: NDArray[np.int64], pairs: Pairs) -> NDArray[np.float64]:
    turned = np.flip(labels, 1).copy()
    for right, left in pairs:
        turned[turned == right] = left
        turned[turned == left] = right
    return np.stack([np.flip(image, 1), turned])


def _first_pair(image: NDArray[np.float64], labels: NDArray[np.int64], pairs: Pairs) -> NDArray[np.float64]:
    return _mirror(image, labels, pairs[:1])


def _with(**how: Any) -> Callable[..., NDArray[np.float64]]:
    return lambda image, labels, pairs: _mirror(image, labels, pairs, **how)


MISTAKES: Mistakes = (
    (_with(rename=False), "The names are still the old ones: what was called right now lies on the left. Swap them."),
    (
        _in_place,
        "You swap within one array: after the first line there is no right side left, and the second line takes all. "
        "Look the old numbers up in a copy.",
    ),
    (_with(one_way=True), "Right became left, but left did not become right."),
    (_with(axis=0), "Columns run from the patient's right to the left: mirror them, not the rows."),
    (_with(axis=0, rename=False), "Mirror the columns, not the rows, and swap the names of the sides."),
    (_with(image_too=False), "The image is not mirrored yet, only its labels."),
    (_with(labels_too=False), "The labels are not mirrored yet, only renamed: they no longer lie on the image."),
    (_with(image_too=False, labels_too=False), "The names are swapped, and nothing is mirrored."),
    (_with(image_too=False, labels_too=False, rename=False), "That is what went in: mirror both, and swap the names."),
    (_with(axis=(0, 1)), "That is a half turn. Mirror the columns alone."),
    (_first_pair, "Only the first pair is swapped. Go through all of them."),
)


@checker("Exercise 4", "A mirrored person whose sides have the right names again.", FUNCTION)
def mirror_and_rename(answer: Callable[..., Any]) -> str | None:
    """A function (image, labels, pairs) -> both mirrored left to right, with the numbers of each pair swapped."""
    rng = generator()
    cases: list[tuple[Any, Any, Any]] = []
    image, labels = rng.normal(size=(4, 5)), rng.integers(0, 7, (4, 5))
    labels[0, :3] = 1, 2, 5
    for pairs in ([(1, 2)], [(3, 4)], [(1, 2), (6, 3)], []):
        cases.append((image, labels, pairs))
    cases.append((rng.normal(size=(4, 5)), labels, [(1, 2)]))
    cases.append((image, rng.integers(0, 7, (4, 5)), [(1, 2)]))
    cases.append((rng.normal(size=(3, 6)), rng.integers(0, 9, (3, 6)), [(1, 8), (2, 7), (3, 4)]))

    def otherwise(given: Any, wanted: Any, image: Any, labels: Any, pairs: Any) -> str:
        if np.shape(given) != np.shape(wanted):
            return f"Return two arrays of the shape {np.shape(image)}: the image, and its labels."
        if not np.allclose(given[0], wanted[0]):
            return "The image is not the mirrored one: its first column should be the old last one."
        place = tuple(int(n[0]) for n in np.nonzero(given[1] != wanted[1]))
        return f"With the pairs {pairs}, the label at {place} should be {wanted[1][place]:g}, not {given[1][place]:g}."

    return judge(answer, _mirror, cases, MISTAKES, otherwise, ("image", "labels", "pairs"))
