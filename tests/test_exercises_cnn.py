"""The checkers of chapter 4 accept what is right, and tell wrong answers apart."""

import numpy as np
import torch
from checkers import checker_tests
from scipy import signal
from torch import nn
from torch.nn import functional as F

from unet_teach.course.exercises import cnn as check


def both_copied(first, second):
    both = np.zeros(len(first) + len(second) - 1)
    for place, weight in enumerate(second):
        both[place : place + len(first)] += weight * first
    return both


def in_loops(first, second):
    return [
        sum(first[i] * second[n - i] for i in range(len(first)) if 0 <= n - i < len(second))
        for n in range(len(first) + len(second) - 1)
    ]


def summed(first, second):
    total = np.zeros(len(first) + len(second) - 1)
    total[: len(first)] += first
    total[: len(second)] += second
    return total


def field(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * step
        step *= stride
    return size


def field_from_the_end(layers):
    size = 1
    for kernel, stride in reversed(layers):
        size = (size - 1) * stride + kernel
    return size


def stepping_by(rule, start=1):
    """A receptive field with another rule for the step that follows a layer."""

    def wrong(layers):
        size, step = start, 1
        for kernel, stride in layers:
            size += (kernel - 1) * step
            step = rule(step, kernel, stride)
        return size

    return wrong


def stride_too_early(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        size += (kernel - 1) * step
    return size


def whole_kernels(layers):
    size, step = 1, 1
    for kernel, stride in layers:
        size += kernel * step
        step *= stride
    return size


def eating(layers):
    size, step = 1, 1
    while layers:
        kernel, stride = layers.pop(0)
        size += (kernel - 1) * step
        step *= stride
    return size


def scaled(dims, correction=0, eps=None):
    def norm(x, given):
        variance = x.var(dims, correction=correction, keepdim=True)
        return (x - x.mean(dims, keepdim=True)) / (variance + (given if eps is None else eps)).sqrt()

    return norm


def channel_by_channel(x, eps):
    out = np.empty(x.shape)
    for channel in range(x.shape[1]):
        values = x[:, channel].numpy().astype(float)
        out[:, channel] = (values - values.mean()) / np.sqrt(values.var() + eps)
    return out


def in_place(x, eps):
    return x.sub_(x.mean((0, 2, 3), keepdim=True)).div_((x.var((0, 2, 3), correction=0, keepdim=True) + eps).sqrt())


def parts(x):
    return x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), correction=0, keepdim=True)


SOLUTIONS = {
    check.parameters: [2064, 2064.0, np.int64(2064), torch.tensor(2064)],
    check.collapse: [both_copied, np.convolve, lambda a, b: np.convolve(b, a), in_loops, signal.fftconvolve],
    check.receptive_field: [field, field_from_the_end],
    check.batch_norm: [
        scaled((0, 2, 3)),
        lambda x, eps: F.batch_norm(x, None, None, training=True, eps=eps),
        lambda x, eps: nn.BatchNorm2d(x.shape[1], eps=eps)(x),
        lambda x, eps: scaled((0, 2, 3))(x.double(), eps),
        channel_by_channel,
    ],
}
WRONG = {
    check.parameters: [
        (2048, "biases are missing"),
        (272, "all 8 channels"),
        (1032, "come out"),
        (2056, "16 in all"),
        (2176, "one bias altogether"),
        (2049, "bias of its own"),
        (528, "16 weights"),
        (7, "Filters, times"),
        ("2064", "one number"),
        ([2064], "one number"),
    ],
    check.collapse: [
        (lambda a, b: np.convolve(a, b, "same"), "together look at"),
        (lambda a, b: np.polymul(a, b), "together look at"),  # drops a 0 at the beginning
        (lambda a, b: np.convolve(a, b)[::-1], "last to first"),
        (lambda a, b: np.correlate(a, b, "full"), "wrong way round"),
        (lambda a, b: np.convolve(a[::-1], b), "wrong way round"),
        (summed, "side by side"),
        (lambda a, b: np.convolve(a, b).astype(int), "fractions are cut off"),
        (lambda a, b: np.convolve(a, np.ones_like(b)), "`second` has no effect"),
        (lambda a, b: np.convolve(a + 1, b), "each weight of the second"),
        (lambda a, b: (np.convolve(a, b), a.fill(0), b.fill(0))[0], "Work on a copy"),
        (lambda a, b: np.full(len(a) + len(b) - 1, np.nan), "NaN"),
        (3, "function itself"),
    ],
    check.receptive_field: [
        (lambda layers: sum(kernel for kernel, _ in layers), "added the kernels"),
        (lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers), "strides are missing"),
        (stride_too_early, "come after it"),
        (stepping_by(lambda step, kernel, stride: step * kernel if stride > 1 else step), "not the kernel"),
        (stepping_by(lambda step, kernel, stride: step * kernel), "not the kernel"),
        (stepping_by(lambda step, kernel, stride: stride), "Steps multiply"),
        (stepping_by(lambda step, kernel, stride: step + stride), "Steps multiply"),
        (stepping_by(lambda step, kernel, stride: 2 * step if stride > 1 else step), "three times as long"),
        (stepping_by(lambda step, kernel, stride: step * stride, start=0), "one too few"),
        (whole_kernels, "not by k"),
        (lambda layers: field(layers[::-1]), "begins at the image"),
        (lambda layers: field(layers) if layers else 0, "the field of [] is 1"),
        (lambda layers: field(layers[:5]), "it should give"),
        (lambda layers: 33, "whatever it is given"),
        (eating, "Work on a copy"),
        (lambda layers: [field(layers)], "one number"),
        ("33", "function itself"),
    ],
    check.batch_norm: [
        (scaled((2, 3)), "instance"),
        (scaled((0, 1, 2, 3)), "for everything"),
        (scaled((1, 2, 3)), "layer normalisation"),
        (scaled((0,)), "Each place"),
        (scaled((0, 2, 3), correction=1), "n - 1"),
        (scaled((0, 2, 3), eps=0), "eps is missing"),
        (scaled((0, 2, 3), eps=1e-5), "always a hundred-thousandth"),
        (lambda x, eps: (x - parts(x)[0]) / (parts(x)[1].sqrt() + eps), "after the root"),
        (lambda x, eps: (x - parts(x)[0]) / (parts(x)[1] + eps), "Take the root"),
        (lambda x, eps: x - parts(x)[0], "means are 0"),
        (lambda x, eps: x / (parts(x)[1] + eps).sqrt(), "still in it"),
        (lambda x, eps: scaled((0, 2, 3))(x, eps)[0], "shape"),
        (in_place, "Work on a copy"),
        (lambda x, eps: 2 * x, "`eps` has no effect"),
        (lambda x, eps: scaled((0, 2, 3))(x, -eps), "NaN"),
        (lambda x, eps: scaled((0, 2, 3))(x, 2 * eps), "numbers are not right"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)
