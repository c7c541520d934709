"""How far a hint reaches, found by asking: around one number, or over a whole plane of whole numbers."""

from collections.abc import Callable
from typing import Any

from number_answers import Said

FAR = 1e5  # what reaches so far ends nowhere
Ask = Callable[[list[Any]], Said]
Span = tuple[int, int]
Run = tuple[int, int, Any]


def edge(ask: Ask, values: list[Any], place: int, way: int) -> float | None:
    """Return the last number up (1) or down (-1) at which the same is said, to the last bit; None where none is."""
    said = ask(values)

    def same(number: float) -> bool:
        return ask([*values[:place], number, *values[place + 1 :]]) == said

    near, step = float(values[place]), 1e-9
    while same(far := values[place] + way * step):
        near, step = far, 2 * step
        if step > FAR:
            return None
    while (middle := (near + far) / 2) not in (near, far):
        near, far = (middle, far) if same(middle) else (near, middle)
    return near


def runs(say: Callable[[int], Any], low: int, high: int, longest: int = 32) -> list[Run]:
    """Return (from, to, what is said) for whole numbers.

    Where the ends of a piece of at most `longest` say the same, all of it is taken to; tests ask at other places.
    """
    if high - low <= longest and say(low) == say(high):
        return [(low, high, say(low))]
    if high == low + 1:
        return [(low, low, say(low)), (high, high, say(high))]
    middle = (low + high) // 2
    first, second = runs(say, low, middle, longest), runs(say, middle, high, longest)
    joined = (first[-1][0], second[0][1], second[0][2])
    return [*first[:-1], joined, *second[1:]]


def plane(ask: Ask, across: Span, down: Span) -> list[tuple[Span, Span, Said]]:
    """Return boxes of whole numbers (first, second) that cover a plane, each with what is said in it."""
    said: dict[tuple[int, int], Said] = {}
    rows: dict[int, list[Run]] = {}

    def one(first: int, second: int) -> Said:
        if (first, second) not in said:
            said[first, second] = ask([first, second])
        return said[first, second]

    def row(first: int) -> list[Run]:
        if first not in rows:
            rows[first] = runs(lambda second: one(first, second), *down)
        return rows[first]

    boxes: list[tuple[Span, Span, Said]] = []
    growing: dict[Run, int] = {}
    for begin, _, found in [*runs(row, *across), (across[1] + 1, 0, [])]:
        for piece in [piece for piece in growing if piece not in found]:
            boxes.append(((growing.pop(piece), begin - 1), piece[:2], piece[2]))
        growing |= {piece: begin for piece in found if piece not in growing}
    return boxes
