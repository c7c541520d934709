"""Every public function, with numbers of every type: the float64 answer, or a sentence that says what to do."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from table_of_functions import ELSEWHERE, ROWS
from types_of_arrays import answer, same, shapes

import unet_teach
from unet_teach import classical, data, losses, metrics, models, transforms
from unet_teach.course import claims


@pytest.fixture(autouse=True)
def _real_data(monkeypatch):
    monkeypatch.setattr("unet_teach.data.standins_in_use", frozenset)  # a claim is examined


FORMS = [
    pytest.param(name, place, id=f"{name}-{place}") for name, row in ROWS.items() for place in range(len(row.arguments))
]


@pytest.mark.parametrize(("name", "place"), FORMS)
def test_every_form_of_the_same_numbers_gets_the_same_answer(name, place):
    row = ROWS[name]
    values = [next(value for _, value in argument.forms()) for argument in row.arguments]
    tried = 0
    for form, value in row.arguments[place].forms():
        values[place] = value
        assert answer(row, values), f"{form} was refused"
        tried += 1
    assert tried


@pytest.mark.parametrize("name", ROWS)
def test_anything_gets_the_right_answer_or_a_sentence(name):
    row = ROWS[name]

    @settings(max_examples=row.examples)
    @given(shapes(row.dims), st.integers(0, 2**32 - 1))
    def all_at_once(shape, seed):
        rng = np.random.default_rng(seed)
        answer(row, [argument.anything(shape, rng) for argument in row.arguments])

    @settings(max_examples=row.examples)
    @given(st.integers(0, len(row.arguments) - 1), st.integers(0, 2**32 - 1))
    def one_beside_plain_ones(place, seed):
        values = [next(value for _, value in argument.forms()) for argument in row.arguments]
        values[place] = row.arguments[place].anything(None, np.random.default_rng(seed))
        answer(row, values)

    all_at_once()
    one_beside_plain_ones()


def public_names():
    """Name every function and class that the examined folders define for others."""
    for folder in (transforms, metrics, losses, classical, models, data, claims):
        modules = [folder]
        if hasattr(folder, "__path__"):
            found = pkgutil.walk_packages(folder.__path__, f"{folder.__name__}.")
            modules += [importlib.import_module(module.name) for module in found if "._" not in module.name]
        for module in modules:
            for name, value in vars(module).items():
                if (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__:
                    yield name


def test_every_public_function_is_examined():
    public = {name for name in public_names() if not name.startswith("_")}
    elsewhere = {name for names in ELSEWHERE for name in names.split()}
    assert unet_teach.__version__
    assert public == ROWS.keys() | elsewhere
    assert not ROWS.keys() & elsewhere


def test_what_a_type_cannot_hold_is_infinite_there_and_nothing_else_is():
    same(torch.tensor(float("inf")), np.float64(4.5e38), 1e-4)
    same(np.float32("-inf"), np.float64(-4.5e38), 1e-4)
    for found, wanted in ((np.float32("inf"), 3.3e38), (np.float64("inf"), 4.5e38), (np.float32(3.3e38), 4.5e38)):
        with pytest.raises(AssertionError):
            same(found, np.float64(wanted), 1e-4)
    same(torch.tensor(float("inf")), np.float64(3e38), 1e-4, terms=2)  # a mean of two: their sum is 6e38
    with pytest.raises(AssertionError):
        same(torch.tensor(float("-inf")), np.float64(3e38), 1e-4, terms=2)
