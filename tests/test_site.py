"""The built site in a real browser: what a reader, a screen reader and a hospital's firewall need of every page."""

import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from browser import PHONE, ROOT, SITE, Visit, decks, pages

pytestmark = pytest.mark.browser

HEAVIEST = 1_500_000  # bytes at first view
SERVICES = ("colab.research.google.com", "mybinder.org")
EVERY_PAGE = pytest.mark.parametrize("path", pages())
EVERY_PAGE_AND_DECK = pytest.mark.parametrize("path", pages() + decks())
CHAPTERS = pytest.mark.parametrize("path", [path for path in pages() if path.startswith("notebooks/")])


def test_the_site_is_built(base: str) -> None:
    assert (SITE / ".nojekyll").exists(), "GitHub Pages would hide the folders that begin with an underscore"


@EVERY_PAGE
@pytest.mark.parametrize("visit", ["light", "dark"], indirect=True)
def test_a_page_works_for_everyone(visit: Visit, path: str) -> None:
    visit.open(path)
    visit.problems += visit.axe()
    visit.page.set_viewport_size(PHONE)
    visit.page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    visit.page.wait_for_timeout(400)  # the theme looks for scrolling boxes 300 ms after a change
    visit.problems += [f"on a phone, {problem}" for problem in visit.axe()]
    wider = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wider > 0:
        visit.problems.append(f"{wider} px wider than a phone")
    assert visit.page.evaluate("document.documentElement.dataset.theme") == visit.theme
    assert not visit.problems, "\n".join(visit.problems)
    assert visit.weight() <= HEAVIEST


@EVERY_PAGE
def test_pictures_have_words_and_formulas_are_set(visit: Visit, path: str) -> None:
    visit.open(path)
    assert not visit.page.evaluate("[...document.images].filter(img => !img.hasAttribute('alt')).map(img => img.src)")
    assert not visit.page.evaluate(
        "[...document.querySelectorAll('article img')].filter(img => !img.alt.trim()).length"
    )
    assert not visit.page.evaluate(
        "[...document.querySelectorAll('article .math')].filter(formula => !formula.querySelector('mjx-container'))"
        ".map(formula => formula.textContent)"
    )
    assert not visit.page.locator("mjx-merror").count()


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


STOPS = """
() => [...document.querySelectorAll("article :is(a[href], button, summary, input, textarea, [tabindex='0'])")]
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


@CHAPTERS
def test_a_chapter_can_be_walked_by_keyboard(visit: Visit, path: str) -> None:
    """Tab reaches every link, button and fold in view and with a ring; Enter opens and closes each fold."""
    visit.open(path)
    visit.page.wait_for_timeout(600)  # wide boxes become focus stops when the theme has measured them
    visit.page.evaluate("scrollTo(0, 0)")
    stops, reached, folds = visit.page.evaluate(STOPS), 0, 0
    assert stops > 20
    for _ in range(3 * stops + 100):
        visit.page.keyboard.press("Tab")
        at = visit.page.evaluate(FOCUS)
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
            visit.page.keyboard.press("Enter")
            assert visit.page.evaluate(FOCUS)["open"], f"Enter does not open {at['name']}"
            visit.page.keyboard.press("Enter")
            assert not visit.page.evaluate(FOCUS)["open"], f"Enter does not close {at['name']}"
    assert reached == stops
    assert folds == visit.page.locator("article summary").count()


class Loaded(HTMLParser):
    """Collects what a page makes a browser load."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in {"src", "srcset", "data", "data-src", "poster"} or (tag == "link" and name == "href"):
                self.found.append(value or "")
            elif name == "style":
                self.found += re.findall(r"url\(['\"]?([^'\")]+)", value or "")


@EVERY_PAGE_AND_DECK
def test_a_page_names_nothing_to_load_from_another_host(path: str) -> None:
    page = Loaded()
    text = (SITE / path).read_text(encoding="utf-8")
    page.feed(text)
    foreign = [address for address in page.found if urlsplit(address).netloc]
    assert not foreign
    for word in ("executablebooks", "unpkg.com", "jsdelivr", "cdnjs"):
        assert word not in text, f"{path} mentions {word}"


def test_our_scripts_name_no_other_host() -> None:
    for script in (ROOT / "book" / "_static").glob("*.js"):
        assert not re.search(r"https?://", script.read_text(encoding="utf-8")), script


def test_styles_load_nothing_from_another_host() -> None:
    for style in SITE.rglob("*.css"):
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)'\"]+", style.read_text(encoding="utf-8")), (
            style
        )


@EVERY_PAGE
def test_launch_links_follow_the_address(path: str) -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    address = (config["repository"]["url"] or "").removesuffix(".git")
    page = Loaded()
    page.feed((SITE / path).read_text(encoding="utf-8"))
    found = [link for link in page.links if urlsplit(link).netloc in SERVICES]
    if address and path.startswith("notebooks/"):
        assert len(found) == len(SERVICES)
        assert all(address.removeprefix("https://github.com/") in link for link in found)
    else:
        assert not found


def test_launch_links_name_owner_branch_and_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    monkeypatch.delitem(sys.modules, "course_site", raising=False)
    from course_site.notebook_links import launch_links

    assert launch_links("", "main", "notebooks/01-convolution.ipynb") == []
    assert [
        url for _, url in launch_links("https://github.com/OWNER/NAME", "main", "notebooks/01-convolution.ipynb")
    ] == [
        "https://colab.research.google.com/github/OWNER/NAME/blob/main/notebooks/01-convolution.ipynb",
        "https://mybinder.org/v2/gh/OWNER/NAME/main?labpath=notebooks%2F01-convolution.ipynb",
    ]
    with pytest.raises(Exception, match="OWNER/NAME"):
        launch_links("https://example.org/course", "main", "a.ipynb")


@EVERY_PAGE_AND_DECK
def test_links_lead_to_a_page_and_a_place_on_it(path: str) -> None:
    page = Loaded()
    page.feed((SITE / path).read_text(encoding="utf-8"))
    for link in page.links:
        target, _, anchor = link.partition("#")
        if urlsplit(link).netloc or link.startswith("mailto:"):
            continue
        file = (SITE / path).parent / unquote(target) if target else SITE / path
        assert file.exists(), link
        if anchor and file.suffix == ".html":
            assert f'id="{unquote(anchor)}"' in file.read_text(encoding="utf-8"), link
