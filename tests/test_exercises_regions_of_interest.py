"""The checkers of chapter 5 accept what is right, and tell wrong answers apart."""

import re

import numpy as np
import pytest
from checkers import checker_tests
from scipy import ndimage
from skimage import measure

from unet_teach import data
from unet_teach.classical import grow_region
from unet_teach.course import annotate
from unet_teach.course.exercises import regions_of_interest as check
from unet_teach.data import CTSlice

FIVE = np.zeros((200, 200), dtype=np.int32)
for cell, left in enumerate((10, 50, 90, 130, 160), start=1):
    FIVE[20:80, left : left + 25] = cell


@pytest.fixture
def small(monkeypatch):
    """A slice with a thin place in its wall, and two crops that are easy to draw."""
    hu = np.full((300, 300), -1000, dtype=np.int16)
    hu[200:290, 30:250] = -100  # fat
    hu[200:290, 100:104] = 50  # the wall of muscle
    hu[250, 100:104] = -40  # its thin place
    hu[200:212, 30:100] = -72  # fat that is not quite so dark
    tissue = np.where(hu > -500, 64, 0).astype(np.uint8)
    tissue[200:290, 30:100] = 255
    tissue[200:290, 104:250] = 128
    monkeypatch.setattr(data, "load_ct_slice", lambda: CTSlice(hu, tissue))
    lines = annotate.membrane("line 4: 0,30 128,30\nline 4: 0,100 128,100", (128, 128))
    crops = {"em": annotate.Crop(lines * 1, lines), "cells": annotate.Crop(FIVE * 1, FIVE)}
    monkeypatch.setattr(annotate, "crop", crops.__getitem__)


@pytest.fixture(autouse=True)
def _small_unless_real(request):
    if "real_data" not in request.fixturenames:
        request.getfixturevalue("small")


def labelled(mask):
    return ndimage.label(mask)[1]


def by_growing(mask):
    left, count = mask.copy(), 0
    while left.any():
        left &= ~grow_region(left, tuple(np.argwhere(left)[0]), True, True)
        count += 1
    return count


def by_recursion(mask):
    todo = {tuple(place) for place in np.argwhere(mask)}
    count = 0
    while todo:
        count += 1
        waiting = [todo.pop()]
        while waiting:
            r, c = waiting.pop()
            near = {(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)} & todo
            todo -= near
            waiting += near
    return count


def in_place(mask):
    count = labelled(mask)
    mask[...] = False
    return count


def boxes(columns, width=25, bottom=80, top=20):
    return "\n".join(f"area: {c},{top} {c + width},{top} {c + width},{bottom} {c},{bottom}" for c in columns)


def turned(text, change):
    return re.sub(r"([\d.]+),([\d.]+)", lambda pair: "{:g},{:g}".format(*change(*map(float, pair.groups()))), text)


BOTH = "line 4: 0,30 128,30\nline 3: 0,101 128,101"
GOOD = boxes((10, 50, 90, 130, 160))
BARE = boxes((10, 50, 90, 130, 160), bottom=190, top=150)
CARELESS = "\n".join(
    [
        boxes((50, 90)),
        boxes((10,), bottom=65),
        boxes((10,), top=66, bottom=100),  # mostly below the cell
        boxes((120, 175), width=20),  # half beside theirs
    ]
)
SOLUTIONS = {
    check.otsu_by_hand: [(3, 192), [3, 192.0], np.array([3, 192])],
    check.band: [(-150, -70), [-190, -65], np.array([-150, -60])],
    check.count_regions: [by_growing, labelled, by_recursion, lambda mask: measure.label(mask, connectivity=1).max()],
    check.count_objects: [(1, 3, 4, 1, 1), [1, 3, 4, 1, 1]],
    check.membranes: [
        BOTH,
        "# mine\n" + BOTH,
        BOTH.replace("line 3", "line 7"),
        BOTH + "\nline 2: 40,60 60,60",
        "line 4: 0,29 60,32 128,30\nline 4: 0,100 70,98",
    ],
    check.cells: [GOOD, boxes((11, 51, 92)), GOOD + "\n" + boxes((10,), top=150, bottom=190)],
}
WRONG = {
    check.otsu_by_hand: [
        ((2, 144), "not the best"),
        ((3, 24), "square the distance"),
        ((3, 64), "how many numbers"),
        ((3, 12), "Divided by 16"),
        ((1, 192), "below the border, not above"),
        ((192, 3), "First how many"),
        ((1, 100), "Two equal numbers"),
        ((3, 20), "For each border"),
        (192, "two numbers"),
    ],
    check.band: [
        ((-190, -60), "tried above"),
        ((-190, -30), "It leaks: 100%"),
        ((-150, -80), "only 87%"),
        ((-90, -30), "does not hold it"),
        ((-60, -190), "lower end comes first"),
        ((-2000, -60), "run out of the body"),
        ((-190,), "two numbers"),
        (("low", "high"), "plain numbers"),
        ((-190, float("nan")), "NaN"),
    ],
    check.count_regions: [
        (lambda mask: int(mask.sum()), "count pixels"),
        (lambda mask: int(mask.any()), "a return inside the loop"),
        (lambda mask: max(1, labelled(mask)), "no region: 0"),
        (lambda mask: measure.label(mask).max(), "corner"),
        (lambda mask: ndimage.label(mask, [[0, 0, 0], [1, 1, 1], [0, 0, 0]])[1], "four directions"),
        (lambda mask: ndimage.label(mask, [[0, 1, 0]] * 3)[1], "four directions"),
        (lambda mask: labelled(mask) + labelled(~mask), "regions of False, too"),
        (lambda mask: labelled(~mask), "instead of those of True"),
        (lambda mask: len(np.unique(ndimage.label(mask)[0])), "the ground"),
        (lambda mask: labelled(mask) + 1, "the ground"),
        (lambda mask: labelled(mask) - 1, "one too few"),
        (lambda mask: 7 if mask.any() else 0, "yours says 7"),
        (lambda mask: labelled(np.pad(mask, 1, "wrap")), "yours says"),
        (lambda mask: labelled(mask[1:]), "yours says"),
        (lambda mask: 3, "whatever it is given"),
        (lambda mask: ndimage.label(mask)[0], "one number"),
        (in_place, "Work on a copy"),
        (5, "without brackets"),
    ],
    check.count_objects: [
        ((2, 3, 4, 1, 1), "`matched`"),
        ((1, 2, 4, 1, 1), "`missed`"),
        ((1, 3, 2, 1, 1), "`false`"),
        ((1, 3, 4, 2, 1), "`merged`"),
        ((1, 3, 4, 1, 2), "`split`"),
        (5, "five numbers"),
    ],
    check.membranes: [
        ("line 4: 0,30 128,30", "A good beginning: 50%"),
        ("line 4: 0,60 128,60", "mitochondria or vesicles among it"),
        (f"{BOTH}\nline 1: 20,60 110,60", "Around 64,59 you follow something for 94 pixels"),
        (f"{BOTH}\nline 40: 0,60 128,60", "Around 63,59 you follow"),
        (BOTH + "".join(f"\nline 3: {x},60 {x},70" for x in range(10, 120, 12)), "mitochondria or vesicles among it"),
        (re.sub("line .", "line 14", BOTH), "too broad"),
        ("line 1: 0,30.5 128,30.5\nline 1: 0,100.5 128,100.5", "too thin"),
        (turned(BOTH, lambda x, y: (y, x)), "x and y swapped"),
        ("area: 0,0 128,0 128,128 0,128", "mitochondria or vesicles among it"),
        ("line: 0,30 128,30", "Something in the text is no shape. line 1"),
        ("line 4: 0,30 900,30", "outside the picture"),
        ("line 0.01: 0.1,0.1 0.2,0.1", "so small"),
        (7, "between three quotation marks"),
    ],
    check.cells: [
        (f"{GOOD}\n{BARE}", "5 of your outlines, those of lines [6, 7, 8, 9, 10]"),
        (f"{GOOD}\narea: 0,0 200,0 200,200 0,200", "is ground"),
        (boxes((10,)), "1 of your outlines matches a cell"),
        (boxes((10, 50, 90), width=5), "0 of your outlines match a cell"),
        (boxes((10,), width=65), "round two of the expert's cells"),
        ("\n".join(boxes((10, 50, 90, 130, 160), top=y, bottom=y + 12) for y in (20, 32, 44, 56, 68)), "in pieces"),
        (CARELESS, "3 outlines match a cell, 3 do not"),
        (turned(GOOD, lambda x, y: (y, x)), "x and y swapped"),
        (turned(GOOD, lambda x, y: (x, 200 - y)), "upside down"),
        ("area: 0,0 200,0 200,200 0,200", "round two of the expert's cells"),
        ("line 4: 1,1 20,20", "no outline of a cell. line 1"),
        ("area: 1,1", "no outline of a cell. line 1"),
        ([1], "between three quotation marks"),
    ],
}

TestCheckers = checker_tests(SOLUTIONS, WRONG)


@pytest.mark.parametrize("text", ["", "\n", "\n# later\n  \n"])
def test_a_text_without_shapes_is_not_answered_yet(text):
    assert repr(check.membranes(text)) == "Exercise 5: not answered yet."
    assert repr(check.cells(text)) == "Exercise 6: not answered yet."


RIM = "\nline 4: " + " ".join(
    f"{64 + 30 * np.cos(a):.0f},{100 + 30 * np.sin(a):.0f}" for a in np.linspace(2.6, 6.8, 30)
)


def test_real_drawings_are_judged_by_what_is_wrong_in_them(real_data):
    em, cells = annotate.example("em"), annotate.example("cells")
    draw = np.random.default_rng(0)

    def untidy(text, size):
        return turned(text, lambda x, y: np.clip(np.array([x, y]) + draw.normal(0, 1.5, 2), 0, size))

    strokes = em.splitlines()
    honest = [em, re.sub("line .", "line 3", em), re.sub("line .", "line 8", em), *(untidy(em, 128) for _ in range(3))]
    honest += ["\n".join(strokes[:out] + strokes[out + 1 :]) for out in range(1, len(strokes))]
    assert [text for text in honest if not check.membranes(text).passed] == []
    for text, hint in (
        (em + RIM, "for 81 pixels"),
        (re.sub("line .", "line 14", em), "too broad"),
        (turned(em, lambda x, y: (y, x)), "x and y swapped"),
        (turned(em, lambda x, y: (x, 128 - y)), "upside down"),
    ):
        assert hint in check.membranes(text).message
    outlines = cells.splitlines()
    honest = [cells, cells + boxes((150,), 8, 68, 60), *(untidy(cells, 200) for _ in range(3))]
    honest += ["\n".join(outlines[:out] + outlines[out + 1 :]) for out in range(1, len(outlines))]
    assert [text for text in honest if not check.cells(text).passed] == []
    assert "5 of your outlines" in check.cells(cells + boxes((5, 150, 160, 170, 180), 20, 190, 170)).message


def test_bands_of_the_real_slice(real_data):
    assert [check.band(band).passed for band in ((-150, -70), (-190, -30), (-190, -60))] == [True, False, False]
