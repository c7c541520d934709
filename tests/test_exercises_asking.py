"""What all checkers are made of: an answer is asked with copies, numbers are numbers, an ignored argument is named."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from unet_teach.course.exercises import (
    CLASS,
    FUNCTION,
    Hint,
    NotAnsweredYet,
    Verdict,
    ask,
    checker,
    close,
    generator,
    numbers,
    same,
    without_effect,
)


def overwrites(thing):
    thing[0] = 7
    return 1


@pytest.mark.parametrize("thing", [np.zeros(2), torch.zeros(2), [0, 0], {0: 0}])
def test_an_answer_gets_copies_and_may_not_write_on_them(thing):
    kept = type(thing)(thing) if isinstance(thing, list | dict) else thing + 0
    with pytest.raises(Hint, match="copy"):
        ask(overwrites, thing)
    assert same(thing, kept)


def test_what_is_brought_back_but_for_rounding_was_not_overwritten():
    def there_and_back(weights):
        weights += 0.2
        weights -= 0.2
        return weights.sum()

    start = np.full(3, 0.1)
    assert (start + 0.2 - 0.2 != start).all()
    assert ask(there_and_back, start) == pytest.approx(0.3)


def test_a_missing_result_is_no_answer_unless_none_is_one():
    with pytest.raises(NotAnsweredYet):
        ask(lambda x: None, 1)
    with pytest.raises(NotAnsweredYet):
        ask(lambda x: ..., 1, none=True)
    assert ask(lambda x: None, 1, none=True) is None


def test_an_overwritten_input_is_named_even_where_nothing_comes_back():
    with pytest.raises(Hint, match="copy"):
        ask(lambda x: x.clear(), [1])


@pytest.mark.parametrize(
    "answer",
    [
        [1, 2],
        (1.0, 2.0),
        np.array([1, 2], np.uint8),
        torch.tensor([1.0, 2.0], requires_grad=True),
        torch.tensor([1, 2], dtype=torch.bfloat16),
        [torch.tensor(1), np.float32(2)],
        [Fraction(1), Fraction(4, 2)],
    ],
)
def test_numbers_of_any_kind_are_taken(answer):
    assert numbers(answer, (2,)).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ([1, 2, 3], r"shape \(2,\)"),
        ([[1], [2, 3]], "plain numbers"),
        (["1", "2"], "plain numbers"),
        ([1, 2j], "plain numbers"),
        ([1, ...], "plain numbers"),
        ([1, float("nan")], "NaN"),
        ([1, float("-inf")], "infinity"),
        ([1, None], "NaN|plain numbers"),
    ],
)
def test_all_else_gets_a_hint(answer, hint):
    with pytest.raises(Hint, match=hint):
        numbers(answer, (2,))


@pytest.mark.parametrize("answer", ["7", [7], {}, object()])
def test_one_number_is_asked_for_in_words(answer):
    with pytest.raises(Hint, match="one number"):
        numbers(answer, ())
    assert numbers(7, ()) == 7


def test_close_forgives_float32_and_nothing_more():
    wanted = generator().normal(size=50) * 1000
    assert close(wanted.astype(np.float32), wanted)
    assert not close(wanted * 1.001, wanted)
    assert not close(wanted[:-1], wanted)
    assert not close(np.full(50, np.nan), wanted)
    assert close([0.0], [0.0])
    assert not close([1e-3], [0.0])


def test_an_argument_without_effect_is_named():
    cases = [(1, 2), (1, 3), (4, 2)]
    wanted = [a * b for a, b in cases]
    assert without_effect("ab", cases, wanted, wanted) is None
    assert without_effect("ab", cases, [5, 5, 5], wanted) == "It gives the same whatever it is given."
    assert without_effect("ab", cases, [a for a, _ in cases], wanted) == "`b` has no effect yet."
    assert without_effect("ab", cases, [b for _, b in cases], wanted) == "`a` has no effect yet."


def test_an_argument_that_counts_somewhere_is_not_called_ignored():
    cases = [(1, -1), (2, -1), (1, 1), (2, 1)]
    assert without_effect("ab", cases, [0, 0, 1, 2], [a * b for a, b in cases]) is None


@checker("Exercise 9", "Good.", wants=FUNCTION)
def one(answer):
    """A function without arguments that gives 1."""
    return None if ask(answer) == 1 else "Too many."


@checker("Exercise 10", wants=CLASS)
def empty(answer):
    """A class that holds nothing."""
    raise NotAnsweredYet


@checker("Exercise 11")
def table(answer):
    """A dictionary without an open entry."""
    if None in answer.values():
        raise NotAnsweredYet("(Still open: a.)")
    raise Hint("No table is right.")


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (one(lambda: 1), "Exercise 9: correct. Good."),
        (one(lambda: 2), "Exercise 9: not yet. Too many."),
        (one(2), "Exercise 9: not yet. Give the function itself, without brackets."),
        (one(None), "Exercise 9: not answered yet."),
        (one(lambda: 1 / 0), "Exercise 9: not yet. Python stopped at it with ZeroDivisionError: division by zero"),
        (empty(3), "Exercise 10: not yet. Give the class itself, without brackets."),
        (table({"a": None}), "Exercise 11: not answered yet. (Still open: a.)"),
        (table({"a": 1}), "Exercise 11: not yet. No table is right."),
    ],
)
def test_what_a_verdict_says(verdict, said):
    assert isinstance(verdict, Verdict)
    assert repr(verdict) == said


def test_an_empty_function_class_or_table_is_told_apart():
    assert "function gave None" in one(lambda: None).message
    assert "class gave None" in empty(dict).message
    assert table.__doc__ == "A dictionary without an open entry."
