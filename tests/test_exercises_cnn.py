"""The checkers of chapter 4 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from unet_teach.course.exercises import cnn as check


def field(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * step
        step *= stride
    return size


def stride_too_early(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        size += (kernel - 1) * step
    return size


def summed(first, second):
    total = np.zeros(len(first) + len(second) - 1)
    total[: len(first)] += first
    total[: len(second)] += second
    return total


def scaled(dims, correction=0, eps=None):
    def norm(x, given):
        variance = x.var(dims, correction=correction, keepdim=True)
        return (x - x.mean(dims, keepdim=True)) / (variance + (given if eps is None else eps)).sqrt()

    return norm


def in_place(x, eps):
    return x.sub_(x.mean((0, 2, 3), keepdim=True))


RIGHT = {
    "parameters": [2064],
    "collapse": [np.convolve, lambda a, b: np.convolve(b, a)],
    "receptive_field": [field],
    "batch_norm": [scaled((0, 2, 3)), lambda x, eps: F.batch_norm(x, None, None, training=True, eps=eps)],
}
WRONG = {
    "parameters": [
        (2048, "biases are missing"),
        (272, "all 8 channels"),
        (1032, "come out"),
        (2176, "one bias altogether"),
        (528, "16 weights"),
        (7, "Filters, times"),
        ("many", "one number"),
    ],
    "collapse": [
        (lambda a, b: np.convolve(a, b, "same"), "look at"),
        (lambda a, b: np.convolve(a, b)[::-1], "wrong way round"),
        (lambda a, b: np.correlate(a, b, "full"), "wrong way round"),
        (summed, "side by side"),
        (lambda a, b: np.zeros(len(a) + len(b) - 1), "length is right"),
        (3, "function itself"),
    ],
    "receptive_field": [
        (lambda layers: sum(kernel for kernel, _ in layers), "added the kernels"),
        (lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers), "strides are missing"),
        (stride_too_early, "come after it"),
        (lambda layers: 33, "yours gives 33"),
        ("33", "function itself"),
    ],
    "batch_norm": [
        (scaled((2, 3)), "instance"),
        (scaled((0, 1, 2, 3)), "for everything"),
        (scaled((1, 2, 3)), "layer normalisation"),
        (scaled((0,)), "Each place"),
        (scaled((0, 2, 3), correction=1), "n - 1"),
        (scaled((0, 2, 3), eps=0), "eps is missing"),
        (lambda x, eps: x - x.mean((0, 2, 3), keepdim=True), "means are 0"),
        (lambda x, eps: x[0], "shape"),
        (in_place, "changes the batch"),
        (lambda x, eps: 2 * x, "numbers are not"),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_the_right_answer_is_accepted(name, answer):
    verdict = getattr(check, name)(answer)
    assert verdict.passed is True, verdict


@pytest.mark.parametrize(("name", "answer", "hint"), [(name, *pair) for name, pairs in WRONG.items() for pair in pairs])
def test_a_wrong_answer_gets_its_own_hint(name, answer, hint):
    verdict = getattr(check, name)(answer)
    assert verdict.passed is False
    assert hint in verdict.message


@pytest.mark.parametrize("name", RIGHT)
def test_an_empty_answer_is_not_answered_yet(name):
    empty = [None, ...] + ([lambda *args: None] if callable(RIGHT[name]) else [])
    assert [getattr(check, name)(answer).passed for answer in empty] == [None] * len(empty)


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("answer", [torch.zeros(2), [], {}, float("nan"), lambda: 1, lambda *args: "x"])
def test_a_checker_never_raises(name, answer):
    assert getattr(check, name)(answer).passed is not True
