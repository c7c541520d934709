"""The checkers of chapter 17 accept what is right, and tell wrong answers apart."""

import math

import numpy as np
import torch
from checkers import checker_tests
from torch.nn.functional import scaled_dot_product_attention

from unet_teach.course.exercises import swin as check
from unet_teach.models.attention import to_windows


def softmax(scores, axis=-1):
    raised = np.exp(scores)
    return raised / raised.sum(axis=axis, keepdims=True)


def attention(query, key, value):
    return softmax(query @ key.T / np.sqrt(query.shape[1])) @ value


def attention_by_loops(query, key, value):
    result = []
    for q in query:
        raised = [math.exp(sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5) for k in key]
        result.append([sum(r * v for r, v in zip(raised, column, strict=True)) / sum(raised) for column in value.T])
    return result


def attention_by_torch(query, key, value):
    return scaled_dot_product_attention(*(torch.from_numpy(x)[None] for x in (query, key, value)))[0]


def windows(x, side):
    height, width = x.shape
    return x.reshape(height // side, side, width // side, side).swapaxes(1, 2).reshape(-1, side, side)


def windows_by_loops(x, side):
    rows, columns = range(0, x.shape[0], side), range(0, x.shape[1], side)
    return [x[r : r + side, c : c + side] for r in rows for c in columns]


def windows_by_package(x, side):
    return to_windows(torch.from_numpy(x.copy())[None, :, :, None], side).reshape(-1, side, side)


def seam(length, side, shift):
    came = (np.arange(length) >= length - shift).reshape(-1, side)
    return came[:, :, None] == came[:, None, :]


def seam_by_loops(length, side, shift):
    start = [(place + shift) % length for place in range(length)]
    over = [start[place] != place + shift for place in range(length)]
    return [[[over[w + i] == over[w + j] for j in range(side)] for i in range(side)] for w in range(0, length, side)]


def products(height, width, channels, side):
    return 2 * height * width * side**2 * channels


def products_by_windows(height, width, channels, side):
    count = (height // side) * (width // side)
    return count * (side * side) * (side * side) * channels * 2


def by_columns(x, side):
    return np.asarray(windows(x.T, side)).transpose(0, 2, 1)


SOLUTIONS = {
    check.attention: [attention, attention_by_loops, attention_by_torch],
    check.windows: [windows, windows_by_loops, windows_by_package],
    check.seam: [seam, seam_by_loops],
    check.products: [products, products_by_windows],
}

WRONG = {
    check.attention: [
        (lambda q, k, v: softmax(q @ k.T) @ v, "not divided yet"),
        (lambda q, k, v: softmax(q @ k.T / q.shape[1]) @ v, "*root*"),
        (lambda q, k, v: softmax(q @ k.T * q.shape[1] ** 0.5) @ v, "multiply by the root"),
        (lambda q, k, v: softmax(q @ k.T / len(k) ** 0.5) @ v, "number of tokens"),
        (lambda q, k, v: softmax(q @ k.T / v.shape[1] ** 0.5) @ v, "value may have another"),
        (lambda q, k, v: softmax(q @ k.T / q.shape[1] ** 0.5, 0) @ v, "down the columns"),
        (lambda q, k, v: q @ k.T / q.shape[1] ** 0.5 @ v, "softmax is missing"),
        (lambda q, k, v: np.exp(q @ k.T / q.shape[1] ** 0.5) @ v, "add up to 1"),
        (lambda q, k, v: softmax(q @ k.T / q.shape[1] ** 0.5), "Those are the shares"),
        (lambda q, k, v: np.eye(len(k))[(q @ k.T).argmax(1)] @ v, "best key's value alone"),
        (lambda q, k, v: np.tile(v.mean(0), (len(q), 1)), "the same yet"),
        (lambda q, k, v: attention(k, q, v) if len(q) == len(k) else attention(q, k, v), "hears"),
        (lambda q, k, v: attention(q, k, v)[0], "the shape is"),
        (lambda q, k, v: attention(q, k, v).T, "the shape is"),
        (lambda q, k, v: attention(q, k, v) + 0.01, "hears"),
        (lambda q, k, v: attention(np.ones_like(q), k, v), "`query` has no effect"),
        (lambda q, k, v: q @ k, "ValueError"),
    ],
    check.windows: [
        (lambda x, s: x.reshape(-1, s, s), "plain reshape"),
        (by_columns, "down the columns"),
        (lambda x, s: windows(x, s).transpose(0, 2, 1), "on its side"),
        (lambda x, s: windows(x, s)[::-1], "reverse"),
        (lambda x, s: windows(x, s).reshape(-1, s * s), "as a square"),
        (lambda x, s: windows(x, s).reshape(len(x) // s, -1, s, s), "follow each other"),
        (lambda x, s: np.lib.stride_tricks.sliding_window_view(x, (s, s)).reshape(-1, s, s), "overlap"),
        (lambda x, s: windows(x, 1), "`side` has no effect"),
        (lambda x, s: windows(x, s) * 2, "is not the right square"),
        (
            lambda x, s: np.stack(
                [x[r :: len(x) // s, c :: x.shape[1] // s] for r in range(len(x) // s) for c in range(x.shape[1] // s)]
            ),
            "neighbours",
        ),
    ],
    check.seam: [
        (lambda n, s, h: ~seam(n, s, h), "the other way round"),
        (lambda n, s, h: np.ones((n // s, s, s)), "Everybody may ask"),
        (lambda n, s, h: seam(n, s, h)[::-1, ::-1, ::-1], "*end*"),
        (lambda n, s, h: seam(n, s, max(h - 1, 0)), "One too few"),
        (lambda n, s, h: seam(n, s, s // 2), "need not be half"),
        (lambda n, s, h: seam(n, n, h)[0], "a table for each window"),
        (lambda n, s, h: seam(n, s, h) & ~np.eye(s, dtype=bool), "ask itself"),
        (lambda n, s, h: np.where(seam(n, s, h), 0, -100), "added to the scores comes later"),
        (lambda n, s, h: np.where(seam(n, s, h), 2, 0), "True where"),
        (lambda n, s, h: seam(n, s, h) & (np.arange(n) < n - h).reshape(-1, s)[:, None], "each other"),
        (lambda n, s, h: np.where(np.arange(n // s)[:, None, None] > 0, seam(n, s, h), False), "may ask token 0"),
    ],
    check.products: [
        (lambda h, w, c, s: h * w * s**2 * c, "one of the two"),
        (lambda h, w, c, s: 2 * (h * w) ** 2 * c, "everybody"),
        (lambda h, w, c, s: 2 * h * w * s * c, "side x side"),
        (lambda h, w, c, s: 2 * s**4 * c, "one window"),
        (lambda h, w, c, s: 2 * h * w * s**2, "where are the channels"),
        (lambda h, w, c, s: 2 * h * w * s**2 * c**2, "count once"),
        (lambda h, w, c, s: 2 * h * w * (s**2 - 1) * c, "itself"),
        (lambda h, w, c, s: 2 * h * h * s**2 * c, "need not be square"),
        (lambda h, w, c, s: 2 * h * w * s**2 * c + 1, "not"),
        (lambda h, w, c, s: [1, 2], "one number"),
    ],
}
TestCheckers = checker_tests(SOLUTIONS, WRONG)
