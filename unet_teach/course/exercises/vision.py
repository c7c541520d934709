"""Checkers for chapter 2, "Why do good filters look alike?"."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.classical import (
    difference_of_gaussians,
    gabor,
    grating,
    half_width,
)
from unet_teach.course.exercises import FUNCTION, Hint, ask, checker, close, generator, numbers, without_effect

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 3: ...": "any three different places will do whose field prefers upright stripes, and that is measured",
    "Exercise 5: `numbers - numbers.mean(axis=0)` -> `numbers.mean(axis=0) - numbers`": "white in either direction",
    "Exercise 5: gives negated": "white in either direction",
}

ROUNDING = (
    1e-9  # sums over a field end in noise of 1e-16, which must not decide what is exactly twice as much, or nothing
)


@checker("Exercise 1", "Grey cancels; what is left is the difference between a pixel and its surround.")
def centre_surround(answer: Any) -> str | None:
    """Answers of the field 8 in the middle, -1 around, to: all 50; left column 10, else 50; middle 60, else 50."""
    answers = numbers(answer)
    if answers.shape != (3,):
        return f"There are three patches, so three numbers; yours has the shape {answers.shape}."
    if answers[0] in (350, 450, 800):
        return "First: the eight neighbours count too, each with weight -1: 8 x 50 - 8 x 50."
    if answers[0] != 0:
        return "First: every pixel is 50, and the nine weights add up to 0."
    if answers[1] == -120:
        return "Second: mind the sign. Dark neighbours take less away, so the cell answers above 0."
    if answers[1] != 120:
        return "Second: the middle gives 8 x 50; the neighbours take away 3 x 10 and 5 x 50."
    if answers[2] == 10:
        return "Third: the middle has the weight 8, so 10 more grey counts eight times."
    if answers[2] != 80:
        return "Third: 8 x 60 in the middle, 8 x 50 around."
    return None


@checker("Exercise 2", "The larger the field, the sharper its tuning: twice the bell, about half the angle.")
def turn(answer: Any) -> str | None:
    """The half-width in degrees of a Gabor of wavelength 8 and sigma 8, to half a degree."""
    degrees = float(numbers(answer, ()))
    wanted, narrow = half_width(8, 8), half_width(8, 4)
    if abs(degrees - wanted) <= 0.5:
        return None
    if abs(degrees - 2 * wanted) <= 0.5:  # half a bell and the full width give nearly the same
        return "That is the turn for sigma 4, or the full width for sigma 8. Take sigma 8, and the turn to one side."
    if abs(degrees - np.radians(wanted)) <= 0.01:
        return "That is the angle in radians. Multiply by 180 / pi."
    if degrees > narrow:
        return "A wider bell covers more stripes and notices a smaller turn: the angle gets smaller."
    return "Put wavelength 8 and sigma 8 into cos(turn) = 1 - ln 2 (wavelength / (2 pi sigma))^2."


@checker("Exercise 3", "Round fields in a row make a long one. This is the wiring that Hubel and Wiesel proposed.")
def row_of_cells(answer: Any) -> str | None:
    """Middles (row, column), each from -8 to 8, of round fields whose sum prefers upright stripes."""
    places = numbers(answer)
    if places.ndim != 2 or places.shape[1] != 2:
        return "Give a list of pairs (row, column), one a cell."
    if not np.array_equal(places, np.round(places)) or np.abs(places).max(initial=0) > 8:
        return "Rows and columns are whole numbers from -8 to 8."
    if len(places) < 3:
        return "Take at least three cells; two make a short row."
    different = len(np.unique(places, axis=0))
    if different == 1:
        return "The cells sit on top of each other: their sum is as round as one of them. Spread them out."
    if different == 2:
        return "Two of your places are the same, so there are two cells only. Take at least three different places."
    field = sum_of_cells(places.astype(int).tolist())
    upright, lying = (_strongest(field, angle) for angle in (0, 90))
    if max(upright, lying) < ROUNDING:
        return "Neither kind of stripes excites it: its cells cancel each other. Move them closer together."
    if lying >= 2 * upright - ROUNDING:
        return "It prefers stripes that lie. The rows should differ and the column stay the same."
    if upright < 2 * lying - ROUNDING:
        times = upright / lying + ROUNDING
        return f"Upright stripes excite it {times:.1f} times as much as lying ones; at least 2 is wanted."
    return None


def sum_of_cells(places: list[tuple[int, int]]) -> np.ndarray:
    """Add centre-surround fields (widths 1.5 and 3) at the given (row, column): a (45, 45) field."""
    cell = difference_of_gaussians(1.5, 3)
    size = len(cell)
    field = np.zeros((45, 45))
    for row, column in places:
        top, left = 22 - size // 2 + row, 22 - size // 2 + column
        field[top : top + size, left : left + size] += cell
    return field


def _strongest(field: np.ndarray, angle: float) -> float:
    return max(abs(float((field * grating(45, 12, angle, phase)).sum())) for phase in range(0, 180, 15))


@checker("Exercise 4", "Squares of a cosine and a sine add up to 1, wherever the stripes are.", wants=FUNCTION)
def energy(answer: Any) -> str | None:
    """A function (even, odd) -> the sum of their squares, of two numbers or of two arrays."""
    draw, filters = generator(), gabor(8, 0, 4)
    shifted = [(filters * grating(len(filters), 8, 0, phase)).sum() for phase in range(0, 360, 30)]
    (e, other_e), (o, other_o) = draw.normal(size=(2, 2))
    even = np.array([*np.real(shifted), *draw.normal(size=4), e, e, other_e])
    odd = np.array([*np.imag(shifted), *draw.normal(size=4), o, other_o, o])
    halves = [slice(len(shifted)), slice(len(shifted), None)]
    found = np.concatenate([_of_arrays_or_numbers(answer, even[half], odd[half]) for half in halves])
    wanted = even**2 + odd**2
    if close(found, wanted):
        return None
    if close(found, np.sqrt(wanted)):
        return "That is the amplitude, the root of the energy. It ignores the phase as well; leave the root out."
    ignored = without_effect(("even", "odd"), list(zip(even, odd, strict=True)), list(found), list(wanted))
    if ignored:
        return ignored
    if found.min() < 0:
        return "Energy is never below 0. Square each of the two before you add."
    if close(found, (even + odd) ** 2):
        return "Square each of the two first, then add: the square of a sum is something else."
    waves = found[: len(shifted)]
    if waves.max() > 1.1 * waves.min():
        return "It still changes when the stripes shift. Square each of the two, then add."
    return "It ignores the phase, but it is not the sum of the two squares."


def _of_arrays_or_numbers(answer: Callable[..., Any], even: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """Ask with arrays, as the text computes; an answer that takes single numbers only is asked one by one."""
    try:
        result = ask(answer, even, odd)
    except (TypeError, ValueError):
        pairs = zip(even.tolist(), odd.tolist(), strict=True)
        return np.array([numbers(ask(answer, *pair), ()) for pair in pairs])
    if np.ndim(result) == 0:
        raise Hint("It gives one number for all the pairs together. Each pair has an energy of its own.")
    return numbers(result, even.shape)


@checker("Exercise 5", "No two numbers go together any more, and none is louder than another.", wants=FUNCTION)
def whiten(answer: Any) -> str | None:
    """A function (n, d) -> (n, d): mean 0, covariance the identity, and still the numbers that came in."""
    draw = generator()
    mixing = np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 0.2]])
    for mixed in (
        draw.normal(size=(400, 3)) @ mixing + 5,
        draw.normal(size=(300, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]]) - 40,
        draw.uniform(size=(90, 5)) @ draw.normal(size=(5, 5)),
    ):
        white = numbers(ask(answer, mixed))
        if white.shape != mixed.shape:
            return f"{len(mixed)} rows of {mixed.shape[1]} numbers went in; {white.shape} came out."
        hint = _not_white(mixed - mixed.mean(axis=0), white)
        if hint:
            return hint
    return None


def _not_white(centred: np.ndarray, white: np.ndarray) -> str | None:
    """Say what is wrong with a whitening, or None. Dividing by n or by n - 1 is the same here."""
    spread = white.std(axis=0).max()
    if np.abs(white.mean(axis=0)).max() > 1e-4 * max(spread, 1):
        return "The columns do not have the mean 0. Subtract it first: each column has one, along axis 0."
    weights = np.linalg.lstsq(centred, white, rcond=None)[0]
    if np.abs(centred @ weights - white).max() > 1e-3 * spread:
        return "What comes out is not made of what came in: each new column is a weighted sum of the old ones."
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    covariance, slack = white.T @ white / len(white), 1.5 / len(white)
    variances = np.diag(covariance)
    if np.abs(covariance - np.diag(variances)).max() > slack * max(spread, 1) ** 2:
        if _same_but_for_scale(white, centred @ vectors.T):
            return "You turned the wrong way. The eigenvectors are the columns of what eigh gives: centred @ vectors."
        return "The columns still go together: turn the data to the eigenvectors of their covariance first."
    if np.abs(variances - 1).max() <= slack:
        return None
    if np.allclose(variances * len(white), 1, rtol=0.05):
        return f"Every variance is 1 / {len(white)}. A covariance is the mean of the products, not their sum over rows."
    if np.allclose(np.sort(variances), np.sort(1 / values), rtol=0.05):
        return "You divided by the eigenvalues, which are variances. Divide by their roots, the standard deviations."
    return "They are uncorrelated, but their variances are not 1. Divide each column by the root of its eigenvalue."


def _same_but_for_scale(left: np.ndarray, right: np.ndarray) -> bool:
    """Say whether each column is a multiple of the other's."""
    lengths = np.linalg.norm(left, axis=0) * np.linalg.norm(right, axis=0)
    return bool(np.allclose(np.abs((left * right).sum(axis=0)), lengths, rtol=1e-3))
