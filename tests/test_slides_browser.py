"""Slides in a browser: figures fill them, the last row can read them, nothing is cut, keys turn them."""

import json
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from browser import HEAVIEST, ROOT, SETTINGS, SITE, decks

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_slides import cells, pdf

EVERY_DECK = pytest.mark.parametrize("path", decks())
SMALLEST, WORDS, FIGURES, SHARE = 20, 40, 2 / 3, 0.7  # pixels of a letter; words on a slide; shares
INCH, POINTS, STYLE = (
    100,
    72,
    13,
)  # pixels of a figure at its own size; size of its letters unless a cell says otherwise

MEASURED = """
() => {
    const slide = Reveal.getCurrentSlide(), body = slide.querySelector(".body"), figure = slide.querySelector("figure");
    const frame = slide.querySelector(".slide").getBoundingClientRect();
    const title = slide.querySelector("h1").getBoundingClientRect();
    const foot = slide.querySelector(".foot").getBoundingClientRect();
    const hidden = ".piece img, figure svg *, mjx-assistive-mml, mjx-assistive-mml *"; // cut on purpose, or for readers
    const cut = [...slide.querySelectorAll(`.slide *:not(${hidden})`)].filter((part) => {
        const box = part.getBoundingClientRect(), low = body.contains(part) ? foot.top : frame.bottom;
        if (!box.width || !box.height || getComputedStyle(part).position === "absolute") return false;
        const aside = box.left < frame.left - 1 || box.right > frame.right + 1;
        const inside = part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === "hidden";
        return inside || aside || box.top < frame.top - 1 || box.bottom > low + 1;
    });
    const box = figure?.getBoundingClientRect(), words = slide.querySelector(".words")?.getBoundingClientRect();
    const over = box && words && box.right > words.left + 1 && words.right > box.left + 1
        && box.bottom > words.top + 1 && words.bottom > box.top + 1;
    const letters = [...slide.querySelectorAll("figure svg text")].map((text) => {
        const turned = text.getScreenCTM();
        return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(turned.a, turned.b);
    });
    const picture = slide.querySelector(".picture img");
    return {
        id: slide.id,
        cut: cut.map((part) => `${part.tagName} ${(part.innerText ?? "").slice(0, 40)}`),
        over: Boolean(over),
        words: [...slide.querySelectorAll("h1, .words")].map((part) => part.innerText).join(" "),
        share: figure ? box.height / (frame.bottom - title.bottom) : null,
        letters: letters.length ? Math.min(...letters) : null,
        picture: picture && [picture.dataset.src ?? picture.getAttribute("src"), picture.getBoundingClientRect().width],
        own: parseFloat(picture?.getAttribute("width")),
        size: parseFloat(getComputedStyle(slide.querySelector(".words") ?? body).fontSize),
        notes: slide.querySelector("aside.notes").textContent.trim().length,
        open: [...slide.querySelectorAll(".answer:not(.fragment)")].length,
    };
}
"""


def opened(visit, path, query=""):
    visit.page.set_viewport_size({"width": 1280, "height": 720})
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.goto(f"{visit.base}{path}{query}")
    visit.page.wait_for_function("window.Reveal?.isReady()")
    return visit.page


@cache
def letters_of_figures():
    """The smallest letters of each stored picture in points: those of the style, unless its cell says otherwise."""
    found = {}
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            said = [int(size) for size in re.findall(r"(?:font|label)size=(\d+)", "".join(cell["source"]))]
            found[f"{path.name[:2]}-{cell['id']}"] = min([STYLE, *said])
    return found


def measure(page):
    """Walk through a deck with everything shown, and measure each slide."""
    found = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({number}, 0, 99)")
        page.wait_for_function(
            "[...Reveal.getCurrentSlide().querySelectorAll('img')].every(img => img.complete && img.naturalWidth)"
        )
        slide = page.evaluate(MEASURED)
        if slide["picture"]:
            source, shown = slide["picture"]
            slide["letters"] = letters_of_figures()[Path(source).stem] * INCH / POINTS * shown / slide["own"]
        slide["words"] = len([word for word in slide["words"].split() if re.search(r"\w", word)])
        found.append(slide)
    return found


@pytest.mark.browser
@EVERY_DECK
def test_a_slide_is_a_picture_with_a_sentence(visit, path):
    slides = measure(opened(visit, path))
    shown = [slide for slide in slides if slide["share"] is not None]
    assert len(shown) >= FIGURES * len(slides), f"{len(shown)} of {len(slides)} slides show something"
    wrong = {
        "cut": [(slide["id"], slide["cut"]) for slide in slides if slide["cut"]],
        "words over the figure": [slide["id"] for slide in slides if slide["over"]],
        "a small figure": [(slide["id"], slide["share"]) for slide in shown if slide["share"] < SHARE],
        "small letters": [(slide["id"], slide["letters"]) for slide in shown if (slide["letters"] or 99) < SMALLEST],
        "small words": [(slide["id"], slide["size"]) for slide in slides if slide["size"] < SMALLEST],
        "many words": [(slide["id"], slide["words"]) for slide in slides if slide["words"] > WORDS],
        "no notes": [slide["id"] for slide in slides if slide["notes"] < SMALLEST],
        "an answer at once": [slide["id"] for slide in slides if slide["open"]],
    }
    assert not {name: found for name, found in wrong.items() if found}
    assert not visit.problems, "\n".join(visit.problems)


@pytest.mark.browser
def test_there_is_a_deck_for_each_chapter_and_a_talk():
    every = [cells.talk_deck(ROOT / "notebooks"), *cells.chapter_decks(ROOT / "notebooks")]
    slides = {deck.name: len(deck.slides) for deck in every}
    assert sorted(decks()) == sorted(f"slides/{name}.html" for name in slides)
    if pdf.chromium():
        for name, count in slides.items():
            assert pdf.pages((SITE / "slides" / f"{name}.pdf").read_bytes()) == count


@pytest.mark.browser
@EVERY_DECK
def test_keys_turn_the_slides_and_axe_finds_nothing(visit, path):
    page = opened(visit, path)
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
    told = (
        "[...document.querySelectorAll('.picture')].map(figure => figure.ariaLabel ?? figure.querySelector('img').alt)"
    )
    assert not [alt for alt in page.evaluate(told) if len(alt) < 60]
    assert not page.evaluate(
        "[...document.querySelectorAll('figure svg')].filter(svg => svg.getAttribute('role') !== 'img'"
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
