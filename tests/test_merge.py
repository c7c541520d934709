"""Part-models become one label map: the last part wins, zeros do not count, and misfits are named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from unet_teach.predict import contested, merge_parts

MAPS = arrays(np.uint8, (3, 4), elements=st.integers(0, 3))
NUMBERS = [{1: 2, 2: 1, 3: 9}, {1: 5, 2: 300, 3: 4}]


@given(MAPS, MAPS)
def test_each_voxel_by_hand(first, second):
    merged = merge_parts([first, second], NUMBERS)
    for place in np.ndindex(3, 4):
        here = NUMBERS[1].get(int(second[place])) or NUMBERS[0].get(int(first[place])) or 0
        assert merged[place] == here
        assert contested([first, second])[place] == (first[place] > 0 and second[place] > 0)


def test_three_dimensions_and_one_part():
    part = np.arange(4).reshape(1, 2, 2)
    assert np.array_equal(merge_parts([part], [{1: 1, 2: 2, 3: 3}]), part)
    assert not contested([part]).any()


@pytest.mark.parametrize(
    ("parts", "numbers", "said"),
    [
        ([], [], "no part"),
        ([np.ones((2, 2))], [{1: 1}], "integers"),
        ([np.ones((2, 2), int), np.ones((2, 3), int)], [{1: 1}, {1: 2}], "one shape"),
        ([np.ones((2, 2), int)], [{1: 1}, {1: 2}], "new numbers"),
        ([np.full((2, 2), 4)], [{1: 1}], "says 4"),
        ([np.ones((2, 2), int)], [{1: 0}], "start at 1"),
        ([np.ones((2, 2), int)] * 2, [{1: 3}, {1: 3}], "alike"),
        ([np.full((2, 2), -1)], [{1: 1}], "from 0 on"),
    ],
)
def test_misfits_are_named(parts, numbers, said):
    with pytest.raises((TypeError, ValueError), match=said):
        merge_parts(parts, numbers)
