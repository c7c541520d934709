"""Number exercises in the page: their rules say what the notebook's own checkers say, everywhere."""

import json
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from across import NODE

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
import number_exercises as tool
from course_site import numbers

ENTRIES = yaml.safe_load(tool.SOURCE.read_text(encoding="utf-8"))
STORED = json.loads(tool.TARGET.read_text(encoding="utf-8"))
NAMES = [f"{entry['notebook'][:2]}.{entry['exercise']}" for entry in ENTRIES]
SCRIPT = """
const { readFileSync } = require("node:fs");
globalThis.document = { querySelectorAll: () => [] };
const script = readFileSync(process.argv[1], "utf8");
const found = require("node:vm").runInThisContext(`${script}; ({ verdictOf, numberIn })`);
const [what, cases] = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((one) => found[what](...one) ?? null)));
"""


def in_page(what, cases):
    """What the page's script gives, run by Node."""
    command = [*NODE, "--eval", SCRIPT, str(ROOT / "book" / "_static" / "numbers.js")]
    done = subprocess.run(command, input=json.dumps([what, cases]), capture_output=True, encoding="utf-8", check=False)
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_stored_rules_are_those_that_the_checkers_give_today():
    assert tool.everything() == STORED, "run `python tools/number_exercises.py`"


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_the_notebook_asks_this_checker_in_this_exercise(entry):
    cells = nbformat.read(ROOT / "notebooks" / f"{entry['notebook']}.ipynb", as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == f"exercise-{entry['exercise']}-answer"]
    module, function = entry["check"].split(".")
    assert f"check.{function}(" in cell.source
    imported = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert re.search(rf"from unet_teach\.course\.exercises import {module} as check", imported)


def tried(entry):
    """Answers to try: every named number, in every place with every other, near ones, and chance."""
    rng = np.random.default_rng(0)
    pools = []
    for place, right in enumerate(entry["right"]):
        named = [row[place] for row in entry["wrong"] if row[place] not in ("R", "*")]
        near = [right * (1 + off) + 1e-4 * off for off in (-0.3, -0.08, -0.003, 0.003, 0.07)]
        some = rng.normal(right, 1 + abs(right), 60 if len(entry["right"]) == 1 else 4)
        pools.append([right, *named, *near, 0.5, -2.25, *some.tolist()])
    every = list(product(*pools))
    rng.shuffle(every)
    return [entry["right"], *(list(map(float, one)) for one in every[:500])]


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_the_page_says_what_the_checker_says(entry):
    rules = STORED[entry["notebook"]][str(entry["exercise"])]["rules"]
    answers, check = tried(entry), tool.checker_of(entry["check"])
    generic = re.compile(r"^[\d.e+-]+ is right but wasteful")  # the checker names the number that it was given
    for answer, found in zip(answers, in_page("verdictOf", [[rules, one] for one in answers]), strict=True):
        passed, said = tool.asked(check, answer)
        assert found["right"] == passed, answer
        assert found["say"] == said or generic.match(said), answer


def test_numbers_are_read_as_people_write_them():
    cases = {"7,078,912": 7078912, "7 078 912": 7078912, "1/3": 1 / 3, "−3": -3, "0,5": 0.5, " 1_000 ": 1000}
    cases |= {"1e3": 1000, "2.50": 2.5, "-1/4": -0.25, "1,234.5": 1234.5}
    assert in_page("numberIn", [[text] for text in cases]) == pytest.approx(list(cases.values()))
    assert in_page("numberIn", [[text] for text in ("", "ten", "1/", "1/2/3", "/3")]) == [None] * 5


def test_the_fields_of_a_page_carry_its_rules():
    text = numbers.fields("4", STORED["01-convolution"]["4"])
    assert 'data-exercise="4"' in text
    assert text.count("<") == 2


def test_a_checker_that_finds_the_answer_wrong_stops_the_tool():
    with pytest.raises(ValueError, match="only the answer called right"):
        tool.rules({**ENTRIES[0], "right": [1, 1, 1, 1]})
