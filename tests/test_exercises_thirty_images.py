"""The checkers of chapter 9 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest

from unet_teach.course.exercises import thirty_images as check
from unet_teach.transforms import mirror

WRONG = {
    "split_cell": [
        (0.625, "also the recall"),
        (0.75, "larger piece's share"),
        (1, "torn apart"),
        (0.3, "9/12 and 3/12"),
        ("half", "one number"),
    ],
    "standardise_each": [
        (lambda stack: (stack - stack.mean()) / stack.std(), "sections do not"),
        (lambda stack: stack - stack.mean((1, 2), keepdims=True), "deviations are not 1"),
        (lambda stack: (stack - stack.mean((1, 2), keepdims=True)) / stack.var((1, 2), keepdims=True), "variance"),
        (lambda stack: stack / stack.std((1, 2), keepdims=True), "do not have mean 0"),
        (lambda stack: stack[0], "shape"),
        (lambda stack: np.subtract(stack, 1, out=stack), "changes the stack"),
    ],
    "mirrored": [
        (lambda place, size: -1 - place if place < 0 else (2 * size - 1 - place if place >= size else place), "twice"),
        (lambda place, size: min(max(place, 0), size - 1), "edge"),
        (lambda place, size: place % size, "globe"),
        (lambda place, size: abs(place), "right end"),
        (lambda place, size: 0, "fold it"),
    ],
    "starting_sd": [
        ((2 / (9 * 128)) ** 0.5, "flows out"),
        (2 / 288, "variance"),
        ((1 / 288) ** 0.5, "without ReLU"),
        ((2 / 32) ** 0.5, "window of nine"),
        (1, "sqrt"),
    ],
    "largest_stride": [
        (128, "gaps"),
        (116, "another grid"),
        (100, "grid of 16"),
        (96, "wasteful"),
        (-16, "positive"),
    ],
    "undo": [
        (lambda picture, turns, mirrored: np.rot90(picture[:, ::-1] if mirrored else picture, -turns), "first undone"),
        (lambda picture, turns, mirrored: np.rot90(picture, -turns), "mirror once more"),
        (lambda picture, turns, mirrored: np.fliplr(picture) if mirrored else picture, "not undone"),
        (lambda picture, turns, mirrored: np.zeros(3), "does not come back"),
    ],
}


def undo(picture, turns, mirrored):
    upright = np.rot90(picture, -turns)
    return np.fliplr(upright) if mirrored else upright


RIGHT = {
    "split_cell": 2 * 0.625 / 1.625,
    "standardise_each": lambda s: (s - s.mean((1, 2), keepdims=True)) / s.std((1, 2), keepdims=True),
    "mirrored": lambda place, size: size - 1 - abs(size - 1 - abs(place)),
    "starting_sd": 0.0833,
    "largest_stride": 112,
    "undo": undo,
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
    empty = [None, ...] + ([lambda *_: None] if callable(RIGHT[name]) else [])
    assert [getattr(check, name)(answer).passed for answer in empty] == [None] * len(empty)


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("nonsense", ["?", [1, 2, 3], {}, float("nan"), lambda: 1, object()])
def test_nonsense_never_raises(name, nonsense):
    assert getattr(check, name)(nonsense).passed is False


def test_the_mirror_of_the_exercise_is_the_packages():
    import torch

    places = torch.arange(-4, 9)
    assert mirror(places, 5).tolist() == [RIGHT["mirrored"](int(place), 5) for place in places]
