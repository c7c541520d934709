"""The checker of chapter 9's exercise 5: a picture that was mirrored and turned comes back."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers
from unet_teach.course.exercises.judging import Mistakes, recognised

UNDO_MISTAKES: Mistakes = (
    (
        lambda picture, turns, mirrored: _flipped(np.rot90(picture, turns), mirrored),
        "Half turns come back, quarter turns do not: turn the other way, by -turns.",
    ),
    (
        lambda picture, turns, mirrored: np.rot90(_flipped(picture, mirrored), -turns),
        "Without the mirror all is well. With it, turn back, then mirror: last done, first undone.",
    ),
    (
        lambda picture, turns, mirrored: np.rot90(picture, -turns),
        "Pictures that were not mirrored come back. For the others, mirror once more, after turning back.",
    ),
    (
        lambda picture, turns, mirrored: _flipped(picture, mirrored),
        "The turns are not undone. np.rot90(picture, -turns) turns back.",
    ),
    (
        lambda picture, turns, mirrored: _flipped(np.rot90(picture, -turns), True),
        "You mirror always. Only what was mirrored is mirrored back.",
    ),
    (
        lambda picture, turns, mirrored: _flipped(np.rot90(picture, -turns), not mirrored),
        "You mirror the pictures that were not mirrored, and only those.",
    ),
    (
        lambda picture, turns, mirrored: (
            np.flipud(np.rot90(picture, -turns)) if mirrored else np.rot90(picture, -turns)
        ),
        "You mirror up and down. It was left and right: np.fliplr.",
    ),
    (
        lambda picture, turns, mirrored: np.rot90(_flipped(picture, mirrored), turns),
        "That does again what was done. Undo the turns by -turns, and then the mirror.",
    ),
    (lambda picture, turns, mirrored: picture, "Nothing is undone yet."),
)


def _flipped(picture: np.ndarray, mirrored: bool) -> np.ndarray:
    return np.fliplr(picture) if mirrored else picture


@checker("Exercise 5", "What was done last is undone first.", wants=FUNCTION)
def undo(answer: Callable[[np.ndarray, int, bool], Any]) -> str | None:
    """A function (picture, turns, mirrored) that undoes: mirror left and right if asked, then turn by quarters."""
    draw = generator()
    pictures = [draw.normal(size=shape) for shape in ((3, 4), (5, 5), (6, 2))]
    cases = [(picture, turns, mirrored) for picture in pictures for mirrored in (False, True) for turns in range(4)]
    turned = [(np.rot90(_flipped(picture, mirrored), turns), turns, mirrored) for picture, turns, mirrored in cases]
    given = [numbers(ask(answer, *case)) for case in turned]
    wrong = [case for case, result in zip(cases, given, strict=True) if not close(result, case[0])]
    if not wrong:
        return None
    picture, turns, mirrored = wrong[0]
    return recognised(UNDO_MISTAKES, turned, given) or (
        f"{picture.shape}, turns={turns}, mirrored={mirrored} does not come back to the picture it was made from."
    )
