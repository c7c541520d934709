"""Checkers for chapter 13's two blocks: the residual one, and the coefficient of a gate."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d

from unet_teach.course.exercises import FUNCTION, ask, checker, close, generator, numbers
from unet_teach.course.exercises.asking import without_effect
from unet_teach.course.exercises.judging import Mistakes, judge, recognised

EQUIVALENT = {  # changed solutions that are right, too (`make mutants`)
    "Exercise 2: `np.maximum(of_across @ across + of_below @ below, 0)` -> `np.maximum(0, of_across @ across + "
    "of_below @ below)`": "the larger of two, in either order",
    "Exercise 2: `-(score @ both)` -> `-(both @ score)`": "a product of two vectors, in either order",
}
Block = Callable[[Tensor, Tensor, Tensor], Tensor]


def _branch(x: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return conv2d(conv2d(x, first, padding=1).relu(), second, padding=1)


def _sum(x: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return x + _branch(x, first, second)


RESIDUAL_MISTAKES: tuple[tuple[Block, str], ...] = (
    (_branch, "Nothing is added yet: with all weights at zero nothing would come out."),
    (lambda x, a, b: x, "It hands on its input and computes nothing. Add what the two convolutions make of it."),
    (
        lambda x, a, b: _sum(x, a, b).relu(),
        "The ReLU stands after the sum: where the input is below 0, no slope gets through. Put it between the "
        "convolutions.",
    ),
    (lambda x, a, b: x - _branch(x, a, b), "The branch is added, not taken away."),
    (lambda x, a, b: x * _branch(x, a, b), "Added, not multiplied: times zero is zero."),
    (
        lambda x, a, b: x * (1 + _branch(x, a, b)),
        "The input is added as it is: multiplied, its own slope depends on it.",
    ),
    (
        lambda x, a, b: x + conv2d(conv2d(x, a, padding=1), b, padding=1),
        "Between the two convolutions a ReLU is missing: without one, two are as good as one.",
    ),
    (lambda x, a, b: _sum(x, b, a), "`first` comes first."),
    (lambda x, a, b: conv2d((x + conv2d(x, a, padding=1)).relu(), b, padding=1), "Add at the end, after `second`."),
    (lambda x, a, b: x + conv2d(x, a, padding=1).relu(), "Both convolutions are wanted; `second` has no effect yet."),
    (lambda x, a, b: x + _branch(x, a, b).relu(), "No ReLU after `second`: a branch that can only add would be lame."),
    (lambda x, a, b: x.relu() + _branch(x, a, b), "Add the input itself, not what a ReLU leaves of it."),
    (lambda x, a, b: x + _branch(x.relu(), a, b), "Only between the two convolutions stands a ReLU here."),
)


@checker("Exercise 1", "With all weights at zero its slope is 1, whatever the input.", FUNCTION)
def residual(answer: Callable[..., Any]) -> str | None:
    """A function (x, first, second) -> x + conv(relu(conv(x, first)), second), kernels of 3x3, padded by 1."""
    chance = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=chance)

    x, first, second = draw(2, 3, 6, 5), draw(3, 3, 3, 3), draw(3, 3, 3, 3)
    zero = torch.zeros(3, 3, 3, 3)
    cases = [
        (x, zero, zero),
        (x, first, second),
        (x, first, zero),
        (x, zero, second),
        (x, second, second),
        (draw(2, 3, 6, 5), first, second),
        (draw(1, 2, 4, 7), draw(2, 2, 3, 3), draw(2, 2, 3, 3)),
    ]
    given, wanted = [], []
    for case in cases:
        wanted.append(_sum(*case).numpy())
        given.append(numbers(ask(answer, *case), wanted[-1].shape))
    if not all(map(close, given, wanted)):
        mistakes: Mistakes = [(lambda *case, f=f: f(*case).numpy(), hint) for f, hint in RESIDUAL_MISTAKES]
        ignored = without_effect(("x", "first", "second"), cases, given, wanted)
        return recognised(mistakes, cases, given) or ignored or "The sum of x and second * relu(first * x) is wanted."
    at_zero, at_work = _slopes(answer, (x, zero, zero), 1), _slopes(answer, (x, first, second))
    if at_zero is None or at_work is None:
        return "The values are right, but no slope can pass: give the tensor itself, without detach or no_grad."
    if not close(at_zero[0], np.ones(x.shape)):
        return "With all weights at zero, its slope should be 1."
    right = _slopes(_sum, (x, first, second)) or []
    names = zip(("x", "first", "second"), at_work, right, strict=True)
    short = [f"`{name}`" for name, one, other in names if not close(one, other)]
    return f"The values are right, but a slope goes past the branch, that of {' and '.join(short)}." if short else None


def _slopes(answer: Callable[..., Any], case: tuple[Tensor, ...], count: int = 3) -> list[np.ndarray] | None:
    """Return the slopes of a block's sum in the first `count` of its arguments; None where none can pass."""
    given = [part.clone().requires_grad_(number < count) for number, part in enumerate(case)]
    try:
        result = answer(*given)
    except RuntimeError:  # what needs a slope is no array
        return None
    if not isinstance(result, Tensor) or not result.requires_grad:
        return None
    slopes = torch.autograd.grad(result.sum(), given[:count], allow_unused=True)
    return [np.zeros(part.shape) if one is None else one.numpy() for one, part in zip(slopes, case, strict=False)]


def _sigmoid(number: Any) -> Any:
    return 1 / (1 + np.exp(-number))


def _coefficient(across: Any, below: Any, a: Any, b: Any, score: Any) -> float:
    return float(_sigmoid(score @ np.maximum(a @ across + b @ below, 0)))


COEFFICIENT_MISTAKES: Mistakes = (
    (
        lambda x, g, a, b, s: s @ np.maximum(a @ x + b @ g, 0),
        "A sigmoid is missing: a coefficient lies between 0 and 1.",
    ),
    (lambda x, g, a, b, s: _sigmoid(s @ (a @ x + b @ g)), "Before the score comes a ReLU."),
    (
        lambda x, g, a, b, s: _sigmoid(s @ (np.maximum(a @ x, 0) + np.maximum(b @ g, 0))),
        "One ReLU, after the sum of both: each alone would not let them argue.",
    ),
    (
        lambda x, g, a, b, s: _sigmoid(s @ np.maximum((a @ x) * (b @ g), 0)),
        "The two are added. (Multiplied, they would be nearer to attention as chapter 17 has it.)",
    ),
    (lambda x, g, a, b, s: _sigmoid(np.maximum(s @ (a @ x + b @ g), 0)), "The ReLU comes before the score is taken."),
    (lambda x, g, a, b, s: _sigmoid(s @ np.maximum(a @ x, 0)), "What comes from below has no say yet."),
    (lambda x, g, a, b, s: _sigmoid(s @ np.maximum(b @ g, 0)), "What comes from across has no say yet."),
    (lambda x, g, a, b, s: _sigmoid(s @ np.maximum(a @ x - b @ g, 0)), "Add the two."),
    (lambda x, g, a, b, s: 1 - _coefficient(x, g, a, b, s), "That is how much is held back. The coefficient passes."),
    (lambda x, g, a, b, s: _sigmoid(np.maximum(a @ x + b @ g, 0).sum()), "`score` has no effect yet."),
    (lambda x, g, a, b, s: np.tanh(s @ np.maximum(a @ x + b @ g, 0)), "A sigmoid is wanted, between 0 and 1."),
    (lambda x, g, a, b, s: _coefficient(x, g, a, b, s) * x.sum(), "The coefficient alone is wanted, not its product."),
)


@checker("Exercise 2", "One number for the pixel, and all its channels are multiplied by it.", FUNCTION)
def coefficient(answer: Callable[..., Any]) -> str | None:
    """A function of one pixel's channels and three tables of weights -> sigmoid(score · relu(a x + b g))."""
    random = generator()

    def case(across: int, below: int, between: int) -> tuple[Any, ...]:
        sizes = [(across,), (below,), (between, across), (between, below), (between,)]
        return tuple(random.normal(size=size) for size in sizes)

    one = case(4, 6, 3)
    cases = [one, case(4, 6, 3), case(2, 5, 1), case(3, 3, 3), case(1, 1, 2)]
    cases += [(*one[:n], 1.5 * one[n] + 0.25, *one[n + 1 :]) for n in range(5)]  # each alone is another

    def otherwise(given: Any, wanted: Any, *_: Any) -> str:
        return f"The first pixel's coefficient is {float(wanted):.3f}; yours is {float(given):.3f}."

    names = ("across", "below", "of_across", "of_below", "score")
    return judge(answer, _coefficient, cases, COEFFICIENT_MISTAKES, otherwise, names)
