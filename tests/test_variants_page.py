"""The family tree's data, its table and its drawings: every row whole, every name once and legible."""

import sys
from dataclasses import replace

import pytest
import yaml
from browser import ROOT, SITE

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.chapter_line import line
from course_site.course_map import Chapter
from course_site.variants.rows import FILE, MECHANISMS, counts, table, taught, variant, variants
from course_site.variants.tree import Narrow, Wide, picture, words

FOUND = variants(ROOT)
PLAN = yaml.safe_load((ROOT / "book" / "course.yml").read_text(encoding="utf-8"))
GOOD = {
    "name": "X-Net",
    "year": 2018,
    "mechanisms": ["skip", "3-D"],
    "change": "crosses the skips",
    "chapters": [13],
    "named_by": "course",
    "authors": "Nobody et al.",
    "title": "X-Net: a network",
    "venue": "preprint",
    "arxiv": "1801.01234",
}


def test_every_row_is_whole_and_about_forty_are_there():
    assert len(FOUND) >= 40
    for one in FOUND:
        assert one.change[0].islower(), one.name
        assert not one.change.endswith("."), one.name
        assert 20 <= len(one.change) <= 160, one.name
        assert "|" not in "".join((one.name, one.change, one.title)), one.name
    papers = [(one.kind, one.identifier) for one in FOUND]
    assert len(set(papers)) == len(papers)


def test_every_chapter_is_planned_and_what_the_course_names_has_one():
    planned = {number for part in PLAN["parts"] for number in part["chapters"]}
    for one in FOUND:
        assert set(one.chapters) <= planned, one.name
        assert one.chapters or one.named_by == "azad", one.name


def test_the_fifty_names_of_the_review_are_there():
    assert sum(one.named_by == "azad" for one in FOUND) == 50


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"arxiv": "1801.123"}, "is no arxiv"),
        ({"arxiv": "1813.01234"}, "is no arxiv"),
        ({"year": 2019}, "first appeared then"),
        ({"year": 1998, "arxiv": None, "doi": "10.1000/x"}, "cannot be its year"),
        ({"arxiv": None, "doi": "11.1000/x"}, "is no doi"),
        ({"arxiv": None, "url": "x.example"}, "is no url"),
        ({"arxiv": None}, "needs one of"),
        ({"doi": "10.1000/x"}, "needs one of"),
        ({"mechanisms": ["skip", "magic"]}, "magic is not among"),
        ({"mechanisms": []}, "nothing stands in mechanisms"),
        ({"change": ""}, "nothing stands in change"),
        ({"title": None}, "title"),
        ({"colour": "red"}, "colour"),
        ({"named_by": "me"}, "named_by"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(change, said):
    told = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(ValueError, match=rf"X-Net.*{said}"):
        variant(told)


def test_a_name_may_not_stand_twice(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / FILE).write_text(yaml.safe_dump([GOOD, GOOD]), encoding="utf-8")
    with pytest.raises(ValueError, match="X-Net stands twice"):
        variants(tmp_path)


def test_a_row_of_the_table():
    row = table([variant(GOOD)]).splitlines()[4]
    assert row == (
        "| **X-Net** | 2018 | [skip]{.mechanism}, [3-D]{.mechanism} | crosses the skips | chapter 13 | "
        "Nobody et al., *X-Net: a network*, "
        "[arXiv:1801.01234](https://arxiv.org/abs/1801.01234) |"
    )
    assert taught([]) == "none"
    assert taught([17, 22]) == "chapters 17 and 22"


def test_the_counts_are_counted():
    other = replace(variant(GOOD), mechanisms=["other", "skip"], named_by="azad")
    assert counts([variant(GOOD), other]) == (
        "There are 2: 1 that the picture names, and 1 that it does not and this course teaches or mentions. "
        "Of all of them, 1 changed something that is none of the four."
    )


@pytest.mark.parametrize("kind", [Wide, Narrow])
def test_each_name_is_drawn_once_inside_and_over_no_other(kind):
    drawing = kind(FOUND)
    labels = [label for band in drawing.bands for label in band.labels]
    assert sorted(label.of.name for label in labels) == sorted(one.name for one in FOUND)
    assert [band.mechanism for band in drawing.bands] == list(MECHANISMS)
    for band in drawing.bands:
        assert all(band.top + 25 < label.y < band.top + band.height - 5 for label in band.labels)
    for place, label in enumerate(labels):
        begin, end = label.box
        assert 0 <= begin < end <= drawing.across
        for other in labels[:place]:
            apart = end <= other.box[0] or other.box[1] <= begin
            assert apart or abs(label.y - other.y) >= 15, (label.of.name, other.of.name)


def test_a_wide_drawing_puts_a_name_at_its_year():
    drawing = Wide(FOUND)
    assert all(label.x == drawing.at(label.of.year) for band in drawing.bands for label in band.labels)
    with pytest.raises(ValueError, match="give it a `short` name"):
        Wide([replace(variant(GOOD), name="X" * 120)])


def test_the_picture_has_words_and_names_are_escaped():
    drawn = picture([replace(variant(GOOD), name="A<B")])
    assert drawn.count('role="img"') == 2
    assert "A&lt;B" in drawn
    assert "A<B" not in drawn
    assert f"{len(FOUND)} variants" in words(FOUND)


def test_a_chapter_is_linked_once_it_is_written():
    planned = Chapter(13, "Skips and residuals: what can a skip do?", "words")
    assert line(planned, "Text.") == "**13. What can a skip do?** (planned) Text."
    written = replace(planned, page="13-skips-and-residuals.ipynb")
    assert line(written, "Text.") == "**[13. What can a skip do?](../notebooks/13-skips-and-residuals.ipynb)** Text."


@pytest.mark.browser
def test_the_built_page_holds_every_variant_and_the_search_finds_them():
    page = (SITE / "book" / "variants.html").read_text(encoding="utf-8")
    search = (SITE / "_static" / "search-text" / "book" / "variants.js").read_text(encoding="utf-8")
    for one in FOUND:
        assert page.count(f"<strong>{one.name}</strong>") == 1
        assert one.name in search
    assert page.count('role="row"') == len(FOUND) + 1
