"""Checkers for chapter 6, "When is a segmentation good?"; those about probabilities stand in `soft_scores`."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from unet_teach.course.exercises import FUNCTION, NotAnsweredYet, Wants, ask, checker, generator
from unet_teach.course.exercises.judging import judge
from unet_teach.course.exercises.soft_scores import choose_threshold, soft_dice_loss
from unet_teach.metrics import dice, iou, precision, recall, surface

__all__ = ["choose_threshold", "iou_from_dice", "right_score", "safe_dice", "soft_dice_loss", "surface_pixels"]

Mask = NDArray[np.bool_]
_NO_ORDER = "the four neighbours are taken together, in any order"
EQUIVALENT = {
    "Exercise 2: `up, low = (padded[:-2, 1:-1], padded[2:, 1:-1])` -> "
    "`low, up = (padded[:-2, 1:-1], padded[2:, 1:-1])`": _NO_ORDER,
    "Exercise 2: `(padded[:-2, 1:-1], padded[2:, 1:-1])` -> `(padded[2:, 1:-1], padded[:-2, 1:-1])`": _NO_ORDER,
    "Exercise 2: `left, right = (padded[1:-1, :-2], padded[1:-1, 2:])` -> "
    "`right, left = (padded[1:-1, :-2], padded[1:-1, 2:])`": _NO_ORDER,
    "Exercise 2: `(padded[1:-1, :-2], padded[1:-1, 2:])` -> `(padded[1:-1, 2:], padded[1:-1, :-2])`": _NO_ORDER,
    "Exercise 3: `if pixels == 0:` -> `if pixels <= 0:`": "no count is below 0",
}


@checker("Exercise 1", "So a paper's IoU of 0.8 is a Dice of 0.89: compare like with like.", wants=FUNCTION)
def iou_from_dice(answer: Any) -> str | None:
    """A function Dice -> IoU, D / (2 - D)."""
    cases = [(float(d),) for d in (0.5, *generator().random(6), 0.0, 1.0)]
    mistakes = (
        (lambda d: 2 * d / (1 + d), "That is the way back, from IoU to Dice. Solve D = 2I / (1 + I) for I."),
        (lambda d: d / 2, "A perfect mask has Dice 1 and IoU 1, so half of Dice cannot be it."),
        (lambda d: d, "They agree at 0 and 1 only. What are both for 2 pixels each, one of them shared?"),
        (lambda d: d / (2 + d), "Look at the sign: for Dice 1 the IoU must be 1."),
        (lambda d: 2 / (2 - d), "D stands on both sides of the fraction: I (2 - D) = D."),
        (lambda d: 100 * d / (2 - d), "Not in percent: an IoU lies between 0 and 1."),
        (lambda d: d**2, "A square also runs from 0 to 1, but at Dice 0.5 the IoU is a third."),
    )

    def otherwise(given: Any, wanted: Any, d: float) -> str:
        if d in (0, 1):
            return f"Between 0 and 1 all is right; for a Dice of {d:g} the IoU is {d:g}, yours is {given:.3g}."
        return f"Dice {d:.3g} should not give {given:.3g}. From D = 2I / (1 + I), bring all I to one side."

    return judge(answer, lambda d: d / (2 - d), cases, mistakes, otherwise)


EDGES = ((-1, 0), (1, 0), (0, -1), (0, 1))
CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def _looking_at(*places: tuple[int, int], beyond: Any = "constant") -> Any:
    """A surface of the mask's pixels of which a neighbour at these places is outside; `beyond` as in `np.pad`."""

    def found(mask: Mask) -> Any:
        padded = np.pad(mask, 1, mode=beyond)
        height, width = mask.shape
        inside = [padded[1 + r : 1 + r + height, 1 + c : 1 + c + width] for r, c in places]
        return mask & ~np.all(inside, axis=0)

    return found


@checker("Exercise 2", "An erosion does the same: the mask without its eroded self is its surface.", wants=FUNCTION)
def surface_pixels(answer: Any) -> str | None:
    """A function mask -> surface: the mask's pixels with a neighbour across an edge outside mask or image."""
    draw = generator()
    shapes = ((6, 5), 0.8), ((9, 12), 0.9), ((12, 8), 0.95), ((1, 9), 0.7), ((6, 1), 0.7)  # all reach the borders
    masks = [draw.random(shape) < share for shape, share in shapes]
    masks += [np.ones((5, 6), dtype=bool), np.zeros((3, 4), dtype=bool), np.ones((1, 1), dtype=bool)]

    wrapped = _looking_at(*EDGES, beyond="wrap")
    across = "A place of -1 counts from the other end: beyond the first row you look at the last. Ask for >= 0, too."
    four = "One side is not asked about. All four count: above, below, left, right."
    mistakes = (
        (
            _looking_at(*EDGES, beyond="edge"),
            "The border of the image counts as outside: a mask's pixel there is surface.",
        ),
        (wrapped, across),
        (lambda mask: wrapped(mask) | _looking_at((1, 0), (0, 1))(mask), across),
        (_looking_at(*EDGES, *CORNERS), "You look at eight neighbours. The four across an edge are enough."),
        (_looking_at(*CORNERS), "You look at the corners. The neighbours across an edge count."),
        *((_looking_at(*set(EDGES) - {left_out}), four) for left_out in EDGES),
        (_looking_at(*EDGES[:2]), four),
        (_looking_at(*EDGES[2:]), four),
        (lambda mask: mask & ~surface(mask), "That is the inside. The surface is the rest of the mask."),
        (lambda mask: mask, "That is the whole mask. Leave out what has all four neighbours inside."),
        (lambda mask: 255 * surface(mask), "The places are right. Say True of them, or 1, not 255."),
        (
            lambda mask: ndimage.binary_dilation(mask) & ~mask,
            "Yours lie just outside. The surface belongs to the mask.",
        ),
    )

    def otherwise(given: Any, wanted: Any, mask: Mask) -> str:
        if given.shape != wanted.shape:
            return f"A mask of {mask.shape} should come back in its shape; yours came back as {given.shape}."
        if (given[~mask] != 0).any():
            return "Some of your pixels lie outside the mask: a pixel of the surface belongs to it."
        row, column = np.argwhere(given != wanted)[0]
        grid = mask.astype(int)
        return f"Look at row {row}, column {column} of this mask: are all four of its neighbours in it?\n{grid}"

    return judge(answer, surface, [(mask,) for mask in masks], mistakes, otherwise)


@checker("Exercise 3", "Whatever you choose for empty masks, write it beside the number.", wants=FUNCTION)
def safe_dice(answer: Any) -> str | None:
    """A function (predicted, true) -> Dice; two empty masks give 1, one empty mask 0."""
    draw = generator()
    some, more = np.zeros((2, 3, 4), dtype=bool)
    some[0, :3] = more[0, 1:] = more[1, 0] = True
    cases = [(more, some), (some, more), (some, draw.random((3, 4)) < 0.5), (draw.random((3, 4)) < 0.5, some)]
    cases += [(draw.random(shape) < 0.3, draw.random(shape) < 0.6) for shape in ((5, 7), (1, 9), (8, 8))]
    cases += [(some, some), (~some, some | ~some)]

    def smoothed(a: Mask, b: Mask) -> Any:
        return (2 * (a & b).sum() + 1) / (a.sum() + b.sum() + 1)

    mistakes = (
        (lambda a, b: dice(a, b) / 2, "The factor 2 is missing: shared pixels count in both masks."),
        (iou, "That is the IoU: you divided by the union. Dice divides by the sum of the two sizes."),
        (smoothed, "A 1 above and below the line changes every score. Leave it out, and ask for empty masks instead."),
        (precision, "That is precision: you divided by the predicted pixels alone."),
        (recall, "That is recall: you divided by the true pixels alone."),
        (lambda a, b: (a == b).mean(), "That is accuracy: the pixels outside both masks do not count in Dice."),
        (lambda a, b: (a & b).sum(), "Those are the shared pixels. Dice is twice their number over both sizes."),
    )

    def otherwise(given: Any, wanted: Any, a: Mask, b: Mask) -> str:
        masks = f"Masks of {a.sum()} and {b.sum()} pixels that share {(a & b).sum()}: yours is {given:.3g}."
        return f"{masks} Twice the shared pixels, over the sum of the two sizes."

    return judge(answer, dice, cases, mistakes, otherwise, ("predicted", "true")) or _of_empty_masks(answer, some)


def _of_empty_masks(answer: Any, some: Mask) -> str | None:
    empty = np.zeros_like(some)
    pairs = ((empty, empty), (some, empty), (empty, some), (some, ~some))
    try:
        both, *others = (float(ask(answer, *pair)) for pair in pairs)
    except ZeroDivisionError:
        return "Two empty masks divide 0 by 0. Look first whether there is any pixel at all."
    if math.isnan(both):
        return "Two empty masks give NaN, 0 divided by 0. Look first whether there is any pixel at all."
    if 0 < max(others) < 0.1:
        small = (
            f"Masks that share nothing get {max(others):.0e}, not 0: a small number above the line bends every score."
        )
        return f"{small} Ask whether both are empty instead."
    if others[2]:
        return "Two masks that have pixels, and none in common, get 0."
    if set(others[:2]) == {0.0, 1.0}:
        return "You ask only one of the two masks whether it is empty. Two empty ones give 1; one of them alone, 0."
    if any(others):
        return "Where just one of the two masks is empty they share nothing: 0."
    if both == 0:
        return "Two empty masks agree completely. Ours gives them 1 (a small number below the line gives them 0)."
    return None if both == 1 else f"Two empty masks should give 1; yours give {both:.3g}."


RIGHT = {
    "tumour volume": "Dice",
    "radiation margin": "surface",
    "screening": "recall",
    "nerve cells": "regions",
}
WHY = {
    "tumour volume": "a volume is a number of voxels; the question is whether the same ones are meant: an overlap.",
    "radiation margin": "the margin is given in mm, so the score has to be, too: a distance between surfaces.",
    "screening": "what must not happen is a lesion that nobody is told of: count what was found of what is there.",
    "nerve cells": "the question is which pixels belong together; a single gap can join two cells.",
}


@checker(
    "Exercise 6",
    "And report a second score beside it: each of them is blind to something.",
    wants=Wants(lambda answer: isinstance(answer, Mapping), "Give a dictionary, question to score."),
)
def right_score(answer: Any) -> str | None:
    """A dictionary: four clinical questions -> "Dice", "surface", "recall" or "regions"."""
    given = {question: answer.get(question) for question in RIGHT}
    blank = [question for question, score in given.items() if score is None or score is ...]
    if len(blank) == len(RIGHT) and not set(answer) - set(RIGHT):
        raise NotAnsweredYet
    if blank:
        return f"There is no answer for {', '.join(blank)}."
    for question, right in RIGHT.items():
        if not isinstance(given[question], str) or given[question] not in RIGHT.values():
            return f"For {question!r}, choose one of {', '.join(RIGHT.values())}."
        if given[question] != right:
            return f"{question}: {given[question]} is not what decides here. Think again: {WHY[question]}"
    return None
