"""Chapter 11's checkers know the right answer, and have a hint of their own for each foreseen wrong one."""

import numpy as np
import pytest
import torch

from unet_teach.course.exercises import why_it_works as check


def means(mean, behind):
    return {"mean difference": mean, "B is behind": behind}


def quiet(x):
    y = x.clone()
    y[:, :3] = y[:, :3].mean((2, 3), keepdim=True)
    return y


def in_place(x):
    x[:, :3] = x[:, :3].mean((2, 3), keepdim=True)
    return x


def other_half(x):
    y = x.clone()
    y[:, 3:] = y[:, 3:].mean((2, 3), keepdim=True)
    return y


def zeros(x):
    return torch.cat([0 * x[:, :3], x[:, 3:]], dim=1)


def all_images(x):
    y = x.clone()
    y[:, :3] = y[:, :3].mean((0, 2, 3), keepdim=True)
    return y


def rows_only(x):
    y = x.clone()
    y[:, :3] = y[:, :3].mean(2, keepdim=True)
    return y


def middle(levels, curve, allowance):
    good = levels[curve >= curve.max() - allowance]
    return (good[0] + good[-1]) / 2


RIGHT = [
    (check.pairs, means(-0.0133, 5)),
    (check.saving, 48384),
    (check.quiet, quiet),
    (check.plateau, middle),
]
WRONG = [
    (check.pairs, -0.0133, "keys"),
    (check.pairs, means(0.0133, 5), "below zero"),
    (check.pairs, means(-0.08, 5), "sum"),
    (check.pairs, means(-0.02, 5), "Subtract A from B"),
    (check.pairs, means(-0.0133, 6), "Equal is not behind"),
    (check.saving, "many", "one number"),
    (check.saving, 5376, "3 x 3"),
    (check.saving, 1008, "every channel"),
    (check.saving, 96768, "hold in the U-Net"),
    (check.saving, 36864, "lowest"),
    (check.saving, 7, "On one level"),
    (check.quiet, 3, "function itself"),
    (check.quiet, lambda x: x[:, :3], "as large"),
    (check.quiet, in_place, "copy"),
    (check.quiet, lambda x: x.clone(), "Nothing"),
    (check.quiet, other_half, "from below"),
    (check.quiet, lambda x: other_half(quiet(x)), "must stay"),
    (check.quiet, zeros, "no silence"),
    (check.quiet, rows_only, "which axes"),
    (check.quiet, all_images, "own mean"),
    (check.plateau, 0.3, "function itself"),
    (check.plateau, lambda levels, curve, allowance: levels, "one level"),
    (check.plateau, lambda levels, curve, allowance: levels[curve.argmax()], "best level"),
    (check.plateau, lambda levels, curve, allowance: levels[curve >= curve.max() - allowance].mean(), "middle between"),
]


@pytest.mark.parametrize(("checker", "answer"), RIGHT, ids=lambda value: getattr(value, "__name__", ""))
def test_the_right_answer_is_praised(checker, answer):
    assert checker(answer).passed


@pytest.mark.parametrize(("checker", "answer", "hint"), WRONG)
def test_a_wrong_answer_gets_its_hint(checker, answer, hint):
    verdict = checker(answer)
    assert verdict.passed is False
    assert hint in verdict.message


@pytest.mark.parametrize(
    ("checker", "answer"),
    [
        (check.pairs, None),
        (check.pairs, means(None, None)),
        (check.saving, ...),
        (check.quiet, lambda x: None),
        (check.plateau, lambda levels, curve, allowance: ...),
    ],
)
def test_no_answer_yet(checker, answer):
    assert checker(answer).passed is None


def test_the_table_in_the_chapter_is_the_checkers():
    assert np.isclose((check.B - check.A).mean(), -0.0133, atol=1e-4)
