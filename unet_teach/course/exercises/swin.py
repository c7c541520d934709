"""Checkers for chapter 17, "Can attention replace convolution?": attention, windows, the seam, and what it costs."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.swin_windows import seam, windows

__all__ = ["attention", "products", "seam", "windows"]
Numbers = NDArray[np.float64]
LAST = "the last axis is 1"
ORDER = "a product has no order: the two names are exchanged"
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 1: `query.shape[1]` -> `query.shape[-1]`": LAST,
    "Exercise 1: `raised.sum(axis=1, keepdims=True)` -> `raised.sum(axis=-1, keepdims=True)`": LAST,
    "Exercise 4: `tokens, asked = (height * width, side * side)` -> `asked, tokens = ...": ORDER,
    "Exercise 4: `(height * width, side * side)` -> `(side * side, height * width)`": ORDER,
}


def _softmax(scores: Numbers, axis: int = -1) -> Numbers:
    raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
    shares: Numbers = raised / raised.sum(axis=axis, keepdims=True)
    return shares


def _scores(query: Numbers, key: Numbers) -> Numbers:
    scores: Numbers = query @ key.T / np.sqrt(query.shape[1])
    return scores


def _attention(query: Numbers, key: Numbers, value: Numbers) -> Numbers:
    return _softmax(_scores(query, key)) @ value


def _if_square(change: Callable[..., Any]) -> Callable[..., Any]:
    """Let a mistake that needs as many queries as keys, or as long values, be none where they differ."""

    def mistaken(query: Numbers, key: Numbers, value: Numbers) -> Any:
        try:
            return change(query, key, value)
        except ValueError:
            return np.nan

    return mistaken


ATTENTION_MISTAKES: Mistakes = (
    (
        lambda q, k, v: _softmax(q @ k.T) @ v,
        "The scores are not divided yet: by the root of the number of channels of a query.",
    ),
    (
        lambda q, k, v: _softmax(q @ k.T / q.shape[1]) @ v,
        "Divide by the *root* of the number of channels.",
    ),
    (
        lambda q, k, v: _softmax(q @ k.T * np.sqrt(q.shape[1])) @ v,
        "You multiply by the root; the scores are divided by it.",
    ),
    (
        lambda q, k, v: _softmax(q @ k.T / np.sqrt(len(k))) @ v,
        "The root is of the number of *channels* of a query, not of the number of tokens.",
    ),
    (
        lambda q, k, v: _softmax(q @ k.T / np.sqrt(v.shape[1])) @ v,
        "The root is of a *query's* number of channels; a value may have another.",
    ),
    (
        lambda q, k, v: _softmax(_scores(q, k), axis=0) @ v,
        "Your shares add up to 1 down the columns. Each query shares out its own attention: along its row.",
    ),
    (
        lambda q, k, v: np.exp(_scores(q, k)) / np.exp(_scores(q, k)).sum() @ v,
        "Your shares add up to 1 over the whole table. Each query's add up to 1, along its row.",
    ),
    (lambda q, k, v: _scores(q, k) @ v, "The softmax is missing: scores must become shares first."),
    (lambda q, k, v: np.exp(_scores(q, k)) @ v, "The shares of a query must add up to 1: divide by their sum."),
    (lambda q, k, v: _softmax(_scores(q, k)), "Those are the shares. What is wanted is the mean of the values."),
    (_if_square(lambda q, k, v: _attention(k, q, v)), "Query and key have changed places."),
    (_if_square(lambda q, k, v: _softmax(_scores(q, k)).T @ v), "The table of shares lies on its side."),
    (
        lambda q, k, v: np.eye(len(k))[_scores(q, k).argmax(1)] @ v,
        "You take the best key's value alone. Every value counts, with its share.",
    ),
    (lambda q, k, v: np.tile(v.mean(axis=0), (len(q), 1)), "Every value counts the same yet: weigh them by shares."),
)


@checker("Exercise 1", "That is the heart of every transformer. The rest is bookkeeping.", FUNCTION)
def attention(answer: Callable[..., Any]) -> str | None:
    """A function (query (L, D), key (S, D), value (S, E)) -> (L, E), arrays."""
    rng = generator()

    def case(asking: int, asked: int, channels: int, said: int) -> tuple[Numbers, Numbers, Numbers]:
        shapes = ((asking, channels), (asked, channels), (asked, said))
        query, key, value = (rng.normal(size=shape) for shape in shapes)
        return 2 * query, key, value

    first = case(3, 3, 2, 2)
    other = case(3, 3, 2, 2)
    cases = [first, (other[0], *first[1:]), (first[0], other[1], first[2]), (*first[:2], other[2])]
    cases += [case(2, 4, 3, 5), case(1, 1, 4, 2), case(5, 2, 1, 1), case(4, 4, 9, 4)]
    for query, key, value in cases:
        shape = numbers(ask(answer, query, key, value)).shape
        wanted = (len(query), value.shape[1])
        if shape != wanted and shape != (len(query), len(key)):
            return f"{len(query)} queries and values of {value.shape[1]} channels: the shape is {wanted}, not {shape}."

    def otherwise(given: Any, wanted: Any, query: Numbers, key: Numbers, value: Numbers) -> str:
        if given.shape != wanted.shape:
            return f"The shape {wanted.shape} is wanted; yours is {given.shape}."
        row = int(np.abs(given - wanted).sum(axis=1).argmax())
        return (
            f"With {len(query)} queries, {len(key)} keys of {key.shape[1]} channels, query {row} hears "
            f"{wanted[row].round(3).tolist()}; yours {given[row].round(3).tolist()}."
        )

    return judge(answer, _attention, cases, ATTENTION_MISTAKES, otherwise, ("query", "key", "value"))


def _products(height: int, width: int, channels: int, side: int) -> int:
    return 2 * height * width * side**2 * channels


PRODUCTS_MISTAKES: Mistakes = (
    (
        lambda h, w, c, s: h * w * s**2 * c,
        "That is one of the two products. There are the scores, and then the mean of the values.",
    ),
    (lambda h, w, c, s: 2 * (h * w) ** 2 * c, "There everybody asks everybody: in windows a token asks side² of them."),
    (lambda h, w, c, s: 2 * h * w * s * c, "A window has side x side tokens."),
    (lambda h, w, c, s: 2 * h * w * s**4 * c, "Every window has side² tokens that ask side² each: count windows once."),
    (lambda h, w, c, s: 2 * s**4 * c, "That is one window. How many are there?"),
    (lambda h, w, c, s: 2 * h * w * s**2, "One number of each channel is multiplied: where are the channels?"),
    (lambda h, w, c, s: 2 * h * w * s**2 * c**2, "The channels count once in each product: they are summed over."),
    (lambda h, w, c, s: 3 * h * w * s**2 * c, "Two products: queries with keys, shares with values."),
    (lambda h, w, c, s: 2 * h * w * c, "How many others does each token ask?"),
    (lambda h, w, c, s: 2 * h * w * (s**2 - 1) * c, "A token asks itself as well."),
    (lambda h, w, c, s: 2 * h * h * s**2 * c, "The map is height x width tokens, and need not be square."),
)


@checker(
    "Exercise 4", "Twice the image, twice the cost. For everybody with everybody it would be four times.", FUNCTION
)
def products(answer: Callable[..., Any]) -> str | None:
    """A function (height, width, channels, side) -> the multiplications of attention's two products, in windows."""
    cases = [(8, 12, 5, 4), (16, 12, 5, 4), (8, 24, 5, 4), (8, 12, 7, 4), (8, 12, 5, 2), (8, 12, 5, 1), (6, 6, 24, 6)]

    def otherwise(given: Any, wanted: Any, height: int, width: int, channels: int, side: int) -> str:
        return (
            f"{height} x {width} tokens of {channels} channels in windows of {side} x {side}: {int(wanted):,}, not "
            f"{float(given):,.10g}."
        )

    return judge(answer, _products, cases, PRODUCTS_MISTAKES, otherwise, ("height", "width", "channels", "side"))
