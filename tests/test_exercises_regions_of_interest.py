"""The checkers of chapter 5 accept what is right, and tell wrong answers apart."""

import numpy as np
import pytest
from scipy import ndimage

from unet_teach import data
from unet_teach.classical import grow_region
from unet_teach.course import annotate
from unet_teach.course.exercises import regions_of_interest as check
from unet_teach.data import CTSlice


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A slice with a thin place in its wall, and two crops that are easy to draw."""
    hu = np.full((300, 300), -1000, dtype=np.int16)
    hu[200:290, 30:250] = -100  # fat
    hu[220:280, 100:104] = 50  # the wall of muscle
    hu[250, 100:104] = -40  # its thin place
    tissue = np.where(hu > -500, 64, 0).astype(np.uint8)
    tissue[200:290, 30:100] = 255
    tissue[200:290, 104:250] = 128
    hu[200:220, 100:104] = hu[280:290, 100:104] = 50
    monkeypatch.setattr(data, "load_ct_slice", lambda: CTSlice(hu, tissue))
    lines = annotate.membrane("line 4: 0,30 128,30\nline 4: 0,90 128,90", (128, 128))
    cells = np.zeros((200, 200), dtype=np.int32)
    for number, column in enumerate((10, 50, 90, 130), start=1):
        cells[20:80, column : column + 30] = number
    crops = {"em": annotate.Crop(lines * 1, lines), "cells": annotate.Crop(cells * 1, cells)}
    monkeypatch.setattr(annotate, "crop", crops.__getitem__)


def labelled(mask):
    return ndimage.label(mask)[1]


def by_growing(mask):
    left, count = mask.copy(), 0
    while left.any():
        left &= ~grow_region(left, tuple(np.argwhere(left)[0]), True, True)
        count += 1
    return count


def in_place(mask):
    count = labelled(mask)
    mask[...] = False
    return count


def boxes(columns, width=30, bottom=80):
    return "\n".join(f"area: {c},20 {c + width},20 {c + width},{bottom} {c},{bottom}" for c in columns)


BOTH = "line 4: 0,30 128,30\nline 3: 0,91 128,91"
RIGHT = {
    "otsu_by_hand": [(3, 192), [3, 192.0]],
    "band": [(-150, -70), (-190, -60)],
    "count_regions": [labelled, by_growing, lambda mask: np.int64(labelled(mask))],
    "count_objects": [(1, 3, 4, 1, 1)],
    "membranes": [BOTH, "# mine\n" + BOTH],
    "cells": [boxes((10, 50, 90, 130)), boxes((11, 51, 92))],
}
WRONG = {
    "otsu_by_hand": [
        ((2, 144), "not the best"),
        ((3, 24), "square the distance"),
        ((3, 64), "how many numbers"),
        ((1, 192), "below the border, not above"),
        ((1, 100), "Two equal numbers"),
        ((3, 12), "For each border"),
        (192, "two numbers"),
    ],
    "band": [
        ((-190, -30), "It leaks: 100%"),
        ((-90, -30), "does not hold it"),
        ((-2000, -60), "run out of the body"),
        ((-190,), "two numbers"),
        (("low", "high"), "Python stopped"),
    ],
    "count_regions": [
        (lambda mask: int(mask.sum()), "count pixels"),
        (lambda mask: ndimage.label(mask, np.ones((3, 3)))[1], "corner"),
        (lambda mask: labelled(mask) + labelled(~mask), "no region: 0"),
        (lambda mask: labelled(mask) + labelled(~mask) if mask.any() else 0, "regions of False"),
        (lambda mask: max(1, labelled(mask)), "no region: 0"),
        (lambda mask: 7 if mask.any() else 0, "yours says 7"),
        (in_place, "Work on a copy"),
        (5, "without brackets"),
    ],
    "count_objects": [
        ((2, 3, 4, 1, 1), "`matched`"),
        ((1, 2, 4, 1, 1), "`missed`"),
        ((1, 3, 2, 1, 1), "`false`"),
        ((1, 3, 4, 2, 1), "`merged`"),
        ((1, 3, 4, 1, 2), "`split`"),
        (5, "five numbers"),
    ],
    "membranes": [
        ("line 4: 0,30 128,30", "A good beginning: 50%"),
        ("line 4: 0,60 128,60", "mitochondria or vesicles"),
        (f"{BOTH}\nline 40: 0,60 128,60", "mitochondria or vesicles"),
        ("line: 0,30 128,30", "Something in the text is no shape. line 1"),
        ("line 4: 0,30 900,30", "outside the picture"),
        (7, "between three quotation marks"),
    ],
    "cells": [
        (boxes((10,)), "1 of your outlines match"),
        (boxes((10, 50, 90), width=5), "0 of your outlines match"),
        (boxes((10,), width=70), "round two of the expert's cells"),
        ("line 4: 1,1 20,20", "no outline of a cell. line 1"),
        ("area: 1,1", "no outline of a cell. line 1"),
        ([1], "between three quotation marks"),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name in RIGHT for answer in RIGHT[name]])
def test_right_answers_are_correct(name, answer):
    verdict = getattr(check, name)(answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(("name", "answer", "hint"), [(name, *wrong) for name in WRONG for wrong in WRONG[name]])
def test_wrong_answers_get_their_own_hint(name, answer, hint):
    verdict = getattr(check, name)(answer)
    assert verdict.passed is False
    assert hint in verdict.message


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_not_answered_yet(name):
    assert getattr(check, name)(...).passed is None
    assert getattr(check, name)(None).passed is None


@pytest.mark.parametrize("text", ["", "\n", "\n# later\n  \n"])
def test_a_text_without_shapes_is_not_answered_yet(text):
    assert repr(check.membranes(text)) == "Exercise 5: not answered yet."
    assert repr(check.cells(text)) == "Exercise 6: not answered yet."


def test_a_function_that_gives_nothing_is_not_answered_yet():
    assert check.count_regions(lambda mask: None).passed is None


def test_a_band_may_be_too_narrow(monkeypatch):
    ct = data.load_ct_slice()
    ct.hu[255:290, 30:100] = -80
    assert "only 61%" in check.band((-110, -90)).message


def test_the_courses_drawings_pass_on_the_real_crops(real_data, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("UNET_TEACH_DATA", str(real_data))
    assert check.membranes(annotate.example("em")).passed
    assert check.cells(annotate.example("cells")).passed
    assert check.band((-150, -70)).passed
    assert not check.band((-190, -30)).passed
