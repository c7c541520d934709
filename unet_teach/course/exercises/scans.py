"""Checkers for chapter 14, "What is in a voxel?": bytes and windows; the places in the patient stand beside them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unet_teach.course.exercises import FUNCTION, Hint, ask, checker, generator, numbers
from unet_teach.course.exercises.judging import judge, recognised
from unet_teach.course.exercises.scans_places import to_ras, volume
from unet_teach.course.exercises.scans_slices import missing

__all__ = ["hounsfield", "missing", "to_ras", "volume", "window"]

EQUIVALENT = {
    "Exercise 2: `np.clip((values - low) / width, 0, 1)` -> `np.clip(0, (values - low) / width, 1)`": "the larger "
    "of two, and the smaller, in whatever order they are named",
}


def _read(stored: bytes, signed: bool, kind: str = "2") -> np.ndarray:
    return np.frombuffer(stored, f"<{'i' if signed else 'u'}{kind}").astype(float)


def _scaled(stored: bytes, signed: bool, slope: float, intercept: float) -> np.ndarray:
    return _read(stored, signed) * slope + intercept


def _which(given: Any, wanted: Any, stored: bytes, signed: bool, slope: float, intercept: float) -> str:
    place = int(np.argmax(np.abs(given - wanted)))
    two = stored[2 * place : 2 * place + 2]
    kind = "signed" if signed else "unsigned"
    return (
        f"The bytes {two[0]} {two[1]}, {kind}, with slope {slope:g} and intercept {intercept:g}, are "
        f"{wanted[place]:g}; yours gives {given[place]:g}."
    )


@checker("Exercise 1", "You have read a CT without a library.", FUNCTION)
def hounsfield(answer: Callable[..., Any]) -> str | None:
    """A function (stored, signed, slope, intercept) -> the values of 16-bit pixels, lower byte first."""
    random = generator()
    low = random.integers(-2000, 3000, 9).astype("<i2").tobytes()
    wide = np.array([0, 1, 255, 256, 32767, 32768, 63536, 65535], "<u2").tobytes()
    cases = [
        (low, True, 1.0, -1024.0),
        (low, False, 1.0, -1024.0),
        (low, True, 2.5, -1024.0),
        (low, True, 1.0, 0.0),
        (wide, True, 0.25, 10.5),
        (wide, False, 0.25, 10.5),
    ]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (lambda b, s, m, c: _scaled(b, False, m, c), "It takes all numbers as unsigned: where `signed`, 65,535 is -1."),
        (lambda b, s, m, c: _scaled(b, True, m, c), "It takes all numbers as signed: where not, 65,535 is 65,535."),
        (lambda b, s, m, c: _scaled(b, not s, m, c), "Signed and unsigned are exchanged."),
        (
            lambda b, s, m, c: np.frombuffer(b, ">i2" if s else ">u2") * m + c,
            "The two bytes are in the wrong order: the lower one comes first.",
        ),
        (
            lambda b, s, m, c: np.frombuffer(b, "i1" if s else "u1") * m + c,
            "A pixel has two bytes; yours takes each byte for a pixel.",
        ),
        (lambda b, s, m, c: (_read(b, s) + c) * m, "First times the slope, then plus the intercept."),
        (lambda b, s, m, c: _read(b, s) * m - c, "The intercept is added, with its own sign."),
        (lambda b, s, m, c: _read(b, s) / m + c, "The slope multiplies."),
        (lambda b, s, m, c: _read(b, s), "That is what is stored. Slope and intercept turn it into a value."),
        (lambda b, s, m, c: _read(b, s) * c + m, "Slope and intercept are exchanged."),
    ]
    given = [numbers(ask(answer, *case)) for case in cases]
    if hint := recognised(mistakes, cases, given):
        return hint
    for found, case in zip(given, cases, strict=True):
        wanted = len(case[0]) // 2
        if found.size != wanted and len({one.tobytes() for one in given}) > 1:
            raise Hint(f"{2 * wanted} bytes are {wanted} pixels of two bytes each; yours gives {found.size} numbers.")
        if found.size == wanted and found.ndim != 1:
            raise Hint(f"Give the values one after the other: yours have the shape {found.shape}.")
    return judge(answer, _scaled, cases, mistakes, _which, ("stored", "signed", "slope", "intercept"))


def _windowed(values: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.clip((np.asarray(values, dtype=float) - centre) / width + 0.5, 0, 1)


def _shade(given: Any, wanted: Any, values: np.ndarray, centre: float, width: float) -> str:
    if given.shape != wanted.shape:
        return f"Give one shade for each value: {wanted.shape} is wanted, yours has {given.shape}."
    place = np.unravel_index(int(np.argmax(np.abs(given - wanted))), wanted.shape)
    return (
        f"With centre {centre:g} and width {width:g}, {values[place]:g} is shown as {wanted[place]:.3f}; yours gives "
        f"{given[place]:.3f}."
    )


@checker("Exercise 2", "From centre less half the width to centre plus half the width.", FUNCTION)
def window(answer: Callable[..., Any]) -> str | None:
    """A function (values, centre, width) -> shades from 0 to 1."""
    random = generator()
    values = random.integers(-1100, 1500, (4, 5))
    ends = np.array([[-160, -159, 0, 40, 239, 240, 241, 500]])
    cases = [(values, 40, 400), (values, -600, 400), (values, 40, 1500), (ends, 40, 400), (ends, 40.5, 101)]
    mistakes: list[tuple[Callable[..., Any], str]] = [
        (
            lambda v, c, w: (v - c) / w + 0.5,
            "Shades end at 0 and 1: what is outside of the window is all black, or white.",
        ),
        (lambda v, c, w: np.clip((v - c) / w, 0, 1), "The centre is the middle of the window, and becomes 0.5."),
        (lambda v, c, w: np.clip((v - c) / (2 * w) + 0.5, 0, 1), "The width is the whole window, not half of it."),
        (lambda v, c, w: 255 * _windowed(v, c, w), "From 0 to 1, please, not to 255."),
        (lambda v, c, w: 1 - _windowed(v, c, w), "Small values are dark."),
        (lambda v, c, w: np.clip((v - w) / c + 0.5, 0, 1), "Centre and width are exchanged."),
        (
            lambda v, c, w: np.where(np.abs(v - c) > w / 2, 0, (v - c) / w + 0.5),
            "What lies above the window is white, not black.",
        ),
        (
            lambda v, c, w: np.clip(v, c - w / 2, c + w / 2),
            "Cut to the window, it is right. Now spread it from 0 to 1.",
        ),
        (
            lambda v, c, w: (np.clip(v, c - w / 2, c + w / 2) - v.min()) / np.ptp(v),
            "Black is the lower end of the window, not the darkest pixel of the picture.",
        ),
        (lambda v, c, w: (np.abs(v - c) <= w / 2).astype(float), "Between the ends the shades rise: no band, a ramp."),
    ]
    return judge(answer, _windowed, cases, mistakes, _shade, ("values", "centre", "width"))
