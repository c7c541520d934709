"""The checkers of chapter 6 accept what is right, and tell wrong answers apart."""

import statistics
from fractions import Fraction

import numpy as np
from checkers import checker_tests
from scipy import ndimage

from unet_teach.course.exercises import scores as check
from unet_teach.metrics import dice, iou, precision, recall, surface


def looped(inside):
    """The surface in loops; `inside(r, c, height, width)` says whether a place is one of the image."""

    def found(mask):
        height, width = mask.shape
        result = np.zeros_like(mask)
        for r, c in np.argwhere(mask):
            for rr, cc in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if not inside(rr, cc, height, width) or not mask[rr, cc]:
                    result[r, c] = True
        return result

    return found


def anywhere(r, c, height, width):
    return 0 <= r < height and 0 <= c < width


def below_only(r, c, height, width):
    return r < height and c < width


def border_forgotten(mask):
    return mask & ~ndimage.binary_erosion(mask, border_value=1)


def eight(mask):
    return mask & ~ndimage.binary_erosion(mask, np.ones((3, 3)))


def above_and_below(mask):
    return mask & ~ndimage.binary_erosion(mask, [[0, 1, 0]] * 3)


def left_and_right(mask):
    return mask & ~ndimage.binary_erosion(mask, [[0, 0, 0], [1, 1, 1], [0, 0, 0]])


def rolled(mask):
    neighbours = [np.roll(mask, step, axis) for step in (-1, 1) for axis in (0, 1)]
    return mask & ~np.logical_and.reduce(neighbours)


def safe(predicted, true):
    pixels = predicted.sum() + true.sum()
    return 2 * (predicted & true).sum() / pixels if pixels else 1.0


def counted(predicted, true):
    both = sum(bool(p and t) for p, t in zip(predicted.ravel(), true.ravel(), strict=True))
    pixels = sum(map(int, predicted.ravel())) + sum(map(int, true.ravel()))
    return Fraction(2 * both, pixels) if pixels else Fraction(1)


def unsafe(a, b):
    return 2 * int((a & b).sum()) / (int(a.sum()) + int(b.sum()))


def if_empty(both, no_truth=0.0, no_prediction=0.0):
    def score(predicted, true):
        if predicted.any() and true.any():
            return dice(predicted, true)
        return both if predicted.any() == true.any() else (no_truth if predicted.any() else no_prediction)

    return score


def smoothed(by):
    return lambda a, b: (2 * (a & b).sum() + by) / (a.sum() + b.sum() + by)


def in_place(predicted, true):
    pixels = predicted.sum() + true.sum()
    predicted &= true
    return 2 * predicted.sum() / pixels if pixels else 1.0


def soft(p, t):
    return 2 * (p * t).sum() / (p.sum() + t.sum())


def soft_in_loops(probability, is_true):
    overlap = total = 0
    for p, t in zip(probability, is_true, strict=True):
        overlap += p * t
        total += p + t
    return 1 - 2 * overlap / total


def best(p, t, thresholds):
    return max(thresholds, key=lambda threshold: dice(p > threshold, t))


def best_so_far(probability, is_true, thresholds):
    found, highest = thresholds[0], -1.0
    for threshold in thresholds:
        cut = probability > threshold
        score = 2 * np.sum(cut & is_true) / (cut.sum() + is_true.sum())
        if score > highest:
            found, highest = threshold, score
    return found


def until_it_falls(probability, is_true, thresholds):
    previous, before = thresholds[0], -1.0
    for threshold in thresholds:
        score = dice(probability > threshold, is_true)
        if score < before:
            return previous
        previous, before = threshold, score
    return previous


def best_by(score):
    return lambda p, t, thresholds: max(thresholds, key=lambda threshold: score(p, t, threshold))


SCORES = {"tumour volume": "Dice", "radiation margin": "surface", "screening": "recall", "nerve cells": "regions"}
SOLUTIONS = {
    check.iou_from_dice: [lambda d: d / (2 - d), lambda d: 1 / (2 / d - 1) if d else 0],
    check.surface_pixels: [looped(anywhere), surface, lambda mask: mask & ~ndimage.binary_erosion(mask)],
    check.safe_dice: [safe, dice, counted],
    check.soft_dice_loss: [lambda p, t: 1 - soft(p, t), soft_in_loops, lambda p, t: 1 - soft(np.float32(p), t)],
    check.choose_threshold: [best, best_so_far],
    check.right_score: [SCORES],
}
WRONG = {
    check.iou_from_dice: [
        (lambda d: 2 * d / (1 + d), "way back"),
        (lambda d: d / 2, "half of Dice"),
        (lambda d: d, "agree at 0 and 1 only"),
        (lambda d: d / (2 + d), "sign"),
        (lambda d: 2 / (2 - d), "both sides"),
        (lambda d: 100 * d / (2 - d), "percent"),
        (lambda d: d**2, "square"),
        (lambda d: 0.25 * d, "bring all I"),
        (lambda d: round(d / (2 - d), 2), "Give all digits"),
        (lambda d: d / (2 - d) if d < 1 else 0.0, "for a Dice of 1"),
        (lambda d: 1 / 3, "whatever it is given"),
        (lambda d: float("nan"), "NaN"),
        (0.5, "without brackets"),
    ],
    check.surface_pixels: [
        (looped(below_only), "counts from the other end"),
        (rolled, "counts from the other end"),
        (border_forgotten, "border of the image"),
        (eight, "eight neighbours"),
        (above_and_below, "One side is not asked"),
        (left_and_right, "One side is not asked"),
        (lambda m: m & ~surface(m), "That is the inside"),
        (lambda m: m, "whole mask"),
        (lambda m: ndimage.binary_dilation(m) & ~m, "just outside"),
        (lambda m: ~m, "outside the mask"),
        (lambda m: 255 * surface(m), "not 255"),
        (lambda m: m[1:], "in its shape"),
        (np.argwhere, "in its shape"),
        (lambda m: surface(m) & (np.arange(m.shape[1]) % 2 == 0), "are all four"),
        (lambda m: (surface(m), m.fill(False))[0], "Work on a copy"),
        (lambda m: np.where(surface(m), 1, np.nan), "NaN"),
    ],
    check.safe_dice: [
        (lambda a, b: dice(a, b) / 2, "factor 2"),
        (iou, "IoU"),
        (precision, "precision"),
        (recall, "recall"),
        (lambda a, b: np.mean(a == b), "accuracy"),
        (lambda a, b: (a & b).sum(), "shared pixels"),
        (smoothed(1), "changes every score"),
        (smoothed(1e-6), "above the line bends"),
        (smoothed(1e-8), "above the line bends"),
        (lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum() + 1e-9), "agree completely"),
        (lambda a, b: 0.1, "whatever it is given"),
        (unsafe, "divide 0 by 0"),
        (if_empty(np.nan), "give NaN"),
        (if_empty(0.0), "agree completely"),
        (if_empty(0.5), "should give 1"),
        (if_empty(1.0, no_truth=1.0), "only one of the two"),
        (if_empty(1.0, no_prediction=1.0), "only one of the two"),
        (if_empty(0.0, no_truth=1.0), "only one of the two"),
        (if_empty(1.0, 1.0, 1.0), "just one of the two"),
        (lambda a, b: safe(a, b) if (a & b).any() or not a.any() or not b.any() else 0.5, "none in common"),
        (in_place, "Work on a copy"),
    ],
    check.soft_dice_loss: [
        (soft, "itself"),
        (lambda p, t: -soft(p, t), "adds 1"),
        (lambda p, t: 1 - soft(np.where(p > 0.5, 1.0, 0.0), t), "cut the probabilities"),
        (lambda p, t: 1 - soft(p, t) / 2, "factor 2"),
        (lambda p, t: 1 - 2 * (p * t).sum() / ((p**2).sum() + (t**2).sum()), "V-Net"),
        (lambda p, t: 1 - (p * t).sum() / np.maximum(p, t).sum(), "soft IoU"),
        (lambda p, t: 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1), "smooths"),
        (lambda p, t: 1 - 2 * (p * t).sum() / (p.sum() + 2), "add up the truth"),
        (lambda p, t: 1 - 2 * (p * t).mean() / (p.sum() + t.sum()), "A mean above"),
        (lambda p, t: 4 / 19, "whatever it is given"),
        (lambda p, t: 1 - 2 * (p * t).sum() / (p.sum() + len(t) / 2), "for the four pixels"),
        (lambda p, t: 3 * soft(p, t), "Add up p y"),
        (lambda p, t: 1 - 2 * p * t / (p + t + 1), "one number"),
        (lambda p, t: (1 - soft(p, t), t.fill(0))[0], "Work on a copy"),
    ],
    check.choose_threshold: [
        (lambda p, t, c: max(dice(p > x, t) for x in c), "best score"),
        (lambda p, t, c: c.index(best(p, t, c)), "place of the best"),
        (best_by(lambda p, t, x: ((p > x) == t).mean()), "most pixels right"),
        (best_by(lambda p, t, x: -dice(p > x, t)), "worst"),
        (best_by(lambda p, t, x: dice(p < x, t)), "*below*"),
        (best_by(lambda p, t, x: dice(p >= x, t)), "> instead of >="),
        (best_by(lambda p, t, x: precision(p > x, t)), "best precision"),
        (best_by(lambda p, t, x: recall(p > x, t)), "best recall"),
        (until_it_falls, "fall and rise again"),
        (lambda p, t, c: until_it_falls(p, t, sorted(c)), "fall and rise again"),
        (lambda p, t, c: statistics.median_low(c), "`is_true` has no effect"),
        (best_by(lambda p, t, x: (p > x)[t].mean() - (p > x)[~t].mean()), "The Dice scores there"),
        (lambda p, t, c: np.median(c), "middle of the list"),
        (lambda p, t, c: c[0], "return inside the loop"),
        (lambda p, t, c: c[-1], "last candidate"),
        (lambda p, t, c: best(p, t, c[1:] or c), "first of the thresholds"),
        (lambda p, t, c: best(p, t, c[:-1] or c), "last of the thresholds"),
        (lambda p, t, c: best(p, t, [0.1, 0.25, 0.5]), "`thresholds` has no effect"),
        (lambda p, t, c: best(p, t, c) / 2, "none of the candidates"),
        (lambda p, t, c: 0.25, "whatever it is given"),
        (lambda p, t, c: (best(p, t, c), c.sort())[0], "Work on a copy"),
        (lambda p, t, c: [best(p, t, c)], "one number"),
    ],
    check.right_score: [
        ("Dice", "a dictionary"),
        ({"screening": "recall"}, "no answer for tumour volume, radiation margin, nerve cells"),
        (SCORES | {"screening": ...}, "no answer for screening"),
        (SCORES | {"screening": "accuracy"}, "choose one of"),
        (SCORES | {"tumour volume": "surface"}, "an overlap"),
        (SCORES | {"screening": "Dice"}, "nobody is told of"),
        (SCORES | {"nerve cells": "Dice"}, "join two cells"),
        (SCORES | {"radiation margin": "Dice"}, "in mm"),
        (SCORES | {"screening": np.array(["recall", "Dice"])}, "choose one of"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)


def test_a_dictionary_of_dots_is_not_answered_yet():
    assert repr(check.right_score(dict.fromkeys(SCORES, ...))) == "Exercise 6: not answered yet."
