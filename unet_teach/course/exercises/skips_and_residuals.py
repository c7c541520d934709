"""Checkers for chapter 13, "What can a skip do?"; those of the two blocks stand beside them."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge
from unet_teach.course.exercises.skips_and_residuals_blocks import coefficient, residual

__all__ = ["channels", "coefficient", "enough", "residual"]


def _read(i: int, j: int, width: int) -> int:
    return (j + 1) * width * 2**i


CHANNELS_MISTAKES: Mistakes = (
    (lambda i, j, w: j * w * 2**i, "The map from below is read, too: it has been enlarged, to this level's channels."),
    (lambda i, j, w: (j + 1) * w, "A node on level 1 has twice the channels of one on level 0, and so on down."),
    (lambda i, j, w: (j + 1) * w * (i + 1), "The channels double from level to level: width · 2^i."),
    (
        lambda i, j, w: j * w * 2**i + w * 2 ** (i + 1),
        "The up-convolution has halved the channels already: what comes from below has as many as this level.",
    ),
    (lambda i, j, w: 2 * w * 2**i, "A node reads *all* nodes before it on its level, not only the last one."),
    (lambda i, j, w: w * 2**i, "That is what the node writes. How many does its first convolution read?"),
    (lambda i, j, w: (i + 1) * w * 2**j, "i is the level, counted downwards; j is the step, counted to the right."),
)


@checker("Exercise 3", "So a node costs the more, the farther to the right it stands.", FUNCTION)
def channels(answer: Callable[..., Any]) -> str | None:
    """A function (i, j, width) -> the channels that node (i, j) of a U-Net++ reads, j at least 1."""
    cases = [(0, 1, 8), (0, 4, 8), (1, 1, 8), (2, 2, 8), (3, 1, 8), (0, 2, 5), (1, 3, 16), (2, 1, 3), (0, 1, 1)]

    def otherwise(given: Any, wanted: Any, i: int, j: int, width: int) -> str:
        return f"Node ({i}, {j}) at width {width} reads {wanted:.0f} channels; yours says {float(given):g}."

    return judge(answer, _read, cases, CHANNELS_MISTAKES, otherwise, ("i", "j", "width"))


def _enough(scores: list[float], allowance: float) -> int:
    return next(depth for depth, score in enumerate(scores, start=1) if score >= max(scores) - allowance)


def _elbow(scores: list[float], allowance: float) -> int:
    gains = pairwise(scores)
    return next((n for n, (now, deeper) in enumerate(gains, start=1) if deeper - now <= allowance), len(scores))


def _last(scores: list[float], allowance: float) -> int:
    return max(depth for depth, score in enumerate(scores, start=1) if score >= max(scores) - allowance)


ENOUGH_MISTAKES: Mistakes = (
    (lambda s, a: int(np.argmax(s)) + 1, "That is the best depth. A shallower one may be nearly as good, and cheaper."),
    (lambda s, a: _enough(s, a) - 1, "Python counts from 0, depths from 1."),
    (_last, "That is the deepest that is good enough. Take the shallowest."),
    (
        lambda s, a: next(n for n, v in enumerate(s, start=1) if v >= s[-1] - a),
        "You compare with the deepest. It need not be the best: compare with the highest score.",
    ),
    (_elbow, "A depth that gains little may stand before one that gains much: compare with the best, not the next."),
    (
        lambda s, a: next((n for n, v in enumerate(s, start=1) if v > max(s) - a), len(s)),
        "Exactly the allowance below the best is still good enough.",
    ),
    (
        lambda s, a: next(n for n, v in enumerate(s, start=1) if v >= max(s) * (1 - a)),
        "The allowance is a difference of scores, not a share of the best.",
    ),
    (lambda s, a: next((n for n, v in enumerate(s, start=1) if v >= a), len(s)), "The allowance is no score to reach."),
    (
        lambda s, a: next(n for n, v in enumerate(s, start=1) if v <= max(s) - a or v == max(s)),
        "Good enough is at *least* the best minus the allowance.",
    ),
)


@checker("Exercise 4", "A rule that was written down before the numbers came.", FUNCTION)
def enough(answer: Callable[..., Any]) -> str | None:
    """A function (scores of depth 1, 2 ..., allowance) -> the smallest depth within the allowance of the best."""
    random = generator()
    cases = [
        ([0.5, 0.75, 0.78125, 0.78125], 0.0625),
        ([0.5, 0.75, 0.78125, 0.78125], 0.5),
        ([0.5, 0.75, 0.78125, 0.78125], 0.0),
        ([0.5, 0.75, 0.625], 0.0625),  # the deepest is not the best
        ([0.5, 0.53125, 0.875, 0.9375], 0.0625),  # little, then much; and exactly the allowance below
        ([0.25, 0.5, 0.125, 0.5, 0.4375], 0.0625),
        ([0.625], 0.125),
        ([0.5, 0.75, 0.7578125, 0.75], 0.0),  # a little better is better
        ([40.0, 55.0, 56.0, 52.0], 2.0),
        (list(random.random(6)), 0.25),
    ]

    def otherwise(given: Any, wanted: Any, scores: list[float], allowance: float) -> str:
        listed = ", ".join(f"{score:.3g}" for score in scores)
        said = f"yours says {float(given):g}"
        return f"Of {listed} with an allowance of {allowance:g}, depth {wanted:.0f} is enough; {said}."

    return judge(answer, _enough, cases, ENOUGH_MISTAKES, otherwise, ("scores", "allowance"))
