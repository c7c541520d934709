"""The built site in a real browser: what a reader, a screen reader and a hospital's firewall need of every page."""

import pytest
from browser import HEAVIEST, PHONE, SETTINGS, Visit, pages
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CHAPTERS = [path for path in pages() if path.startswith("notebooks/")]
OTHERS = [path for path in pages() if path not in CHAPTERS]


def audited(path: str) -> list[tuple[str, dict[str, int]]]:
    """In which settings axe looks at a page: a chapter in all four, the others, which share their parts, in turns."""
    return SETTINGS if path in CHAPTERS else [SETTINGS[OTHERS.index(path) % len(SETTINGS)]]


@pytest.mark.parametrize("path", CHAPTERS + OTHERS)  # what takes longest comes first
def test_a_page_works_for_everyone(visit: Visit, path: str) -> None:
    visit.open(path)
    visit.problems += pictures_without_words(visit.page) + formulas_not_set(visit.page)
    if path in CHAPTERS:
        walk_by_keyboard(visit.page)
    for theme, window in SETTINGS:
        visit.show(theme, window)
        if window == PHONE:
            visit.page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
            wider = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            visit.problems += [f"{theme}: {wider} px wider than a phone"] * (wider > 0)
        if (theme, window) in audited(path):
            visit.problems += [f"{theme}, {window['width']} px wide: {problem}" for problem in visit.axe()]
    assert not visit.problems, "\n".join(visit.problems)
    assert visit.weight() <= HEAVIEST


def test_axe_looks_in_every_setting_at_chapters_and_at_the_other_pages() -> None:
    assert all(audited(path) == SETTINGS for path in CHAPTERS)
    assert {(theme, window["width"]) for path in OTHERS for theme, window in audited(path)} == {
        (theme, window["width"]) for theme, window in SETTINGS
    }


def pictures_without_words(page: Page) -> list[str]:
    """Name the pictures that lack an alternative text; an empty one may stand outside the article only."""
    found = page.evaluate(
        "[...document.images].filter(img => !img.hasAttribute('alt') || img.closest('article') && !img.alt.trim())"
        ".map(img => img.src)"
    )
    return [f"a picture without words: {source}" for source in found]


def formulas_not_set(page: Page) -> list[str]:
    """Name the formulas that MathJax left alone, or could not read."""
    found = page.evaluate(
        "[...document.querySelectorAll('article .math')].filter(formula => !formula.querySelector('mjx-container'))"
        ".concat(...document.querySelectorAll('mjx-merror')).map(formula => formula.textContent)"
    )
    return [f"a formula that is not set: {text}" for text in found]


FOLDS = """
() => [...document.querySelectorAll("article summary")]
    .filter(summary => !summary.parentElement.parentElement.closest("details:not([open])")).length
"""  # not those within a closed one
STOPS = """
() => [...document.querySelectorAll("article :is(a[href], button, summary, input, select, textarea, [tabindex='0'])")]
    .filter(stop => stop.checkVisibility({visibilityProperty: true})).length
"""
FOCUS = """
() => {
    const stop = document.activeElement, box = stop.getBoundingClientRect(), style = getComputedStyle(stop);
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
    return {
        inArticle: Boolean(stop.closest("article")), summary: stop.matches("summary"), seen, ring,
        open: stop.closest("details")?.open ?? false, name: (stop.innerText || stop.ariaLabel || stop.outerHTML).trim(),
    };
}
"""


def walk_by_keyboard(page: Page) -> None:
    """Check that Tab reaches every link, button and fold, in view and with a ring; Enter opens and closes each fold."""
    page.wait_for_timeout(600)  # wide boxes become focus stops when the theme has measured them
    page.evaluate("scrollTo(0, 0)")
    stops, reached, folds = page.evaluate(STOPS), 0, 0
    assert stops > 20
    for _ in range(3 * stops + 100):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if not at["inArticle"]:
            if reached:
                break
            continue
        reached += 1
        assert at["seen"], f"the focus is out of sight: {at['name']}"
        assert at["ring"], f"nothing shows the focus: {at['name']}"
        assert at["name"], "a stop without words"
        if at["summary"]:
            folds += 1
            page.keyboard.press("Enter")
            assert page.evaluate(FOCUS)["open"], f"Enter does not open {at['name']}"
            page.keyboard.press("Enter")
            assert not page.evaluate(FOCUS)["open"], f"Enter does not close {at['name']}"
    assert reached == stops
    assert folds == page.evaluate(FOLDS)


def test_search_finds_a_word_by_keyboard(visit: Visit) -> None:
    visit.open("book/start.html")
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type("convolution")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#search-results li a[href*='glossary']")
    assert not visit.axe()
    assert not visit.problems


def test_the_theme_button_goes_dark_and_stays(visit: Visit) -> None:
    visit.open("index.html")
    visit.page.focus(".theme-switch-button")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert visit.page.evaluate("document.activeElement.matches('.theme-switch-button')"), "the button lost the focus"
    visit.open("book/glossary.html")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("visit", ["light", "dark"], indirect=True)
@pytest.mark.parametrize(("button", "drawer"), [("primary", "a[href*='glossary']"), ("secondary", "a[href='#claims']")])
def test_the_drawers_of_a_phone_open_and_close_by_keyboard(visit: Visit, button: str, drawer: str) -> None:
    visit.page.set_viewport_size(PHONE)
    visit.open("book/start.html")
    visit.page.focus(f".{button}-toggle")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(f"dialog[open] {drawer}")
    assert not visit.axe()
    visit.page.keyboard.press("Escape")
    assert not visit.page.locator("dialog[open]").count()
    assert visit.page.evaluate("document.activeElement.className").count(f"{button}-toggle"), "the focus went astray"


def test_the_address_of_the_source_leads_to_the_landing_page(visit: Visit) -> None:
    visit.page.goto(visit.base + "book/index.html")
    visit.page.wait_for_url(visit.base + "index.html")
    assert not visit.problems
