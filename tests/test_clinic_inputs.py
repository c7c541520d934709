"""The clinic's functions, handed anything at all: a finite answer, or a sentence that says what to do."""

import warnings

import numpy as np
import pytest
import torch
from types_of_arrays import is_ours

from unet_teach.clinic import radiomics, survival
from unet_teach.clinic.radiomics.texture import directions

BLOCK = np.zeros((5, 6, 7), bool)
BLOCK[1:4, 1:4, 1:5] = True
GREYS, LEVELS = np.random.default_rng(0).normal(size=BLOCK.shape), radiomics.digital_phantom()[0]
TIMES, EVENTS, RISK = np.array([3.0, 5, 8, 8, 11, 14]), np.array([1, 0, 1, 0, 1, 0]), np.array([0.0, 1, 2, 3, 0, 1])
TWO = np.c_[RISK, [1.0, 0, 2, 1, 0, 3]]
CALLS = {
    radiomics.surface_mesh: (BLOCK, (1, 1, 1)),
    radiomics.shape_features: (BLOCK, (1, 2, 1)),
    radiomics.mesh_volume: radiomics.surface_mesh(BLOCK),
    radiomics.mesh_area: radiomics.surface_mesh(BLOCK),
    radiomics.sphericity: (8.0, 24.0),
    radiomics.intensity_features: (GREYS,),
    radiomics.discretise: (GREYS, BLOCK, 8),
    radiomics.histogram_features: (LEVELS,),
    radiomics.co_occurrences: (LEVELS, 1),
    radiomics.matrix_features: (np.eye(3),),
    radiomics.texture_features: (LEVELS, False, 1),
    directions: (2,),
    survival.outcomes: (TIMES, EVENTS),
    survival.kaplan_meier: (TIMES, EVENTS, 0.95),
    survival.log_rank: (TIMES, EVENTS, EVENTS == 1),
    survival.concordance: (TIMES, EVENTS, RISK),
    survival.concordances: (TIMES, EVENTS, TWO),
    survival.cox: (TWO, TIMES, EVENTS, 1.0),
    survival.simulate_times: (RISK, 0, 15, 48, 0.01),
}
NOTHING = [None, ..., "abc", b"1", [], (), {}, object(), len, 1j, [[1], [2, 3]], [None] * 6, np.datetime64("2020")]
NUMBERS = [float("nan"), float("inf"), -1, 0, 1.5, 10**400, -(10**30), True, np.float16(2), np.int8(3)]
ARRAYS = [
    *(np.array(few) for few in ([], "x", ["a"] * 6, [1j], 1)),
    *(np.full(6, value) for value in (1e300, np.nan, -1, 0, 1.0, np.inf)),
    *(np.zeros(shape) for shape in ((0, 3), (6, 0), (2, 2, 2), (1, 1))),
    *(np.full((3, 4), 2, kind) for kind in (">i2", ">f4", np.uint8, np.int8, object)),
    np.full((6, 6), 2**63, np.uint64),
    np.random.default_rng(1).normal(size=(6, 40)),
    np.array([[1, 0], [0, 0]]),
    np.ones((3, 3, 3), bool),
    np.ones((1, 1, 1), bool),
    np.ma.masked_array(np.ones(6), mask=[1] * 6),
    BLOCK.astype(np.uint8),
    BLOCK[::-1, ::2],
    np.asfortranarray(BLOCK),
    torch.ones(6),
    torch.ones(6, requires_grad=True),
    torch.ones(6, dtype=torch.bfloat16),
]
PLACES = [(call, place) for call, arguments in CALLS.items() for place in range(len(arguments))]


def finite(answer):
    """Say whether all numbers in an answer are: those of Kaplan and Meier's interval may be missing."""
    if isinstance(answer, dict):
        answer = tuple(answer.values())
    if isinstance(answer, survival.SurvivalCurve):
        answer = answer[:4]
    return all(
        np.isfinite(np.asarray(part, float)).all() for part in (answer if isinstance(answer, tuple) else [answer])
    )


@pytest.mark.parametrize(("call", "place"), PLACES, ids=lambda part: getattr(part, "__name__", str(part)))
def test_anything_gets_a_finite_answer_or_a_sentence(call, place):
    assert finite(call(*CALLS[call]))
    for thing in NOTHING + NUMBERS + ARRAYS:
        arguments = list(CALLS[call])
        arguments[place] = thing
        answer, refusal = None, None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                answer = call(*arguments)
            except (TypeError, ValueError) as error:
                refusal = error
        if refusal is None:
            assert finite(answer), repr(thing)
        else:
            assert is_ours(refusal), f"{thing!r}: a bare {type(refusal).__name__}: {refusal}"
