"""Checkers for chapter 6, "When is a segmentation good?"."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import NotAnsweredYet, Verdict, checker
from unet_teach.metrics import dice, surface

Mask = NDArray[np.bool_]
FUNCTION = "Give the function itself, without brackets."


def _given(value: Any) -> Any:
    if value is None or value is ...:
        raise NotAnsweredYet
    return value


@checker("Exercise 1", "So a paper's IoU of 0.8 is a Dice of 0.89: compare like with like.")
def iou_from_dice(answer: Any) -> str | None:
    """A function Dice -> IoU, D / (2 - D)."""
    if not callable(answer):
        return FUNCTION
    asked = np.array([0.0, 0.5, 0.8, 1.0])
    found = np.array([float(_given(answer(float(d)))) for d in asked])
    if np.allclose(found, asked / (2 - asked)):
        return None
    if np.allclose(found, 2 * asked / (1 + asked)):
        return "That is the way back, from IoU to Dice. Solve D = 2I / (1 + I) for I."
    if np.allclose(found, asked / 2):
        return "A perfect mask has Dice 1 and IoU 1, so half of Dice cannot be it."
    if np.allclose(found, asked):
        return "They agree at 0 and at 1, and nowhere between. What are both for 2 pixels each, one of them shared?"
    if np.allclose(found, asked / (2 + asked)):
        return "Look at the sign: for Dice 1 the IoU must be 1."
    return f"Dice 0.5 should give 1/3; yours gives {found[1]:.3g}. From D = 2I / (1 + I), bring all I to one side."


@checker("Exercise 2", "An erosion does the same: the mask without its eroded self is its surface.")
def surface_pixels(answer: Any) -> str | None:
    """A function mask -> surface: the mask's pixels with a neighbour across an edge outside mask or image."""
    if not callable(answer):
        return FUNCTION
    mask = np.zeros((7, 8), dtype=bool)
    mask[1:6, 1:6] = True
    mask[3:7, 4:8] = True  # reaches the border of the image
    found = np.asarray(_given(answer(mask.copy())))
    right = surface(mask)
    if found.shape != mask.shape:
        return f"A mask of {mask.shape} should come back in its shape; yours came back as {found.shape}."
    found = found.astype(bool)
    if np.array_equal(found, right):
        return None
    if (found & ~mask).any():
        return "Some of your pixels lie outside the mask. The surface belongs to the mask."
    inside = np.pad(mask, 1, mode="edge")
    shifts = [(0, 1), (2, 1), (1, 0), (1, 2)]
    no_border = mask & ~np.all([inside[r : r + 7, c : c + 8] for r, c in shifts], axis=0)
    if np.array_equal(found, no_border):
        return "At the border of the image pixels are missing: what lies beyond counts as outside."
    padded = np.pad(mask, 1)
    eight = [(r, c) for r in range(3) for c in range(3)]
    if np.array_equal(found, mask & ~np.all([padded[r : r + 7, c : c + 8] for r, c in eight], axis=0)):
        return "You look at eight neighbours. The four across an edge are enough; a corner does not count."
    if np.array_equal(found, mask & ~right):
        return "That is the inside. The surface is the rest of the mask."
    if np.array_equal(found, mask):
        return "That is the whole mask. Leave out what has all four neighbours inside."
    row, column = np.argwhere(found != right)[0]
    return f"Look at row {row}, column {column} of a test mask: are all four of its neighbours in the mask?"


@checker("Exercise 3", "Whatever you choose for empty masks, write it beside the number.")
def safe_dice(answer: Any) -> str | None:
    """A function (predicted, true) -> Dice; two empty masks give 1, one empty mask 0."""
    if not callable(answer):
        return FUNCTION
    empty, full = np.zeros((3, 4), dtype=bool), np.ones((3, 4), dtype=bool)
    some = empty.copy()
    some[0, :3] = True
    more = empty.copy()
    more[0, 1:], more[1, 0] = True, True
    shown = float(_given(answer(more.copy(), some.copy())))
    if not math.isclose(shown, dice(more, some)):
        if math.isclose(shown, dice(more, some) / 2):
            return "The factor 2 is missing: shared pixels count in both masks."
        if math.isclose(shown, 2 / 5):
            return "That is the IoU: you divided by the union. Dice divides by the sum of the two sizes."
        return f"Two masks of 4 and 3 pixels that share 2 have the Dice 4/7; yours is {shown:.3g}."
    try:
        both = float(_given(answer(empty.copy(), empty.copy())))
    except ZeroDivisionError:
        return "Two empty masks divide 0 by 0. Look first whether there is any pixel at all."
    if math.isnan(both):
        return "Two empty masks give NaN, 0 divided by 0. Look first whether there is any pixel at all."
    one = [float(_given(answer(*pair))) for pair in ((full.copy(), empty.copy()), (empty.copy(), full.copy()))]
    if both == 0:
        return "Two empty masks agree completely. Ours gives them 1."
    if both != 1:
        return f"Two empty masks should give 1; yours give {both:.3g}."
    if any(value != 0 for value in one):
        return "Where just one of the two masks is empty they share nothing: 0."
    return None


@checker("Exercise 4", "No step, no threshold: so it has a slope everywhere.")
def soft_dice_loss(answer: Any) -> str | None:
    """A function (probability, truth) -> 1 - 2 sum(p t) / (sum(p) + sum(t))."""
    if not callable(answer):
        return FUNCTION
    p, t = np.array([0.9, 0.6, 0.2, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    found = float(_given(answer(p.copy(), t.copy())))
    right = 1 - 2 * (p * t).sum() / (p.sum() + t.sum())
    if math.isclose(found, right, abs_tol=2e-4):
        return None
    if math.isclose(found, 1 - right, abs_tol=2e-4):
        return "That is the soft Dice itself. A loss falls when things get better: subtract from 1."
    if math.isclose(found, right - 1, abs_tol=2e-4):
        return "Minus the soft Dice has the right slope; ours adds 1, so that 0 is perfect."
    if math.isclose(found, 0.0, abs_tol=2e-4):
        return "You cut the probabilities at 0.5. A mask has no slope: keep the probabilities as they are."
    if math.isclose(found, 1 - (p * t).sum() / (p.sum() + t.sum()), abs_tol=2e-4):
        return "The factor 2 is missing above the line."
    squares = 1 - 2 * (p * t).sum() / ((p**2).sum() + (t**2).sum())
    if math.isclose(found, squares, abs_tol=2e-4):
        return "That is V-Net's version, with squares below the line. Here, the plain sums."
    return f"For 0.9 0.6 0.2 0.1 against 1 1 0 0 the loss is {right:.4f}; yours is {found:.4g}."


@checker("Exercise 5", "And the test patches never heard of it.")
def choose_threshold(answer: Any) -> str | None:
    """A function (probability, truth, thresholds) -> the threshold with the best Dice; on validation data."""
    if not callable(answer):
        return FUNCTION
    rng = np.random.default_rng(0)
    truth = rng.random(4000) < 0.02
    probability = np.clip(np.where(truth, rng.normal(0.25, 0.1, 4000), rng.normal(0.1, 0.07, 4000)), 0, 1)
    thresholds = [0.02, 0.1, 0.2, 0.25, 0.3, 0.5, 0.9]
    scores = [dice(probability > t, truth) for t in thresholds]
    best = thresholds[int(np.argmax(scores))]
    found = _given(answer(probability.copy(), truth.copy(), list(thresholds)))
    found = float(found)
    if math.isclose(found, best):
        return None
    if math.isclose(found, max(scores)):
        return "That is the best score. The threshold that reaches it is wanted."
    if found == int(np.argmax(scores)):
        return "That is the place of the best threshold in the list. Return the threshold itself."
    right = [((probability > t) == truth).mean() for t in thresholds]
    if math.isclose(found, thresholds[int(np.argmax(right))]):
        return "That one has the most pixels right. With so few lesions this favours finding none: use Dice."
    if found == 0.5:
        return "0.5 is only one of the candidates. Try each of them, and keep the best."
    if math.isclose(found, thresholds[int(np.argmin(scores))]):
        return "That is the worst of them: max, not min."
    return f"Of {thresholds} the best Dice is reached at {best}; yours is {found:g}."


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


def right_score(answer: Any) -> Verdict:
    """Check a dictionary: four clinical questions -> "Dice", "surface", "recall" or "regions"."""
    empty = isinstance(answer, Mapping) and all(value is ... or value is None for value in answer.values())
    return _right_score(None if empty else answer)


@checker("Exercise 6", "And report a second score beside it: each of them is blind to something.")
def _right_score(answer: Any) -> str | None:
    if not isinstance(answer, Mapping):
        return "Give a dictionary, question to score."
    if missing := set(RIGHT) - set(answer):
        return f"There is no answer for {', '.join(sorted(missing))}."
    for question, right in RIGHT.items():
        given = answer[question]
        if not isinstance(given, str) or given not in RIGHT.values():
            return f"For {question!r}, choose one of {', '.join(RIGHT.values())}."
        if given != right:
            return f"{question}: {given} is not what decides here. Think again: {WHY[question]}"
    return None
