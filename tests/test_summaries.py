"""Each chapter on one page: every chapter has its figure, its findings and its questions, and takes one sheet."""

import re
import sys
from pathlib import Path

import pytest
from browser import Visit
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_site.summaries import figure_of, from_book, learned_and_asked, picture

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_chapter_has_all_that_its_page_needs(notebook):
    learned, asked = learned_and_asked(notebook)
    assert len(re.findall(r"^- ", learned, re.MULTILINE)) >= 3
    assert len(asked) >= 3
    assert 'alt=""' not in picture(notebook, figure_of(ROOT, notebook))


def test_a_chapter_without_a_figure_is_named(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "summaries.yml").write_text('"01": fig\n', encoding="utf-8")
    with pytest.raises(ValueError, match="names no figure for chapter 02: add a line"):
        figure_of(tmp_path, Path("02-two.ipynb"))


def test_links_lead_to_the_same_places():
    text = "[a](../book/glossary.md#dice) [b](11-why.ipynb#x) [c](https://example.org/a.md)"
    assert from_book(text) == "[a](glossary.md#dice) [b](../notebooks/11-why.ipynb#x) [c](https://example.org/a.md)"


@pytest.mark.browser
def test_printed_each_chapter_takes_one_sheet(visit: Visit, tmp_path: Path) -> None:
    visit.page.goto(f"{visit.base}book/summaries.html")
    for image in visit.page.locator("img.summary-figure").all():  # they come when they are scrolled to
        image.scroll_into_view_if_needed()
    visit.page.wait_for_function("[...document.querySelectorAll('img.summary-figure')].every(i => i.naturalWidth)")
    visit.page.pdf(path=tmp_path / "all.pdf", format="A4")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "all.pdf").pages]
    assert len(pages) == 1 + len(NOTEBOOKS)
    assert all("Can you answer?" in page for page in pages[1:])
