"""Replaced answers: what no checker may take, made from what the solution hands in."""

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from spoilt import CHANGES, mapped, overwriting, replaced, the_first_for_ever

from unet_teach.course.exercises import same

MORE = {
    "negated": lambda array: np.logical_not(array) if array.dtype == bool else -array,
    "without signs": np.abs,
    "a tenth larger": lambda array: array * 1.1,
    "turned upside down": lambda array: array[::-1] if array.ndim else array + 1,
    "transposed": lambda array: array.T if array.ndim > 1 else array - 1,
}


def answers(answer: Any) -> Iterator[tuple[str, Any]]:
    """Yield other answers, each with a name."""
    if isinstance(answer, type):
        return
    if not callable(answer):
        yield from ((name, other) for name, other in _plain(answer) if not same(other, answer))
        return
    for name, change in (CHANGES | MORE).items():
        yield f"gives {name}", _changed(answer, change)
    for number in range(answer.__code__.co_argcount):
        yield f"gives its argument {number + 1} back", lambda *given, number=number: given[number]
    yield "gives for ever what it gave first", the_first_for_ever(answer)
    yield "overwrites what it is given", _only_if_it_does(overwriting(answer))


def _changed(function: Callable[..., Any], change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    return _only_if_it_does(replaced(function, lambda result: mapped(change, result)))


def _only_if_it_does(pair: tuple[Callable[..., Any], list[Any]]) -> Callable[..., Any]:
    function, done = pair
    function.done = done  # empty, or all False: nothing was changed, so it is no mutant
    return function


def _plain(answer: Any) -> Iterator[tuple[str, Any]]:
    """Change one number or name of a list, tuple or dictionary at a time, then all of them together."""
    for name, change in (CHANGES | MORE).items():
        yield f"all {name}", mapped(change, answer)
    leaves = list(_leaves(answer))
    values = [_at(answer, path) for path in leaves]
    for path, value in zip(leaves, values, strict=True):
        for other in _others(value, values):
            yield f"{_shown(path)} {value!r} -> {other!r}", _put(answer, path, other)
    for first, second in itertools.pairwise(leaves):
        swapped = _put(_put(answer, first, _at(answer, second)), second, _at(answer, first))
        yield f"{_shown(first)} and {_shown(second)} swapped", swapped


def _others(value: Any, values: list[Any]) -> list[Any]:
    if isinstance(value, str):
        return sorted({other for other in values if isinstance(other, str)} - {value})
    return [value + 1, value - 1, 2 * value, 0, -value, float("nan")]


def _leaves(answer: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(answer, np.ndarray | torch.Tensor):
        yield from np.ndindex(*answer.shape)
    elif isinstance(answer, dict):
        for key, part in answer.items():
            yield from ((key, *path) for path in _leaves(part))
    elif isinstance(answer, list | tuple):
        for number, part in enumerate(answer):
            yield from ((number, *path) for path in _leaves(part))
    elif not isinstance(answer, str) or "\n" not in answer:
        yield ()


def _at(answer: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        answer = answer[step]
    return answer


def _put(answer: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(answer, tuple):
        return tuple(_put(list(answer), path, new))
    answer = copy.copy(answer)
    answer[path[0]] = _put(answer[path[0]], path[1:], new)
    return answer


def _shown(path: tuple[Any, ...]) -> str:
    return "".join(f"[{step!r}]" for step in path) or "the answer"
