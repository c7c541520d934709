"""The checkers of chapter 6 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest

from unet_teach.course.exercises import scores as check
from unet_teach.metrics import dice, iou, surface


def eight(mask):
    padded = np.pad(mask, 1)
    height, width = mask.shape
    parts = [padded[r : r + height, c : c + width] for r in range(3) for c in range(3)]
    return mask & ~np.all(parts, axis=0)


def border_forgotten(mask):
    padded = np.pad(mask, 1, mode="edge")
    return mask & ~(padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:])


def soft(p, t):
    return 2 * (p * t).sum() / (p.sum() + t.sum())


def best(p, t, thresholds):
    return max(thresholds, key=lambda threshold: dice(p > threshold, t))


def unsafe(a, b):
    return 2 * int((a & b).sum()) / (int(a.sum()) + int(b.sum()))


def constant(value, both_empty=1.0):
    return lambda a, b: dice(a, b) if a.any() and b.any() else (value if a.any() or b.any() else both_empty)


RIGHT = {
    "iou_from_dice": lambda d: d / (2 - d),
    "safe_dice": dice,
    "surface_pixels": surface,
    "soft_dice_loss": lambda p, t: 1 - soft(p, t),
    "choose_threshold": best,
    "right_score": {
        "tumour volume": "Dice",
        "radiation margin": "surface",
        "screening": "recall",
        "nerve cells": "regions",
    },
}
WRONG = {
    "iou_from_dice": [
        (lambda d: 2 * d / (1 + d), "way back"),
        (lambda d: d / 2, "half of Dice"),
        (lambda d: d, "nowhere between"),
        (lambda d: d / (2 + d), "sign"),
        (lambda d: 0.25 * d, "should give 1/3"),
        (0.5, "without brackets"),
    ],
    "safe_dice": [
        (lambda a, b: dice(a, b) / 2, "factor 2"),
        (iou, "IoU"),
        (lambda a, b: 0.1, "4/7"),
        (unsafe, "0 by 0"),
        (lambda a, b: 2 * (a & b).sum() / (a.sum() + b.sum()) if a.any() or b.any() else np.nan, "NaN"),
        (constant(0.0, 0.0), "agree completely"),
        (constant(0.0, 0.5), "should give 1"),
        (constant(1.0), "share nothing"),
    ],
    "surface_pixels": [
        (lambda m: m[1:], "in its shape"),
        (lambda m: ~m, "outside the mask"),
        (border_forgotten, "border of the image"),
        (eight, "eight neighbours"),
        (lambda m: m & ~surface(m), "That is the inside"),
        (lambda m: m, "whole mask"),
        (lambda m: np.zeros_like(m), "are all four"),
    ],
    "soft_dice_loss": [
        (soft, "itself"),
        (lambda p, t: -soft(p, t), "adds 1"),
        (lambda p, t: 1 - soft((p > 0.5).astype(float), t), "cut the probabilities"),
        (lambda p, t: 1 - soft(p, t) / 2, "factor 2"),
        (lambda p, t: 1 - 2 * (p * t).sum() / ((p**2).sum() + (t**2).sum()), "V-Net"),
        (lambda p, t: 3.0, "yours is 3"),
    ],
    "choose_threshold": [
        (lambda p, t, c: max(dice(p > x, t) for x in c), "best score"),
        (lambda p, t, c: c.index(best(p, t, c)), "place of the best"),
        (lambda p, t, c: max(c, key=lambda x: ((p > x) == t).mean()), "most pixels right"),
        (lambda p, t, c: 0.5, "only one"),
        (lambda p, t, c: min(c, key=lambda x: dice(p > x, t)), "worst"),
        (lambda p, t, c: 7, "is reached at"),
    ],
    "right_score": [
        ("Dice", "a dictionary"),
        ({"screening": "recall"}, "no answer for"),
        (RIGHT["right_score"] | {"screening": "accuracy"}, "choose one of"),
        (RIGHT["right_score"] | {"screening": "Dice"}, "nobody is told of"),
        (RIGHT["right_score"] | {"nerve cells": "Dice"}, "join two cells"),
        (RIGHT["right_score"] | {"radiation margin": "Dice"}, "in mm"),
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer_is_accepted(name):
    assert getattr(check, name)(RIGHT[name]).passed is True


@pytest.mark.parametrize(("name", "answer", "hint"), [(name, *pair) for name, pairs in WRONG.items() for pair in pairs])
def test_a_wrong_answer_gets_its_own_hint(name, answer, hint):
    verdict = getattr(check, name)(answer)
    assert verdict.passed is False
    assert hint in verdict.message


@pytest.mark.parametrize("name", RIGHT)
def test_hints_differ(name):
    messages = [getattr(check, name)(answer).message for answer, _ in WRONG[name]]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("name", RIGHT)
def test_an_empty_answer_is_no_answer(name):
    empty = [None, ...] + ([lambda *_: None] if callable(RIGHT[name]) else [dict.fromkeys(check.RIGHT, ...)])
    assert [getattr(check, name)(answer).passed for answer in empty] == [None] * len(empty)


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("nonsense", ["?", [1, 2, 3], {}, float("nan"), lambda: 1, object()])
def test_nonsense_never_raises(name, nonsense):
    assert getattr(check, name)(nonsense).passed in (False, None)
