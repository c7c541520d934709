"""Checkers for chapter 26, "What when one machine is not enough?": parts of a mean, a Dice, a file, a store."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge

__all__ = ["dice_of_all", "mean_of_parts", "pieces_touched", "shards_needed"]
Row = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: `max(start - margin, 0)` -> `max(0, start - margin)`": "the larger of two, in any order",
    "Exercise 3: `min(start + out + margin, length)` -> `min(length, start + out + margin)`": "the smaller of two",
    "Exercise 3: `list(range(first // piece, (end - 1) // piece + 1))` -> "
    "`range(first // piece, (end - 1) // piece + 1)`": "a range holds the same numbers",
}


def _mean(means: Row, counts: Row) -> float:
    return float((np.asarray(means) * np.asarray(counts)).sum() / np.sum(counts))


MEAN_MISTAKES: Mistakes = (
    (lambda m, n: np.mean(m), "Each part counts alike in yours, however few pixels it holds. Weigh by `counts`."),
    (lambda m, n: np.sum(m), "You add means. The sum of all pixels is needed, and then one division."),
    (lambda m, n: np.dot(m, n), "That is the sum over all pixels: divide it by how many there are."),
    (lambda m, n: np.dot(m, n) / len(m), "Divide by the number of all pixels, not by the number of parts."),
    (lambda m, n: np.sum(m) / np.sum(n), "Each mean has to become its part's sum first: times its count."),
    (lambda m, n: np.sum(np.divide(m, n)), "The other way round: a part with more pixels pulls more, not less."),
)


@checker("Exercise 1", "A mean of means, weighed, is the mean of all.", FUNCTION)
def mean_of_parts(answer: Callable[..., Any]) -> str | None:
    """A function (means, counts) -> the mean over the pixels of all parts."""
    rng = generator()
    means = rng.uniform(0.2, 3, 4)
    cases: list[tuple[Row, Row]] = [
        (means, np.array([256.0, 256, 64, 16])),
        (means, np.array([10.0, 500, 3, 40])),
        (rng.uniform(0.2, 3, 4), np.array([256.0, 256, 64, 16])),
        (rng.uniform(0.2, 3, 2), np.array([7.0, 90])),
        (np.array([0.8, 1.4, 0.0]), np.array([100.0, 0, 20])),
    ]

    def otherwise(given: Any, wanted: Any, means: Row, counts: Row) -> str:
        return f"For means {means.round(2).tolist()} of {counts.astype(int).tolist()} pixels it is {wanted:.3f}."

    return judge(answer, _mean, cases, MEAN_MISTAKES, otherwise, ("means", "counts"))


def _dice(overlaps: Row, totals: Row) -> float:
    return float((2 * np.sum(overlaps, axis=0) / np.sum(totals, axis=0)).mean())


DICE_MISTAKES: Mistakes = (
    (
        lambda o, t: np.mean(2 * np.asarray(o) / t),
        "That is the mean of each process's own Dice, which is what two processes do. Add up over processes first.",
    ),
    (lambda o, t: 2 * np.sum(o) / np.sum(t), "You pooled the classes as well: a Dice for each class, then their mean."),
    (lambda o, t: _dice(o, t) / 2, "Dice counts the overlap twice: 2 times overlap, over the total."),
    (lambda o, t: 1 - _dice(o, t), "That is the Dice *loss*. The Dice is wanted."),
    (
        lambda o, t: (2 * np.sum(o, axis=1) / np.sum(t, axis=1)).mean(),
        "You added up along the classes. Rows are processes: add along axis 0.",
    ),
    (
        lambda o, t: float((np.sum(o, axis=0) / (np.sum(t, axis=0) - np.sum(o, axis=0))).mean()),
        "That is the IoU: `totals` is prediction plus truth, so take 2 times overlap over it.",
    ),
    (lambda o, t: float((2 * np.sum(o, axis=0) / np.sum(t, axis=0)).sum()), "Take the mean over classes, not the sum."),
)


@checker("Exercise 2", "Sums can be added over processes; quotients cannot.", FUNCTION)
def dice_of_all(answer: Callable[..., Any]) -> str | None:
    """A function (overlaps, totals), both (processes, classes) -> the Dice of the whole batch, mean over classes."""
    rng = generator()

    def a_case(processes: int, classes: int) -> tuple[Row, Row]:
        overlaps = rng.uniform(0, 40, (processes, classes))
        return overlaps, 2 * overlaps + rng.uniform(1, 90, (processes, classes))

    first, second = a_case(2, 3), a_case(2, 3)
    cases = [first, (first[0], second[1] + 80), (second[0], first[1] + 80), a_case(4, 2), a_case(3, 1)]
    cases.append((np.array([[0.0, 5], [30, 5]]), np.array([[20.0, 10], [60, 10]])))

    def otherwise(given: Any, wanted: Any, overlaps: Row, totals: Row) -> str:
        return f"For {len(overlaps)} processes and {overlaps.shape[1]} classes it is {wanted:.4f}, not {given:.4f}."

    return judge(answer, _dice, cases, DICE_MISTAKES, otherwise, ("overlaps", "totals"))


def _touched(
    start: int, out: int, margin: int, piece: int, length: int, *, left: bool = True, right: bool = True, last: int = 1
) -> list[int]:
    low = max(start - margin * left, 0)
    high = min(start + out + margin * right, length)
    return list(range(low // piece, (high - last) // piece + 1))


PIECE_MISTAKES: Mistakes = (
    (lambda *a: _touched(*a, left=False, right=False), "You forgot the margin: the tile reads more than it answers."),
    (lambda *a: _touched(*a, right=False), "The margin is there on both sides: the right one is missing."),
    (lambda *a: _touched(*a, left=False), "The margin is there on both sides: the left one is missing."),
    (
        lambda *a: _touched(*a, last=0),
        "One piece too many where a tile ends just before a piece begins: the end itself is not read.",
    ),
    (
        lambda s, o, m, p, n: list(range((s - m) // p, (min(s + o + m, n) - 1) // p + 1)),
        "There is nothing before pixel 0: a negative piece does not exist.",
    ),
    (
        lambda s, o, m, p, n: list(range(max(s - m, 0) // p, (s + o + m - 1) // p + 1)),
        "The picture ends at `length`: pieces beyond it do not exist.",
    ),
    (lambda *a: _touched(*a)[:-1], "The last piece is missing: a `range` ends before its end."),
    (lambda *a: len(_touched(*a)), "You counted them. The numbers of the pieces are wanted, as a list."),
)


@checker("Exercise 3", "So a tile never needs more than a few pieces.", FUNCTION)
def pieces_touched(answer: Callable[..., Any]) -> str | None:
    """A function (start, out, margin, piece, length) -> the numbers of the pieces that a tile reads along one axis."""
    cases = [
        (512, 512, 48, 512, 2500),
        (0, 512, 48, 512, 2500),
        (1024, 512, 48, 512, 2500),
        (512, 256, 48, 512, 2500),
        (512, 512, 0, 512, 2500),
        (512, 512, 48, 100, 2500),
        (512, 512, 48, 512, 1050),
        (2048, 512, 48, 512, 2500),
        (2048, 512, 48, 250, 2500),
        (60, 30, 10, 50, 1000),
        (60, 40, 0, 50, 1000),
        (90, 35, 40, 25, 120),
        (0, 2, 1, 1, 10),
        (3, 1, 0, 1, 10),
    ]

    def otherwise(given: Any, wanted: Any, *case: int) -> str:
        start, out, margin, piece, length = case
        return (
            f"An output from {start} on, {out} long, margin {margin}, of {length} pixels in pieces of {piece}: it "
            f"reads the pieces {wanted.astype(int).tolist()}."
        )

    return judge(answer, _touched, cases, PIECE_MISTAKES, otherwise, ("start", "out", "margin", "piece", "length"))


def _shards(images: int, bytes_each: int, shard_bytes: int) -> int:
    return math.ceil(images / (shard_bytes // bytes_each))


SHARD_MISTAKES: Mistakes = (
    (
        lambda n, b, s: math.ceil(n * b / s),
        "An image is not cut in two: how many *whole* ones fit into a shard?",
    ),
    (lambda n, b, s: n // (s // b), "The last shard may be partly filled, and counts as well: round up."),
    (lambda n, b, s: n * b / s, "Whole shards are wanted, each with whole images."),
    (lambda n, b, s: n / (s // b), "A shard is there or not: round up."),
    (lambda n, b, s: n // (s // b) + 1, "Right but where the shards come out even: then there is none left over."),
    (lambda n, b, s: s // b, "That many images fit into one shard. How many shards do all images need?"),
)


@checker("Exercise 4", "Whole images in whole shards.", FUNCTION)
def shards_needed(answer: Callable[..., Any]) -> str | None:
    """A function (images, bytes of each, bytes of a shard) -> how many shards hold them, no image cut in two."""
    cases = [
        (1_000_000, 65_536, 10**9),
        (1_000_000, 70_000, 10**9),
        (1_000, 65_536, 10**9),
        (1_000_000, 65_536, 10**8),
        (10, 30, 100),
        (9, 30, 100),
        (9, 60, 100),
        (10, 25, 100),  # four fill a shard to the last byte
        (1, 100, 100),
        (100, 100, 100),
    ]

    def otherwise(given: Any, wanted: Any, images: int, bytes_each: int, shard_bytes: int) -> str:
        return f"{images} images of {bytes_each} bytes need {wanted:.0f} shards of {shard_bytes} bytes, not {given:g}."

    return judge(answer, _shards, cases, SHARD_MISTAKES, otherwise, ("images", "bytes_each", "shard_bytes"))
