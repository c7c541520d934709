"""Slides: what the metadata choose and nothing else, with the chapter's own numbers, for anyone to use."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from browser import HEAVIEST, ROOT, SETTINGS, SITE, decks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_slides import __main__ as command
from course_slides import cells, pdf, render

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
EVERY_DECK = pytest.mark.parametrize("path", decks())
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def cell(kind, source, slide=None, outputs=(), alt=None, **more):
    made = (new_markdown_cell if kind == "md" else new_code_cell)(source, id=re.sub(r"\W", "", source)[:20].lower())
    if slide:
        made.metadata["slideshow"] = {"slide_type": slide, **more}
    if alt:
        made.metadata["mystnb"] = {"image": {"alt": alt}}
    if kind == "code":
        made.outputs = list(outputs)
    return made


def figure(text="a figure"):
    data = {"image/png": PNG, "text/plain": text}
    return [new_output("display_data", data), new_output("stream", name="stdout", text="claim holds")]


@pytest.fixture
def deck_of(tmp_path):
    def make(*chosen):
        path = tmp_path / "07-test.ipynb"
        nbformat.write(new_notebook(cells=list(chosen)), path)
        return cells.chapter_deck(path)

    return make


def html(deck, tmp_path):
    return render.page(deck, ROOT / "book" / "_templates", tmp_path, {deck.name: deck.title})


def test_only_chosen_cells_are_on_slides(deck_of):
    deck = deck_of(
        cell("md", "# Why?", "slide"),
        cell("md", "For readers"),
        cell("md", "## Next", "skip"),
        cell("md", "A question", "slide"),
        cell("md", "The answer", "fragment"),
        cell("md", "Say this", "notes"),
        cell("md", "And this", "-"),
    )
    assert (deck.name, deck.title) == ("07-test", "Why?")
    first, second = deck.slides
    assert (first.title, first.cover) == ("Why?", True)
    assert (second.title, second.cover, second.notes) == ("Next", False, ["Say this"])
    assert [chosen.source for chosen in second.cells] == ["A question", "The answer", "And this"]


def test_a_notebook_that_chooses_nothing_has_no_deck(tmp_path):
    nbformat.write(new_notebook(cells=[cell("md", "# Why?")]), tmp_path / "01-a.ipynb")
    assert cells.chapter_decks(tmp_path) == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (cell("md", "Too early", "-"), "before the first slide"),
        (cell("md", "Odd", "page"), "slide_type one of"),
        (cell("md", "Odd", "slide", subtitle="?"), "slideshow has"),
        (cell("code", "1", "slide", show="everything"), "show is output, code or both"),
    ],
)
def test_metadata_that_make_no_deck_are_named(deck_of, bad, message):
    with pytest.raises(cells.SlideError, match=message):
        deck_of(bad)


def test_a_figure_is_shown_without_its_code_and_print_and_with_its_alt_text(deck_of, tmp_path):
    page = html(deck_of(cell("code", "draw(it)", "slide", figure(), alt="A <dot>.", title="Look")), tmp_path)
    assert 'alt="A &lt;dot&gt;."' in page
    assert "draw(" not in re.sub("<[^>]+>", "", page)
    assert "claim holds" not in page
    assert (tmp_path / "figures" / "07-drawit.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("show", "code", "output"), [("code", True, False), ("output", False, True), ("both", True, True)]
)
def test_show_says_what_of_a_code_cell(deck_of, tmp_path, show, code, output):
    printed = [new_output("stream", name="stdout", text="forty-two")]
    page = html(deck_of(cell("code", "answer", "slide", printed, show=show, title="T")), tmp_path)
    assert ("answer</span>" in page, "forty-two" in page) == (code, output)


def test_text_takes_the_place_of_prose_and_links_lead_into_the_site(deck_of, tmp_path):
    text = "[a](../book/glossary.md#kernel) [b](02-b.ipynb) [c](https://example.org/x.md) $x<y$"
    page = html(deck_of(cell("md", "# Why?\n\nLong prose", "slide", text=text)), tmp_path)
    assert "Long prose" not in page
    for target in ("../book/glossary.html#kernel", "../notebooks/02-b.html", "https://example.org/x.md"):
        assert f'href="{target}"' in page
    assert r"\(x&lt;y\)" in page
    assert "mathjax/tex-chtml.js" in page
    assert "mathjax" not in html(deck_of(cell("md", "# Why?", "slide")), tmp_path)


def test_the_talk_takes_what_is_there_in_its_own_order(tmp_path):
    for name in ("01-a", "02-b"):
        made = [cell("md", f"# {name}?", "slide"), *(cell("md", f"s{n}", "slide") for n in range(4))]
        nbformat.write(new_notebook(cells=made), tmp_path / f"{name}.ipynb")
    plan = {
        "title": "T",
        "text": "t",
        "parts": [
            {"title": "second first", "text": "", "chapters": ["02"]},
            {"title": "none", "text": "", "chapters": ["09"]},
            {"title": "then", "text": "", "chapters": ["03", {"01": ["s2", "s0"]}]},
        ],
    }
    file = tmp_path / "talk.yml"
    file.write_text(yaml.safe_dump(plan), encoding="utf-8")
    talk = cells.talk_deck(file, cells.chapter_decks(tmp_path))
    assert [slide.id for slide in talk.slides] == ["talk", "part-1", "02b", "s0", "s1", "part-3", "s2", "s0"]
    plan["parts"][0]["chapters"] = [{"02": ["gone"]}]
    file.write_text(yaml.safe_dump(plan), encoding="utf-8")
    with pytest.raises(cells.SlideError, match="gone"):
        cells.talk_deck(file, cells.chapter_decks(tmp_path))


def test_the_talk_knows_all_27_chapters_once():
    plan = yaml.safe_load((ROOT / "book" / "talk.yml").read_text(encoding="utf-8"))
    entries = [entry for part in plan["parts"] for entry in part["chapters"]]
    numbers = sorted(next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries)
    assert numbers == [f"{number:02}" for number in range(1, 28)]


def test_a_figure_fills_its_box_but_not_beyond_its_pixels():
    def png(width, height):
        return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)

    assert render.size_within(png(1000, 500), (500, 500)) == (500, 250)
    assert render.size_within(png(100, 100), (1000, 500)) == (200, 200)


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


@pytest.mark.parametrize(("printed", "tries"), [([1, 3], 2), ([1, 0, 1], 3)])
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


@pytest.mark.notebooks
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_number_on_a_slide_stands_in_the_chapter(path):
    book = nbformat.read(path, as_version=4)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    printed = [output.get("text", "") + output.get("data", {}).get("text/html", "") for output in outputs]
    known = set(NUMBER.findall("\n".join([c.source for c in book.cells] + printed)))
    for chosen in book.cells:
        text = chosen.metadata.get("slideshow", {}).get("text", "")
        assert set(NUMBER.findall(text)) <= known, chosen.id


@pytest.mark.notebooks
@pytest.mark.parametrize("deck", cells.chapter_decks(ROOT / "notebooks"), ids=lambda deck: deck.name)
def test_a_deck_is_chosen_and_has_notes(deck):
    assert 8 <= len(deck.slides) <= 20
    assert sum(bool(slide.notes) for slide in deck.slides) >= 3
    for slide in deck.slides:
        assert len(slide.title) <= 70, slide.title


MISFITS = """
() => Reveal.getSlides().flatMap(slide => {
    Reveal.slide(...Object.values(Reveal.getIndices(slide)).slice(0, 2), 99);
    const frame = slide.getBoundingClientRect(), foot = slide.querySelector(".foot").getBoundingClientRect();
    const body = slide.querySelector(".body"), found = [];
    for (const part of slide.querySelectorAll(".slide *:not(mjx-assistive-mml, mjx-assistive-mml *)")) {
        const box = part.getBoundingClientRect();
        if (!box.width || !box.height || getComputedStyle(part).position === "absolute") continue;
        const low = body.contains(part) ? foot.top : frame.bottom;
        if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > low + 1)
            found.push(`${slide.id}: ${part.tagName} ${(part.innerText ?? "").slice(0, 40)}`);
        if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible")
            found.push(`${slide.id}: ${part.tagName} is cut`);
    }
    const size = parseFloat(getComputedStyle(body).fontSize);
    return size < 19 ? [...found, `${slide.id}: letters of ${size} px`] : found;
})
"""


def opened(visit, path, query=""):
    visit.page.set_viewport_size({"width": 1280, "height": 720})
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.goto(f"{visit.base}{path}{query}")
    visit.page.wait_for_function("window.Reveal?.isReady()")
    return visit.page


@pytest.mark.browser
def test_there_is_a_deck_for_each_chapter_that_chooses_one_and_a_talk():
    slides = {deck.name: len(deck.slides) for deck in cells.chapter_decks(ROOT / "notebooks")}
    assert sorted(decks()) == sorted(f"slides/{name}.html" for name in ["talk", *slides])
    if pdf.chromium():
        assert (SITE / "slides" / "talk.pdf").read_bytes().startswith(b"%PDF")
        for name, count in slides.items():
            assert pdf.pages((SITE / "slides" / f"{name}.pdf").read_bytes()) == count


@pytest.mark.browser
@EVERY_DECK
def test_slides_fit_the_keys_turn_them_and_axe_finds_nothing(visit, path):
    page = opened(visit, path)
    assert not page.evaluate(MISFITS)
    assert not page.locator("mjx-merror").count()
    slides = page.evaluate("Reveal.getTotalSlides()")
    page.evaluate("Reveal.slide(0)")
    for _ in range(500):
        if page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
            break
        page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getSlidePastCount()") == slides - 1
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert not page.evaluate("[...document.images].filter(img => img.alt.length < 60).map(img => img.outerHTML)")
    assert not page.evaluate(
        "[...document.querySelectorAll('.figures svg')].filter(svg => svg.getAttribute('role') !== 'img'"
        " || !svg.querySelector('title')?.textContent).map(svg => svg.outerHTML.slice(0, 80))"
    )
    assert visit.weight() <= HEAVIEST
    page.evaluate("Reveal.slide(0)")
    for theme, window in SETTINGS:
        page.set_viewport_size(window)
        visit.problems += axe_in(visit, theme)
    page = opened(visit, path, "?view=print")  # here all slides are visible at once
    # The deck says it is ready before it has laid out its sheets.
    page.wait_for_function("document.querySelectorAll('.pdf-page').length === Reveal.getTotalSlides()")
    for theme in ("light", "dark"):
        visit.problems += axe_in(visit, theme)
    assert not visit.problems, "\n".join(visit.problems)


def axe_in(visit, theme):
    """What axe finds on a deck in the light or the dark, which a key turns, whatever the system says."""
    visit.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    return [f"{theme}, {visit.page.viewport_size['width']} px wide: {problem}" for problem in visit.axe()]


@pytest.mark.browser
def test_the_speaker_sees_notes_in_a_window_of_their_own(visit):
    page = opened(visit, decks()[0])
    page.evaluate("Reveal.slide(1)")
    with page.context.expect_page() as opening:
        page.keyboard.press("s")
    speaker = opening.value
    speaker.wait_for_selector(".speaker-controls-notes:not(.hidden) .value p")
    assert len(speaker.inner_text(".speaker-controls-notes .value")) > 40
    assert not visit.problems, "\n".join(visit.problems)


@pytest.mark.browser
def test_a_deck_works_from_a_folder_without_a_server(visit):
    visit.page.goto((SITE / decks()[0]).as_uri())
    visit.page.wait_for_function("window.Reveal?.isReady()")
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_function("Reveal.getCurrentSlide().querySelector('img')?.naturalWidth > 0")
    assert visit.page.evaluate("Reveal.getIndices().h") == 1
