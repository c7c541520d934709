"""Chapter 11's checkers know the right answer, and have a hint of their own for each foreseen wrong one."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from checkers import checker_tests

from unet_teach.course.exercises import why_it_works as check

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "11-why-it-works.ipynb"


def means(mean, behind):
    return {"mean difference": mean, "B is behind": behind}


def quiet(x):
    across, below = x.chunk(2, dim=1)
    return torch.cat([across.mean((2, 3), keepdim=True).expand_as(across), below], dim=1)


def by_loops(x):
    y = x.clone()
    for image in y:
        for channel in image[: x.shape[1] // 2]:
            channel.fill_(channel.mean())
    return y


def silenced(**how):
    """Put another mean into the first half of the channels."""

    def made(x):
        y, c = x.clone(), x.shape[1] // 2
        y[:, :c] = y[:, :c].mean(keepdim=True, **how)
        return y

    return made


def changed(change):
    """Put something else in the place of the first half of the channels."""

    def made(x):
        across, below = x.chunk(2, dim=1)
        return torch.cat([change(across).expand_as(across), below], dim=1)

    return made


def first(channels):
    """Silence so many channels, however many came in."""

    def made(x):
        y = x.clone()
        y[:, :channels] = x[:, :channels].mean((2, 3), keepdim=True)
        return y

    return made


def in_place(x):
    return x.copy_(quiet(x))


def middle(levels, curve, allowance):
    good = levels[curve >= curve.max() - allowance]
    return (good[0] + good[-1]) / 2


def middle_by_loop(levels, curve, allowance):
    good = [level for level, score in zip(levels, curve, strict=True) if max(curve) - score <= allowance]
    return 0.5 * (min(good) + max(good))


def contiguous(levels, curve, allowance):
    low = high = int(curve.argmax())
    while low > 0 and curve[low - 1] >= curve.max() - allowance:
        low -= 1
    while high < len(curve) - 1 and curve[high + 1] >= curve.max() - allowance:
        high += 1
    return (levels[low] + levels[high]) / 2


SOLUTIONS = {
    check.pairs: [means(-0.0133, 5), means(-0.08 / 6, np.int64(5)), means(-0.013, 5.0)],
    check.saving: [48384, 48384.0, sum(9 * c * c for c in (16, 32, 64))],
    check.quiet: [quiet, by_loops, silenced(dim=(-1, -2))],
    check.plateau: [middle, middle_by_loop],
}
WRONG = {
    check.pairs: [
        (-0.0133, "keys"),
        (means(0.0133, 5), "below zero where B is behind"),
        (means(-0.08, 5), "sum of the six"),
        (means(-1.33, 5), "percent"),
        (means(-0.016, 5), "counts among the six"),
        (means(-0.015, 5), "median"),
        (means(0.763, 5), "B's own mean"),
        (means(-0.02, 5), "Subtract A from B in"),
        (means(float("nan"), 5), "NaN"),
        (means(-0.0133, 6), "Equal is not behind"),
        (means(-0.0133, 1), "how many are equal"),
        (means(-0.0133, 3), "In how many"),
        (means(-0.0133, "five"), "one number"),
    ],
    check.saving: [
        ("many", "one number"),
        (float("nan"), "NaN"),
        (5376, "Each kernel has 3 x 3 weights"),
        (16128, "nine weights, not three"),
        (1008, "every channel"),
        (112896, "Square each level"),
        (96768, "hold in the U-Net"),
        (193536, "twice the channels"),
        (48496, "biases"),
        (36864, "the lowest level"),
        (2304, "the top level"),
        (46080, "A level is missing"),
        (-48384, "without a sign"),
        (48383, "On one level"),
    ],
    check.quiet: [
        (3, "function itself"),
        (lambda x: x[:, :3], "All channels"),
        (lambda x: quiet(x).tolist(), "Give a tensor"),
        (in_place, "copy"),
        (lambda x: x.clone(), "Nothing"),
        (lambda x: quiet(x.roll(x.shape[1] // 2, 1)).roll(x.shape[1] // 2, 1), "comes from below. What comes across"),
        (lambda x: x.mean((2, 3), keepdim=True).expand_as(x), "silenced both"),
        (changed(torch.zeros_like), "no silence"),
        (silenced(dim=(0, 2, 3)), "the images"),
        (silenced(dim=(1, 2, 3)), "axis 1, the channels"),
        (changed(lambda across: across.mean()), "One mean for all"),
        (silenced(dim=2), "column by column"),
        (silenced(dim=3), "row by row"),
        (silenced(dim=1), "pixel by pixel"),
        (changed(lambda across: across - across.mean((2, 3), keepdim=True)), "left the rest"),
        (changed(lambda across: across.flatten(2).median(2)[0][..., None, None]), "median"),
        (changed(lambda across: across.amax((2, 3), keepdim=True)), "largest"),
        (first(1), "Only the first channel"),
        (first(3), "Three channels"),
        (changed(lambda across: across.std((2, 3), keepdim=True)), "its own mean, at every pixel"),
        (lambda x: quiet(x) + 0.1 * x.mean(), "must stay as it is"),
        (lambda x: torch.full_like(x, torch.nan), "NaN"),
        (lambda x: x[:, : x.shape[1] // 2].mean(), "All channels"),
    ],
    check.plateau: [
        (0.3, "function itself"),
        (lambda levels, curve, allowance: levels, "Give one number"),
        (lambda levels, curve, allowance: float("nan"), "NaN"),
        (lambda levels, curve, allowance: levels[curve.argmax()], "best level"),
        (contiguous, "first dip"),
        (lambda levels, curve, allowance: levels[curve >= curve.max() - allowance].mean(), "mean of all good"),
        (lambda levels, curve, allowance: np.median(levels[curve >= curve.max() - allowance]), "middle of their list"),
        (lambda levels, curve, allowance: middle(levels, curve, max(allowance - 1e-9, 0)), "at most"),
        (lambda levels, curve, allowance: middle(levels, curve, 2 * allowance), "doubled"),
        (lambda levels, curve, allowance: middle(levels, curve, allowance / 2), "halved"),
        (lambda levels, curve, allowance: middle(levels, curve, allowance * curve.max()), "share of the best"),
        (lambda levels, curve, allowance: levels[curve >= curve.max() - allowance][0], "That is the first good"),
        (lambda levels, curve, allowance: levels[curve >= curve.max() - allowance][-1], "That is the last good"),
        (lambda levels, curve, allowance: np.ptp(levels[curve >= curve.max() - allowance]) / 2, "half the distance"),
        (lambda levels, curve, allowance: 2 * middle(levels, curve, allowance), "Halve it"),
        (lambda levels, curve, allowance: middle(np.arange(len(levels)), curve, allowance), "place in the list"),
        (lambda levels, curve, allowance: curve.max(), "V-Rand there"),
        (lambda levels, curve, allowance: middle(levels, curve, 0.01), "`allowance` has no effect"),
        (lambda levels, curve, allowance: middle(levels, curve, 0), "`allowance` has no effect"),
        (lambda levels, curve, allowance: (levels[0] + levels[-1]) / 2, "has no effect"),
        (lambda levels, curve, allowance: middle(levels, -curve, allowance), "yours is"),
        (lambda levels, curve, allowance: 0.35, "whatever it is given"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)


@pytest.mark.parametrize("empty", [means(None, None), means(..., ...)])
def test_an_empty_dictionary_is_no_answer(empty):
    assert repr(check.pairs(empty)) == "Exercise 1: not answered yet."
    assert check.pairs(empty | {"B is behind": 5}).message == "Still without a number: mean difference."


def test_the_table_in_the_chapter_is_the_checkers():
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}
    for network, scores in (("A", check.A), ("B", check.B)):
        rows = re.findall(rf"^\| {network}, seed \d \|(.*)\|$", cells["compare"], flags=re.MULTILINE)
        np.testing.assert_array_equal(scores, [[float(score) for score in row.split("|")] for row in rows])
