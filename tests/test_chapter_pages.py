"""What the site makes of a notebook: numbers, captions, folded ends of cells, ticks, words explained."""

import json
import re
import sys
from pathlib import Path

import pytest
from browser import ROOT, SITE, Visit, pages
from docutils import nodes

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site import cells, chapters, figures, terms
from course_site.main_part import split

CHAPTERS = [path for path in pages() if path.startswith("notebooks/")]
EVERY_CHAPTER = pytest.mark.parametrize("path", CHAPTERS)

FIGURE = """low, high = ct.min(), ct.max()
# Two panels.
figure, (left, right) = plt.subplots(1, 2)
for value in (low, high):
    left.axhline(value)
right.imshow(ct)
plt.show()"""


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = 1\nprint(x)", "x = 1\nprint(x)"),
        ("x = 1\nclaim('x', x, at_least=1)", "x = 1"),
        ("x = 1\n\n# Drawn large.\nshow_images([x], ['x'])\nplt.show()", "x = 1"),
        ("plt.plot(x)\nplt.show()", ""),
        ("plt.plot(x)\nprint(x)", "plt.plot(x)\nprint(x)"),
        ("for ax in axes:\n    ax.axis('off')", ""),
        ("for x in xs:\n    y += x", "for x in xs:\n    y += x"),
        ("axes[0, 1].legend()\nclaim('a', 1, equals=1)", ""),
        ("figure, left = plt.subplots()\nprint(1)", "figure, left = plt.subplots()\nprint(1)"),
        (
            "def draw():\n    figure, ax = plt.subplots()\n\n\ny = 1",
            "def draw():\n    figure, ax = plt.subplots()\n\n\ny = 1",
        ),
        (FIGURE, FIGURE.splitlines()[0]),
        ("%matplotlib inline", "%matplotlib inline"),
        ("", ""),
    ],
)
def test_what_is_read_stands_and_what_draws_or_claims_folds(source, shown):
    kept, folded = split(source)
    assert kept == shown
    assert [line for line in (kept + "\n" + folded).splitlines() if line] == [
        line for line in source.splitlines() if line
    ]


def test_a_fold_says_what_it_does():
    assert cells.name_of("plt.show()") == "Code that draws the figure"
    assert cells.name_of("claim('a', 1, equals=1)") == "Code that checks the claim"
    both = "show_images(x)\nclaim('a', 1, equals=1)\nclaim('b', 1, equals=1)"
    assert cells.name_of(both) == "Code that draws the figure and checks the claims"


def test_ticks_hold_every_claim_and_no_markup_of_theirs():
    made = cells.ticks(["a < b ≥ 1", 'said "x" = 2'])
    assert made.count("✓") == 2
    assert '<span class="tip" aria-hidden="true">a &lt; b ≥ 1<br>said &quot;x&quot; = 2</span>' in made
    assert "2 claims checked" in made
    assert "a &lt; b ≥ 1" in made


def test_numbers_of_chapters_come_from_their_names():
    assert chapters.number_of("notebooks/09-thirty-images") == 9
    assert chapters.number_of("book/glossary") is None


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("see chapter 9.", ["chapter 9"]),
        ("Chapters 2 to 5, and chapter 11", ["Chapters 2 to 5", "chapter 11"]),
        ("chapters 1, 5, and 14", ["chapters 1, 5, and 14"]),
        ("the chapter has 9 figures", []),
    ],
)
def test_a_mention_of_a_chapter_is_found_whole(text, mentions):
    assert [match[0] for match in chapters.MENTION.finditer(text)] == mentions


def test_a_term_is_its_first_sentence_in_plain_words():
    glossary = "# Glossary\n\n## Dice score\nTwice the *shared* area\nover [both](#area). It ends at 1.\n\n## X\nY.\n"
    assert terms.sentences(glossary) == {"dice-score": "Twice the shared area over both.", "x": "Y."}


def test_sizes_are_those_of_the_stored_pictures(tmp_path):
    output = {"data": {"image/png": "x"}, "metadata": {"image/png": {"width": 2, "height": 1}}}
    book = {"cells": [{"outputs": [{"text": "a"}, output, output | {"metadata": {}}]}, {"source": "x"}]}
    (tmp_path / "a.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert list(figures.sizes(tmp_path / "a.ipynb")) == [{"width": 2, "height": 1}, {}]


def html(path: str) -> str:
    return (SITE / path).read_text(encoding="utf-8")


@pytest.mark.browser
@EVERY_CHAPTER
def test_every_figure_has_a_number_a_caption_an_anchor_and_its_size(path):
    page, number = html(path), int(Path(path).name[:2])
    found = re.findall(rf'<figure [^>]*id="figure-{number}-(\d+)"', page)
    assert found == [str(k) for k in range(1, page.count("<figure ") + 1)]
    assert len(re.findall(rf"<figcaption>.*?<strong>Figure {number}\.\d+</strong> \S", page, re.DOTALL)) == len(found)
    pictures = re.findall(r'<img [^>]*src="\.\./_images/[^>]*>', page)
    assert pictures
    for picture in pictures:
        assert 'loading="lazy"' in picture
        assert re.search(r' width="\d+" ', picture)
        assert "style=" not in picture


@pytest.mark.browser
@EVERY_CHAPTER
def test_a_chapter_has_its_number_wherever_it_is_named(path):
    page, number = html(path), int(Path(path).name[:2])
    assert re.search(rf"<title>{number}\. ", page)
    assert re.search(rf"<h1>{number}\. ", page)
    for other in CHAPTERS:
        assert re.search(rf'<a class="[^"]*internal" href="[^"]*">\s*{int(Path(other).name[:2])}\. ', page), other


@pytest.mark.browser
@EVERY_CHAPTER
def test_no_claim_is_a_line_of_output_and_no_exercise_looks_broken(path):
    article = re.sub(r"<pre>.*?</pre>", lambda m: re.sub("<[^>]*>", "", m[0]), html(path), flags=re.DOTALL)
    assert "claim holds:" not in article
    assert "not answered yet. (" not in article
    assert article.count('<details class="claims"') >= 3


@pytest.mark.browser
def test_a_figure_opens_in_full_size_and_closes_by_keyboard(visit: Visit):
    visit.open(CHAPTERS[0])
    button = visit.page.locator(".full-size-button").first
    button.focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("dialog.full-size[open] :is(img, svg)").count() == 1
    assert not visit.axe()
    visit.page.keyboard.press("Escape")
    assert visit.page.locator("dialog.full-size").count() == 0
    assert visit.page.evaluate("document.activeElement.className") == "full-size-button"


@pytest.mark.browser
@pytest.mark.parametrize(("place", "says"), [("a.term", " "), ("details.claims > summary", "=")], ids=["term", "claim"])
def test_a_word_and_a_claim_explain_themselves_on_focus(visit: Visit, place: str, says: str):
    visit.open("notebooks/09-thirty-images.html")
    stop = visit.page.locator(f"article {place}").first
    assert not stop.locator(".tip").is_visible()
    stop.focus()
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Tab")
    assert stop.locator(".tip").is_visible()
    assert says in stop.locator(".tip").inner_text().strip()
    assert visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_printed_prose_breaks_and_a_table_does_not():
    for line, classes in (("word " * 25, ["output", "sentence"]), ("1.0  " * 16, ["output"])):
        block = nodes.literal_block(text=f"{line}\nshort", classes=["output"])
        cells.shorten_output(block)
        assert block["classes"] == classes
