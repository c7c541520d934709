"""The self-test: every answer that can be computed is computed here, and every question is whole."""

import math
import sys
from itertools import pairwise

import numpy as np
import pytest
import torch
from browser import ROOT
from scipy import signal
from self_test_answers import BY_COUNTING, CENTRE, NUMBERS, PATCH, gap, grid, masks, parameters, two_cells, unpadded
from torch import nn
from torch.nn import functional as F

from unet_teach.classical import half_width, otsu, output_size
from unet_teach.metrics import dice, match, precision, rand_f_score, recall

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.self_test.questions import KINDS, Question, chapters, question
from course_site.self_test.render import block

CHAPTERS = chapters(ROOT)
QUESTIONS = {one.id: one for chapter in CHAPTERS for one in chapter.questions}


@pytest.mark.parametrize("name", [name for name, one in QUESTIONS.items() if one.kind == "number"])
def test_a_number_is_right_and_what_tempts_is_wrong(name: str) -> None:
    asked, computed = QUESTIONS[name], float(NUMBERS[name]())
    assert abs(computed - asked.answer) <= max(asked.tolerance, 1e-9)
    for wrong in asked.tempting:
        assert abs(wrong.value - computed) > asked.tolerance, wrong
    values = [wrong.value for wrong in asked.tempting]
    assert all(abs(a - b) > 2 * asked.tolerance for a, b in pairwise(sorted(values)))


def test_the_numbers_that_explanations_name() -> None:
    assert precision(*BY_COUNTING) == pytest.approx(0.6)
    assert recall(*BY_COUNTING) == pytest.approx(0.9)
    assert dice(*BY_COUNTING) == pytest.approx(0.72)
    assert (PATCH * CENTRE).sum() == pytest.approx(30)
    assert output_size(224, 7, stride=2) == 109
    assert unpadded(212, 3) == 124
    assert unpadded(572, 4) == 388
    assert gap(4, 6) == pytest.approx(2.35, abs=0.005)
    assert rand_f_score(*two_cells(20, 20)) == pytest.approx(2 / 3)
    assert math.log(1 + 1 / math.e) == pytest.approx(0.313, abs=0.001)


def test_pictures_come_from_the_filters_that_are_named() -> None:
    image = np.zeros((7, 7))
    image[2:5, 2:5] = 1
    rise, cross = np.array([[-1, 0, 1]] * 3), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    made = [
        signal.correlate2d(image, rise, "valid"),
        signal.convolve2d(image, rise, "valid"),
        signal.correlate2d(image, cross, "valid"),
        signal.correlate2d(image, np.full((3, 3), 1 / 3), "valid"),
    ]
    for item in QUESTIONS["square"].items:
        assert np.abs(grid(item.grid) - made[item.answer - 1]).max() < 0.005


def test_walks_are_those_of_their_rates() -> None:
    asked = QUESTIONS["rates"]
    for item in asked.items:
        factor = 1 - float(asked.choices[item.answer - 1]) * 10
        assert np.allclose(item.curve, [factor**step for step in range(8)], atol=1e-4)


def test_only_one_picture_is_the_same_after_pooling() -> None:
    asked = QUESTIONS["same-below"]

    def pooled(rows: list[str]) -> torch.Tensor:
        return F.max_pool2d(torch.from_numpy(grid(rows))[None], 2)

    for option in asked.options:
        assert torch.equal(pooled(option.grid), pooled(asked.grid)) == option.right
        assert option.grid != asked.grid


def test_kernels_are_separable_as_said() -> None:
    for option in QUESTIONS["separable"].options:
        kernel = grid(option.text.replace("`", "").split(" over "))
        assert (np.linalg.matrix_rank(kernel) == 1) == option.right


def test_orders_are_right() -> None:
    layers = nn.Conv2d(3, 10, 5), nn.Linear(100, 10), nn.Conv2d(64, 64, 1), nn.Conv2d(16, 32, 3)
    assert parameters(*layers) == [760, 1010, 4160, 4640]
    scores = [dice(*masks(*counts)) for counts in [(9, 1, 3), (6, 4, 0), (10, 0, 10), (8, 2, 8)]]
    assert [round(score, 2) for score in scores] == [0.82, 0.75, 0.67, 0.62]


def test_choices_that_can_be_computed() -> None:
    assert half_width(16, 8) == pytest.approx(21.6, abs=0.05)
    assert half_width(8, 8) == pytest.approx(10.8, abs=0.1)
    assert half_width(16, 4) == pytest.approx(43.2, abs=1)
    assert 8 <= otsu([2, 2, 2, 2, 2, 2, 8, 20]) < 20
    found = match(*two_cells(20, 10))
    assert (found.matched, found.missed, found.false, found.merged) == (1, 1, 0, 1)
    assert -0.1 * math.log(0.1) - 0.9 * math.log(0.9) == pytest.approx(0.325, abs=5e-4)
    fits = [int(option.text) % 16 == 0 and int(option.text) <= 260 for option in QUESTIONS["strides"].options]
    assert fits == [option.right for option in QUESTIONS["strides"].options]
    assert unpadded(444, 4) == 260


def test_curves_have_what_their_diagnosis_says() -> None:
    asked = QUESTIONS["curves"]
    curve = {asked.choices[item.answer - 1]: np.array(item.curve) for item in asked.items}
    assert curve["softmax twice"].min() > math.log(1 + 1 / math.e)
    assert curve["healthy"].min() < math.log(1 + 1 / math.e)
    assert curve["learning rate too large"].max() > 2 * math.log(2)
    assert curve["learning rate too large"][-1] > 0.5
    assert abs(curve["softmax twice"][0] - math.log(2)) < 0.01
    highest = [
        place
        for place in range(1, 19)
        if curve["no shuffling"][place] > curve["no shuffling"][[place - 1, place + 1]].max()
    ]
    assert set(np.diff(highest)) == {5}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_whole(name: str) -> None:
    asked = QUESTIONS[name]
    right = [option.right for option in asked.options]
    assert asked.kind in KINDS
    assert asked.why
    assert {
        "choose": right.count(True) == 1 and len(right) >= 4,
        "several": 1 < right.count(True) < len(right),
        "number": len(asked.tempting) >= 2,
        "line": 1 <= asked.answer <= len(asked.code.splitlines()),
        "order": len(asked.items) >= 4,
        "match": sorted(item.answer for item in asked.items) == list(range(1, len(asked.choices) + 1)),
    }[asked.kind]
    assert all(option.why for option in asked.options)
    assert all(wrong.why and wrong.line != asked.answer for wrong in asked.tempting)
    assert all(item.alt for item in asked.items if item.curve)


def test_each_chapter_has_three_or_four_and_the_sections_to_read_are_there() -> None:
    written = sorted(int(path.name[:2]) for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert [chapter.number for chapter in CHAPTERS] == written
    for chapter in CHAPTERS:
        assert len(chapter.questions) in (3, 4)
        for one in chapter.questions:
            assert [chapter.anchor(start) for start in one.read]
    assert {one.kind for one in QUESTIONS.values()} == set(KINDS)


def test_a_question_is_shown_out_of_order_and_its_key_puts_it_right() -> None:
    for one in QUESTIONS.values():
        if one.kind == "order":
            assert one.shown() != sorted(one.shown())
            assert sorted(map(int, one.key().split(","))) == list(range(1, 1 + len(one.items)))


def test_a_field_that_is_none_and_a_kind_that_is_none_are_refused() -> None:
    fields = {"id": "a", "kind": "number", "ask": "How many?", "why": "So many.", "read": []}
    assert isinstance(question(fields), Question)
    with pytest.raises(TypeError, match="anwser"):
        question({**fields, "anwser": 3})
    with pytest.raises(ValueError, match="choose, several"):
        question({**fields, "kind": "essay"})


def test_html_is_escaped_and_names_its_answer() -> None:
    chapter = CHAPTERS[0]
    made = block(question({"id": "a", "kind": "line", "ask": "*Which*?", "code": "a < b\nb", "answer": 2,
                           "why": "Of `<`.", "read": ["The flip"]}), "1.1", chapter, "x.html")  # fmt: skip
    assert "<em>Which</em>?" in made
    assert "a &lt; b" in made
    assert 'data-answer="2"' in made
    assert '<a href="x.html#the-flip">The flip</a>' in made
