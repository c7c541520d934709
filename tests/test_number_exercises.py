"""Number exercises in the page: their rules say what the notebook's own checkers say, everywhere."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from across import NODE
from answers_to_try import tried

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
import number_exercises as tool
from course_site import numbers
from number_answers import OPEN, asker
from number_boxes import edge, plane, runs
from number_rules import Rules

ENTRIES = tool.entries()
STORED = tool.stored()
NAMES = [f"{entry['notebook'][:2]}.{entry['exercise']}" for entry in ENTRIES]
COUNT = 1500  # answers to each exercise
SCRIPT = """
const { readFileSync } = require("node:fs");
globalThis.document = { querySelectorAll: () => [] };
const script = readFileSync(process.argv[1], "utf8");
const found = require("node:vm").runInThisContext(`${script}; ({ verdictOf, numberIn, pairsIn, general })`);
const [what, first, cases] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((one) => found[what](...first, ...one) ?? null)));
"""


def in_page(what, cases, *first):
    """What the page's script gives, run by Node."""
    command = [*NODE, "--eval", SCRIPT, str(ROOT / "book" / "_static" / "numbers.js")]
    given = json.dumps([what, first, cases])
    done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", check=False)
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)


def entry_of(name):
    return ENTRIES[NAMES.index(name)]


def test_the_stored_rules_are_those_that_the_checkers_give_today():
    assert tool.text_of(tool.everything(data=False)) == tool.TARGET.read_text(encoding="utf-8"), (
        "run `python tools/number_exercises.py`"
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_the_notebook_asks_this_checker_in_this_exercise(entry):
    cells = nbformat.read(ROOT / "notebooks" / f"{entry['notebook']}.ipynb", as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == f"exercise-{entry['exercise']}-answer"]
    module, function = entry["check"].split(".")
    assert f"check.{function}(" in cell.source
    imported = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert re.search(rf"from unet_teach\.course\.exercises import {module} as check", imported)


def test_every_exercise_that_is_answered_with_a_value_is_checked_in_the_page():
    drawings = {"05.5", "05.6"}  # a drawing is made in the notebook's drawing tool
    values = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if (found := re.fullmatch(r"exercise-(\d+)-answer", cell.id)) and not re.match("def |class ", cell.source):
                values.add(f"{path.name[:2]}.{found[1]}")
    assert values - drawings == set(NAMES)


def says_the_same(entry, count=COUNT):
    """Hold what the page says against what the checker says; return what was said."""
    exercise, ask = STORED[entry["notebook"]][str(entry["exercise"])], asker(entry)
    offered = exercise.get("choices")
    answers = tried(entry, exercise, count)
    coded = [
        [0 if one == OPEN else 1 + offered[at].index(one) for at, one in enumerate(answer)] if offered else answer
        for answer in answers
    ]
    said = in_page("verdictOf", [[one] for one in coded], exercise)
    for answer, found in zip(answers, said, strict=True):
        assert found == ask(answer)._asdict(), answer
    return {tuple(found.values()) for found in said}


@pytest.mark.parametrize("entry", [e for e in ENTRIES if "set" not in e], ids=lambda e: e["check"])
def test_the_page_says_what_the_checker_says(entry):
    said = says_the_same(entry)
    assert {right for right, _ in said} >= {True, False}


@pytest.mark.parametrize("entry", [e for e in ENTRIES if "set" in e], ids=lambda e: e["check"])
def test_the_page_says_what_the_checker_measures_on_the_data(entry, real_data):
    assert {right for right, _ in says_the_same(entry)} >= {True, False}


def test_numbers_are_read_as_people_write_them():
    cases = {"7,078,912": 7078912, "7 078 912": 7078912, "1/3": 1 / 3, "−3": -3, "0,5": 0.5, " 1_000 ": 1000}
    cases |= {"1e3": 1000, "2.50": 2.5, "-1/4": -0.25, "1,234.5": 1234.5}
    assert in_page("numberIn", [[text] for text in cases]) == pytest.approx(list(cases.values()))
    assert in_page("numberIn", [[text] for text in ("", "ten", "1/", "1/2/3", "/3")]) == [None] * 5


def test_pairs_are_read_as_people_write_them():
    cases = {
        "(0, 0), (4, −1)": [0, 0, 4, -1],
        "[(1,2),(3,4),]": [1, 2, 3, 4],
        "(1, 2)": [1, 2],
        "[1.5, 2] [3, 4]": [1.5, 2, 3, 4],
    }
    cases |= {"[[1, 2], [3, 4]]": [1, 2, 3, 4]}
    assert in_page("pairsIn", [[text] for text in cases]) == list(cases.values())
    wrong = ("", "[]", "1, 2, 3, 4", "(1, 2, 3)", "(1), (2)", "(1, two)", "(1, 2), 3", "(1, 2), (3, 4", "(1, 2],[3, 4)")
    assert in_page("pairsIn", [[text] for text in wrong]) == [None] * len(wrong)


def test_the_page_writes_numbers_as_the_checkers_do():
    rng = np.random.default_rng(0)
    some = [
        0.0,
        1.0,
        -2.5,
        100000,
        999999.5,
        1e6,
        123456789.0,
        1e-4,
        0.00012345678,
        1e-5,
        -3e-17,
        1 / 3,
        1e100,
        9.9999995,
    ]
    some += (rng.normal(size=300) * 10.0 ** rng.integers(-12, 12, 300)).tolist()
    assert in_page("general", [[one] for one in some]) == [f"{one:g}" for one in some]


def test_the_fields_of_a_page_carry_its_rules():
    text = numbers.fields("4", STORED["01-convolution"]["4"])
    assert 'data-exercise="4"' in text
    assert text.count("<") == 2


def test_a_checker_that_finds_the_answer_wrong_stops_the_tool():
    with pytest.raises(ValueError, match="only the answer called right"):
        Rules({**entry_of("01.1"), "right": [1, 1, 1, 1]})
    with pytest.raises(ValueError, match="only the answer called right"):
        Rules({**entry_of("01.1"), "wrong": [[3, 1, 6, 2]]})


def test_a_number_that_a_text_does_not_have_stops_the_tool():
    with pytest.raises(ValueError, match="'9' stands 0 times"):
        Rules({**entry_of("01.1"), "wrong": [{"like": [1, 3, 2, 6], "tells": {"9": "Monday"}}]})


def test_a_hint_reaches_to_the_last_bit():
    def ask(values):
        return values[0] > 2 and values[0] <= 3

    assert edge(ask, [2.5], 0, 1) == 3
    assert edge(ask, [2.5], 0, -1) == np.nextafter(2, 3)
    assert edge(ask, [5.0], 0, 1) is None
    assert edge(ask, [5.0], 0, -1) == np.nextafter(3, 4)


def test_boxes_cover_a_plane_once_and_say_in_it_what_was_said():
    rng = np.random.default_rng(1)
    height = np.maximum.accumulate(np.maximum.accumulate(rng.random((9, 13)) ** 6, axis=0), axis=1).round(1)
    boxes = plane(lambda values: height[values[0] + 4, values[1]], (-4, 4), (0, 12))
    covered, drawn = np.zeros((9, 13), int), np.zeros((9, 13))
    for (left, right), (top, bottom), said in boxes:
        covered[left + 4 : right + 5, top : bottom + 1] += 1
        drawn[left + 4 : right + 5, top : bottom + 1] = said
    assert (covered == 1).all()
    assert (drawn == height).all()
    assert runs(lambda number: number // 5, 0, 11) == [(0, 4, 0), (5, 9, 1), (10, 11, 2)]
    assert runs(lambda number: 40 <= number < 80, 0, 200) == [(0, 39, False), (40, 79, True), (80, 200, False)]
