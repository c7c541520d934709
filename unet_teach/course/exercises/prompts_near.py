"""The checker of chapter 27 for the nearest stretch: has it been recalled?"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unet_teach.course.exercises import FUNCTION, checker, generator
from unet_teach.course.exercises.judging import Mistakes, judge

Row = NDArray[np.float64]
EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 4: `(part, part[::-1])` -> `(part[::-1], part)`": "the smaller of two, in any order",
    "Exercise 4: `min(best, np.mean((stretch - way) ** 2) ** 0.5)` -> "
    "`min(np.mean((stretch - way) ** 2) ** 0.5, best)`": "the smaller of two, in any order",
    "Exercise 4: `stretch - way` -> `way - stretch`": "a square has no sign",
}


def _near(
    part: Row, row: Row, *, last: int = 1, ways: tuple[int, ...] = (1, -1), every: int = 1, power: int = 2
) -> float:
    size = len(part)
    starts = range(0, len(row) - size + last, every)
    squares = [float(np.mean(abs(row[s : s + size] - part[::way]) ** power)) for s in starts for way in ways]
    return min(squares) ** (1 / power)


NEAR_MISTAKES: Mistakes = (
    (lambda p, r: _near(p, r, ways=(1,)), "A mirrored neighbour counts, too: look at `part[::-1]` as well."),
    (lambda p, r: _near(p, r, ways=(-1,)), "You only look at mirrored ones: take the smaller of both."),
    (lambda p, r: _near(p, r, last=0), "The last stretch is missing: there are len(row) - len(part) + 1 of them."),
    (lambda p, r: _near(p, r, every=len(p)), "You jump from one stretch to the next. Move by one place at a time."),
    (lambda p, r: _near(p, r) ** 2, "That is the mean square. Take its root."),
    (
        lambda p, r: _near(p, np.concatenate([r, r[: len(p) - 1]])),
        "A row does not go on at its beginning: the last stretch ends where the row ends.",
    ),
    (lambda p, r: _near(p, r, power=1), "You took absolute differences: square them, average, take the root."),
    (lambda p, r: _near(p, r) * len(p) ** 0.5, "You added the squares up. Take their mean."),
    (lambda p, r: max(_near(p, r[s : s + len(p)]) for s in range(len(r) - len(p) + 1)), "That is the farthest one."),
)


@checker("Exercise 4", "With an image it is the same, in two directions and eight ways to turn.", FUNCTION)
def how_near(answer: Callable[..., Any]) -> str | None:
    """A function (part, row) -> the distance of a part to the nearest stretch of a row, which may be mirrored."""
    rng = generator()
    row = rng.normal(0, 1, 11)
    cases: list[tuple[Row, Row]] = [
        (np.array([1.0, 3, 2]), np.array([0.0, 1, 4, 2, 7])),
        (np.array([2.0, 4, 1]), np.array([0.0, 1, 4, 2, 7])),
        (np.array([4.0, 2, 7]) + 0.5, np.array([0.0, 1, 4, 2, 7])),
        (row[7:][::-1] + rng.normal(0, 0.1, 4), row),
        (row[3:7] + rng.normal(0, 0.1, 4), row),
        (row[:2] + 0.3, row),
        (rng.normal(0, 1, 5), row),
        (np.array([5.0]), np.array([1.0, 2])),
        (np.array([1.0, 5]), np.array([4.0, 3, 9])),
        (np.array([7.0, 0]), np.array([0.0, 1, 4, 2, 7])),  # the last and the first are no neighbours
    ]

    def otherwise(given: Any, wanted: Any, part: Row, row: Row) -> str:
        return f"{part.round(2).tolist()} in {row.round(2).tolist()}: {wanted:.3f}, not {given:.3f}."

    return judge(answer, _near, cases, NEAR_MISTAKES, otherwise, ("part", "row"))
