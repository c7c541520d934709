"""Skull off, coil evened, shift undone: on phantoms whose truth is known, and on what is no head."""

import numpy as np
import pytest

from unet_teach.clinic.preparation import even_out, find_shift, mutual_information, strip_skull
from unet_teach.data.phantoms import head
from unet_teach.metrics import dice

LOOK = {"tumour": 0.6, "spacing": 3.0, "slices": 42, "size": (80, 80)}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_phantom_loses_its_skull(seed):
    drawn = head(seed, stripped=False, **LOOK)
    for sequence in drawn.image:
        assert dice(strip_skull(sequence), drawn.brain) > 0.9
    assert dice(drawn.image[0] > 60, drawn.brain) < 0.9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_uneven_coil_is_evened(seed):
    even, uneven = (head(seed, stripped=False, bias=bias, **LOOK) for bias in (0, 4))
    inside = even.brain
    for good, bad in zip(even.image, uneven.image, strict=True):
        before = np.corrcoef(good[inside], bad[inside])[0, 1]
        mended = even_out(bad, inside)
        assert np.corrcoef(good[inside], mended[inside])[0, 1] > min(before + 0.3 * (1 - before), 0.97)
        assert np.array_equal(mended[~inside], bad[~inside])


def test_an_even_block_stays_as_it_is():
    block, inside = np.full((8, 9, 10), 50.0), np.zeros((8, 9, 10), bool)
    inside[2:6, 2:7, 2:8] = True
    np.testing.assert_allclose(even_out(block, inside, 2), 50, rtol=1e-5)


@pytest.mark.parametrize("shift", [(0, 6, 0), (3, -6, 3)])
def test_a_shift_is_found(shift):
    drawn = head(4, shift=shift, **LOOK)
    assert find_shift(*drawn.image, reach=2) == tuple(-mm // 3 for mm in shift)


def test_mutual_information_by_hand():
    one = np.array([0, 0, 1, 1])
    assert mutual_information(one, 5 - 2 * one, 2) == pytest.approx(np.log(2))  # a negative says it all
    assert mutual_information(one, np.array([0, 1, 0, 1]), 2) == pytest.approx(0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: strip_skull(np.zeros((3, 3, 3))), "stripped before"),
        (lambda: strip_skull(np.array([[[-1.0, 2.0]]])), "stripped before"),
        (lambda: strip_skull(np.ones((3, 3))), "must be"),
        (lambda: strip_skull(np.full((3, 3, 3), np.nan)), "finite"),
        (lambda: strip_skull(np.arange(27.0).reshape(3, 3, 3), 0), "depth of 1"),
        (lambda: even_out(np.ones((3, 3, 3)), np.ones((3, 3, 4), bool)), "same shape"),
        (lambda: even_out(np.ones((3, 3, 3)), np.zeros((3, 3, 3), bool)), "not empty"),
        (lambda: even_out(np.ones((3, 3, 3)), np.ones((3, 3, 3))), "boolean"),
        (lambda: even_out(-np.ones((3, 3, 3)), np.ones((3, 3, 3), bool)), "0 or more"),
        (lambda: find_shift(np.ones((3, 3, 3)), np.ones((3, 3, 4))), "one shape"),
        (lambda: find_shift(np.ones((3, 3, 3)), np.ones((3, 3, 3)), 2), "below half"),
        (lambda: mutual_information([1, 2], [1, 2, 3]), "one shape"),
        (lambda: mutual_information([1, 2], [1, 2], 1), "two bins"),
    ],
)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises((ValueError, TypeError), match=said):
        call()
