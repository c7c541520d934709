"""The timetables: sections that exist, minutes that fit, and errors that say what to change."""

import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site import formats as timetables
from course_site.formats import FormatError, Step, formats, table
from course_site.minutes import sections

NOTEBOOK = """{"cells": [
 {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A title"},
 {"cell_type": "markdown", "id": "one", "metadata": {}, "source": "## First\\n\\n### Exercise 1\\n\\ndo"},
 {"cell_type": "markdown", "id": "two", "metadata": {}, "source": "## Second\\n\\nword"}
], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "notebooks" / "01-one.ipynb").write_text(NOTEBOOK, encoding="utf-8")

    def plan(minutes=7, chapter=1, names=("First", "Second"), before=()):
        steps = [{"chapter": chapter, "sections": list(names)}]
        meeting = {"name": "Week 1", "minutes": minutes, "before": list(before), "steps": steps}
        text = yaml.safe_dump({"formats": [{"name": "A term", "text": "Long.", "meetings": [meeting]}]})
        (tmp_path / timetables.PLAN).write_text(text, encoding="utf-8")
        return tmp_path

    return plan


def test_the_three_formats_stand_and_fit():
    names = [one.name for one in formats(ROOT)]
    assert names == ["Ninety minutes", "A day", "A term"]
    for one in formats(ROOT):
        for meeting in one.meetings:
            assert meeting.minutes <= meeting.room


def test_a_term_reads_every_chapter_but_the_last_two():
    term = formats(ROOT)[2]
    read = [int(path.stem[:2]) for meeting in term.meetings for path in meeting.before]
    assert read == list(range(1, 26))


def test_minutes_are_those_of_the_sections(course):
    (one,) = formats(course())
    (meeting,) = one.meetings
    words = {name: load.words for name, load in sections(course() / "notebooks" / "01-one.ipynb").items()}
    assert words == {"": 3, "First": 6, "Second": 3}
    assert meeting.steps == (
        Step(7, course() / "notebooks" / "01-one.ipynb", ("First", "Second")),
    )  # 9 words, 6 minutes


def test_a_table_has_a_clock(course):
    (one,) = formats(course(before=[1]))
    said = table(one.meetings[0])
    assert "| 0:00 | 7 | 1. [A title](../notebooks/01-one.ipynb): *First*; *Second* |" in said
    assert "Read before: 1. [A title]" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": 6}, "take 7 minutes of 6: leave some out"),
        ({"minutes": 9}, "take 7 minutes of 9: leave some out, or add some"),
        ({"chapter": 2}, "there is no chapter 2"),
        ({"before": [3]}, "there is no chapter 3"),
        ({"names": ["Third"]}, "has no section 'Third', but .*First, Second"),
    ],
)
def test_what_cannot_be_held_is_said(course, change, said):
    with pytest.raises(FormatError, match=said):
        formats(course(**change))
