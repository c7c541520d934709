"""Checkers for chapter 15's network code: a filter in three dimensions, and the numbers that a network keeps."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import signal

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import judge

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 4: `2 * width * 2 ** level * voxels // 8 ** level` -> `2 * width * 2 ** level * voxels / 8 ** level`": (
        "all sides can be halved, so nothing is left over"
    )
}


def _correlated(volume: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(signal.correlate(volume, kernel, mode="valid", method="direct"))


def _turned(order: tuple[int, int, int]) -> Callable[..., Any]:
    """Make the mistake of a kernel whose axes were exchanged; nothing, where that does not fit."""
    return lambda v, k: _correlated(v, k.transpose(order)) if k.transpose(order).shape == k.shape else None


def _where(given: Any, wanted: Any, volume: np.ndarray, kernel: np.ndarray) -> str:
    sizes = f"For a volume {volume.shape} and a kernel {kernel.shape}"
    if given.shape != wanted.shape:
        return (
            f"{sizes}, the result should be {wanted.shape}; yours is {given.shape}. "
            "Along each axis there are `volume - kernel + 1` places."
        )
    return f"{sizes}, the first number should be {wanted.flat[0]:.3f}; yours is {given.flat[0]:.3f}."


@checker("Exercise 3", "Six loops, and each new axis multiplies the work by the kernel's side.", FUNCTION)
def correlate3d(answer: Callable[..., Any]) -> str | None:
    """A function (volume, kernel) -> the sums of products at every place where the kernel fits in."""
    random = generator()
    sizes: list[tuple[tuple[int, int, int], tuple[int, int, int]]] = [
        ((5, 6, 7), (3, 3, 3)),
        ((4, 7, 5), (2, 3, 1)),
        ((6, 4, 4), (1, 2, 4)),
        ((3, 3, 3), (3, 3, 3)),
        ((5, 5, 5), (2, 2, 2)),
    ]
    cases = [(random.normal(size=volume), random.normal(size=kernel)) for volume, kernel in sizes]
    cases.append((cases[0][0], random.normal(size=(3, 3, 3))))
    whole = tuple(np.s_[::-1] for _ in range(3))
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda v, k: _correlated(v, k[whole]),
            "The kernel is turned round along all three axes. Networks lay it on the volume as it is.",
        ),
        *(
            (
                lambda v, k, n=n: _correlated(v, np.flip(k, n)),
                f"The kernel is turned round along axis {n}. Networks lay it on the volume as it is.",
            )
            for n in range(3)
        ),
        (
            lambda v, k: signal.correlate(v, k, mode="same", method="direct"),
            "The result is as large as the volume. Asked for are the places where the kernel fits in.",
        ),
        (
            lambda v, k: _correlated(v, k)[:-1, :-1, :-1],
            "One place is missing at the end of each axis: there are `volume - kernel + 1`.",
        ),
        (
            lambda v, k: _correlated(v, k) / k.size,
            "That is the mean of the products. A convolution adds them up.",
        ),
    ]
    cubes = [case for case in cases if len(set(case[1].shape)) == 1]
    try:
        turned = next(
            (order for order in ((0, 2, 1), (1, 0, 2), (2, 1, 0)) if _always(answer, cubes, _turned(order))), None
        )
    except Exception:  # the judge will say what it was
        turned = None
    if turned is not None:
        return "Two axes of the kernel are exchanged: its first belongs to the volume's first, and so on."
    return judge(answer, _correlated, cases, mistakes, _where, ("volume", "kernel"))


def _always(answer: Callable[..., Any], cases: list[tuple[Any, ...]], mistake: Callable[..., Any]) -> bool:
    """Say whether an answer makes this mistake for every cube, and no other shape is asked."""
    results = [np.asarray(answer(*(part.copy() for part in case)), dtype=float) for case in cases]
    return all(
        result.shape == (other := mistake(*case)).shape and np.allclose(result, other)
        for result, case in zip(results, cases, strict=True)
    )


def _kept(shape: tuple[int, ...], width: int, depth: int, share: int = 8) -> int:
    """Count what the convolutions on the way down give: two a level, the bottom too."""
    voxels = int(np.prod(shape))
    return sum(2 * width * 2**level * (voxels // share**level) for level in range(depth + 1))


def _counted(given: Any, wanted: Any, shape: tuple[int, ...], width: int, depth: int) -> str:
    asked = f"For {shape}, width {width} and depth {depth}"
    return f"{asked} there are {int(wanted):,} numbers; yours are {float(given):,.0f}."


@checker("Exercise 4", "Three quarters of it lie on the first level, and each step down keeps a quarter.", FUNCTION)
def kept_numbers(answer: Callable[..., Any]) -> str | None:
    """A function (shape, width, depth) -> how many numbers the convolutions on the way down give."""
    cases = [
        ((16, 16, 16), 8, 2),
        ((32, 48, 32), 8, 2),
        ((32, 48, 32), 4, 2),
        ((32, 48, 32), 8, 3),
        ((8, 16, 24), 5, 1),
        ((8, 16, 24), 5, 3),
        ((4, 2, 6), 3, 1),
    ]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda s, w, d: _kept(s, w, d, share=4),
            "In three dimensions, halving all sides leaves an eighth of the voxels, not a quarter.",
        ),
        (
            lambda s, w, d: _kept(s, w, d, share=2),
            "A level below has half of *each* side: an eighth of the voxels, not half.",
        ),
        (lambda s, w, d: _kept(s, w, d) // 2, "Each level has two convolutions, and what both give is kept."),
        (lambda s, w, d: _kept(s, w, d - 1), "The bottom is missing: from level 0 to `depth`, both counted."),
        (lambda s, w, d: _kept(s, w, d + 1), "One level too many: from level 0 to `depth`, both counted."),
        (
            lambda s, w, d: sum(2 * w * (int(np.prod(s)) // 8**level) for level in range(d + 1)),
            "Each level has twice the channels of the one above.",
        ),
        (
            lambda s, w, d: sum(2 * w * 2**level * int(np.prod(s)) for level in range(d + 1)),
            "Each level has half the sides of the one above.",
        ),
        (lambda s, w, d: 4 * _kept(s, w, d), "That is bytes. Asked for is how many numbers there are."),
        (
            lambda s, w, d: sum(2 * w * (level + 1) * (int(np.prod(s)) // 8**level) for level in range(d + 1)),
            "Channels double from level to level: 1, 2, 4, 8 times the width, not 1, 2, 3, 4.",
        ),
    ]
    return judge(answer, _kept, cases, mistakes, _counted, ("shape", "width", "depth"))
