"""On paper: a chapter with its title, whole lines of code and its answers at the end; the course as one PDF."""

import io
import os
import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from browser import ROOT, SITE, Visit, pages
from pypdf import PdfReader

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_pdf import __main__ as command
from course_pdf import combine
from course_site import folds
from course_slides.pdf import chromium

CHAPTERS = [path for path in pages() if path.startswith("notebooks/")]
PAPER = {"width": 665, "height": 980}  # pixels between the margins of a sheet of A4
VISIBLE_CODE = """
() => [...document.querySelectorAll("article pre")].filter(pre => pre.checkVisibility()).map(pre => pre.textContent)
"""
CUT = """
() => [...document.querySelectorAll("article :is(pre, table, img, svg, mjx-container)")]
    .filter(box => box.checkVisibility() && (box.getBoundingClientRect().right > innerWidth + 1
        || box.matches("pre") && box.scrollWidth > box.clientWidth + 1))
    .map(box => box.tagName + ": " + box.textContent.slice(0, 90))
"""


def letters(text):
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))  # a font may join f and i


def printed(visit):
    data = visit.page.pdf(prefer_css_page_size=True, print_background=True)
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Show the setup cell", "setup"),
        ("Show the code", "code"),
        ("For the curious: why?", "curious"),
        ("Show the solution", "answer"),
        ("Why is that?", "answer"),
    ],
)
def test_a_fold_is_told_by_its_words(said, kind):
    cell = f'<details class="hide above-input">\n<summary><span class="collapsed">{said}</span>'
    assert folds.mark(cell) == cell.replace("input", f'input" data-fold="{kind}').replace('""', '"')
    assert folds.mark(f"<details>\n<summary>{said}</summary>").startswith(f'<details data-fold="{kind}">')


def test_folds_that_a_page_makes_are_told_by_their_class():
    assert folds.kind("", ' class="claims" title="x"') == "claims"
    assert folds.kind("Code", ' class="code-end"') == "code"


@pytest.mark.browser
@pytest.mark.parametrize("path", CHAPTERS)
def test_nothing_of_a_chapter_is_wider_than_the_paper(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size(PAPER)
    visit.open(path)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    visit.page.wait_for_timeout(100)
    assert visit.page.evaluate(CUT) == []


@pytest.mark.browser
def test_a_chapter_is_printed_whole_with_its_answers_at_the_end(visit: Visit) -> None:
    visit.open(CHAPTERS[0])
    before = visit.page.evaluate("document.querySelector('article').innerHTML")
    sheets = printed(visit)
    assert visit.page.evaluate("document.querySelector('article').innerHTML") == before, "what was moved came not back"
    everything = letters("".join(re.sub(r"^\d+\s", "", sheet.strip()) for sheet in sheets))
    assert letters(visit.page.text_content("article h1").rstrip("#")) in letters(sheets[0])
    assert all(len(sheet) > 100 for sheet in sheets), "a sheet with nothing but a frame"
    assert "setupcell" not in everything
    assert "Tryit" not in everything

    for fold in visit.page.locator("article :is([data-fold=answer], [data-fold=curious])").all():
        fold.evaluate("fold => { fold.open = true }")
    code = [line for block in visit.page.evaluate(VISIBLE_CODE) for line in block.splitlines() if letters(line)]
    assert len(code) > 100
    assert [line for line in code if letters(line) not in everything] == []

    end = everything.rindex("Furtherreading")
    solutions = visit.page.locator("article details.hide[data-fold=answer] .cell_input pre").all_text_contents()
    assert len(solutions) >= 3
    for solution in solutions:
        last = [letters(line) for line in solution.splitlines() if letters(line)][-1]
        assert everything.rindex(last) > end, solution


@pytest.mark.browser
def test_without_javascript_answers_are_printed_where_they_stand(base, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + CHAPTERS[0])
    data = page.pdf(prefer_css_page_size=True)
    text = letters("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages))
    assert "Solutiontoexercise1" in text
    assert "Answersatthe" not in text
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("visit", ["dark"], indirect=True)
def test_the_dark_page_is_printed_on_white_and_stays_dark(visit: Visit) -> None:
    visit.open(CHAPTERS[0])
    theme = "document.documentElement.dataset.theme"
    assert visit.page.evaluate(theme) == "dark"
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.evaluate(theme) == "light"
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visit.page.evaluate(theme) == "dark"


PAGE = """<html><head><link rel="stylesheet" href="../_static/a.css?v=1"></head><body><article class="bd-article">
<p class="try-it">x</p><h1 id="top">Why?<a class="headerlink" href="#top">#</a></h1>
<a href="../book/glossary.html#kernel">k</a>
<a href="../slides/a.html">s</a><a href="#top">up</a><a href="https://example.org/">e</a><a href="../index.html">i</a>
<img src="../_images/a.png"><svg aria-labelledby="t d"><g id="t" fill="url(#f)"></g><use href="#f"></use></svg>
</article></body></html>"""


def test_a_page_among_others_keeps_its_links_and_its_ids_to_itself(tmp_path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-a.html").write_text(PAGE, encoding="utf-8")
    part = combine.Part("notebooks/01-a", "01-a", 2)
    found = combine.article(tmp_path, part, [part, combine.Part("book/glossary", "glossary", 1)])
    assert part.title == "Why?"
    assert [link.get("href") for link in found.find_all("a")] == [
        "#glossary--kernel",
        None,
        "#01-a--top",
        "https://example.org/",
        "#contents",
    ]
    assert found.find("h2")["id"] == "01-a--top"
    assert found.find("img")["src"] == "_images/a.png"
    assert found.find("svg")["aria-labelledby"] == "01-a--t 01-a--d"
    assert 'fill="url(#01-a--f)"' in str(found)
    assert 'href="#01-a--f"' in str(found)
    assert "try-it" not in str(found)
    assert combine.head(tmp_path, "notebooks/01-a.html", "up/") == ['<link href="up/_static/a.css" rel="stylesheet"/>']


@pytest.mark.browser
def test_pages_become_one_pdf_with_contents_and_links(tmp_path) -> None:
    parts = command.chosen(combine.table_of_contents(ROOT / "book" / "_toc.yml"), ["filters", "01", "glossary"])
    browser = chromium()
    if browser is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium here")
    with ThreadPoolExecutor(1) as other:  # a thread has room for one Playwright
        reader = other.submit(command.print_parts, browser, parts, tmp_path / "u-net.pdf").result()
    sheets = [letters(sheet.extract_text()) for sheet in reader.pages]
    for part in parts:
        title = letters(part.title)
        at = next(at for at, text in enumerate(sheets) if at > 1 and text.startswith(title))
        assert f"{title}{at + 1}" in sheets[1], f"{part.title} begins on page {at + 1}; the contents: {sheets[1]}"
    assert reader.outline[0].title == "Contents"
    chapters = reader.outline[2]  # below the part's page
    assert chapters[0].title == parts[1].title
    assert chapters[1][-1].title == "Answers"

    lead = [mark.get_object() for sheet in reader.pages for mark in sheet.get("/Annots", [])]
    inside = {str(mark["/Dest"]) for mark in lead if "/Dest" in mark}
    assert inside <= set(reader.named_destinations)
    assert any(name.startswith("/glossary--") for name in inside)
    outside = [str(mark["/A"]["/URI"]) for mark in lead if "/URI" in mark.get("/A", {})]
    assert outside
    assert [address for address in outside if not address.startswith("https://")] == []


def test_an_unknown_page_is_named() -> None:
    with pytest.raises(SystemExit, match="chapter-99"):
        command.chosen(combine.table_of_contents(ROOT / "book" / "_toc.yml"), ["chapter-99"])
    assert SITE  # where the pages come from
