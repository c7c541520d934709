"""Checkers for chapter 2, "Why do good filters look alike?"."""

from typing import Any

import numpy as np

from unet_teach.classical import (
    difference_of_gaussians,
    gabor,
    grating,
    half_width,
)
from unet_teach.course.exercises import NotAnsweredYet, checker


@checker("Exercise 1", "Grey cancels; what is left is the difference between a pixel and its surround.")
def centre_surround(answer: Any) -> str | None:
    """Answers of the field 8 in the middle, -1 around, to: all 50; left column 10, else 50; middle 60, else 50."""
    try:
        numbers = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return "Give three plain numbers, such as [1, 2, 3]."
    if numbers.shape != (3,):
        return f"There are three patches, so three numbers; yours has the shape {numbers.shape}."
    if numbers[0] in (350, 450, 800):
        return "First: the eight neighbours count too, each with weight -1: 8 x 50 - 8 x 50."
    if numbers[0] != 0:
        return "First: every pixel is 50, and the nine weights add up to 0."
    if numbers[1] == -120:
        return "Second: mind the sign. Dark neighbours take less away, so the cell answers above 0."
    if numbers[1] != 120:
        return "Second: the middle gives 8 x 50; the neighbours take away 3 x 10 and 5 x 50."
    if numbers[2] == 10:
        return "Third: the middle has the weight 8, so 10 more grey counts eight times."
    if numbers[2] != 80:
        return "Third: 8 x 60 in the middle, 8 x 50 around."
    return None


@checker("Exercise 2", "The larger the field, the sharper its tuning: twice the bell, about half the angle.")
def turn(answer: Any) -> str | None:
    """The half-width in degrees of a Gabor of wavelength 8 and sigma 8, to half a degree."""
    try:
        degrees = float(answer)
    except (TypeError, ValueError):
        return "Give one number of degrees."
    wanted, narrow = half_width(8, 8), half_width(8, 4)
    if abs(degrees - wanted) <= 0.5:
        return None
    if abs(degrees - 2 * wanted) <= 0.5 and abs(degrees - narrow) > 0.05:
        return "That is the full width, from one side to the other. Give the turn to one side."
    if abs(degrees - np.radians(wanted)) <= 0.01:
        return "That is the angle in radians. Multiply by 180 / pi."
    if abs(degrees - narrow) <= 0.05:
        return "That is the answer for sigma 4. Here sigma is 8."
    if degrees > narrow:
        return "A wider bell covers more stripes and notices a smaller turn: the angle gets smaller."
    return "Put wavelength 8 and sigma 8 into cos(turn) = 1 - ln 2 (wavelength / (2 pi sigma))^2."


@checker("Exercise 3", "Round fields in a row make a long one. This is the wiring that Hubel and Wiesel proposed.")
def row_of_cells(answer: Any) -> str | None:
    """Middles (row, column), each from -8 to 8, of round fields whose sum prefers upright stripes."""
    places = np.asarray(answer, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2:
        return "Give a list of pairs (row, column), one a cell."
    if not np.array_equal(places, np.round(places)) or np.abs(places).max() > 8:
        return "Rows and columns are whole numbers from -8 to 8."
    if len(places) < 3:
        return "Take at least three cells; two make a short row."
    if len(np.unique(places, axis=0)) < 3:
        return "The cells sit on top of each other: their sum is as round as one of them. Spread them out."
    field = sum_of_cells(places.astype(int).tolist())
    upright, lying = (_strongest(field, angle) for angle in (0, 90))
    if lying >= 2 * upright:
        return "It prefers stripes that lie. The rows should differ and the column stay the same."
    if upright < 2 * lying:
        return f"Upright stripes excite it {upright / lying:.1f} times as much as lying ones; at least 2 is wanted."
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


@checker("Exercise 4", "Squares of a cosine and a sine add up to 1, wherever the stripes are.")
def energy(answer: Any) -> str | None:
    """A function (even, odd) -> the sum of their squares."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    filters = gabor(8, 0, 4)
    shifted = [(filters * grating(len(filters), 8, 0, phase)).sum() for phase in range(0, 360, 30)]
    given = [answer(float(pair.real), float(pair.imag)) for pair in shifted]
    if all(value is None or value is ... for value in given):
        raise NotAnsweredYet
    found, wanted = np.asarray(given, dtype=float), np.abs(shifted) ** 2
    if np.allclose(found, wanted):
        return None
    if np.allclose(found, np.sqrt(wanted)):
        return "That is the amplitude, the root of the energy. It ignores the phase as well; leave the root out."
    if found.min() < 0:
        return "Energy is never below 0. Square each of the two before you add."
    if found.max() > 1.1 * found.min():
        return "It still changes when the stripes shift. Square each of the two, then add."
    return "It ignores the phase, but it is not the sum of the two squares."


@checker("Exercise 5", "No two numbers go together any more, and none is louder than another.")
def whiten(answer: Any) -> str | None:
    """A function (n, d) -> (n, d): mean 0, covariance the identity."""
    if not callable(answer):
        return "Give the function itself, without brackets."
    generator = np.random.default_rng(0)
    mixed = generator.normal(size=(400, 3)) @ np.array([[3.0, 1.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 0.2]]) + 5
    white = answer(mixed.copy())
    if white is None or white is ...:
        raise NotAnsweredYet
    white = np.asarray(white, dtype=float)
    if white.shape != mixed.shape:
        return f"400 rows of 3 numbers went in; {white.shape} came out."
    if np.abs(white.mean(axis=0)).max() > 1e-6:
        return "The columns do not have the mean 0. Subtract it first."
    covariance = white.T @ white / len(white)
    if np.allclose(covariance, np.eye(3), atol=0.01):
        return None
    if np.abs(covariance - np.diag(np.diag(covariance))).max() > 0.01:
        return "The columns still go together: turn the data to the eigenvectors of their covariance first."
    return "They are uncorrelated, but their variances are not 1. Divide each column by the root of its eigenvalue."
