"""Slides: decks of their own words and of figures that the notebooks hold, for anyone to use."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from browser import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_slides import __main__ as command
from course_slides import cells, pdf, render

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
SVG = '<div tabindex="0"><svg role="img" viewBox="0 0 200 100" style="min-width:9px"><title>T</title></svg></div>'
COVER = {"text": "t", "notes": "n"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SAID = ("title", "text", "ask", "answer", "code")


@pytest.fixture
def folder(tmp_path):
    """Make a notebook of two figures, and a place for decks."""
    picture = new_code_cell("draw(it)", id="dots", metadata={"mystnb": {"image": {"alt": "A <dot>."}}})
    picture.outputs = [
        new_output("stream", name="stdout", text="claim holds"),
        new_output("display_data", {"image/png": PNG}, metadata={"image/png": {"width": 600, "height": 400}}),
    ]
    drawing = new_code_cell("draw(net)", id="net")
    drawing.outputs = [new_output("execute_result", {"text/html": SVG, "text/plain": "a drawing"})]
    book = new_notebook(cells=[new_markdown_cell("# Why?\n\nLong prose."), picture, drawing])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(book, tmp_path / "notebooks" / "07-test.ipynb")
    (tmp_path / "book" / "decks").mkdir(parents=True)
    return tmp_path


def write(folder, *slides, name="07", cover=COVER):
    plan = {"cover": cover, "slides": list(slides)}
    (folder / "book" / "decks" / f"{name}.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")


def deck_of(folder, *slides):
    write(folder, *slides)
    return cells.chapter_deck(folder / "notebooks" / "07-test.ipynb")


def page_of(folder, *slides):
    return render.page(deck_of(folder, *slides), ROOT / "book" / "_templates", folder, {"07": "07-test"})


def slide(**entries):
    return {"title": "Look", "notes": "Say this.", **entries}


def test_a_deck_is_a_cover_with_the_notebooks_title_and_its_slides(folder):
    deck = deck_of(folder, slide(figure="dots"), slide(id="words", text="A sentence."))
    assert (deck.name, deck.title) == ("07-test", "Why?")
    assert [(each.id, each.title, each.cover) for each in deck.slides] == [
        ("cover", "Why?", True),
        ("dots", "Look", False),
        ("words", "Look", False),
    ]
    assert cells.chapter_decks(folder / "notebooks") == [deck]


def test_a_notebook_without_a_file_has_no_deck(folder):
    assert cells.chapter_decks(folder / "notebooks") == []
    assert cells.chapter_deck(folder / "notebooks" / "07-test.ipynb").title == "Why?"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"id": "a", "title": "T"}, "there is no notes"),
        ({"id": "a", "notes": "n"}, "there is no title"),
        (slide(), "an id or a figure"),
        (slide(id="a", subtitle="?"), "and else only"),
        (slide(figure="gone"), "no cell of the notebook with the id gone shows a figure"),
        (slide(figure="dots", crop=[[0, 0, 1]]), "a crop is a list"),
        (slide(figure="dots", crop=[[0.5, 0, 0.5, 1]]), "a crop is a list"),
        (slide(figure="dots", crop=[[0, 0, 1, 0.5]]), "an alt text of its own"),
        (slide(figure="net", part="left"), "part is one of"),
        (slide(id="cover"), "more than one slide is called cover"),
    ],
)
def test_what_makes_no_slide_is_named(folder, bad, message):
    with pytest.raises(cells.SlideError, match=message):
        deck_of(folder, bad)


def test_a_picture_is_shown_whole_with_its_alt_text_and_without_its_code(folder):
    page = page_of(folder, slide(figure="dots"))
    assert 'alt="A &lt;dot&gt;."' in page
    assert "draw(" not in re.sub("<[^>]+>", "", page)
    assert "claim holds" not in page
    assert 'style="--w:600;--h:400"' in page
    assert (folder / "figures" / "07-dots.png").read_bytes() == base64.b64decode(PNG)


def test_pieces_of_a_picture_stand_side_by_side_or_below_each_other(folder):
    beside = [[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]
    page = page_of(folder, slide(figure="dots", crop=beside, alt="Two pieces."))
    assert 'class="picture" style="--w:608;--h:200" role="img" aria-label="Two pieces."' in page
    assert "--w:300;--h:200;--x:300;--y:200;--all:600" in page
    assert page.count('alt=""') == 2
    page = page_of(folder, slide(figure="dots", crop=[[0, 0, 1, 0.25], [0, 0.75, 1, 1]], alt="Two pieces."))
    assert 'class="picture stacked" style="--w:600;--h:200"' in page


def test_a_drawing_is_shown_without_its_scrolling_box_and_a_piece_of_it_is_another_view(folder):
    page = page_of(folder, slide(figure="net", crop=[[0.25, 0, 1, 0.5]], part="down"))
    assert (
        '<figure class="drawing part down stacked" style="--w:150;--h:50"><svg role="img" viewBox="50 0 150 50">'
        in page
    )
    assert "min-width" not in page
    assert "tabindex" not in page


def test_words_stand_where_the_figure_gets_larger(folder):
    assert 'class="body beside"' in page_of(folder, slide(figure="dots"))
    assert 'class="body below"' in page_of(folder, slide(figure="net"))
    assert 'class="body"' in page_of(folder, slide(id="a", text="Words."))


def test_an_answer_comes_at_the_next_step_and_notes_are_for_the_speaker(folder):
    page = page_of(folder, slide(figure="dots", ask="How many?", answer="Two.", code="a = 1"))
    assert '<div class="answer fragment"><p>Two.</p>' in page
    assert '<div class="ask"><p>How many?</p>' in page
    assert re.search(r'<aside class="notes">\s*<p>Say this.</p>', page)
    assert 'class="code"' in page


def test_links_lead_into_the_site_and_formulas_to_mathjax(folder):
    text = "[a](../book/glossary.md#kernel) [b](02-b.ipynb) [c](https://example.org/x.md) $x<y$"
    page = page_of(folder, slide(id="a", text=text))
    for target in ("../book/glossary.html#kernel", "../notebooks/02-b.html", "https://example.org/x.md"):
        assert f'href="{target}"' in page
    assert r"\(x&lt;y\)" in page
    assert "mathjax/tex-chtml.js" in page
    assert "mathjax" not in page_of(folder, slide(id="a", text="x"))


def test_the_foot_leads_to_the_chapter_once_it_is_written(folder):
    page = page_of(folder, slide(id="a", text="x"), slide(id="b", text="x", chapter="21"))
    assert '<a href="../notebooks/07-test.html">Chapter 7</a>' in page
    assert "Planned: chapter 21" in page


def test_the_talk_has_slides_of_its_own_and_of_the_decks(folder):
    write(folder, slide(figure="dots"))
    own = slide(figure="07/net", id="mine")
    write(folder, "07/dots", own, name="talk", cover={"title": "Talk", **COVER})
    talk = cells.talk_deck(folder / "notebooks")
    assert (talk.name, talk.title) == ("talk", "Talk")
    assert [(each.id, each.chapter) for each in talk.slides] == [("cover", ""), ("dots", "07"), ("mine", "07")]
    write(folder, "07/gone", name="talk", cover={"title": "Talk", **COVER})
    with pytest.raises(cells.SlideError, match="no chapter's deck has the slide 07/gone"):
        cells.talk_deck(folder / "notebooks")


def test_a_picture_without_a_stated_size_has_half_its_pixels_if_they_are_many():
    def figure(width, height):
        png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
        return cells.Figure("a", {"image/png": base64.b64encode(png).decode()}, None, "")

    assert render.natural_size(figure(651, 400)) == (651, 400)
    assert render.natural_size(figure(1302, 800)) == (651, 400)


def test_a_deck_of_a_chapter_that_has_gone_goes_too(tmp_path, monkeypatch, capsys):
    (tmp_path / "slides").mkdir()
    for name in ("99-old.html", "99-old.pdf"):
        (tmp_path / "slides" / name).touch()
    monkeypatch.setattr(command, "SITE", tmp_path)
    monkeypatch.setattr(command, "copy_parts", lambda: None)
    monkeypatch.setattr(command, "print_all", lambda slides: 0)
    assert command.main() == 0
    assert not list((tmp_path / "slides").glob("99-*"))
    assert (tmp_path / "slides" / "talk.html").exists()


def test_without_a_chromium_there_is_a_message_and_no_pdf(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command, "chromium", lambda: None)
    assert command.print_all({tmp_path / "a.html": 3}) == 0
    assert "no PDF" in capsys.readouterr().out


@pytest.mark.parametrize(("printed", "tries"), [([1, 3], 2), ([1, 0, *[1] * (pdf.TRIES - 2)], pdf.TRIES)])
def test_a_pdf_that_lacks_slides_is_printed_again_and_never_kept(monkeypatch, tmp_path, printed, tries):
    asked = []

    def chromium(command, **_):
        found = printed[len(asked)]
        asked.append(command)
        target = next(word.partition("=")[2] for word in command if word.startswith("--print-to-pdf="))
        Path(target).write_bytes(b"%PDF" + b" /Type /Pages" + b" /Type /Page " * found)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", chromium)
    deck = tmp_path / "a.html"
    if printed[-1] == 3:
        pdf.print_pdf("chromium", deck, 3)
        assert pdf.pages(deck.with_suffix(".pdf").read_bytes()) == 3
    else:
        with pytest.raises(RuntimeError, match=r"printed 1 pages of a\.html, which has 3"):
            pdf.print_pdf("chromium", deck, 3)
        assert not deck.with_suffix(".pdf").exists()
    assert len(asked) == tries


def numbers(text):
    return {f"{float(number):.12g}" for number in NUMBER.findall(text)}


@pytest.mark.notebooks
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_number_on_a_slide_stands_in_the_chapter(path):
    book = nbformat.read(path, as_version=4)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    printed = [output.get("text", "") + output.get("data", {}).get("text/html", "") for output in outputs]
    alts = [figure.alt for figure in cells.figures(path).values()]
    known = numbers("\n".join([c.source for c in book.cells] + printed + alts))
    for shown in cells.chapter_deck(path).slides:
        said = " ".join(getattr(shown, field) for field in SAID)
        assert numbers(re.sub(r"\]\([^)]*\)", "", said)) <= known, shown.id


@pytest.mark.notebooks
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_deck_is_as_long_as_a_lesson(path):
    deck = cells.chapter_deck(path)
    assert 10 <= len(deck.slides) <= 20
    for shown in deck.slides[1:]:
        assert len(shown.title) <= 60, shown.title
        assert 60 <= len(shown.notes) <= 400, shown.id


@pytest.mark.notebooks
def test_the_talk_takes_forty_minutes_and_says_of_each_system_where_it_will_be_taught():
    talk = cells.talk_deck(ROOT / "notebooks")
    assert 38 <= len(talk.slides) <= 46
    names = ["nnU-Net", "TotalSegmentator", "Swin-Unet", "OSCAR", "radsurv", "V-Net and W-Net", "review", "Code"]
    titles = [shown.title for shown in talk.slides]
    places = [next(n for n, title in enumerate(titles) if name in title) for name in names]
    assert places == sorted(places)
    assert [talk.slides[place].chapter for place in places] == ["18", "20", "17", "21", "22", "15", "13", "08"]
